"""A supervisor's hand on a group's door: closed or open until an instant, whatever the hours say (`routing.md` §13)."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from gateway.http.problems import invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.views.floor import groups
from gateway.views.queue import GroupView
from router.events import HoursOverridden
from router.ids import EventId
from skills.ids import GroupId

LONGEST = timedelta(days=31)
"""What lasts longer belongs into the file, where others find it."""


class HoursOverride(msgspec.Struct, frozen=True, kw_only=True):
    """Open or closed until then, and why; afterwards the group's hours count again."""

    open: bool
    until: datetime
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


async def override(call: Call[HoursOverride, Nothing]) -> GroupView:
    """Open or close a group for a while, in place of what was decided for it before."""
    body, now = call.body, call.tools.clock.now()
    if body.until.tzinfo is None or not now < body.until <= now + LONGEST:
        raise invalid(f"until a later instant, with its offset, at most {LONGEST.days} days from now")
    return await _decided(call, is_open=body.open, until=body.until, reason=body.reason)


async def take_back(call: Call[Nothing, Nothing]) -> GroupView:
    """Let the group's hours count again."""
    return await _decided(call, is_open=None, until=call.tools.clock.now(), reason="")


async def _decided(call: Call[Any, Nothing], *, is_open: bool | None, until: datetime, reason: str) -> GroupView:
    tools, group = call.tools, GroupId(call.path["id"])
    settings, now = tools.configuration.settings, tools.clock.now()
    if group not in settings.groups:
        raise not_found("group")
    await tools.engine.submit(
        HoursOverridden(
            id=EventId(tools.identifiers.new("evt")),
            at=now,
            group=group,
            is_open=is_open,
            until=until,
            by=call.viewer.id,
            reason=reason,
        )
    )
    found = await tools.engine.inspect(lambda board: groups(board, settings, now))
    return next(each for each in found if each.id == group)


_PATH = "/api/v1/groups/{id}/hours-override"

ROUTES = (
    Route(
        method="POST",
        path=_PATH,
        summary="Open or close a group for a while",
        handler=override,
        body=HoursOverride,
        answers=GroupView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="DELETE",
        path=_PATH,
        summary="Let a group's hours count again",
        handler=take_back,
        answers=GroupView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
