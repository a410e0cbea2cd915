"""What an update means: pure and total.

Private chats are served whole. Groups, channels and everything that is no conversation get a reason instead: answered
with 200 (the platform repeats anything else), never stored. Facts: core.telegram.org/bots/api#update.
"""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters.contract import Came, Edited, Left, Parsed, Profile, Wrote
from adapters.telegram.parts import parts
from adapters.telegram.plan import NAMED
from adapters.telegram.salvage import UNREADABLE, plain, salvage, unknown_kinds, without_nul
from adapters.telegram.wire import Button, Callback, Chat, Membership, Message, Update, User
from router.message import Choice, Part, Unknown

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The update kinds that we ask the platform for (``allowed_updates``)."""

_ELSEWHERE = frozenset({
    "business_connection", "business_message", "channel_post", "chat_boost", "chat_join_request", "chat_member",
    "chosen_inline_result", "deleted_business_messages", "edited_business_message", "edited_channel_post",
    "guest_message", "inline_query", "managed_bot", "message_reaction", "message_reaction_count", "poll", "poll_answer",
    "pre_checkout_query", "purchased_paid_media", "removed_chat_boost", "shipping_query",
})  # fmt: skip
"""Update kinds of Bot API 10.0 that are not part of a private conversation; we do not ask for them."""

_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S{1,64}))?\s*\Z")
"""How a contact comes in, with the payload of a deep link (core.telegram.org/bots/features#deep-linking)."""

_GONE = frozenset({"kicked", "left"})
_decode = msgspec.json.Decoder(Update).decode


def parse(body: bytes) -> Parsed:
    """What one update means.

    Raises:
        MalformedPayload: the bytes are no update, or nothing in them says whose it is.
    """
    broken: tuple[Unknown, ...] = ()
    if b"\\u0000" in body:
        body = without_nul(body)
    try:
        update = _decode(body)
    except UNREADABLE:
        update, broken = salvage(body)
    if update.message is not None:
        return _written(update, update.message, broken, body)
    if update.edited_message is not None:
        return _edited(update, update.edited_message, broken, body)
    if update.callback_query is not None:
        return _pressed(update, update.callback_query)
    if update.my_chat_member is not None:
        return _member(update, update.my_chat_member)
    return _other(plain(body))


def _written(update: Update, message: Message, broken: tuple[Unknown, ...], body: bytes) -> Parsed:
    chat = message.chat
    if chat.type != "private":
        return _elsewhere(chat)
    key, address = str(update.update_id), str(chat.id)
    profile = _profile(message.sender or chat)
    entry = ""
    content: tuple[Part, ...]
    if message.text.startswith("/start") and (start := _START.match(message.text)) is not None:
        entry = start[1] or ""
        content = broken
        if not entry and not broken:
            return Parsed(inbound=(Came(delivery_key=key, address=address, at=_at(message.date), profile=profile),))
    else:
        content = (*parts(message), *broken) or unknown_kinds(plain(body)["message"])
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=key,
                address=address,
                at=_at(message.date),
                message_key=f"{address}:{message.message_id}",
                profile=profile,
                parts=content,
                entry=entry,
                album=message.media_group_id,
            ),
        )
    )


def _edited(update: Update, message: Message, broken: tuple[Unknown, ...], body: bytes) -> Parsed:
    chat = message.chat
    if chat.type != "private":
        return _elsewhere(chat)
    return Parsed(
        inbound=(
            Edited(
                delivery_key=str(update.update_id),
                address=str(chat.id),
                at=_at(message.edit_date or message.date),
                message_key=f"{chat.id}:{message.message_id}",
                parts=(*parts(message), *broken) or unknown_kinds(plain(body)["edited_message"]),
            ),
        )
    )


def _pressed(update: Update, press: Callback) -> Parsed:
    if press.message is None:
        return Parsed(reason="a button below an inline result: no conversation of ours")
    chat = press.message.chat
    if chat.type != "private":
        return _elsewhere(chat)
    part: Part
    if press.data.startswith(NAMED):
        part = Choice(value="", label=_label(press), ack=press.id, token=press.data.removeprefix(NAMED))
    elif press.data:
        part = Choice(value=press.data, label=_label(press), ack=press.id)
    else:
        part = Unknown(kind="game", summary=press.game_short_name)
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=str(update.update_id),
                address=str(chat.id),
                # A press has no id of its own message: the message it belongs to is ours, and may be pressed twice.
                message_key=f"{chat.id}:press:{press.id}",
                profile=_profile(press.sender),
                parts=(part,),
            ),
        )
    )


def _member(update: Update, change: Membership) -> Parsed:
    if change.chat.type != "private":
        return _elsewhere(change.chat)
    key, address, at = str(update.update_id), str(change.chat.id), _at(change.date)
    status = change.new_chat_member.status
    if status in _GONE:
        return Parsed(inbound=(Left(delivery_key=key, address=address, at=at, reason="blocked"),))
    if status == "member":
        profile = _profile(change.sender or change.chat)
        return Parsed(inbound=(Came(delivery_key=key, address=address, at=at, profile=profile),))
    return Parsed(reason=f"membership {status[:32]!r} means nothing in a private chat")


def _other(update: dict[str, Any]) -> Parsed:
    """A kind that we do not read: kept when it happened in a private chat, else a reason."""
    kind = next((name for name in update if name != "update_id"), "")
    if not kind:
        return Parsed(reason="an update without a kind")
    if kind in _ELSEWHERE:
        return Parsed(reason=f"{kind}: no part of a private conversation")
    content = update[kind]
    try:
        chat = msgspec.convert(content.get("chat") if isinstance(content, dict) else None, Chat)
    except UNREADABLE:
        return Parsed(reason=f"unknown update kind {kind[:64]!r} outside a chat")
    if chat.type != "private":
        return _elsewhere(chat)
    key = str(update["update_id"])
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=key,
                address=str(chat.id),
                message_key=f"{chat.id}:update:{key}",
                profile=_profile(chat),
                parts=(Unknown(kind=kind[:64]),),
            ),
        )
    )


def _elsewhere(chat: Chat) -> Parsed:
    return Parsed(reason=f"a {chat.type[:32] or 'nameless kind of'} chat: only private chats are served")


def _profile(person: User | Chat) -> Profile:
    name = f"{person.first_name} {person.last_name}" if person.last_name else person.first_name
    language = person.language_code if isinstance(person, User) else ""
    return Profile(name=name, username=person.username, language=language)


def _label(press: Callback) -> str:
    """What stood on the pressed button, where the platform still shows the message."""
    markup = press.message.reply_markup if press.message is not None else None
    rows: tuple[tuple[Button, ...], ...] = markup.inline_keyboard if markup is not None else ()
    return next((button.text for row in rows for button in row if button.callback_data == press.data), "")


def _at(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None
