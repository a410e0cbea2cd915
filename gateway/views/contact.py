"""A contact: profile, addresses, past conversations."""

from datetime import datetime

import msgspec

from gateway.views.conversation import ContactRef, ConversationView


class IdentifierView(msgspec.Struct, frozen=True, kw_only=True):
    """By what a contact can be recognised elsewhere. ``source``: platform, signed, said, agent."""

    kind: str
    value: str
    verified: bool
    source: str


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    """One identity of the contact in one inbox; ``left`` says why nothing can be sent there, empty while it can.

    ``verified``: the platform, or the site's own server, vouches for who it is.
    """

    thread: str
    inbox: str
    channel: str
    address: str
    verified: bool
    identifiers: list[IdentifierView]
    left: str = ""


class EvidenceView(msgspec.Struct, frozen=True, kw_only=True):
    """What two contacts have in common; ``verified`` when somebody vouches for it on both sides."""

    kind: str
    value: str
    verified: bool


class SuggestionView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who seems to be the same person, with what speaks for it; ``profile`` to choose from."""

    contact: str
    name: str
    evidence: list[EvidenceView]
    profile: "ProfileView"


class MergeView(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that became part of this one. ``by`` is an agent, empty when it was recognised by ``because``.

    Only the newest can be undone.
    """

    id: str
    at: datetime
    by: str
    other: ContactRef
    because: str


class ProfileView(ContactRef, frozen=True, kw_only=True):
    """What is known of a contact."""

    language: str
    tags: list[str]
    attributes: dict[str, str]
    created_at: datetime


class ContactView(ProfileView, frozen=True, kw_only=True):
    """A contact in full. ``conversations`` are the newest first, across channels, ``merges`` the newest first."""

    addresses: list[AddressView]
    suggestions: list[SuggestionView]
    merges: list[MergeView]
    conversations: list[ConversationView]
