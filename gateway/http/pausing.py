"""A supervisor pauses a group's queue, and lets it go on (`routing.md` §18)."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from gateway.http.problems import invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.views.floor import groups
from gateway.views.queue import GroupView
from router.events import AnyEvent, QueuePaused, QueueResumed
from router.ids import EventId
from skills.ids import GroupId


class QueuePause(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing of the queue is to be offered, and until when; without ``until`` somebody lets it go on."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    until: datetime | None = None


async def pause(call: Call[QueuePause, Nothing]) -> GroupView:
    """Offer nothing of this queue for a while; a pause that is there already is replaced."""
    body, now = call.body, call.tools.clock.now()
    if body.until is not None and (body.until.tzinfo is None or body.until <= now):
        raise invalid("until a later instant, with its offset")
    group = _group(call)
    event = QueuePaused(id=_id(call), at=now, group=group, by=call.viewer.id, reason=body.reason, until=body.until)
    return await _decided(call, group, event, now)


async def resume(call: Call[Nothing, Nothing]) -> GroupView:
    """Let the queue go on; nothing changes when it does already."""
    group, now = _group(call), call.tools.clock.now()
    return await _decided(call, group, QueueResumed(id=_id(call), at=now, group=group, by=call.viewer.id), now)


def _id(call: Call[Any, Nothing]) -> EventId:
    return EventId(call.tools.identifiers.new("evt"))


def _group(call: Call[Any, Nothing]) -> GroupId:
    group = GroupId(call.path["id"])
    if group not in call.tools.configuration.settings.groups:
        raise not_found("group")
    return group


async def _decided(call: Call[Any, Nothing], group: GroupId, event: AnyEvent, now: datetime) -> GroupView:
    tools = call.tools
    await tools.engine.submit(event)
    found = await tools.engine.inspect(lambda board: groups(board, tools.configuration.settings, now))
    return next(each for each in found if each.id == group)


_PATH = "/api/v1/groups/{id}/pause"

ROUTES = (
    Route(
        method="POST",
        path=_PATH,
        summary="Pause a group's queue",
        handler=pause,
        body=QueuePause,
        answers=GroupView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="DELETE",
        path=_PATH,
        summary="Let a paused queue go on",
        handler=resume,
        answers=GroupView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
