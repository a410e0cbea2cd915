"""A message as the desk shows it."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.views.legend import Legend
from router.ids import MediaId
from router.message import AuthorKind


class AuthorView(msgspec.Struct, frozen=True, kw_only=True):
    """Who said it: an agent's login, a contact's id, and the name that colleagues see."""

    kind: str
    id: str
    name: str


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an outbound message; ``reason`` is a short code, empty when there is nothing to say."""

    state: str
    reason: str = ""


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """A message. Files among its ``parts`` carry a signed ``url``; ``delivery`` is null inbound and for notes.

    A note that is a ``whisper`` is a supervisor's, for the owner.
    """

    id: str
    conversation: str
    seq: int
    direction: str
    author: AuthorView
    at: datetime
    text: str
    parts: list[dict[str, Any]]
    note: bool
    whisper: bool
    delivery: DeliveryView | None
    client_id: str
    edited_at: datetime | None


class StoredMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message's row; ``parts`` is the stored JSON text."""

    id: str
    conversation: str
    seq: int
    direction: str
    author_kind: str
    author: str
    author_name: str
    at: datetime
    text: str
    parts: str
    note: bool
    whisper: bool
    delivery: str | None
    delivery_reason: str
    client_id: str
    edited_at: datetime | None


def show_message(stored: StoredMessage, legend: Legend) -> MessageView:
    """The message as everybody who may read the conversation is shown it."""
    is_colleague = stored.author_kind in {AuthorKind.AGENT.value, AuthorKind.BOT.value}
    name = legend.agent_name(stored.author) if is_colleague else stored.author_name
    return MessageView(
        id=stored.id,
        conversation=stored.conversation,
        seq=stored.seq,
        direction=stored.direction,
        author=AuthorView(kind=stored.author_kind, id=stored.author, name=name),
        at=stored.at,
        text=stored.text,
        parts=[show_part(part, legend) for part in msgspec.json.decode(stored.parts, type=list[dict[str, Any]])],
        note=stored.note,
        whisper=stored.whisper,
        delivery=DeliveryView(state=stored.delivery, reason=stored.delivery_reason) if stored.delivery else None,
        client_id=stored.client_id,
        edited_at=stored.edited_at,
    )


def show_part(part: dict[str, Any], legend: Legend) -> dict[str, Any]:
    """A part without the adapter's own handles; a stored file gets a link that works for a while."""
    shown = {key: value for key, value in part.items() if key not in {"ref", "ack"}}
    if media := shown.get("media"):
        shown["url"] = legend.sign(MediaId(media), str(shown.get("name", "")))
    return shown
