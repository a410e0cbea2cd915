"""What the widget reads and writes by itself, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from gateway.clock import micros
from gateway.store import Store
from gateway.store.codec import encode
from gateway.store.ratings import OPEN_FOR, keep_rating, rateable
from gateway.store.schema import contacts, conversations, media, messages, threads
from gateway.store.visits import (
    contact_of,
    forget_visitor,
    hand_over,
    keep_visitor,
    mark_seen,
    receipt,
    said_after,
    said_before,
    said_by_id,
    stored_files,
    unread_by_contact,
    visited_thread,
    visitor_address,
)
from router.conversation import Conversation, LastAnswer, Owner, OwnerKind, State
from router.ids import (
    ChannelName,
    ContactId,
    ConversationId,
    InboxId,
    MediaId,
    MessageId,
    PriorityTag,
    ThreadId,
)
from skills.ids import AgentId, GroupId
from tests.fakes.clock import NOON

WEBSITE = InboxId("website")
THREAD = ThreadId("thr_1")
AT = micros(NOON)


def message(seq: int, **more: object) -> dict[str, object]:
    """A message's row."""
    return {
        "id": f"msg_{seq}",
        "thread": THREAD,
        "conversation": "cnv_1",
        "seq": seq,
        "direction": "out",
        "author_kind": "agent",
        "author": "li.na",
        "at": AT + seq,
        "note": False,
        "text": "",
        "parts": "[]",
        "message_key": None,
        "delivery": None,
        **more,
    }


@pytest.fixture
async def filled(store: Store) -> Store:
    """A thread with five messages: two of the contact's, two answers, a note; and a file."""

    def fill(connection: Connection) -> None:
        connection.execute(insert(contacts).values(id="ctc_1", created_at=AT, updated_at=AT))
        connection.execute(
            insert(threads).values(
                id=THREAD, inbox=WEBSITE, channel="web", address="vis_1", contact="ctc_1", last_seq=5, created_at=AT
            )
        )
        connection.execute(insert(media).values(id="f1", mime="image/png", size=7, created_at=AT))
        connection.execute(
            insert(messages),
            [
                message(1, direction="in", author_kind="contact", message_key="c1"),
                message(2, delivery="delivered", message_key="msg_2"),
                message(3, note=True),
                message(4, delivery="queued"),
                message(5, direction="in", author_kind="contact", message_key="c2"),
            ],
        )

    await store.write(fill)
    return store


async def test_secret_is_good_in_its_own_inbox_only(filled: Store) -> None:
    """A visitor is found by hash and inbox, and not by one of them."""
    await filled.write(lambda c: keep_visitor(c, "hash", WEBSITE, "vis_1", NOON))
    assert await filled.read(lambda c: visitor_address(c, WEBSITE, "hash")) == "vis_1"
    assert await filled.read(lambda c: visitor_address(c, InboxId("other"), "hash")) is None
    assert await filled.read(lambda c: visitor_address(c, WEBSITE, "other")) is None


async def test_words_are_found_by_the_contacts_own_name(filled: Store) -> None:
    """The receipt names message, number and instant; a name that was never used has none."""
    found = await filled.read(lambda c: receipt(c, WEBSITE, "vis_1", "c2"))
    assert found is not None
    thread, said = found
    assert (thread.id, said.id, said.seq, said.at - NOON) == (THREAD, "msg_5", 5, timedelta(microseconds=5))
    assert await filled.read(lambda c: receipt(c, WEBSITE, "vis_1", "c9")) is None
    assert await filled.read(lambda c: receipt(c, WEBSITE, "vis_9", "c1")) is None


async def test_thread_is_read_in_order(filled: Store) -> None:
    """What came after a number, oldest first; our own messages have no name by the contact."""
    said = await filled.read(lambda c: said_after(c, THREAD, 1, 3))
    assert [(one.seq, one.note, one.key) for one in said] == [(2, False, ""), (3, True, ""), (4, False, "")]
    (one,) = await filled.read(lambda c: said_by_id(c, [MessageId("msg_5"), MessageId("msg_9")]))
    assert (one.thread, one.key) == (THREAD, "c2")


async def test_seen_never_goes_back_nor_beyond(filled: Store) -> None:
    """What is seen only grows, and ends where the thread ends."""
    for reached, expected in ((3, 3), (2, 3), (99, 5)):
        await filled.write(lambda c, reached=reached: mark_seen(c, THREAD, reached))  # type: ignore[misc]  # one closure
        thread = await filled.read(lambda c: visited_thread(c, WEBSITE, "vis_1"))
        assert thread is not None
        assert thread.seen_seq == expected


async def test_unread_are_our_answers(filled: Store) -> None:
    """Neither notes nor the contact's own words are read by the contact."""
    assert await filled.read(lambda c: unread_by_contact(c, THREAD, 0, 5)) == ["msg_2", "msg_4"]
    assert await filled.read(lambda c: unread_by_contact(c, THREAD, 2, 3)) == []


async def test_files_are_described_by_us(filled: Store) -> None:
    """Only a file that we have is described."""
    wanted = [MediaId("f1"), MediaId("f2")]
    assert await filled.read(lambda c: stored_files(c, wanted)) == {"f1": ("image/png", 7)}
    assert await filled.read(lambda c: c.execute(select(threads.c.last_seq)).scalar_one()) == 5


async def test_what_came_before_is_read_backwards(filled: Store) -> None:
    """The newest of what came before a number, oldest first, without notes."""
    said = await filled.read(lambda c: said_before(c, THREAD, 5, 2))
    assert [one.seq for one in said] == [2, 4]


async def test_thread_is_handed_over_once(filled: Store) -> None:
    """It goes on under the other address, whose owner alone has a secret for it; nobody's thread is taken over."""
    await filled.write(lambda c: keep_visitor(c, "hash", WEBSITE, "vis_1", NOON))
    assert await filled.write(lambda c: hand_over(c, WEBSITE, "vis_1", "id:42"))
    assert await filled.read(lambda c: visitor_address(c, WEBSITE, "hash")) is None
    thread = await filled.read(lambda c: visited_thread(c, WEBSITE, "id:42"))
    assert thread is not None
    assert thread.id == THREAD
    assert await filled.read(lambda c: contact_of(c, THREAD)) == "ctc_1"
    assert not await filled.write(lambda c: hand_over(c, WEBSITE, "vis_1", "id:43"))
    assert not await filled.write(lambda c: hand_over(c, WEBSITE, "id:42", "id:42"))


async def test_forgotten_secret_is_good_for_nothing(filled: Store) -> None:
    """A secret that was forgotten stands for nobody, and forgetting one that never was changes nothing."""
    await filled.write(lambda c: keep_visitor(c, "hash", WEBSITE, "vis_1", NOON))
    await filled.write(lambda c: forget_visitor(c, "other"))
    assert await filled.read(lambda c: visitor_address(c, WEBSITE, "hash")) == "vis_1"
    await filled.write(lambda c: forget_visitor(c, "hash"))
    assert await filled.read(lambda c: visitor_address(c, WEBSITE, "hash")) is None


def ended(**changes: Any) -> dict[str, Any]:
    """A conversation's row: answered and ended at noon."""
    value = Conversation(
        id=ConversationId("cnv_1"),
        thread=THREAD,
        contact=ContactId("ctc_1"),
        inbox=WEBSITE,
        channel=ChannelName("web"),
        group=GroupId("japan-korea"),
        state=State.RESOLVED,
        owner=Owner(OwnerKind.QUEUE, "japan-korea"),
        epoch=1,
        priority=PriorityTag("normal"),
        created_at=NOON - timedelta(hours=1),
        last_answer=LastAnswer(agent=AgentId("li.na"), group=GroupId("japan-korea"), at=NOON),
        resolved_at=NOON,
    )
    value = replace(value, **changes)
    return {
        "id": value.id, "thread": THREAD, "contact": "ctc_1", "inbox": WEBSITE, "channel": "web", "group": value.group,
        "state": value.state.value, "owner_kind": "queue", "owner": "japan-korea", "epoch": 1, "priority": "normal",
        "created_at": micros(value.created_at), "changed_at": AT, "body": encode(value),
    }  # fmt: skip


async def test_rating_is_kept_once_and_changed(filled: Store) -> None:
    """The second rating is the first one, changed; both know the line at the desk."""
    await filled.write(lambda c: c.execute(insert(conversations).values(ended())))
    assert await filled.read(lambda c: rateable(c, THREAD, NOON)) is not None
    line, other = MessageId("msg_8"), MessageId("msg_9")
    conversation = ConversationId("cnv_1")
    assert await filled.write(lambda c: keep_rating(c, conversation, line, 2, "slow", NOON)) == (line, False)
    assert await filled.write(lambda c: keep_rating(c, conversation, other, 4, "", NOON)) == (line, True)
    found = await filled.read(lambda c: rateable(c, THREAD, NOON + OPEN_FOR))
    assert found is not None
    assert (found.stars, found.text, found.message) == (4, "", line)


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        ({}, OPEN_FOR + timedelta(seconds=1)),
        ({"last_answer": None}, timedelta()),
        ({"state": State.ACTIVE, "resolved_at": None}, timedelta()),
    ],
    ids=["long ago", "never answered", "not ended"],
)
async def test_not_everything_is_rated(filled: Store, changes: dict[str, Any], later: timedelta) -> None:
    """Only what has ended, lately, and was answered by somebody."""
    await filled.write(lambda c: c.execute(insert(conversations).values(ended(**changes))))
    assert await filled.read(lambda c: rateable(c, THREAD, NOON + later)) is None
