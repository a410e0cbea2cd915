"""Why did I get nothing: what the decisions of the last while meant for one agent."""

from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from config.durations import parse_duration
from gateway.http.problems import invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.traces import past_table
from gateway.reasons import detail_of, in_words
from gateway.store.read_traces import traces_since
from gateway.views.agent import reasons_against
from gateway.views.floor import presence_of
from gateway.views.trace import CandidateView, show_candidate, show_reasons
from router.ids import TraceId
from router.passed_over import CHOSEN, Place, place_in
from router.reason import Named
from router.trace import Outcome
from skills.agent import Agent, AgentKind, Role
from skills.ids import AgentId

LONGEST = timedelta(days=1)
MOST_DECISIONS = 5_000
SHOWN = 20

ABOUT_AGENTS = frozenset({Outcome.OFFERED, Outcome.ASSIGNED, Outcome.WAITS})
"""Decisions in which agents are compared; the others concern bots, hours and endings."""

SENIOR = frozenset({Role.SUPERVISOR, Role.ADMIN})


class WhyQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Since when: a span such as ``1h``."""

    since: Annotated[str, msgspec.Meta(max_length=20)] = "1h"


class PassedOverView(msgspec.Struct, frozen=True, kw_only=True):
    """One decision (``trace``) that brought its conversation to somebody else, or to nobody."""

    trace: str
    at: datetime
    group: str
    outcome: str
    verdict: str
    detail: str
    why: list[Named]


class NothingCameView(msgspec.Struct, frozen=True, kw_only=True):
    """``reasons`` keep the agent from anything now. ``counts`` sums the decisions by verdict, ``details`` finer.

    ``decisions`` are the newest that passed the agent over in the own groups.
    """

    agent: str
    since: datetime
    reasons: list[str]
    total: int
    received: int
    counts: dict[str, int]
    details: dict[str, int]
    decisions: list[PassedOverView]


class OwnPlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """How the agent stood at one decision, and whom it chose; ``exact`` as for the whole table."""

    agent: str
    trace: str
    at: datetime
    group: str
    outcome: str
    chosen: str | None
    because: str
    why: list[Named]
    place: CandidateView
    exact: bool


async def why_nothing(call: Call[Nothing, WhyQuery]) -> NothingCameView:
    """Sum up what the decisions since then meant for the agent; others than seniors may ask for themselves."""
    tools, profile = call.tools, _asked_about(call)
    agent = profile.id
    try:
        span = parse_duration(call.query.since)
    except ValueError as error:
        raise invalid(str(error)) from error
    if span > LONGEST:
        raise invalid("at most the last day")
    since = tools.clock.now() - span
    found = await tools.store.read(lambda c: traces_since(c, since, MOST_DECISIONS))
    presence = await tools.engine.inspect(lambda board: presence_of(board, agent))
    placed = [(trace, place_in(trace, profile)) for trace in found if trace.outcome in ABOUT_AGENTS]
    passed = [(trace, place) for trace, place in placed if place.verdict != CHOSEN]
    return NothingCameView(
        agent=agent,
        since=since,
        reasons=[reason.value for reason in reasons_against(profile, presence)],
        total=len(placed),
        received=len(placed) - len(passed),
        counts=dict(sorted(Counter(place.verdict for _, place in passed).items())),
        details=dict(sorted(Counter(_finer(place) for _, place in passed if place.why).items())),
        decisions=[
            PassedOverView(
                trace=trace.id,
                at=trace.at,
                group=trace.group,
                outcome=trace.outcome.value,
                verdict=place.verdict,
                detail=detail_of(place.why),
                why=show_reasons(place.why),
            )
            for trace, place in passed
            if not profile.groups.isdisjoint(trace.groups)
        ][:SHOWN],
    )


async def why_not_me(call: Call[Nothing, Nothing]) -> OwnPlaceView:
    """How the agent stood when a conversation went to somebody else, found by making the decision again."""
    agent = _asked_about(call).id
    table = await past_table(call.tools, TraceId(call.path["trace"]))
    place = next((each for each in table.candidates if each.agent == agent), None) if table is not None else None
    if table is None or place is None:
        raise not_found("decision")
    return OwnPlaceView(
        agent=agent,
        trace=table.trace.id,
        at=table.trace.at,
        group=table.trace.group,
        outcome=table.trace.outcome.value,
        chosen=table.trace.chosen,
        because=in_words(table.trace.why),
        why=show_reasons(table.trace.why),
        place=show_candidate(place),
        exact=table.is_exact,
    )


def _finer(place: Place) -> str:
    return f"{place.verdict}:{detail_of(place.why)}"


def _asked_about(call: Call[Any, Any]) -> Agent:
    """The agent in the path.

    Raises:
        Problem: 404, there is none whom the caller may ask about.
    """
    agent = AgentId(call.path["id"])
    profile = call.tools.configuration.settings.agents.get(agent)
    if profile is None or profile.kind is AgentKind.BOT or (agent != call.viewer.id and call.viewer.role not in SENIOR):
        raise not_found("agent")
    return profile


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/agents/{id}/why",
        summary="Why an agent got nothing",
        handler=why_nothing,
        query=WhyQuery,
        answers=NothingCameView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="GET",
        path="/api/v1/agents/{id}/why/{trace}",
        summary="Why a conversation did not come to an agent",
        handler=why_not_me,
        answers=OwnPlaceView,
        refuses=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
)
