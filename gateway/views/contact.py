"""A contact: profile, addresses, past conversations."""

from datetime import datetime

import msgspec

from gateway.views.conversation import ContactRef, ConversationView


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    """One identity of the contact in one inbox; ``left`` says why nothing can be sent there, empty while it can."""

    thread: str
    inbox: str
    channel: str
    address: str
    left: str = ""


class ProfileView(ContactRef, frozen=True, kw_only=True):
    """What is known of a contact."""

    language: str
    tags: list[str]
    attributes: dict[str, str]
    created_at: datetime


class ContactView(ProfileView, frozen=True, kw_only=True):
    """A contact in full. ``conversations`` are the newest first, across channels."""

    addresses: list[AddressView]
    conversations: list[ConversationView]
