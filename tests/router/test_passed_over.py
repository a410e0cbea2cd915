"""Passed over: what a stored decision meant for an agent who did not get the conversation."""

from dataclasses import replace

from router.ids import ConversationId, EventId, TraceId
from router.passed_over import Place, place_in
from router.reason import Code, Reason
from router.trace import Candidate, Outcome, Trace, Verdict
from skills.ids import AgentId
from skills.skill import requirement
from tests.router.world import AGENTS, ASIA, JAPAN, JP, MONDAY, NORMAL

ANNA, BAO, CHEN, DORA, EMIL = AGENTS
TRACE = Trace(
    id=TraceId("t"),
    conversation=ConversationId("c"),
    event=EventId("e"),
    at=MONDAY,
    trigger="MessageReceived",
    config_version=1,
    outcome=Outcome.OFFERED,
    group=JAPAN,
    groups=(JAPAN, ASIA),
    priority=NORMAL,
    requirement=requirement({JP: 2}),
    chosen=ANNA.id,
    runners_up=(Candidate(agent=AgentId("zoe"), verdict=Verdict.ELIGIBLE),),
    counts=(("eligible", 2), ("full", 1), ("not_in_group", 1), ("skill_missing", 2)),
)


def test_what_follows_from_the_profile() -> None:
    """Chosen, in no group that was asked, without the skill at its level: the profile says so."""
    assert place_in(TRACE, ANNA) == Place(verdict="chosen")
    assert place_in(TRACE, DORA) == Place(verdict="not_in_group")
    assert place_in(TRACE, CHEN) == Place(verdict="skill_missing", why=(Reason(Code.LACKS, ("visa-jp", 2)),))


def test_who_came_next() -> None:
    """Who is named could have had it, and another came first."""
    named = replace(TRACE, runners_up=(Candidate(agent=BAO.id, verdict=Verdict.ELIGIBLE),))
    assert place_in(named, BAO) == Place(verdict="another_first", why=(Reason(Code.BEHIND, ("anna",)),))


def test_who_is_only_counted() -> None:
    """Where the counts leave one reason it is that; where they leave several, all are said and none is guessed."""
    assert place_in(TRACE, BAO) == Place(verdict="full")
    several = replace(TRACE, counts=(*TRACE.counts, ("away", 1)))
    assert place_in(several, BAO) == Place(verdict="not_free", why=(Reason(Code.ONE_OF, (("away", "full"),)),))
    many = replace(TRACE, counts=(("eligible", 9),))
    assert place_in(many, BAO) == Place(verdict="another_first", why=(Reason(Code.BEHIND, ("anna",)),))
