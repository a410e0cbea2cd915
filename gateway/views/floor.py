"""The floor: who is here and what waits, read from the board between two decisions.

These functions run where the board lives; each walks it once and hands out shapes, never the board's own values.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from gateway.views.agent import AgentView, MeView, reasons_against, show_agent, show_me
from gateway.views.legend import name_in
from gateway.views.queue import GroupView, OverrideView, PauseView, QueueView
from gateway.views.release import release
from gateway.views.service_level import worst_stage
from gateway.views.trace import WaitingView, show_candidate, show_needs
from router.board import Board
from router.clocks import ClockStage
from router.conversation import Conversation, State
from router.ids import ChannelName
from router.presence import Presence
from router.settings import Settings
from router.widening import next_step_at, widened
from skills.agent import Agent, AgentKind
from skills.ids import AgentId, GroupId
from skills.skill import Requirement

T = TypeVar("T")


class Inspected(Protocol):
    """Whoever lets the board be read."""

    async def inspect(self, fn: Callable[[Board], T]) -> T:
        """What ``fn`` returns, run between two decisions."""


class InForce(Protocol):
    """The configuration in force."""

    @property
    def settings(self) -> Settings:
        """The routing settings."""

    @property
    def channels(self) -> tuple[ChannelName, ...]:
        """The channels on which there are inboxes."""

    @property
    def problem(self) -> str:
        """Why the files on disk are not in force; empty when they are."""


def presence_of(board: Board, agent: AgentId) -> Presence:
    """An agent's presence with the present load; that of somebody who never came for one without a seat."""
    seat = board.roster.seats.get(agent)
    return seat.written() if seat is not None else Presence(agent=agent)


async def me(engine: Inspected, configuration: InForce, viewer: Agent) -> MeView:
    """The viewer's own state."""
    presence = await engine.inspect(lambda board: presence_of(board, viewer.id))
    return show_me(
        viewer,
        presence,
        settings=configuration.settings,
        channels=configuration.channels,
        problem=configuration.problem,
    )


def agents(board: Board, settings: Settings) -> list[AgentView]:
    """All agents, people and bots, in the order of their logins."""
    return [show_agent(settings.agents[id_], presence_of(board, id_)) for id_ in sorted(settings.agents)]


def why_waiting(board: Board, conversation: Conversation, now: datetime) -> WaitingView | None:
    """What keeps a conversation waiting; None when it does not wait any more."""
    present = board.conversations.get(conversation.id)
    if present is None or present.state not in {State.WAITING, State.OFFERED}:
        return None
    candidates = board.candidates(present.id, now)
    group = board.group(present.group).group if present.group in board.settings.groups else None
    steps, count = board.queue.steps(present.group), board.queue.step_of(present, now)
    is_last = group is None or present.due_from is None or present.held_until is not None or count >= len(steps)
    groups, asked = widened(group, present.requirement, count + 1) if group and not is_last else ((), Requirement())
    step_at = next_step_at(steps, present.due_from, now) if present.due_from and not is_last else None
    return WaitingView(
        position=board.position(present.id),
        due_at=present.due_at,
        held_until=present.held_until,
        candidates=[show_candidate(candidate) for candidate in candidates],
        release=release(candidates, present.held_until, step_at, pause=board.pauses.get(present.group)),
        next_step_at=step_at,
        next_groups=list(groups),
        next_requires=show_needs(asked.hard),
    )


@dataclass(slots=True)
class _Tally:
    waiting: int = 0
    held: int = 0
    offered: int = 0
    active: int = 0
    oldest_at: datetime | None = None
    due_at: datetime | None = None
    at_risk: int = 0
    breached: int = 0

    def add(self, conversation: Conversation) -> None:
        if conversation.clocks:
            stage = worst_stage(conversation)
            self.at_risk += stage is ClockStage.AT_RISK
            self.breached += stage is ClockStage.BREACHED
        if conversation.state is State.ACTIVE:
            self.active += 1
        elif conversation.state is State.WAITING and conversation.held_until is not None:
            self.held += 1
        elif conversation.state in {State.WAITING, State.OFFERED}:
            self.waiting += 1
            self.offered += conversation.state is State.OFFERED
            self.oldest_at = _earlier(self.oldest_at, conversation.entered_waiting_at)
            self.due_at = _earlier(self.due_at, conversation.due_at)


def queues(board: Board, settings: Settings, now: datetime) -> list[QueueView]:
    """Every group's queue now, in the order of the file."""
    tallies: dict[GroupId, _Tally] = {group: _Tally() for group in settings.groups}
    for conversation in board.conversations.values():
        if (tally := tallies.get(conversation.group)) is not None:
            tally.add(conversation)
    found = []
    for id_, group in settings.groups.items():
        tally, people = tallies[id_], _people(settings, id_)
        is_open, next_open = _hours(board, id_, now)
        found.append(
            QueueView(
                group=id_,
                name=name_in(group.group.name, settings.languages, id_),
                waiting=tally.waiting,
                held=tally.held,
                offered=tally.offered,
                active=tally.active,
                oldest_at=tally.oldest_at,
                due_at=tally.due_at,
                at_risk=tally.at_risk,
                breached=tally.breached,
                ready=sum(not reasons_against(agent, presence_of(board, agent.id)) for agent in people),
                load=sum(presence_of(board, agent.id).load for agent in people),
                units=sum(agent.units for agent in people),
                open=is_open,
                next_open=next_open,
                override=_override(board, id_, now),
                pause=show_pause(board, id_),
            )
        )
    return found


def groups(board: Board, settings: Settings, now: datetime) -> list[GroupView]:
    """Every group as a transfer target, in the order of the file."""
    by_id = {queue.group: queue for queue in queues(board, settings, now)}
    found = []
    for id_, group in settings.groups.items():
        queue = by_id[id_]
        found.append(
            GroupView(
                id=id_,
                name=queue.name,
                names=dict(group.group.name),
                kind=group.group.kind.value,
                agents=[agent.id for agent in _people(settings, id_)],
                open=queue.open,
                next_open=queue.next_open,
                waiting=queue.waiting,
                ready=queue.ready,
                override=queue.override,
                pause=queue.pause,
            )
        )
    return found


def agents_by_state(board: Board, settings: Settings) -> Mapping[tuple[GroupId, str], int]:
    """How many people of each group may receive (``ready``), or what keeps them from it first."""
    counted: Counter[tuple[GroupId, str]] = Counter()
    for id_, seat in board.roster.seats.items():
        agent = settings.agents.get(id_)
        if agent is None:
            continue
        reasons = reasons_against(agent, seat.written())
        state = reasons[0].value if reasons else "ready"
        counted.update((group, state) for group in agent.groups)
    return counted


def _people(settings: Settings, group: GroupId) -> list[Agent]:
    found = [agent for agent in settings.agents.values() if group in agent.groups and agent.kind is AgentKind.HUMAN]
    return sorted(found, key=lambda agent: agent.id)


def _hours(board: Board, group: GroupId, now: datetime) -> tuple[bool, datetime | None]:
    its = board.settings.groups.get(group)
    if its is None:
        return True, None
    opens = board.doors.next_open(its, now)
    return opens == now, None if opens == now else opens


def _override(board: Board, group: GroupId, now: datetime) -> OverrideView | None:
    its = board.settings.groups.get(group)
    found = None if its is None else board.doors.override(its, now)
    if found is None:
        return None
    return OverrideView(open=found.is_open, since=found.since, until=found.until, by=found.by, reason=found.reason)


def show_pause(board: Board, group: GroupId) -> PauseView | None:
    """Why this group's queue stands still; None while it goes on."""
    found = board.pauses.get(group)
    if found is None:
        return None
    return PauseView(since=found.since, until=found.until, by=found.by, reason=found.reason)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return other if one is None else one if other is None else min(one, other)
