"""Traces that were stored before reasons were data can still be read, and say what they said."""

import json
from datetime import UTC, datetime

import pytest

from gateway.reasons import in_words
from gateway.store.codec import encode
from gateway.store.former_traces import decode_trace
from gateway.views.trace import show_trace
from router.ids import ConversationId, EventId, PriorityTag, Tag, TraceId
from router.reason import Code, Reason
from router.trace import Candidate, Outcome, RuleHit, Stage, Trace, Verdict
from skills.ids import AgentId, GroupId

TRACE = Trace(
    id=TraceId("e1.t1"),
    conversation=ConversationId("c1"),
    event=EventId("e1"),
    at=datetime(2026, 11, 23, 10, tzinfo=UTC),
    trigger="MessageReceived",
    config_version=3,
    outcome=Outcome.OFFERED,
    group=GroupId("japan"),
    priority=PriorityTag("normal"),
    tags=(Tag('"because":'),),
    rules=(RuleHit(stage=Stage.TAGS, rule="Asia", line=7, gives=("japan", "asia")),),
    chosen=AgentId("chen"),
    why=(Reason(Code.LONGEST_IDLE), Reason(Code.IDLE, (312, 0.0, 3.0))),
    runners_up=(Candidate(agent=AgentId("bao"), verdict=Verdict.ELIGIBLE, why=(Reason(Code.FRESH, (0.0, 2.0)),)),),
    reasons=(Reason(Code.HELPERS, (("asia", "usa"),)), Reason(Code.ANY, of=(Reason(Code.NOT),))),
)


def former() -> str:
    """The same decision as an earlier version of the program stored it."""
    plain = json.loads(encode(TRACE))
    del plain["why"], plain["reasons"]
    plain["because"] = "longest_idle: idle since 10:00:00, 0/3"
    plain["reason"] = "closed: asia may answer too"
    plain["rules"] = [{"stage": "tags", "rule": "Asia", "line": 7, "outcome": "tags japan, asia"}]
    plain["runners_up"] = [{"agent": "bao", "verdict": "eligible", "detail": "not had work yet, 0/2"}]
    return json.dumps(plain)


def test_present_ones_come_back() -> None:
    """What is stored now is read as it was, whatever its tags are called, and is stored the same again."""
    assert decode_trace(encode(TRACE)) == TRACE
    assert encode(decode_trace(encode(TRACE))) == encode(TRACE)


def test_former_ones_say_what_they_said() -> None:
    """The former sentences are shown as they were written; everything else is as it was."""
    found = decode_trace(former())
    shown = show_trace(found)
    assert shown.because == "longest_idle: idle since 10:00:00, 0/3"
    assert shown.reason == "closed: asia may answer too"
    assert shown.why == [{"code": "told.before", "words": shown.because}]
    assert in_words(found.runners_up[0].why) == "not had work yet, 0/2"
    assert found.rules == TRACE.rules
    assert (found.chosen, found.at, found.group) == (TRACE.chosen, TRACE.at, TRACE.group)


def test_former_ones_may_say_nothing() -> None:
    """A former decision without a sentence has no reason."""
    plain = json.loads(former()) | {"because": "", "reason": "", "runners_up": [], "rules": []}
    found = decode_trace(json.dumps(plain))
    assert (found.why, found.reasons) == ((), ())


def test_what_is_no_trace_is_refused() -> None:
    """Neither form is read into something that it is not."""
    with pytest.raises(ValueError, match="missing required field"):
        decode_trace('{"because":"x"}')
    with pytest.raises(ValueError, match="missing required field"):
        decode_trace("{}")
