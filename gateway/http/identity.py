"""Who is the same person: merging two contacts, and undoing that (`routing.md` §21)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

import msgspec

from gateway.http.contacts import MOST_ATTRIBUTES, shown_contact
from gateway.http.problems import Problem
from gateway.http.registry import Call, Nothing, Route
from gateway.store.identities import survivor_of
from gateway.views.contact import ContactView
from router.events import ContactsMerged, ContactsSplit, Keep, Side
from router.ids import ContactId, EventId

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Whose value survives, ``this`` contact's or the ``other``'s.

    Not chosen: this name and language, the other's where there is none; the tags and attributes of both.
    """

    name: Side | None = None
    language: Side | None = None
    tags: Side | None = None
    attributes: Annotated[dict[Key, Side], msgspec.Meta(max_length=2 * MOST_ATTRIBUTES)] = {}


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """Who becomes part of this contact, and what of both profiles survives."""

    other: Id
    keep: Kept = Kept()


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """Which merge was wrong: the newest of this contact's."""

    merge: Id


async def merge(call: Call[Merge, Nothing]) -> ContactView:
    """Two contacts are the same person; the contact as it is afterwards."""
    this = await shown_contact(call, ContactId(call.path["id"]))
    if call.body.other not in {each.contact for each in this.suggestions}:
        await _require_sight(call, ContactId(call.body.other))
    kept, tools = call.body.keep, call.tools
    sides: Mapping[str, Side] = kept.attributes
    await tools.engine.submit(
        ContactsMerged(
            id=EventId(tools.identifiers.new("evt")),
            at=tools.clock.now(),
            survivor=ContactId(this.id),
            other=ContactId(call.body.other),
            by=call.viewer.id,
            keep=Keep(name=kept.name, language=kept.language, tags=kept.tags, attributes=sides),
        )
    )
    return await shown_contact(call, ContactId(this.id))


async def split(call: Call[Split, Nothing]) -> ContactView:
    """They are not: everything is as before the merge, but for what happened since."""
    this, tools = await shown_contact(call, ContactId(call.path["id"])), call.tools
    known = {each.id: each.other.id for each in this.merges}
    await tools.engine.submit(
        ContactsSplit(
            id=EventId(tools.identifiers.new("evt")),
            at=tools.clock.now(),
            merge=EventId(call.body.merge),
            survivor=ContactId(this.id),
            other=ContactId(known.get(call.body.merge, "")),
            threads=(),
            by=call.viewer.id,
        )
    )
    return await shown_contact(call, ContactId(this.id))


async def _require_sight(call: Call[Merge, Nothing], other: ContactId) -> None:
    """The caller may see the other contact: nobody reads a stranger's profile by merging it.

    Raises:
        Problem: 404, there is none that the caller may see.
    """
    named = await call.tools.store.read(lambda c: survivor_of(c, other))
    if named == call.path["id"]:
        raise Problem(HTTPStatus.CONFLICT, "same-contact", "it is the same contact already")
    await shown_contact(call, named)


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/contacts/{id}/merge",
        summary="Say that another contact is the same person",
        handler=merge,
        body=Merge,
        answers=ContactView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
    Route(
        method="POST",
        path="/api/v1/contacts/{id}/split",
        summary="Undo a merge",
        handler=split,
        body=Split,
        answers=ContactView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
)
