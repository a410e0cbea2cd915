"""What an update means: pure and total.

Private chats are served whole, groups and topics where somebody speaks to us (`adapters.telegram.groups`). Channels and
everything that is no conversation get a reason instead: answered with 200 (the platform repeats anything else), never
stored. Facts: core.telegram.org/bots/api#update.
"""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters.contract import Came, Edited, Left, Parsed, Profile, Reacted, Relocated, Wrote
from adapters.nul import without_nul
from adapters.telegram.groups import GROUPS, Me, address_of, is_addressed, name_of, with_writer, writer
from adapters.telegram.parts import parts
from adapters.telegram.plan import NAMED
from adapters.telegram.salvage import UNREADABLE, plain, salvage, unknown_kinds
from adapters.telegram.wire import Button, Callback, Chat, Membership, Message, Reaction, Update, User
from router.message import Choice, Part, Unknown

KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""The update kinds that we ask the platform for (``allowed_updates``)."""

_ELSEWHERE = frozenset({
    "business_connection", "business_message", "channel_post", "chat_boost", "chat_join_request", "chat_member",
    "chosen_inline_result", "deleted_business_messages", "edited_business_message", "edited_channel_post",
    "guest_message", "inline_query", "managed_bot", "message_reaction_count", "poll", "poll_answer",
    "pre_checkout_query", "purchased_paid_media", "removed_chat_boost", "shipping_query",
})  # fmt: skip
"""Update kinds of Bot API 10.0 that are not part of a conversation; we do not ask for them."""

_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S{1,64}))?\s*\Z")
"""How a contact comes in, with the payload of a deep link (core.telegram.org/bots/features#deep-linking)."""

_LEFT = {False: "blocked", True: "removed"}
_OWN_SIGN = "☆"  # an emoji that only the platform's own clients can draw
_GONE = frozenset({"kicked", "left"})
NOBODY = Me()
_decode = msgspec.json.Decoder(Update).decode


def parse(body: bytes, me: Me = NOBODY) -> Parsed:
    """What one update means to this bot.

    Raises:
        MalformedPayload: the bytes are no update, or nothing in them says whose it is.
    """
    broken: tuple[Unknown, ...] = ()
    body = without_nul(body)
    try:
        update = _decode(body)
    except UNREADABLE:
        update, broken = salvage(body)
    if update.message is not None:
        return _written(update, update.message, broken, body, me)
    if update.edited_message is not None:
        return _edited(update, update.edited_message, broken, body, me)
    if update.callback_query is not None:
        return _pressed(update, update.callback_query)
    return _rarer(update, body)


def _rarer(update: Update, body: bytes) -> Parsed:
    if update.message_reaction is not None:
        return _reacted(update, update.message_reaction)
    if update.my_chat_member is not None:
        return _member(update, update.my_chat_member)
    return _other(plain(body))


def _written(update: Update, message: Message, broken: tuple[Unknown, ...], body: bytes, me: Me) -> Parsed:
    chat, key = message.chat, str(update.update_id)
    if chat.type != "private":
        if message.migrate_to_chat_id:
            to = str(message.migrate_to_chat_id)
            return Parsed(inbound=(Relocated(delivery_key=key, address=str(chat.id), at=_at(message.date), to=to),))
        if (reason := _not_ours(message, me)) is not None:
            return reason
    address, entry, profile = address_of(message), "", _profile_of(message)
    content: tuple[Part, ...]
    if message.text.startswith("/start") and (start := _START.match(message.text)) is not None:
        entry = start[1] or ""
        content = broken
        if not entry and not broken:
            return Parsed(inbound=(Came(delivery_key=key, address=address, at=_at(message.date), profile=profile),))
    else:
        content = _content(message, broken, body, "message")
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=key,
                address=address,
                at=_at(message.date),
                message_key=f"{chat.id}:{message.message_id}",
                profile=profile,
                parts=content,
                entry=entry,
                album=message.media_group_id,
            ),
        )
    )


def _edited(update: Update, message: Message, broken: tuple[Unknown, ...], body: bytes, me: Me) -> Parsed:
    if message.chat.type != "private" and (reason := _not_ours(message, me)) is not None:
        return reason
    return Parsed(
        inbound=(
            Edited(
                delivery_key=str(update.update_id),
                address=address_of(message),
                at=_at(message.edit_date or message.date),
                message_key=f"{message.chat.id}:{message.message_id}",
                parts=_content(message, broken, body, "edited_message"),
            ),
        )
    )


def _content(message: Message, broken: tuple[Unknown, ...], body: bytes, kind: str) -> tuple[Part, ...]:
    content = (*parts(message), *broken) or unknown_kinds(plain(body)[kind])
    return content if message.chat.type == "private" else with_writer(content, name_of(writer(message)))


def _not_ours(message: Message, me: Me) -> Parsed | None:
    """Why something that was said outside of private chats is not for us; None when it is."""
    if message.chat.type not in GROUPS:
        return _elsewhere(message.chat)
    if message.migrate_from_chat_id:
        return Parsed(reason="a group became a supergroup: its former chat has said so")
    return None if is_addressed(message, me) else Parsed(reason="said in a group, and not to us")


def _pressed(update: Update, press: Callback) -> Parsed:
    if press.message is None:
        return Parsed(reason="a button below an inline result: no conversation of ours")
    chat = press.message.chat
    if chat.type != "private" and chat.type not in GROUPS:
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
                address=address_of(press.message),
                # A press has no id of its own message: the message it belongs to is ours, and may be pressed twice.
                message_key=f"{chat.id}:press:{press.id}",
                profile=_profile(press.sender) if chat.type == "private" else _profile_of(press.message),
                parts=(part,),
            ),
        )
    )


def _reacted(update: Update, reaction: Reaction) -> Parsed:
    """A sign under a message, of ours or of the contact's own; the platform does not say in which topic."""
    if reaction.chat.type != "private" and reaction.chat.type not in GROUPS:
        return _elsewhere(reaction.chat)
    signs = " ".join(sign.emoji or _OWN_SIGN for sign in reaction.new_reaction or reaction.old_reaction)
    if not signs:
        return Parsed(reason="a reaction of which nothing is known")
    return Parsed(
        inbound=(
            Reacted(
                delivery_key=str(update.update_id),
                address=str(reaction.chat.id),
                at=_at(reaction.date),
                message_key=f"{reaction.chat.id}:{reaction.message_id}",
                emoji=signs,
                name=name_of(reaction.actor_chat or reaction.user),
                is_taken_back=not reaction.new_reaction,
            ),
        )
    )


def _member(update: Update, change: Membership) -> Parsed:
    is_group = change.chat.type in GROUPS
    if change.chat.type != "private" and not is_group:
        return _elsewhere(change.chat)
    key, address, at = str(update.update_id), str(change.chat.id), _at(change.date)
    status = change.new_chat_member.status
    if status in _GONE:
        return Parsed(inbound=(Left(delivery_key=key, address=address, at=at, reason=_LEFT[is_group]),))
    if is_group:
        return Parsed(reason=f"our membership of a group: {status[:32]!r}")
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
        return Parsed(reason=f"{kind}: no part of a conversation")
    content = update[kind]
    try:
        chat = msgspec.convert(content.get("chat") if isinstance(content, dict) else None, Chat)
    except UNREADABLE:
        return Parsed(reason=f"unknown update kind {kind[:64]!r} outside a chat")
    if chat.type in GROUPS:
        return Parsed(reason=f"unknown update kind {kind[:64]!r} in a group")
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
    return Parsed(reason=f"a {chat.type[:32] or 'nameless kind of'} chat: only private chats and groups are served")


def _profile_of(message: Message) -> Profile:
    """Whose thread it is: a person's, or a group's, which speaks the language of whoever speaks."""
    if message.chat.type == "private":
        return _profile(message.sender or message.chat)
    language = message.sender.language_code if message.sender is not None else ""
    attributes = {"chat": message.chat.type}
    return Profile(name=message.chat.title, username=message.chat.username, language=language, attributes=attributes)


def _profile(person: User | Chat) -> Profile:
    language = person.language_code if isinstance(person, User) else ""
    name = f"{person.first_name} {person.last_name}" if person.last_name else person.first_name
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
