"""A trace: the stored reasons of one decision. It never holds a message's text."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from router.ids import ConversationId, EventId, PriorityTag, Tag, TraceId
from router.keyed import Keyed
from router.reason import Reason
from skills.ids import AgentId, GroupId
from skills.skill import Requirement


class Stage(Enum):
    """The three stages of triage."""

    TAGS = "tags"
    PRIORITY = "priority"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A rule that matched, where it stands in the file, and what it gave: tags, a priority or a group, by the stage."""

    stage: Stage
    rule: str
    line: int
    gives: tuple[str, ...]


class Verdict(Keyed):
    """Why an agent may or may not get a conversation now."""

    ELIGIBLE = "eligible"
    NOT_IN_GROUP = "not_in_group"
    SKILL_MISSING = "skill_missing"
    FULL = "full"
    AWAY = "away"
    DRAINING = "draining"
    OFF = "off"
    LOST = "lost"
    GONE = "gone"
    MISSED = "missed"
    OFF_SHIFT = "off_shift"
    EXCLUDED = "excluded_until"
    HEAD_START = "head_start_of_another"
    PAUSED = "queue_paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One agent's verdict, and what it rests on: the missing skill, the load, an instant, what the pick looked at."""

    agent: AgentId
    verdict: Verdict
    why: tuple[Reason, ...] = ()


class Outcome(Enum):
    """What a decision did with the conversation."""

    OFFERED = "offered"
    ASSIGNED = "assigned"
    WAITS = "waits"
    HELD = "held"
    TO_BOT = "to_bot"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    RESOLVED = "resolved"
    TIMED = "timed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One decision: trigger, file version, rule path, requirement and step, who was chosen and by which tie-break.

    ``step`` counts the relaxation and overflow steps in force, ``groups`` are those that may answer now, home first.
    ``why`` is why the chosen one was chosen, ``reasons`` why the conversation was placed or moved. ``runners_up`` holds
    at most five; ``counts`` sums the other agents by verdict.
    """

    id: TraceId
    conversation: ConversationId
    event: EventId
    at: datetime
    trigger: str
    config_version: int
    outcome: Outcome
    group: GroupId
    groups: tuple[GroupId, ...] = ()
    priority: PriorityTag
    tags: tuple[Tag, ...] = ()
    rules: tuple[RuleHit, ...] = ()
    requirement: Requirement = Requirement()
    step: int = 0
    due_at: datetime | None = None
    held_until: datetime | None = None
    chosen: AgentId | None = None
    why: tuple[Reason, ...] = ()
    runners_up: tuple[Candidate, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    next_step_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
