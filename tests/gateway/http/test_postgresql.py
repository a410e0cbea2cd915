"""The same stories on PostgreSQL: what REST and the feed read and write there."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.gateway.databases import PostgresServer, postgresql_server
from tests.gateway.http import test_conversation, test_feed, test_permission, test_routing
from tests.gateway.http.office import Office

__all__ = ["postgresql_server"]

STORIES = (
    test_conversation.test_what_a_list_says,
    test_conversation.test_from_offer_to_end,
    test_conversation.test_a_message_sent_twice,
    test_conversation.test_an_answer_that_comes_too_late,
    test_conversation.test_resolved_and_reopened,
    test_conversation.test_why_here_and_why_waiting,
    test_conversation.test_pages_of_a_list,
    test_conversation.test_reading_back_and_on,
    test_conversation.test_contact_profile,
    test_feed.test_an_offer_with_its_end,
    test_feed.test_resume,
    test_permission.test_an_outside_agent_reads_masks,
    test_permission.test_an_outside_agent_loses_sight,
    test_routing.test_apply_and_roll_back,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
async def test_on_postgresql(
    story: Callable[[Office], Awaitable[None]], postgresql_server: PostgresServer, tmp_path: Path
) -> None:
    """The story is true on PostgreSQL, too."""
    async with Office(tmp_path, database_url=postgresql_server.fresh()) as office:
        await story(office)
