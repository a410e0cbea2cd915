"""Groups as transfer targets, and their queues for the wallboard."""

from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import Page, Portion, portion
from gateway.views.floor import groups, queues
from gateway.views.queue import GroupView, QueueView


async def list_groups(call: Call[Nothing, Portion]) -> Page[GroupView]:
    """All groups with their hours, people and queue in short."""
    settings, now = call.tools.configuration.settings, call.tools.clock.now()
    found = await call.tools.engine.inspect(lambda board: groups(board, settings, now))
    return portion(found, call.query, lambda group: group.id)


async def list_queues(call: Call[Nothing, Portion]) -> Page[QueueView]:
    """Every group's queue now."""
    settings, now = call.tools.configuration.settings, call.tools.clock.now()
    found = await call.tools.engine.inspect(lambda board: queues(board, settings, now))
    return portion(found, call.query, lambda queue: queue.group)


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/groups",
        summary="Groups, their hours and people",
        handler=list_groups,
        query=Portion,
        answers=Page[GroupView],
    ),
    Route(
        method="GET",
        path="/api/v1/queues",
        summary="Queues now",
        handler=list_queues,
        query=Portion,
        answers=Page[QueueView],
    ),
)
