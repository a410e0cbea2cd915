"""A history: the rows of one conversation, as they come about.

Every recorded value of the conversation is shown to it, with the messages, offers and steps that came with it; the
time since the last one is added to where the conversation was meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from router.clocks import Clock, ClockKind, ClockStage
from router.conversation import Conversation, Owner, OwnerKind, State
from router.figures.row import (
    Closing,
    Deadline,
    Passing,
    Place,
    Response,
    Tenure,
    Visit,
    VisitEnd,
    place_of,
)
from router.lifecycle import ABANDONED
from router.rules.ending import SHORT
from skills.hours import Hours
from skills.ids import AgentId, GroupId
from skills.opening import open_between

ZERO = timedelta()
IN_QUEUE = frozenset({State.WAITING, State.OFFERED})
IN_HANDS = frozenset({State.ACTIVE, State.PARKED, State.WRAPPING})


@dataclass(slots=True, kw_only=True)
class _Visit:
    place: Place
    at: datetime
    waited: timedelta = ZERO
    waited_again: timedelta = ZERO
    end: VisitEnd = VisitEnd.OPEN
    agent: AgentId | None = None
    step: int | None = None


@dataclass(slots=True, kw_only=True)
class _Tenure:
    place: Place
    at: datetime
    agent: AgentId
    reacted_at: datetime | None = None
    spent: dict[State, timedelta]
    is_over: bool = False


class History:
    """One conversation's past. ``active_with`` is the agent in whose hands it is active now."""

    def __init__(self, conversation: Conversation, at: datetime, step: int | None = None) -> None:
        self.now = conversation
        self.stars: int | None = None
        self.ended_by: AgentId | None = None
        self._seen_at = at
        self._spent: dict[State, timedelta] = {}
        self._visits: dict[GroupId, _Visit] = {}
        self._waits_since: datetime | None = None
        self._tenures: list[_Tenure] = []
        self._responses: list[Response] = []
        self._passings: list[Passing] = []
        self._ways: list[tuple[Owner, Owner]] = []
        self._deadlines: dict[tuple[ClockKind, datetime], Deadline] = {}
        answer = conversation.last_answer
        self._is_answered = answer is not None and answer.at >= conversation.created_at
        self._unanswered_since = conversation.unanswered_since if self._is_answered else None
        self._look(None, at, step)

    @property
    def active_with(self) -> AgentId | None:
        """The agent who is at it now."""
        its = self.now
        is_active = its.state is State.ACTIVE and its.owner.kind is OwnerKind.AGENT
        return AgentId(its.owner.id) if is_active else None

    @property
    def groups(self) -> frozenset[GroupId]:
        """The groups that it came to: its topic."""
        return frozenset({*self._visits, self.now.group})

    def see(self, conversation: Conversation, at: datetime, step: int | None = None) -> None:
        """It was recorded so; ``step`` is how far it had been widened when an agent was chosen for it."""
        former, self.now = self.now, conversation
        passed = at - self._seen_at
        self._seen_at = at
        self._spend(self._spent, former.state, passed)
        if self._tenures and not self._tenures[-1].is_over:
            self._spend(self._tenures[-1].spent, former.state, passed)
        self._look(former, at, step)

    def hear(self, agent: AgentId, at: datetime, hours: Hours | None) -> None:
        """A person wrote to the contact; ``hours`` are the group's."""
        if self._tenures and self._tenures[-1].agent == agent and self._tenures[-1].reacted_at is None:
            self._tenures[-1].reacted_at = at
        is_first = not self._is_answered
        since = (self.now.entered_waiting_at or self.now.created_at) if is_first else self._unanswered_since
        self._is_answered, self._unanswered_since = True, None
        if since is not None:
            self._responses.append(
                Response(
                    place=place_of(self.now),
                    at=since,
                    waited=max(at - since, ZERO),
                    open_for=max(at - since, ZERO) if hours is None else open_between(hours, since, at),
                    agent=agent,
                    is_first=is_first,
                )
            )

    def asked(self, at: datetime) -> None:
        """The contact wrote; while a bot has the conversation that is for the bot to answer."""
        if self.now.state is not State.BOT and self._unanswered_since is None:
            self._unanswered_since = at

    def passed(self, at: datetime, by: AgentId, source: Owner, target: Owner, place: Place) -> None:
        """It was transferred."""
        self._passings.append(Passing(place=place, at=at, agent=by))
        self._ways.append((source, target))

    # --- The rows ---------------------------------------------------------------------------------------------------

    def visits(self, now: datetime) -> list[Visit]:
        """Its visits to queues; ``now`` is until when one that goes on has lasted."""
        return [self._visit(each, now) for each in self._visits.values()]

    @property
    def responses(self) -> list[Response]:
        """What people answered."""
        return self._responses

    @property
    def passings(self) -> list[Passing]:
        """Its transfers."""
        return self._passings

    @property
    def deadlines(self) -> Iterable[Deadline]:
        """What was owed, and whether it came in time."""
        return self._deadlines.values()

    def tenures(self) -> list[Tenure]:
        """In whose hands it was."""
        return [
            Tenure(
                place=each.place,
                at=each.at,
                agent=each.agent,
                reacted_after=None if each.reacted_at is None else each.reacted_at - each.at,
                owned=each.spent.get(State.ACTIVE, ZERO),
                parked=each.spent.get(State.PARKED, ZERO),
                wrapped=each.spent.get(State.WRAPPING, ZERO),
                is_over=each.is_over,
            )
            for each in self._tenures
        ]

    def closing(self, *, came_again: bool | None) -> Closing | None:
        """Its end, if it is closed now."""
        its = self.now
        if its.state is not State.RESOLVED:
            return None
        owner = AgentId(its.owner.id) if its.owner.kind is OwnerKind.AGENT else None
        return Closing(
            place=place_of(its),
            at=its.created_at,
            agent=self.ended_by or owner,
            lasted=sum((span for state, span in self._spent.items() if state is not State.BOT), ZERO),
            parked=self._spent.get(State.PARKED, ZERO),
            hops=len(self._ways),
            has_bounced=any((target, source) in self._ways[:n] for n, (source, target) in enumerate(self._ways)),
            was_answered=self._is_answered,
            came_again=came_again,
            stars=self.stars,
        )

    # --- What a recorded value means ---------------------------------------------------------------------------------

    def _look(self, former: Conversation | None, at: datetime, step: int | None) -> None:
        self._look_at_queue(former, at, step)
        self._look_at_hands(former, at)
        its = self.now
        for clock in its.clocks:
            self._look_at_clock(clock)
        if its.state in {State.BOT, State.RESOLVED}:
            self._unanswered_since = None
        elif former is not None and former.state is State.BOT and self._is_answered and its.state in IN_QUEUE:
            self._unanswered_since = self._unanswered_since or at
        if its.state is not State.RESOLVED and (former is None or former.state is State.RESOLVED):
            self.ended_by = None

    def _look_at_queue(self, former: Conversation | None, at: datetime, step: int | None) -> None:
        """A wait begins where ``queued_at`` says: ahead, for who came after hours; it is set anew each time."""
        its = self.now
        is_moved = former is None or (its.queued_at, its.group) != (former.queued_at, former.group)
        is_in = its.state in IN_QUEUE
        came = is_in and (former is None or former.state not in IN_QUEUE or is_moved)
        rushed_through = not is_in and is_moved and its.queued_at == at
        if former is not None and (came or not is_in):
            self._stop_waiting(former.group, at)
        if former is not None and former.group != its.group:
            self._end(former.group, VisitEnd.LEFT)
        if came or rushed_through:
            began_at = min(its.queued_at or at, at)
            visit = self._visits.setdefault(its.group, _Visit(place=place_of(its), at=began_at))
            visit.end = VisitEnd.OPEN if visit.agent is None else VisitEnd.ANSWERED
            self._waits_since = its.queued_at or at if is_in else None
        if is_in:
            return
        if its.owner.kind is OwnerKind.AGENT and its.state in IN_HANDS:
            self._end(its.group, VisitEnd.ANSWERED, AgentId(its.owner.id), step)
        elif its.state is State.RESOLVED and its.resolved_because == ABANDONED:
            is_short = its.queued_at is not None and at - its.queued_at <= SHORT
            self._end(its.group, VisitEnd.ABANDONED_SHORT if is_short else VisitEnd.ABANDONED)
        else:
            self._end(its.group, VisitEnd.LEFT)

    def _stop_waiting(self, group: GroupId, at: datetime) -> None:
        visit, since = self._visits.get(group), self._waits_since
        self._waits_since = None
        if visit is None or since is None or at <= since:
            return
        if visit.agent is None:
            visit.waited += at - since
        else:
            visit.waited_again += at - since

    def _end(self, group: GroupId, end: VisitEnd, agent: AgentId | None = None, step: int | None = None) -> None:
        visit = self._visits.get(group)
        if visit is not None and visit.end is VisitEnd.OPEN:
            visit.end, visit.agent, visit.step = end, agent, step

    def _look_at_hands(self, former: Conversation | None, at: datetime) -> None:
        its = self.now
        is_held = its.owner.kind is OwnerKind.AGENT and its.state in IN_HANDS
        is_new = former is None or former.epoch != its.epoch
        if self._tenures and (is_new or not is_held):
            self._tenures[-1].is_over = True
        if is_held and is_new:
            self._tenures.append(_Tenure(place=place_of(its), at=at, agent=AgentId(its.owner.id), spent={}))

    def _look_at_clock(self, clock: Clock) -> None:
        """Once it is met or breached nothing changes that; without a target nothing is owed."""
        key, its = (clock.kind, clock.started_at), self.now
        if key in self._deadlines and self._deadlines[key].is_met is not None:
            return
        if clock.regime.within is None:
            self._deadlines.pop(key, None)
            return
        is_met = {ClockStage.MET: True, ClockStage.BREACHED: False}.get(clock.stage)
        agent = AgentId(its.owner.id) if its.owner.kind is OwnerKind.AGENT else None
        self._deadlines[key] = Deadline(
            place=place_of(its), at=clock.started_at, kind=clock.kind, is_met=is_met, agent=agent
        )

    def _visit(self, visit: _Visit, now: datetime) -> Visit:
        is_here = visit.place.group == self.now.group and self._waits_since is not None
        more = max(now - self._waits_since, ZERO) if is_here and self._waits_since is not None else ZERO
        return Visit(
            place=visit.place,
            at=visit.at,
            waited=visit.waited + (more if visit.agent is None else ZERO),
            waited_again=visit.waited_again + (ZERO if visit.agent is None else more),
            end=visit.end,
            agent=visit.agent,
            step=visit.step,
        )

    @staticmethod
    def _spend(spent: dict[State, timedelta], state: State, passed: timedelta) -> None:
        if state is not State.RESOLVED:
            spent[state] = spent.get(state, ZERO) + passed
