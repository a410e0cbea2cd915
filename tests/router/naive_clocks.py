"""Clocks as the meaning says them, counted from what happens: from event to event, what was open and not at rest.

The oracle for ``router.ticking``: it keeps no instant to come, only what has elapsed, adds the time between every two
events, and reads targets and hours from the settings alone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from router.board import Board
from router.clocks import Clock, ClockKind, ClockStage, Rest, Target
from router.conversation import Conversation, State
from router.effects import Effect, RecordTrace
from router.events import AgentReplied, AnyEvent, HoursOverridden, MessageReceived, TimerKind
from router.ids import ConversationId
from router.reason import Code
from router.settings import Settings
from skills.hours import is_open
from skills.ids import GroupId

NO_TIME = timedelta()
SMALLEST = timedelta(microseconds=1)
SERVED = frozenset({State.WAITING, State.OFFERED, State.ACTIVE, State.PARKED})
STAGES = frozenset({Code.SLA_AT_RISK, Code.SLA_BREACHED, Code.SLA_MET})
Which = tuple[ConversationId, ClockKind]


@dataclass
class Story:
    """What is owed, and how much time has elapsed on it."""

    elapsed: dict[Which, timedelta] = field(default_factory=dict)
    starts: Counter[Which] = field(default_factory=Counter)
    told: Counter[tuple[Which, int, Code]] = field(default_factory=Counter)
    closed_until: dict[GroupId, tuple[bool, datetime]] = field(default_factory=dict)
    at: datetime | None = None

    def pass_to(self, board: Board, settings: Settings, at: datetime) -> None:
        """Time passes, under these settings, with nothing happening."""
        since, self.at = self.at or at, at
        for id_, kind in self.elapsed:
            conversation = board.conversations[id_]
            target = self.target(settings, conversation, kind)
            if not _rests(conversation, target):
                self.elapsed[id_, kind] += self.counted(settings, conversation.group, target, since, at)

    def happened(self, board: Board, event: AnyEvent, effects: tuple[Effect, ...]) -> list[str]:
        """What is owed since this event, and where the board says otherwise."""
        if isinstance(event, HoursOverridden) and event.group in board.settings.groups:
            self.closed_until[event.group] = (
                bool(event.is_open),
                event.until if event.is_open is not None else event.at,
            )
        for conversation in board.conversations.values():
            self._owed(board.settings, conversation, event)
        for which in [each for each in self.elapsed if each[0] not in board.conversations]:
            del self.elapsed[which]
        return [*self._told(effects), *self._wrong(board, event.at)]

    def target(self, settings: Settings, conversation: Conversation, kind: ClockKind) -> Target:
        """The first that fits and has a span for this clock; one without any when there is none."""
        for target in settings.targets:
            if (
                getattr(target, kind.value) is not None
                and conversation.group in (target.groups or {conversation.group})
                and conversation.priority in (target.priorities or {conversation.priority})
                and conversation.channel in (target.channels or {conversation.channel})
            ):
                return target
        return Target()

    def counted(
        self, settings: Settings, group: GroupId, target: Target, since: datetime, until: datetime
    ) -> timedelta:
        """How much of this time counts, piece by piece between the instants at which a door may open or close."""
        if Rest.CLOSED not in target.pause:
            return until - since
        pieces = list(self._pieces(group, since, until))
        return sum((end - start for start, end in pieces if self._is_open(settings, group, start)), NO_TIME)

    def _pieces(self, group: GroupId, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        full_hour = since.replace(minute=0, second=0, microsecond=0)
        hours = int((until - full_hour) / timedelta(hours=1)) + 1 if until > since else 0
        edges = {full_hour + timedelta(hours=hour) for hour in range(hours + 1)}
        if group in self.closed_until:
            edges.add(self.closed_until[group][1])
        inside = sorted(edge for edge in edges if since < edge < until)
        yield from zip([since, *inside], [*inside, until], strict=True)

    def _is_open(self, settings: Settings, group: GroupId, at: datetime) -> bool:
        decided, until = self.closed_until.get(group, (True, at))
        if at < until:
            return decided
        its = settings.groups.get(group)
        hours = its.group.hours if its is not None else None
        return hours is None or is_open(settings.hours[hours], at)

    def _owed(self, settings: Settings, conversation: Conversation, event: AnyEvent) -> None:
        first, another, resolve = ((conversation.id, kind) for kind in ClockKind)
        is_served = conversation.state in SERVED and bool(settings.targets)
        answer = conversation.last_answer
        is_answered = answer is not None and answer.at >= conversation.created_at
        if not is_served or (isinstance(event, AgentReplied) and event.conversation == conversation.id):
            self.elapsed.pop(first, None)
            self.elapsed.pop(another, None)
        if conversation.state is State.WRAPPING or not settings.targets:
            self.elapsed.pop(resolve, None)
        if not is_served:
            return
        if not is_answered:
            self._begin(first)
        if isinstance(event, MessageReceived) and event.thread == conversation.thread and event.parts and is_answered:
            self._begin(another)
        self._begin(resolve)

    def _begin(self, which: Which) -> None:
        if which not in self.elapsed:
            self.elapsed[which] = NO_TIME
            self.starts[which] += 1

    def _told(self, effects: tuple[Effect, ...]) -> Iterator[str]:
        """Each stage is told once for each start, and nothing is met that was breached."""
        for effect in effects:
            for reason in effect.trace.reasons if isinstance(effect, RecordTrace) else ():
                if reason.code in STAGES and isinstance(effect, RecordTrace):
                    which = (effect.trace.conversation, ClockKind(reason.values[0]))
                    self.told[which, self.starts[which], reason.code] += 1
        for (which, start, code), times in self.told.items():
            if times > 1:
                yield f"clock: {which} is {code.value} {times} times"
            if code is Code.SLA_MET and self.told.get((which, start, Code.SLA_BREACHED)):
                yield f"clock: {which} is both breached and met"

    def _wrong(self, board: Board, at: datetime) -> Iterator[str]:
        found = {
            (id_, clock.kind): clock
            for id_, each in board.conversations.items()
            for clock in each.clocks
            if clock.ended_at is None
        }
        if found.keys() != self.elapsed.keys():
            yield f"clock: {sorted(map(str, found.keys() ^ self.elapsed.keys()))} run, or should"
        for which in found.keys() & self.elapsed.keys():
            if not self._is_right(board, at, which, found[which]):
                yield f"clock: {which} is due at {found[which].due_at} after {self.elapsed[which]}"

    def _is_right(self, board: Board, at: datetime, which: Which, clock: Clock) -> bool:
        conversation, elapsed = board.conversations[which[0]], self.elapsed[which]
        target = self.target(board.settings, conversation, which[1])
        within: timedelta | None = getattr(target, which[1].value)
        if clock.stage is ClockStage.BREACHED:
            return True  # whatever comes now, it has been
        if within is None or _rests(conversation, target):
            return clock.due_at is None
        if clock.due_at is None:
            return False
        timer = board.timers.get((TimerKind.CONVERSATION, conversation.id))
        if clock.due_at <= at:
            return elapsed >= within and timer is not None and timer <= at
        left = within - elapsed
        settings, group = board.settings, conversation.group
        return (
            timer is not None
            and (timer <= clock.due_at)
            and self.counted(settings, group, target, at, clock.due_at) == left
            and self.counted(settings, group, target, at, clock.due_at - SMALLEST) < left
        )


def _rests(conversation: Conversation, target: Target) -> bool:
    return conversation.state is State.BOT or (conversation.state is State.PARKED and Rest.PARKED in target.pause)
