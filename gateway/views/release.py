"""What would release a conversation that waits: the one change, the easiest first."""

from collections.abc import Sequence
from datetime import datetime

from gateway.reasons import detail_of
from gateway.views.trace import ReleaseView, show_reasons
from router.pause import Pause
from router.trace import Candidate, Verdict

EASIEST = (
    Verdict.FULL, Verdict.MISSED, Verdict.AWAY, Verdict.DRAINING, Verdict.LOST, Verdict.HEAD_START, Verdict.EXCLUDED,
    Verdict.OFF_SHIFT, Verdict.OFF, Verdict.GONE,
)  # fmt: skip
"""What may be in the way of somebody who has all that is asked: what passes by itself soonest comes first."""


def release(
    candidates: Sequence[Candidate],
    held_until: datetime | None,
    step_at: datetime | None,
    *,
    pause: Pause | None = None,
) -> ReleaseView:
    """The opening, the end of a pause, who may take it now, who has one thing in the way, the next step, or a skill."""
    if held_until is not None:
        return ReleaseView(what="opening", at=held_until)
    if pause is not None:
        return ReleaseView(what="resume", agent=pause.by, why=show_reasons((pause.why,)), at=pause.until)
    by_verdict: dict[Verdict, Candidate] = {}
    for candidate in candidates:
        by_verdict.setdefault(candidate.verdict, candidate)
    if (free := by_verdict.get(Verdict.ELIGIBLE)) is not None:
        return ReleaseView(what="now", agent=free.agent)
    for verdict in EASIEST:
        if (near := by_verdict.get(verdict)) is not None:
            return _by(near, "agent", step_at)
    if step_at is not None:
        return ReleaseView(what="step", at=step_at)
    if (able := by_verdict.get(Verdict.SKILL_MISSING)) is not None:
        return _by(able, "skill")
    return ReleaseView(what="nobody")


def _by(candidate: Candidate, what: str, at: datetime | None = None) -> ReleaseView:
    return ReleaseView(
        what=what,
        agent=candidate.agent,
        verdict=candidate.verdict.value,
        detail=detail_of(candidate.why),
        why=show_reasons(candidate.why),
        at=at,
    )
