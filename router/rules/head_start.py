"""Head start: who is asked first (`routing.md` §8, §19).

That is the agent whose reply earned it, and then a hard owner's deputies; or the agent whom a direct code names, whom
only a hard owner comes before.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from router.conversation import Conversation, LastAnswer
from router.reason import Code, Reason
from router.seat import measured
from router.settings import GroupSettings, IfFull, Stickiness
from router.trace import Verdict
from router.turn import Turn
from skills.ids import AgentId
from skills.matching import meets
from skills.skill import Requirement


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Who is asked first and until when, who then, and who was skipped for what reason."""

    agent: AgentId | None = None
    until: datetime | None = None
    deputies: tuple[AgentId, ...] = ()
    skipped: tuple[Reason, ...] = ()


def head_start(turn: Turn, conversation: Conversation, its: GroupSettings) -> HeadStart:
    """Who is asked first: a dedicated owner, then whom a direct code names, then who answered last."""
    earned = _earned(turn, conversation, its)
    code = turn.board.settings.triage.directory.named(conversation.code) if conversation.code else None
    if code is None or code.agent is None or code.group != its.group.id:
        return earned
    if its.sticky.owner is Stickiness.HARD and earned.agent is not None:
        return replace(earned, skipped=(*earned.skipped, Reason(Code.CODE_YIELDS, (code.sign, earned.agent))))
    obstacle = _obstacle(turn, conversation, its, code.agent, None) or _lacks(turn, conversation, code.agent)
    if obstacle is None:
        return HeadStart(code.agent, turn.at + its.sticky.wait)
    skipped = Reason(Code.CODE_SKIPPED, (code.sign, code.agent, obstacle.value))
    return replace(earned, skipped=(skipped, *earned.skipped))


def _lacks(turn: Turn, conversation: Conversation, agent: AgentId) -> Verdict | None:
    """A code makes nobody skilled: whoever answered last could do it, whom a code names may not."""
    needs = Requirement(hard=conversation.requirement.hard)
    is_skilled = meets(needs, turn.board.roster.seats[agent].agent)
    return None if is_skilled else Verdict.SKILL_MISSING


def _earned(turn: Turn, conversation: Conversation, its: GroupSettings) -> HeadStart:
    """The agent whose reply earned it, or a hard owner's deputy, if that agent can be reached now."""
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
