"""Why a conversation is where it is, and why it still waits."""

from http import HTTPStatus

import msgspec

from gateway.http.problems import Problem, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import CursorWord, Limit, Page
from gateway.http.sight import seen
from gateway.http.tools import Tools
from gateway.replaying import NotReplayable, PastTable
from gateway.store.paging import DEFAULT, read_cursor
from gateway.store.read_traces import traces_of
from gateway.views.floor import why_waiting
from gateway.views.trace import PastTableView, TraceView, WaitingView, show_candidate, show_trace
from router.ids import TraceId


class TraceQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which decisions; the newest come first."""

    after: CursorWord = ""
    limit: Limit = DEFAULT


class Why(Page[TraceView], frozen=True, kw_only=True):
    """The decisions so far; ``waiting`` is the live answer while the conversation waits, else null."""

    waiting: WaitingView | None = None


async def read_trace(call: Call[Nothing, TraceQuery]) -> Why:
    """Decisions with candidates and reasons; for a waiting one, what keeps it waiting now."""
    listed, query = await seen(call), call.query
    conversation = listed.conversation
    after = read_cursor(query.after)
    found, following = await call.tools.store.read(lambda c: traces_of(c, conversation.id, query.limit, after))
    now = call.tools.clock.now()
    waiting = await call.tools.engine.inspect(lambda board: why_waiting(board, conversation, now))
    return Why(
        items=[show_trace(trace) for trace in found],
        next=following.word() if following else None,
        waiting=waiting,
    )


async def read_candidates(call: Call[Nothing, Nothing]) -> PastTableView:
    """Who could have had the conversation at a decision, and why everybody else could not."""
    listed = await seen(call)
    table = await past_table(call.tools, TraceId(call.path["trace"]))
    if table is None or table.trace.conversation != listed.conversation.id:
        raise not_found("decision")
    return PastTableView(
        trace=show_trace(table.trace),
        candidates=[show_candidate(candidate) for candidate in table.candidates],
        exact=table.is_exact,
    )


async def past_table(tools: Tools, trace: TraceId) -> PastTable | None:
    """The table of a stored decision.

    Raises:
        Problem: 409, it cannot be made again.
    """
    try:
        return await tools.replaying.table(trace)
    except NotReplayable as error:
        raise Problem(HTTPStatus.CONFLICT, "not-replayable", str(error)) from error


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/conversations/{id}/trace",
        summary="Why here, and why still waiting",
        handler=read_trace,
        query=TraceQuery,
        answers=Why,
    ),
    Route(
        method="GET",
        path="/api/v1/conversations/{id}/trace/{trace}/candidates",
        summary="Everybody at a past decision",
        handler=read_candidates,
        answers=PastTableView,
        refuses=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
)
