"""Matching as the meaning says it, without any index: every agent against every conversation, one by one.

The oracle for ``router.selection``: slow, short, and written from `routing.md` alone. It reads values (conversations,
offers, presences, settings) and counts everything itself.
"""

from dataclasses import dataclass
from datetime import datetime

from router.board import Board
from router.conversation import Conversation, State
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


def load_of(board: Board, agent: AgentId) -> float:
    """What an agent carries, counted from conversations and offers."""
    owned = sum(
        board.settings.costs.get(each.channel, 1.0)
        for each in board.conversations.values()
        if each.owner.id == agent and each.owner.kind.value == "agent" and each.state in {State.ACTIVE, State.WRAPPING}
    )
    return owned + sum(offer.units for offer in board.offers.values() if offer.agent == agent)


def may_receive(presence: Presence) -> bool:
    """Ready, connected, on shift and not missed."""
    return (
        presence.intent is Intent.READY
        and presence.reachability is Reachability.CONNECTED
        and presence.on_shift
        and presence.misses < 2
    )


def asked(board: Board, conversation: Conversation, at: datetime) -> Asked:
    """What a waiting conversation asks at this instant, step by step."""
    its: GroupSettings = board.settings.groups[conversation.group]
    group = its.group
    since = conversation.due_from or at
    dropped_by_some = {skill for step in group.relax for skill in step.drop}
    needs = {need.skill: need.level for need in conversation.requirement.hard}
    wished: dict[SkillId, int] = {}
    for need in conversation.requirement.soft:
        (needs if need.skill in dropped_by_some else wished)[need.skill] = need.level
    hard = {need.skill for need in conversation.requirement.hard}
    groups = [group.id]
    steps: list[RelaxStep | OverflowStep] = [*group.relax, *group.overflow]
    for step in steps:
        if since + step.after > at:
            continue
        if isinstance(step, OverflowStep):
            groups.append(step.to)
            continue
        for skill in step.drop - hard:
            needs.pop(skill, None)
        for skill, level in (step.requires or {}).items():
            if skill in needs:
                needs[skill] = min(level, needs[skill])
    return Asked(groups=groups, needs=needs, wished=wished)


def people(board: Board) -> list[Agent]:
    """All human agents."""
    return [agent for agent in board.settings.agents.values() if agent.kind is AgentKind.HUMAN]


def able(board: Board, conversation: Conversation, at: datetime) -> list[Agent]:
    """Agents in reach with the skills, ready or not."""
    what = asked(board, conversation, at)
    return [
        agent
        for agent in people(board)
        if any(group in agent.groups for group in what.groups)
        and all(agent.skills.get(skill, 0) >= level for skill, level in what.needs.items())
    ]


def eligible(board: Board, conversation: Conversation, at: datetime) -> list[Agent]:
    """Agents who could take the conversation now: able, ready, with room, not cooling down, not behind a head start."""
    if conversation.state is not State.WAITING or conversation.held_until is not None:
        return []
    units = board.settings.costs.get(conversation.channel, 1.0)
    seats = board.roster.seats
    ready = [agent for agent in able(board, conversation, at) if may_receive(seats[agent.id].presence)]
    if conversation.preferred is not None and conversation.preferred_until is not None:
        keeper = board.settings.agents.get(conversation.preferred)
        ready = [keeper] if keeper is not None and may_receive(seats[keeper.id].presence) else []
    cooling = {each.agent for each in conversation.excluded if each.until > at}
    others = [agent for agent in ready if agent.id not in cooling]
    strict = {each.agent for each in conversation.excluded if each.is_strict and each.until > at}
    others = others or [agent for agent in ready if agent.id not in strict]
    return [agent for agent in others if load_of(board, agent.id) + units <= agent.units + 1e-9]


def best_agent(board: Board, conversation: Conversation, at: datetime) -> AgentId | None:
    """The agent that the group's pick names among the eligible."""
    what = asked(board, conversation, at)
    pick = board.settings.groups[conversation.group].group.pick

    def rank(agent: Agent) -> tuple[object, ...]:
        presence = board.roster.seats[agent.id].presence
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
        return (not meets_wishes, *by_pick[pick], agent.id)

    best = min(eligible(board, conversation, at), key=rank, default=None)
    return best.id if best is not None else None


def best_conversation(board: Board, agent: Agent, at: datetime) -> Conversation | None:
    """The waiting conversation that this agent gets: own groups first, then earliest due, age, id."""
    mine = [each for each in board.conversations.values() if agent in eligible(board, each, at)]

    def rank(conversation: Conversation) -> tuple[object, ...]:
        is_kept = conversation.preferred_until is not None
        is_backup = not is_kept and conversation.group not in agent.groups
        return (is_backup, conversation.due_at, conversation.entered_waiting_at, conversation.id)

    return min(mine, key=rank, default=None)


def overlooked(board: Board, at: datetime) -> list[tuple[Conversation, Agent]]:
    """Every pair of a waiting conversation and an agent who could take it now."""
    return [
        (conversation, agent)
        for conversation in board.conversations.values()
        for agent in eligible(board, conversation, at)
    ]
