"""Ticking: what becomes of a conversation's clocks when it changes, or when time has passed (`routing.md` §20).

Everything follows from the conversation before and after, the event and the settings: no rule starts or stops a clock.
`Turn.save` asks for every value that it puts on the board, so that asking twice for the same must change nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from router.board import Board
from router.clocks import AT_RISK, Clock, ClockKind, ClockStage, Regime, Rest, applying
from router.conversation import Conversation, State
from router.due import due_of
from router.events import AgentReplied, ConfigApplied, HoursOverridden, MessageReceived
from router.happening import Event
from router.lifecycle import ABANDONED
from skills.ids import HoursId

OVER = frozenset({State.WRAPPING, State.RESOLVED})
"""The states in which nothing is owed any more."""

IN_QUEUE = frozenset({State.WAITING, State.OFFERED})

NO_TIME = timedelta()

Clocks = dict[ClockKind, Clock]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What became of a clock: it reached its stage, or (``is_moved``) is due at another time than ``former_due_at``."""

    clock: Clock
    is_moved: bool = False
    former_due_at: datetime | None = None


def ticked(
    board: Board, event: Event, former: Conversation | None, conversation: Conversation
) -> tuple[Conversation, list[Tick]]:
    """The conversation with its clocks as they are now, and what became of them; itself when nothing did."""
    clocks: Clocks = {each.kind: each for each in conversation.clocks}
    ticks: list[Tick] = []
    if board.settings.targets:
        _pass(clocks, event.at, ticks)
        _end(clocks, event, conversation, ticks)
        _start(clocks, event, conversation)
        _put_under(clocks, board, event, former or conversation, conversation, ticks)
        _pass(clocks, event.at, ticks)
    else:
        clocks.clear()
    now = tuple(clocks[kind] for kind in ClockKind if kind in clocks)
    if now == conversation.clocks:
        return conversation, []
    conversation = conversation.but(clocks=now)
    if conversation.state in IN_QUEUE and conversation.due_from is not None:
        due_at = due_of(board.settings, conversation, conversation.due_from)
        conversation = conversation.but(due_at=due_at)
    return conversation, ticks


def _pass(clocks: Clocks, at: datetime, ticks: list[Tick]) -> None:
    """What has come due by itself: a clock that is breached at once was never at risk."""
    for kind, clock in clocks.items():
        if clock.next_at is None or clock.next_at > at:
            continue
        is_late = clock.due_at is not None and clock.due_at <= at
        clocks[kind] = clock.but(stage=ClockStage.BREACHED if is_late else ClockStage.AT_RISK)
        ticks.append(Tick(clock=clocks[kind]))


def _end(clocks: Clocks, event: Event, conversation: Conversation, ticks: list[Tick]) -> None:
    """An answer ends what answers are owed by, the end the rest; what is owed no more is dropped."""
    is_answer = isinstance(event, AgentReplied) and event.conversation == conversation.id
    is_over = conversation.state in OVER
    for kind, clock in list(clocks.items()):
        if clock.ended_at is not None:
            continue
        is_answered = is_answer and kind is not ClockKind.RESOLVE
        is_resolved = is_over and kind is ClockKind.RESOLVE and conversation.resolved_because != ABANDONED
        if is_answered or is_resolved:
            stage = ClockStage.BREACHED if clock.stage is ClockStage.BREACHED else ClockStage.MET
            clocks[kind] = clock.but(stage=stage, ended_at=event.at)
            if stage is ClockStage.MET and clock.regime.within is not None:
                ticks.append(Tick(clock=clocks[kind]))
        elif is_over or (conversation.state is State.BOT and kind is not ClockKind.RESOLVE):
            del clocks[kind]


def _start(clocks: Clocks, event: Event, conversation: Conversation) -> None:
    """What people owe from now on; the first answer is owed once in a conversation."""
    if conversation.state in OVER or conversation.state is State.BOT:
        return
    answer = conversation.last_answer
    is_answered = answer is not None and answer.at >= conversation.created_at
    is_message = isinstance(event, MessageReceived) and event.thread == conversation.thread and bool(event.parts)
    owed = {
        ClockKind.FIRST: ClockKind.FIRST not in clocks and not is_answered,
        ClockKind.NEXT: is_message and is_answered and _is_open_for_another(clocks, ClockKind.NEXT),
        ClockKind.RESOLVE: _is_open_for_another(clocks, ClockKind.RESOLVE),
    }
    for kind, is_owed in owed.items():
        if is_owed:
            clocks[kind] = Clock(kind=kind, started_at=event.at)


def _is_open_for_another(clocks: Clocks, kind: ClockKind) -> bool:
    clock = clocks.get(kind)
    return clock is None or clock.ended_at is not None


def _put_under(
    clocks: Clocks,
    board: Board,
    event: Event,
    former: Conversation,
    conversation: Conversation,
    ticks: list[Tick],
) -> None:
    """Let each clock go by the target that is for it now, and by the group's hours; rest, when it is time to."""
    if all(clock.ended_at is not None for clock in clocks.values()):
        return
    regimes = _regimes(board, conversation)
    is_moved = former.group != conversation.group
    is_unsure = isinstance(event, ConfigApplied | HoursOverridden)
    for kind, clock in clocks.items():
        if clock.ended_at is not None:
            continue
        regime = regimes.get(kind, _without_target(board, conversation))
        rests = conversation.state is State.BOT or (conversation.state is State.PARKED and Rest.PARKED in regime.pause)
        is_new = clock.since is None and clock.started_at == event.at and clock.spent == NO_TIME
        is_same = clock.regime == regime and (clock.since is None) is rests
        if is_same and not (is_new or is_moved or is_unsure):
            continue
        spent = clock.spent + _spent(board, clock, former, event.at)
        changed = clock.but(regime=regime, spent=spent, since=None if rests else event.at)
        is_another = clock.regime.within != regime.within
        if clock.stage is not ClockStage.BREACHED or is_another:
            changed = _scheduled(board, changed, conversation, event.at)
        clocks[kind] = changed
        is_running = clock.since is not None and changed.since is not None
        if (is_another or is_moved) and is_running and changed.due_at != clock.due_at:
            ticks.append(Tick(clock=changed, is_moved=True, former_due_at=clock.due_at))


def _regimes(board: Board, conversation: Conversation) -> dict[ClockKind, Regime]:
    found = applying(board.settings.targets, conversation.group, conversation.priority, conversation.channel)
    hours = _hours_of(board, conversation)
    return {
        kind: Regime(
            within=target.within(kind),
            pause=target.pause,
            hours=hours if Rest.CLOSED in target.pause else None,
        )
        for kind, target in found
    }


def _without_target(board: Board, conversation: Conversation) -> Regime:
    return Regime(hours=_hours_of(board, conversation))


def _hours_of(board: Board, conversation: Conversation) -> HoursId | None:
    its = board.settings.groups.get(conversation.group)
    return its.group.hours if its is not None else None


def _spent(board: Board, clock: Clock, former: Conversation, at: datetime) -> timedelta:
    """What has elapsed since it last began to run, by what it has gone by so far."""
    if clock.since is None:
        return NO_TIME
    if Rest.CLOSED not in clock.regime.pause:
        return at - clock.since
    return board.doors.passed(former.group, clock.regime.hours, clock.since, at)


def _scheduled(board: Board, clock: Clock, conversation: Conversation, at: datetime) -> Clock:
    """The clock with the instants that follow from what has elapsed."""
    within = clock.regime.within
    if clock.since is None or within is None:
        return clock.but(risk_at=None, due_at=None)
    return clock.but(
        risk_at=_when(board, clock, conversation, at, within * AT_RISK - clock.spent),
        due_at=_when(board, clock, conversation, at, within - clock.spent),
    )


def _when(board: Board, clock: Clock, conversation: Conversation, at: datetime, left: timedelta) -> datetime:
    """When so much more will have elapsed; what should have elapsed already was due that much ago."""
    if left <= NO_TIME or Rest.CLOSED not in clock.regime.pause:
        return at + left
    return board.doors.reached(conversation.group, clock.regime.hours, at, left)
