"""Why a conversation is where it is, and why it still waits."""

import msgspec

from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import CursorWord, Limit, Page
from gateway.http.sight import seen
from gateway.store.paging import DEFAULT, read_cursor
from gateway.store.read_traces import traces_of
from gateway.views.floor import why_waiting
from gateway.views.trace import TraceView, WaitingView, show_trace


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
    found, following = await call.services.store.read(lambda c: traces_of(c, conversation.id, query.limit, after))
    now = call.services.clock.now()
    waiting = await call.services.engine.inspect(lambda board: why_waiting(board, conversation, now))
    return Why(
        items=[show_trace(trace) for trace in found],
        next=following.word() if following else None,
        waiting=waiting,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/conversations/{id}/trace",
        summary="Why here, and why still waiting",
        handler=read_trace,
        query=TraceQuery,
        answers=Why,
    ),
)
