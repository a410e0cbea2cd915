"""Questions that a bot could not answer, for those who write its articles."""

from datetime import datetime
from http import HTTPStatus

import msgspec

from gateway.http.problems import not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import Page, Paging
from gateway.store.misses import misses_of
from gateway.store.paging import read_cursor
from skills.agent import AgentKind
from skills.ids import AgentId


class MissView(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, where; ``handed_over`` when people took over because of it."""

    at: datetime
    conversation: str
    text: str
    handed_over: bool


async def list_misses(call: Call[Nothing, Paging]) -> Page[MissView]:
    """A bot's misses, the newest first."""
    tools, bot, query = call.tools, AgentId(call.path["id"]), call.query
    profile = tools.configuration.settings.agents.get(bot)
    if profile is None or profile.kind is not AgentKind.BOT:
        raise not_found("bot")
    after = read_cursor(query.after)
    found, following = await tools.store.read(lambda c: misses_of(c, bot, query.limit, after))
    return Page(
        items=[
            MissView(at=each.at, conversation=each.conversation, text=each.text, handed_over=each.is_handed_over)
            for each in found
        ],
        next=following.word() if following else None,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/bots/{id}/misses",
        summary="What a bot had no answer to",
        handler=list_misses,
        query=Paging,
        answers=Page[MissView],
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
