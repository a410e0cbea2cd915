"""An explanation for programs and pages: reasons as data, and the strings that the interface promises, in English."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from config.explanation import Explanation
from gateway.reasons import detail_of, in_words
from gateway.views.trace import show_reasons
from router.reason import Named, named
from router.trace import Candidate, Verdict


class HoursView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the group answers then, when it opens next, and ``why``; ``words`` say it in English."""

    open: bool
    next_open: datetime | None
    words: str
    why: list[Named]


class TriedRuleView(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: matched, or ``why`` not: the first condition that ``failed``, in English."""

    stage: str
    rule: str
    line: int
    matched: bool
    failed: str | None
    why: Named | None


class TriedAgentView(msgspec.Struct, frozen=True, kw_only=True):
    """One agent, if all were ready: may answer, or why not."""

    agent: str
    eligible: bool
    reasons: list[str]
    verdict: str
    why: list[Named]


class TriedReplyView(msgspec.Struct, frozen=True, kw_only=True):
    """A reply as it would be read."""

    reply: str
    language: str
    text: str


class TriedTargetView(msgspec.Struct, frozen=True, kw_only=True):
    """How soon people owe what a clock times, in seconds, and the line of the file that says so."""

    clock: str
    within: float
    line: int


class ExplanationView(msgspec.Struct, frozen=True, kw_only=True):
    """The way of the message. ``serving`` is the group that answers when ``group`` is closed and sends elsewhere."""

    at: datetime
    group: str
    serving: str
    priority: str
    tags: list[str]
    language: str
    requires: dict[str, int]
    hours: HoursView
    rules: list[TriedRuleView]
    candidates: list[TriedAgentView]
    replies: list[TriedReplyView]
    targets: list[TriedTargetView]


def show_explanation(explanation: Explanation) -> ExplanationView:
    """The explanation as `interfaces.md` §4 says it."""
    hours = explanation.hours
    return ExplanationView(
        at=explanation.at,
        group=explanation.found.group,
        serving=explanation.serving,
        priority=explanation.found.priority,
        tags=list(explanation.found.tags),
        language=explanation.language,
        requires={str(skill): level for skill, level in explanation.found.requires.items()},
        hours=HoursView(
            open=hours.open,
            next_open=hours.next_open.astimezone(UTC) if hours.next_open else None,
            words=in_words(hours.why),
            why=show_reasons(hours.why),
        ),
        rules=[
            TriedRuleView(
                stage=rule.stage.value,
                rule=rule.rule,
                line=rule.line,
                matched=rule.matched,
                failed=in_words((rule.failed,)) if rule.failed else None,
                why=named(rule.failed) if rule.failed else None,
            )
            for rule in explanation.rules
        ],
        candidates=[
            TriedAgentView(
                agent=candidate.agent,
                eligible=candidate.verdict is Verdict.ELIGIBLE,
                reasons=list(reasons(candidate)),
                verdict=candidate.verdict.value,
                why=show_reasons(candidate.why),
            )
            for candidate in explanation.candidates
        ],
        replies=[
            TriedReplyView(reply=reply.reply, language=reply.language, text=reply.text) for reply in explanation.replies
        ],
        targets=[
            TriedTargetView(clock=clock.value, within=within.total_seconds(), line=target.line)
            for clock, target in explanation.targets
            if (within := target.within(clock)) is not None
        ],
    )


def reasons(candidate: Candidate) -> Sequence[str]:
    """Why an agent may not get it, as ``skill_missing:visa-ca:2``; nothing for those who may."""
    if candidate.verdict is Verdict.ELIGIBLE:
        return ()
    detail = detail_of(candidate.why)
    return (candidate.verdict.value + (f":{detail}" if detail else ""),)
