"""A wait is promised when enough was measured, and not before."""

from dataclasses import replace
from datetime import datetime, timedelta

from gateway.crossing import Committed
from gateway.realtime.pace import ENOUGH, Pace
from router.conversation import Conversation, Owner, OwnerKind, State
from router.ids import ChannelName, ContactId, ConversationId, InboxId, PriorityTag, ThreadId
from skills.ids import GroupId
from tests.fakes.clock import NOON

GROUP = GroupId("japan-korea")


def commit(pace: Pace, conversation: Conversation) -> None:
    """Tell it of a commit."""
    pace.on_commit(Committed(rev=1, feed_seq=1, conversations={conversation.id: conversation}))


def waiting(number: int) -> Conversation:
    """A conversation in the queue."""
    return Conversation(
        id=ConversationId(f"c{number}"),
        thread=ThreadId(f"t{number}"),
        contact=ContactId(f"p{number}"),
        inbox=InboxId("website"),
        channel=ChannelName("any"),
        group=GROUP,
        state=State.WAITING,
        owner=Owner(OwnerKind.QUEUE, GROUP),
        epoch=0,
        priority=PriorityTag("normal"),
        created_at=NOON,
    )


def serve(pace: Pace, number: int, at: datetime) -> None:
    """Somebody waits, and is taken."""
    commit(pace, waiting(number))
    taken = replace(waiting(number), state=State.ACTIVE, owner=Owner(OwnerKind.AGENT, "li.na"), assigned_at=at)
    commit(pace, taken)
    commit(pace, taken)  # an answer in it is not another one


def test_nothing_is_promised_on_thin_ground() -> None:
    """One fewer than enough says nothing."""
    pace = Pace()
    for number in range(ENOUGH - 1):
        serve(pace, number, NOON)
    assert pace.wait(GROUP, 1, NOON) is None


def test_wait_is_place_by_rate() -> None:
    """Twenty in twenty minutes: the third waits three minutes; who has no place is told nothing."""
    pace = Pace()
    for number in range(ENOUGH):
        serve(pace, number, NOON + timedelta(minutes=number))
    now = NOON + timedelta(minutes=ENOUGH)
    assert pace.wait(GROUP, 3, now) == 180
    assert pace.wait(GROUP, None, now) is None
    assert pace.wait(GroupId("usa"), 1, now) is None


def test_what_is_long_ago_does_not_count() -> None:
    """After half an hour without service nobody can say how long it takes."""
    pace = Pace()
    for number in range(ENOUGH):
        serve(pace, number, NOON)
    assert pace.wait(GROUP, 1, NOON + timedelta(minutes=1)) is not None
    assert pace.wait(GROUP, 1, NOON + timedelta(minutes=31)) is None


def test_who_leaves_was_not_served() -> None:
    """Going away from the queue is no measure of how fast it moves."""
    pace = Pace()
    for number in range(ENOUGH):
        commit(pace, waiting(number))
        commit(pace, replace(waiting(number), state=State.RESOLVED, resolved_at=NOON))
    assert pace.wait(GROUP, 1, NOON) is None
