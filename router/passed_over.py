"""Passed over: why a stored decision did not bring its conversation to one agent.

A trace names who came next and counts the others, so that a decision costs the same however many agents there are.
What it does not say of one agent follows from the agent's profile; what does not follow is said to be unknown between
those that the trace counted, never guessed.
"""

from dataclasses import dataclass

from router.reason import Code, Reason
from router.trace import Trace, Verdict
from skills.agent import Agent
from skills.matching import first_missing

ELSEWHERE = frozenset({Verdict.NOT_IN_GROUP.value, Verdict.SKILL_MISSING.value})

CHOSEN = "chosen"
ANOTHER_FIRST = "another_first"
NOT_FREE = "not_free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one decision meant for one agent.

    ``verdict`` is a `Verdict`'s value, ``chosen``, ``another_first`` (could have had it, and ``why`` names who came
    before), or ``not_free`` when the agent had all that was asked and was one of those that could not take it; ``why``
    says why these could not.
    """

    verdict: str
    why: tuple[Reason, ...] = ()


def place_in(trace: Trace, agent: Agent) -> Place:
    """Where the agent stood in this decision, by the agent's present groups and skills."""
    if trace.chosen == agent.id:
        return Place(verdict=CHOSEN)
    if agent.groups.isdisjoint(trace.groups):
        return Place(verdict=Verdict.NOT_IN_GROUP.value)
    missing = first_missing(trace.requirement, agent)
    if missing is not None:
        return Place(verdict=Verdict.SKILL_MISSING.value, why=(Reason(Code.LACKS, (missing.skill, missing.level)),))
    named = next((each for each in trace.runners_up if each.agent == agent.id), None)
    if named is not None:
        if named.verdict is Verdict.ELIGIBLE:
            return _behind(trace)
        return Place(verdict=named.verdict.value, why=named.why)
    return _among(trace)


def _among(trace: Trace) -> Place:
    """One of those that are only counted: all who could have, but came too late to be named, or could not take it."""
    counted = [(verdict, number) for verdict, number in trace.counts if verdict not in ELSEWHERE]
    unnamed = dict(counted)
    known = len(trace.runners_up) + (trace.chosen is not None)
    if unnamed.get(Verdict.ELIGIBLE.value, 0) <= known:
        unnamed.pop(Verdict.ELIGIBLE.value, None)
    if len(unnamed) == 1:
        (verdict,) = unnamed
        if verdict == Verdict.ELIGIBLE.value:
            return _behind(trace)
        return Place(verdict=verdict)
    return Place(verdict=NOT_FREE, why=(Reason(Code.ONE_OF, (tuple(sorted(unnamed)),)),))


def _behind(trace: Trace) -> Place:
    return Place(verdict=ANOTHER_FIRST, why=(Reason(Code.BEHIND, (trace.chosen,)),) if trace.chosen else ())
