"""A supervisor tells a whole group something (`routing.md` §18)."""

from http import HTTPStatus
from typing import Annotated

import msgspec

from gateway.http.problems import not_found
from gateway.http.registry import Call, Nothing, Route
from router.events import GroupAddressed
from router.ids import EventId
from skills.ids import GroupId


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """What the agents of the group read."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


async def announce(call: Call[Announcement, Nothing]) -> Announcement:
    """Tell the agents of the group who are at their desks; it is kept with the events, and no contact reads it."""
    tools, group = call.tools, GroupId(call.path["id"])
    if group not in tools.configuration.settings.groups:
        raise not_found("group")
    await tools.engine.submit(
        GroupAddressed(
            id=EventId(tools.identifiers.new("evt")),
            at=tools.clock.now(),
            group=group,
            by=call.viewer.id,
            text=call.body.text,
        )
    )
    return call.body


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/groups/{id}/announcement",
        summary="Tell a whole group something",
        handler=announce,
        body=Announcement,
        answers=Announcement,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
