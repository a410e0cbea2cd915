"""Ending: how a conversation leaves the board, whoever or whatever ends it."""

from datetime import timedelta

from router.conversation import Conversation, Patience, State
from router.effects import Measure, Measurement
from router.lifecycle import ABANDONED, Move, moved
from router.reason import Code, Reason
from router.rules.offers import rescind_all
from router.trace import Outcome
from router.turn import Turn

SHORT = timedelta(seconds=10)
"""Whoever leaves so soon has not been kept waiting; it is counted apart (`routing.md` §17)."""


def wraps_up(turn: Turn, conversation: Conversation) -> bool:
    """Whether the agent gets time for wrap-up when it ends."""
    its = turn.board.settings.groups.get(conversation.group)
    return conversation.state is State.ACTIVE and its is not None and its.wrap_up > timedelta()


def resolve(turn: Turn, conversation: Conversation, reason: str) -> None:
    """End a conversation now, or let its wrap-up begin if it is active and the group has one."""
    rescind_all(turn, conversation.id, reason)
    its = turn.board.settings.groups.get(conversation.group)
    if its is not None and wraps_up(turn, conversation):
        turn.save(
            conversation.but(
                state=moved(conversation.state, Move.FINISHED),
                wrap_up_until=turn.at + its.wrap_up,
                wrap_up_extended=False,
                resolved_because=reason,
                unanswered_since=None,
            )
        )
        return
    close(turn, conversation, conversation.resolved_because or reason)


def close(turn: Turn, conversation: Conversation, reason: str) -> None:
    """The end: the conversation leaves the board; its agent has completed one more."""
    if reason == ABANDONED:
        queued_at = conversation.queued_at
        is_short = queued_at is not None and turn.at - queued_at <= SHORT
        what = Measurement.ABANDONED_SHORT if is_short else Measurement.ABANDONED
        turn.say(Measure(what=what, label=conversation.group))
    turn.explain(conversation, Outcome.RESOLVED, reasons=(Reason(Code.ENDED, (reason,)),) if reason else ())
    if (seat := turn.board.owner_seat(conversation)) is not None:
        turn.note_completion(seat)
    turn.save(
        conversation.but(
            state=moved(conversation.state, Move.RESOLVED),
            resolved_at=turn.at,
            resolved_because=reason,
            held_until=None,
            preferred=None,
            preferred_until=None,
            deputies=(),
            patience=Patience(),
            excluded=(),
            asked_bot_at=None,
            parked_until=None,
            wrap_up_until=None,
        )
    )
