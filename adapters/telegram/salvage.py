"""The slow path of reading: updates whose types are not what the platform documents, and kinds that we do not know.

A webhook that is refused is sent again for a day, and holds up everything else that its contact writes (`docs`: the
platform delivers a chat's updates in order). So an update is refused only when nobody could say whose it is;
otherwise what is valid is kept, and what is not is shown as `Unknown`.
"""

from typing import Any

import msgspec

from adapters.errors import MalformedPayload
from adapters.telegram.wire import Callback, Membership, Message, Reaction, Update
from router.message import Unknown

UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What the decoder raises for bytes that are no JSON, nested beyond reason, or not of the declared types."""

_STRUCTS: dict[str, type[msgspec.Struct]] = {
    "message": Message,
    "edited_message": Message,
    "callback_query": Callback,
    "my_chat_member": Membership,
    "message_reaction": Reaction,
}
_SUMMARY = 200

_ENVELOPE = frozenset({
    "author_signature", "business_connection_id", "caption_entities", "chat", "date", "edit_date", "effect_id",
    "entities", "external_reply", "forward_date", "forward_from", "forward_from_chat", "forward_from_message_id",
    "forward_origin", "forward_sender_name", "forward_signature", "from", "has_media_spoiler",
    "has_protected_content", "is_automatic_forward", "is_from_offline", "is_paid_post", "is_topic_message",
    "link_preview_options", "media_group_id", "message_id", "message_thread_id", "migrate_from_chat_id",
    "migrate_to_chat_id", "paid_star_count", "quote",
    "reply_markup", "reply_to_checklist_task_id", "reply_to_message", "reply_to_story", "sender_boost_count",
    "sender_business_bot", "sender_chat", "show_caption_above_media", "suggested_post_info", "via_bot",
})  # fmt: skip
"""What a message has around its content."""


def plain(body: bytes) -> dict[str, Any]:
    """The update as plain values.

    Raises:
        MalformedPayload: it is no JSON object with an ``update_id``.
    """
    try:
        update = msgspec.json.decode(body)
    except UNREADABLE:
        raise MalformedPayload("not JSON") from None
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        raise MalformedPayload("not an update: no update_id")
    return update


def unknown_kinds(message: dict[str, Any]) -> tuple[Unknown, ...]:
    """The content of a message of which we know no kind; ``empty`` when there is none at all."""
    names = [name for name in message if name not in _ENVELOPE]
    return tuple(Unknown(kind=name[:64], summary=_summary(message[name])) for name in names) or (Unknown(kind="empty"),)


def salvage(body: bytes) -> tuple[Update, tuple[Unknown, ...]]:
    """The update without the fields that could not be read, and those fields as unknown kinds.

    Raises:
        MalformedPayload: not an update, or nothing in it says whose it is.
    """
    update = plain(body)
    for name, struct in _STRUCTS.items():
        if name in update:
            if not isinstance(update[name], dict):
                raise MalformedPayload(f"{name} is not an object")
            kept, lost = _readable(update[name], struct)
            return _converted({"update_id": update["update_id"], name: kept}), lost
    return _converted({"update_id": update["update_id"]}), ()


def _readable(plain_fields: dict[str, Any], struct: type[msgspec.Struct]) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    kept: dict[str, Any] = {}
    lost: list[Unknown] = []
    for field in msgspec.structs.fields(struct):
        name = field.encode_name
        if name not in plain_fields:
            continue
        try:
            msgspec.convert(plain_fields[name], field.type)
        except UNREADABLE:
            if name not in _ENVELOPE:
                lost.append(Unknown(kind=name, summary=_summary(plain_fields[name])))
        else:
            kept[name] = plain_fields[name]
    return kept, tuple(lost)


def _converted(update: dict[str, Any]) -> Update:
    try:
        return msgspec.convert(update, Update)
    except UNREADABLE:
        raise MalformedPayload("nothing says whose update it is") from None


def _summary(value: object) -> str:
    return str(value)[:_SUMMARY] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
