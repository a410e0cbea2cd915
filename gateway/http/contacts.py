"""Contacts: profile, addresses, past conversations; what agents may change, and who is the same person."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from gateway.http.problems import invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.sight import is_outside
from gateway.store.identities import survivor_of
from gateway.store.read_contacts import Identity, change_profile, identity, profile
from gateway.store.read_conversations import Wanted, page
from gateway.views.contact import ContactView, ProfileView
from gateway.views.conversation import ListedConversation, show_conversation
from gateway.views.masking import masked_contact
from gateway.views.seeing import SENIOR
from router.ids import ContactId

PAST = 50
MOST_ATTRIBUTES = 100

TagWord = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Value = Annotated[str, msgspec.Meta(max_length=500)]


class ContactChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; what is not named stays. ``attributes`` are merged, null takes one away."""

    name: Annotated[str, msgspec.Meta(max_length=200)] | UnsetType = UNSET
    language: Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*)?$")] | UnsetType = UNSET
    tags: Annotated[list[TagWord], msgspec.Meta(max_length=50)] | UnsetType = UNSET
    attributes: Annotated[dict[Key, Value | None], msgspec.Meta(max_length=MOST_ATTRIBUTES)] | UnsetType = UNSET


async def read_contact(call: Call[object, Nothing]) -> ContactView:
    """One contact; agents find those of whom they may see a conversation."""
    return await shown_contact(call, ContactId(call.path["id"]))


async def shown_contact(call: Call[Any, Any], named: ContactId) -> ContactView:
    """This contact, or the one that it is part of by now, as the caller is shown it.

    Raises:
        Problem: 404, there is none that the caller may see.
    """
    viewer, legend = call.viewer, call.tools.configuration.legend

    def read(connection: Connection) -> tuple[ProfileView | None, Identity, list[ListedConversation]]:
        id_ = survivor_of(connection, named)
        wanted = Wanted(
            contact=id_,
            visible_to=None if viewer.role in SENIOR else viewer.id,
            groups=frozenset() if is_outside(call) else viewer.groups,
        )
        past, _ = page(connection, wanted, PAST, None)
        return profile(connection, id_), identity(connection, id_, legend.vouches_for), past

    known, who, past = await call.tools.store.read(read)
    if known is None or not (past or viewer.role in SENIOR):
        raise not_found("contact")
    fields = {name: getattr(known, name) for name in known.__struct_fields__}
    view = ContactView(
        **fields,
        addresses=who.addresses,
        suggestions=who.suggestions,
        merges=who.merges,
        conversations=[show_conversation(listed, legend) for listed in past],
    )
    return masked_contact(view) if is_outside(call) else view


async def change_contact(call: Call[ContactChange, Nothing]) -> ContactView:
    """Change the profile."""
    before = await read_contact(call)
    _check(before, call.body)
    now = call.tools.clock.now()
    await call.tools.store.write(
        lambda c: change_profile(c, ContactId(before.id), lambda stored: _changed(stored, call.body), now)
    )
    return await read_contact(call)


def _check(before: ProfileView, change: ContactChange) -> None:
    if len(_changed(before, change).attributes) > MOST_ATTRIBUTES:
        raise invalid(f"a contact has at most {MOST_ATTRIBUTES} attributes")


def _changed(stored: ProfileView, change: ContactChange) -> ProfileView:
    attributes = dict(stored.attributes)
    if change.attributes is not UNSET:
        for key, value in change.attributes.items():
            if value is None:
                attributes.pop(key, None)
            else:
                attributes[key] = value
    return ProfileView(
        id=stored.id,
        name=stored.name if change.name is UNSET else change.name,
        language=stored.language if change.language is UNSET else change.language,
        tags=stored.tags if change.tags is UNSET else list(dict.fromkeys(change.tags)),
        attributes=attributes,
        created_at=stored.created_at,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/contacts/{id}",
        summary="One contact",
        handler=read_contact,
        answers=ContactView,
    ),
    Route(
        method="PATCH",
        path="/api/v1/contacts/{id}",
        summary="Change a contact's profile",
        handler=change_contact,
        body=ContactChange,
        answers=ContactView,
    ),
)
