"""The stored reasons of decisions, and the live answer to "why is this still waiting?"."""

from datetime import datetime

import msgspec

from router.trace import Candidate, Trace, Verdict
from skills.skill import Need


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that matched, with its line in the routing file."""

    stage: str
    rule: str
    line: int
    outcome: str


class NeedView(msgspec.Struct, frozen=True, kw_only=True):
    """One skill at a least level."""

    skill: str
    level: int


class CandidateView(msgspec.Struct, frozen=True, kw_only=True):
    """One agent's verdict; ``reasons`` is empty for those who may."""

    agent: str
    eligible: bool
    verdict: str
    detail: str
    reasons: list[str]


class TraceView(msgspec.Struct, frozen=True, kw_only=True):
    """One decision. ``counts`` sums the agents beyond the listed candidates by verdict."""

    id: str
    at: datetime
    trigger: str
    event: str
    config_version: int
    outcome: str
    group: str
    groups: list[str]
    priority: str
    tags: list[str]
    rules: list[RuleView]
    requires: list[NeedView]
    prefers: list[NeedView]
    step: int
    due_at: datetime | None
    held_until: datetime | None
    chosen: str | None
    because: str
    candidates: list[CandidateView]
    counts: dict[str, int]
    next_step_at: datetime | None
    reason: str


class PastTableView(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody as they stood when a decision was made; nobody where agents were not compared.

    ``exact``: made again, the decision came out to the byte as it was stored.
    """

    trace: TraceView
    candidates: list[CandidateView]
    exact: bool


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """The one change that would release it.

    ``what`` is ``opening`` (``at``), ``now`` (somebody may take it), ``agent`` (``agent`` has all that is asked, and
    only ``verdict`` is in the way), ``step`` (the next step of widening, ``at``), ``skill`` (nobody has what is asked;
    ``agent`` misses least: ``detail``) or ``nobody``.
    """

    what: str
    agent: str = ""
    verdict: str = ""
    detail: str = ""
    at: datetime | None = None


class WaitingView(msgspec.Struct, frozen=True, kw_only=True):
    """Why a conversation waits now: its place in the queue and every candidate with a reason.

    ``next_step_at`` is when the circle of those who may answer widens next, to ``next_groups`` and ``next_requires``.
    """

    position: int | None
    due_at: datetime | None
    held_until: datetime | None
    candidates: list[CandidateView]
    release: ReleaseView | None = None
    next_step_at: datetime | None = None
    next_groups: list[str] = []
    next_requires: list[NeedView] = []


def show_candidate(candidate: Candidate) -> CandidateView:
    """One row of the candidates' table."""
    is_eligible = candidate.verdict is Verdict.ELIGIBLE
    reason = candidate.verdict.value + (f":{candidate.detail}" if candidate.detail else "")
    return CandidateView(
        agent=candidate.agent,
        eligible=is_eligible,
        verdict=candidate.verdict.value,
        detail=candidate.detail,
        reasons=[] if is_eligible else [reason],
    )


def show_trace(trace: Trace) -> TraceView:
    """One stored decision as the desk's "Why here?" shows it."""
    return TraceView(
        id=trace.id,
        at=trace.at,
        trigger=trace.trigger,
        event=trace.event,
        config_version=trace.config_version,
        outcome=trace.outcome.value,
        group=trace.group,
        groups=list(trace.groups),
        priority=trace.priority,
        tags=list(trace.tags),
        rules=[
            RuleView(stage=hit.stage.value, rule=hit.rule, line=hit.line, outcome=hit.outcome) for hit in trace.rules
        ],
        requires=show_needs(trace.requirement.hard),
        prefers=show_needs(trace.requirement.soft),
        step=trace.step,
        due_at=trace.due_at,
        held_until=trace.held_until,
        chosen=trace.chosen,
        because=trace.because,
        candidates=[show_candidate(candidate) for candidate in trace.runners_up],
        counts=dict(trace.counts),
        next_step_at=trace.next_step_at,
        reason=trace.reason,
    )


def show_needs(needs: tuple[Need, ...]) -> list[NeedView]:
    """Skills with their levels."""
    return [NeedView(skill=need.skill, level=need.level) for need in needs]
