"""An agent as colleagues and the agent's own desk see it: profile, presence, load, and why nothing comes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from adapters.registry import channel_titles
from router.ids import ChannelName
from router.presence import Intent, Presence, Reachability
from router.settings import Settings
from router.trace import Verdict
from skills.agent import Agent

MISSES_TO_BE_MISSED = 2
_INTENTS = {Intent.AWAY: Verdict.AWAY, Intent.DRAINING: Verdict.DRAINING, Intent.OFF: Verdict.OFF}
_REACHES = {Reachability.LOST: Verdict.LOST, Reachability.GONE: Verdict.GONE}


class AgentView(msgspec.Struct, frozen=True, kw_only=True):
    """An agent. ``load`` and ``units`` are units; ``reasons`` say why nothing may be offered now, empty when it may.

    ``channels`` are those whose conversations come although the agent is away.
    """

    id: str
    name: str
    alias: str
    kind: str
    role: str
    groups: list[str]
    skills: dict[str, int]
    units: float
    load: float
    intent: str
    intent_reason: str
    channels: list[str]
    reachability: str
    shift: bool
    may_receive: bool
    reasons: list[str]
    lost_since: datetime | None


class MeView(AgentView, frozen=True, kw_only=True):
    """The agent's own state, and the routing file's words that the desk needs.

    ``languages``' first is the default; ``priorities`` begin with the most urgent; ``skill_names`` are for reasons;
    ``all_channels`` are those on which there are inboxes; ``channel_names`` are by language, of all that exist.
    """

    public_name: str
    languages: list[str]
    all_channels: list[str]
    channel_names: dict[str, dict[str, str]]
    priorities: list[str]
    skill_names: dict[str, str]
    config_version: int
    config_problem: str


def show_agent(agent: Agent, presence: Presence) -> AgentView:
    """The agent's profile and present state."""
    return AgentView(**_fields(agent, presence))


def show_me(
    agent: Agent, presence: Presence, *, settings: Settings, channels: Sequence[ChannelName], problem: str
) -> MeView:
    """What the agent's own desk is told at the start and on ``GET /me``."""
    return MeView(
        **_fields(agent, presence),
        public_name=agent.public_name,
        languages=list(settings.languages),
        all_channels=list(channels),
        channel_names={str(name): dict(title) for name, title in channel_titles().items()},
        priorities=[tag for tag, _ in sorted(settings.priorities.items(), key=lambda each: each[1])],
        skill_names=dict(settings.skills.items()),
        config_version=settings.version,
        config_problem=problem,
    )


def reasons_against(agent: Agent, presence: Presence) -> list[Verdict]:
    """Everything that keeps an agent from being offered a conversation now (`routing.md` §2)."""
    reasons: list[Verdict] = []
    if presence.intent in _INTENTS:
        reasons.append(_INTENTS[presence.intent])
    if presence.reachability in _REACHES:
        reasons.append(_REACHES[presence.reachability])
    if not presence.on_shift:
        reasons.append(Verdict.OFF_SHIFT)
    if presence.misses >= MISSES_TO_BE_MISSED:
        reasons.append(Verdict.MISSED)
    if presence.load >= agent.units:
        reasons.append(Verdict.FULL)
    return reasons


def _fields(agent: Agent, presence: Presence) -> dict[str, Any]:
    reasons = reasons_against(agent, presence)
    return {
        "id": agent.id,
        "name": agent.name,
        "alias": agent.alias,
        "kind": agent.kind.value,
        "role": agent.role.value,
        "groups": sorted(agent.groups),
        "skills": dict(agent.skills),
        "units": agent.units,
        "load": presence.load,
        "intent": presence.intent.value,
        "intent_reason": presence.intent_reason,
        "channels": list(presence.channels),
        "reachability": presence.reachability.value,
        "shift": presence.on_shift,
        "may_receive": not reasons,
        "reasons": [reason.value for reason in reasons],
        "lost_since": presence.lost_since,
    }
