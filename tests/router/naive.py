"""Matching as the meaning says it, without any index: every agent against every conversation, one by one.

The oracle for ``router.selection``: slow, short, and written from `routing.md` alone. It reads values (conversations,
offers, presences, settings) and counts everything itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from router.board import Board
from router.conversation import Conversation, State
from router.due import place
from router.presence import Intent, Presence, Reachability
from router.settings import GroupSettings
from skills.agent import Agent, AgentKind
from skills.group import OverflowStep, Pick, RelaxStep
from skills.ids import AgentId, GroupId, SkillId


@dataclass(frozen=True)
class Asked:
    """Who may answer a conversation now, and what is asked of them; ``wished`` only ranks."""

    groups: list[GroupId]
    needs: dict[SkillId, int]
    wished: dict[SkillId, int]


def cost_of(board: Board, conversation: Conversation) -> float:
    """What a conversation costs whoever takes it: channel times class."""
    settings = board.settings
    return settings.costs.get(conversation.channel, 1.0) * settings.factors.get(conversation.priority, 1.0)


def load_of(board: Board, agent: AgentId) -> float:
    """What an agent carries, counted from conversations and offers; who is silent for long weighs less."""
    owned = sum(
        cost_of(board, each) * (board.settings.idleness.weight if each.is_idle else 1.0)
        for each in board.conversations.values()
        if each.owner.id == agent and each.owner.kind.value == "agent" and each.state in {State.ACTIVE, State.WRAPPING}
    )
    return owned + sum(offer.units for offer in board.offers.values() if offer.agent == agent)


def number_of(board: Board, agent: AgentId, channel: str) -> int:
    """How many conversations and offers of one channel an agent has."""
    owned = [
        each
        for each in board.conversations.values()
        if each.owner.id == agent and each.owner.kind.value == "agent" and each.state in {State.ACTIVE, State.WRAPPING}
    ]
    offered = [board.conversations[offer.conversation] for offer in board.offers.values() if offer.agent == agent]
    return sum(each.channel == channel for each in (*owned, *offered))


def may_receive(presence: Presence, channel: str, *, keeps: bool = False) -> bool:
    """Connected, on shift, not missed; ready, or away from other channels than this, or draining with one's own."""
    is_willing = (
        presence.intent is Intent.READY
        or (presence.intent is Intent.AWAY and channel in presence.channels)
        or (presence.intent is Intent.DRAINING and keeps)
    )
    return is_willing and presence.reachability is Reachability.CONNECTED and presence.on_shift and presence.misses < 2


def asked(board: Board, conversation: Conversation, at: datetime, *, after: timedelta | None = None) -> Asked:
    """What a waiting conversation asks at this instant, step by step; ``after`` so much waiting, without conditions."""
    its: GroupSettings = board.settings.groups[conversation.group]
    group = its.group
    since = conversation.due_from or at
    waited = at - since if after is None else after
    dropped_by_some = {skill for step in group.relax for skill in step.drop}
    needs = {need.skill: need.level for need in conversation.requirement.hard}
    wished: dict[SkillId, int] = {}
    for need in conversation.requirement.soft:
        (needs if need.skill in dropped_by_some else wished)[need.skill] = need.level
    hard = {need.skill for need in conversation.requirement.hard}
    groups = [group.id]
    steps: list[RelaxStep | OverflowStep] = [*group.relax, *group.overflow]
    for step in steps:
        if step.after > waited or (isinstance(step, OverflowStep) and (step.when or step.to is None)):
            continue
        if isinstance(step, OverflowStep):
            groups += [step.to] if step.to else []
            continue
        groups += step.add
        for skill in step.drop - hard:
            needs.pop(skill, None)
        for skill, level in (step.requires or {}).items():
            if skill in needs:
                needs[skill] = min(level, needs[skill])
    if after is None:
        groups += conversation.overflowed
    return Asked(groups=groups, needs=needs, wished=wished)


def is_able(what: Asked, agent: Agent) -> bool:
    """Whether the agent is in reach and has the skills."""
    has_skills = all(agent.skills.get(skill, 0) >= level for skill, level in what.needs.items())
    return has_skills and any(group in agent.groups for group in what.groups)


def people(board: Board) -> list[Agent]:
    """All human agents."""
    return [agent for agent in board.settings.agents.values() if agent.kind is AgentKind.HUMAN]


def able(board: Board, conversation: Conversation, at: datetime) -> list[Agent]:
    """Agents in reach with the skills, ready or not."""
    what = asked(board, conversation, at)
    return [agent for agent in people(board) if is_able(what, agent)]


def eligible(board: Board, conversation: Conversation, at: datetime) -> list[Agent]:
    """Agents who could take the conversation now: able, ready, with room, not cooling down, not behind a head start."""
    is_away = conversation.patience.pending_since is not None
    if conversation.state is not State.WAITING or conversation.held_until is not None or is_away:
        return []
    if conversation.group in board.pauses:
        return []
    units, channel = cost_of(board, conversation), conversation.channel
    seats = board.roster.seats
    ready = [agent for agent in able(board, conversation, at) if may_receive(seats[agent.id].presence, channel)]
    if conversation.preferred is not None and conversation.preferred_until is not None:
        keeper = board.settings.agents.get(conversation.preferred)
        is_there = keeper is not None and may_receive(seats[keeper.id].presence, channel, keeps=True)
        ready = [keeper] if keeper is not None and is_there else []
    cooling = {each.agent for each in conversation.excluded if each.until > at}
    others = [agent for agent in ready if agent.id not in cooling]
    strict = {each.agent for each in conversation.excluded if each.is_strict and each.until > at}
    others = others or [agent for agent in ready if agent.id not in strict]
    return [
        agent
        for agent in others
        if load_of(board, agent.id) + units <= agent.units + 1e-9
        and number_of(board, agent.id, channel) < agent.caps.get(channel, 1_000_000)
    ]


def best_agent(board: Board, conversation: Conversation, at: datetime) -> AgentId | None:
    """The agent that the group's pick names among the eligible; whom an earlier step reached comes first."""
    group = board.settings.groups[conversation.group].group
    waited = at - (conversation.due_from or at)
    timed = [step.after for step in group.overflow if step.when is None]
    afters = sorted([timedelta(-1), *timed, *(step.after for step in group.relax)])
    rings = [asked(board, conversation, at, after=after) for after in afters if after <= waited]
    rings.append(asked(board, conversation, at))

    def rank(agent: Agent) -> tuple[object, ...]:
        presence = board.roster.seats[agent.id].presence
        ring = next((number for number, what in enumerate(rings) if is_able(what, agent)), len(rings) - 1)
        what = rings[ring]
        meets_wishes = all(agent.skills.get(skill, 0) >= level for skill, level in what.wished.items())
        idle = presence.idle_since.timestamp() if presence.idle_since else 0.0
        picked = presence.picked_at.timestamp() if presence.picked_at else 0.0
        ratio = load_of(board, agent.id) / agent.units
        named = {**what.needs, **what.wished} if meets_wishes else what.needs
        level = sum(agent.skills.get(skill, 0) for skill in named)
        by_pick: dict[Pick, tuple[object, ...]] = {
            Pick.LONGEST_IDLE: (idle,),
            Pick.LEAST_LOADED: (ratio, idle),
            Pick.BEST_SKILL: (-level, ratio, idle),
            Pick.ROUND_ROBIN: (picked,),
        }
        return (ring, not meets_wishes, *by_pick[pick], agent.id)

    pick = group.pick
    best = min(eligible(board, conversation, at), key=rank, default=None)
    return best.id if best is not None else None


def best_conversation(board: Board, agent: Agent, at: datetime) -> Conversation | None:
    """The waiting conversation that this agent gets: own groups first, then earliest due, age, id."""
    mask, lane = board.roster.seats[agent.id].presence.lane_picks, board.settings.lane
    is_sated = (mask & ((1 << (lane.of - 1)) - 1)).bit_count() >= lane.at_most

    def is_behind(conversation: Conversation) -> bool:
        return is_sated and conversation.is_urgent

    mine = [each for each in board.conversations.values() if agent in eligible(board, each, at)]

    def rank(conversation: Conversation) -> tuple[object, ...]:
        is_kept = conversation.preferred_until is not None
        is_backup = not is_kept and conversation.group not in agent.groups
        return (is_behind(conversation), is_backup, *place(conversation))

    return min(mine, key=rank, default=None)


def overlooked(board: Board, at: datetime) -> list[tuple[Conversation, Agent]]:
    """Every pair of a waiting conversation and an agent who could take it now."""
    return [
        (conversation, agent)
        for conversation in board.conversations.values()
        for agent in eligible(board, conversation, at)
    ]
