"""The stored reasons of decisions, and the live answer to "why is this still waiting?"."""

from datetime import datetime

import msgspec

from gateway.reasons import detail_of, in_words
from router.reason import Named, Reason, named
from router.trace import Candidate, Trace, Verdict
from skills.skill import Need


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that matched, with its line in the routing file, and what it gave: tags, a priority or a group."""

    stage: str
    rule: str
    line: int
    outcome: str
    gives: list[str]


class NeedView(msgspec.Struct, frozen=True, kw_only=True):
    """One skill at a least level."""

    skill: str
    level: int


class CandidateView(msgspec.Struct, frozen=True, kw_only=True):
    """One agent's verdict, and ``why``; ``reasons`` is empty for those who may.

    ``why`` and the like are reasons as data (a code, and its values by name); the strings beside them are in English.
    """

    agent: str
    eligible: bool
    verdict: str
    detail: str
    reasons: list[str]
    why: list[Named]


class TraceView(msgspec.Struct, frozen=True, kw_only=True):
    """One decision. ``counts`` sums the agents beyond the listed candidates by verdict.

    ``why`` the chosen one was chosen is in words ``because``; ``reasons`` why it was placed or moved are ``reason``.
    """

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
    why: list[Named]
    candidates: list[CandidateView]
    counts: dict[str, int]
    next_step_at: datetime | None
    reason: str
    reasons: list[Named]


class PastTableView(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody as they stood when a decision was made; nobody where agents were not compared.

    ``exact``: made again, the decision came out to the byte as it was stored.
    """

    trace: TraceView
    candidates: list[CandidateView]
    exact: bool


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """The one change that would release it.

    ``what`` is ``opening`` (``at``), ``resume`` (``agent`` has paused the queue, ``at`` is the end if there is one),
    ``now`` (somebody may take it), ``agent`` (``agent`` has all that is asked, and only ``verdict`` is in the way),
    ``step`` (the next step of widening, ``at``), ``skill`` (nobody has what is asked; ``agent`` misses least:
    ``detail``) or ``nobody``. ``why`` is what the verdict rests on.
    """

    what: str
    agent: str = ""
    verdict: str = ""
    detail: str = ""
    why: list[Named] = []
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
    detail = detail_of(candidate.why)
    reason = candidate.verdict.value + (f":{detail}" if detail else "")
    return CandidateView(
        agent=candidate.agent,
        eligible=is_eligible,
        verdict=candidate.verdict.value,
        detail=detail,
        reasons=[] if is_eligible else [reason],
        why=show_reasons(candidate.why),
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
            RuleView(
                stage=hit.stage.value,
                rule=hit.rule,
                line=hit.line,
                outcome=f"{hit.stage.value} {', '.join(hit.gives)}",
                gives=list(hit.gives),
            )
            for hit in trace.rules
        ],
        requires=show_needs(trace.requirement.hard),
        prefers=show_needs(trace.requirement.soft),
        step=trace.step,
        due_at=trace.due_at,
        held_until=trace.held_until,
        chosen=trace.chosen,
        because=in_words(trace.why),
        why=show_reasons(trace.why),
        candidates=[show_candidate(candidate) for candidate in trace.runners_up],
        counts=dict(trace.counts),
        next_step_at=trace.next_step_at,
        reason=in_words(trace.reasons),
        reasons=show_reasons(trace.reasons),
    )


def show_reasons(reasons: tuple[Reason, ...]) -> list[Named]:
    """Reasons as data, for pages and programs."""
    return [named(reason) for reason in reasons]


def show_needs(needs: tuple[Need, ...]) -> list[NeedView]:
    """Skills with their levels."""
    return [NeedView(skill=need.skill, level=need.level) for need in needs]
