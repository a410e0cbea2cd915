"""Head start: the agent whose reply earned it is asked first, then a hard owner's deputies (`routing.md` §8)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from router.conversation import Conversation, LastAnswer
from router.reason import Code, Reason
from router.seat import measured
from router.settings import GroupSettings, IfFull, Stickiness
from router.trace import Verdict
from router.turn import Turn
from skills.ids import AgentId


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Who is asked first and until when, who then, and who was skipped for what reason."""

    agent: AgentId | None = None
    until: datetime | None = None
    deputies: tuple[AgentId, ...] = ()
    skipped: tuple[Reason, ...] = ()


def head_start(turn: Turn, conversation: Conversation, its: GroupSettings) -> HeadStart:
    """The agent whose reply earned it, or a hard owner's deputy, if that agent can be reached now (`routing.md` §8)."""
    answer: LastAnswer | None = conversation.last_answer
    sticky = its.sticky
    if sticky.owner is Stickiness.OFF or answer is None or answer.group != its.group.id:
        return HeadStart()
    age = turn.at - answer.at
    if age > sticky.window or any(each.agent == answer.agent for each in conversation.excluded):
        return HeadStart()
    owner = turn.board.roster.seats.get(answer.agent)
    deputies = owner.agent.deputies if owner is not None and sticky.owner is Stickiness.HARD else ()
    obstacle = _obstacle(turn, conversation, its, answer.agent, age)
    if obstacle is None:
        lasts = sticky.wait if sticky.owner is Stickiness.SOFT else sticky.owner_wait
        return HeadStart(answer.agent, turn.at + lasts, deputies)
    start = next_deputy(turn, conversation, its, deputies)
    return replace(start, skipped=(Reason(Code.SKIPPED, (answer.agent, obstacle.value)),))


def next_deputy(turn: Turn, conversation: Conversation, its: GroupSettings, deputies: tuple[AgentId, ...]) -> HeadStart:
    """The first of these deputies who can be reached, for the usual head start; then it is the group's turn."""
    for number, deputy in enumerate(deputies):
        if _obstacle(turn, conversation, its, deputy, None) is None:
            return HeadStart(deputy, turn.at + its.sticky.wait, deputies[number + 1 :])
    return HeadStart()


def _obstacle(
    turn: Turn, conversation: Conversation, its: GroupSettings, agent: AgentId, age: timedelta | None
) -> Verdict | None:
    """Why this agent is not waited for; None when the agent is. ``age`` is that of the answer."""
    seat = turn.board.roster.seats.get(agent)
    if seat is None or its.group.id not in seat.agent.groups:
        return Verdict.NOT_IN_GROUP
    if any(each.agent == agent for each in conversation.excluded):
        return Verdict.EXCLUDED
    standing, sticky = seat.standing_on(conversation.channel), its.sticky
    drains_for_long = sticky.if_draining is None or age is None or age > sticky.if_draining
    if standing is Verdict.DRAINING and not drains_for_long:
        standing = measured(seat.presence)
    if standing is not Verdict.ELIGIBLE:
        return standing
    is_full = not seat.has_room(turn.board.units_of(conversation)) or not seat.has_room_on(conversation.channel)
    return Verdict.FULL if is_full and sticky.if_full is IfFull.SKIP else None
