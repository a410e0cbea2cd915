"""A message event as a happening: whose words they are, where, and whether they concern us.

A direct message is one conversation with one person: its address is the person's. In channels and group messages
people talk to each other, too: there a conversation is a thread, and begins when we are addressed. What is said in a
thread without addressing us counts only if that thread is ours already (`Inbound.is_aside`). Pure.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from adapters.contract import Edited, Parsed, Profile, Wrote
from adapters.errors import MalformedPayload
from adapters.slack.markup import mentions
from adapters.slack.parts import parts
from adapters.slack.reading import read
from adapters.slack.wire import Message, Person
from router.message import Part, Unknown

MEMBER = "member"
"""The attribute that says by the platform's id who wrote last."""

_MESSAGES = msgspec.json.Decoder(Message)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SYSTEM = frozenset({
    "app_conversation_join", "app_conversation_leave", "assistant_app_thread", "bot_add", "bot_disable", "bot_enable",
    "bot_message", "bot_remove", "channel_archive", "channel_canvas_updated", "channel_convert_to_private",
    "channel_convert_to_public", "channel_join", "channel_leave", "channel_name", "channel_posting_permissions",
    "channel_purpose", "channel_topic", "channel_unarchive", "document_mention", "ekm_access_denied",
    "file_comment", "file_mention", "group_archive", "group_join", "group_leave", "group_name", "group_purpose",
    "group_topic", "group_unarchive", "huddle_thread", "joiner_notification", "message_replied", "pinned_item",
    "reminder_add", "reply_broadcast", "sh_room_created", "tabbed_canvas_updated", "unpinned_item",
})  # fmt: skip
"""Subtypes by which the platform, not a person, speaks. Any other one is somebody's words: ``file_share``,
``thread_broadcast``, ``me_message``, and those that do not exist yet."""

_CHANGES = frozenset({"message_changed", "message_deleted"})
_PLATFORM = frozenset({"USLACK", "USLACKBOT"})
_CONTENT = frozenset({"text", "blocks", "files", "attachments"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Whose token answers (``key``: a workspace's id, or an organisation's), and our own user there."""

    key: str
    us: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """An address, and whether what is said there concerns us only if we know the address."""

    address: str
    is_aside: bool


def heard(event: msgspec.Raw, installation: Installation, *, is_mention: bool) -> Parsed:
    """What a message event means.

    Raises:
        MalformedPayload: nothing says whose it is.
    """
    message, lost = read(event, _MESSAGES, Message)
    if (reason := _not_a_person(message, installation)) is not None and message.subtype not in _CHANGES:
        return Parsed(reason=reason)
    if not installation.key or not message.channel:
        raise MalformedPayload("a message without a workspace or a channel")
    if message.subtype == "message_changed" and message.message is not None:
        return _changed(message, message.message, installation)
    if message.subtype == "message_deleted":
        return _deleted(message, message.previous_message, installation)
    if not message.ts:
        raise MalformedPayload("a message without a time stamp")
    is_mention = is_mention or mentions(message.text or "", installation.us)
    where = _where(message, message.channel, installation, is_addressed=is_mention)
    if where is None:
        return Parsed(reason="said in a channel without addressing us")
    unreadable = tuple(Unknown(kind=name) for name in lost if name in _CONTENT)
    content: tuple[Part, ...] = (*parts(message, installation.key, installation.us), *unreadable)
    key = f"{installation.key}:{message.channel}:{message.ts}"
    return Parsed(
        inbound=(
            Wrote(
                # Not the same key: a mention that was not recognised as one must not be dropped by its other copy.
                delivery_key=f"{key}:aside" if where.is_aside else key,
                address=where.address,
                at=instant(message.ts),
                is_aside=where.is_aside,
                message_key=f"{message.channel}:{message.ts}",
                profile=profile(message.user or "", message.user_profile),
                parts=content or (Unknown(kind=message.subtype or ("mention" if is_mention else "empty")),),
            ),
        )
    )


def profile(user: str, person: Person | None) -> Profile:
    """What was said of somebody. The platform names people by id only, except where it does not."""
    name = (person.display_name or person.real_name or person.name) if person is not None else ""
    return Profile(name=name, attributes={MEMBER: user})


def person_address(installation: str, user: str) -> str:
    """The address of a direct conversation with somebody."""
    return f"{installation}:{user}"


def thread_address(installation: str, channel: str, root: str) -> str:
    """The address of a thread."""
    return f"{installation}:{channel}:{root}"


def _changed(event: Message, message: Message, installation: Installation) -> Parsed:
    if message.subtype == "tombstone":  # what is left of a message that others have answered
        return _deleted(event, event.previous_message or message, installation)
    if (reason := _not_a_person(message, installation)) is not None:
        return Parsed(reason=reason)
    before = event.previous_message
    if message.edited is None or (before is not None and _is_same(before, message)):
        return Parsed(reason="a message changed, but not its words")
    if not message.ts:
        raise MalformedPayload("a changed message without a time stamp")
    where = _where(message, event.channel, installation, is_addressed=False, is_change=True)
    content = parts(message, installation.key, installation.us) or (Unknown(kind="empty"),)
    return Parsed(inbound=(_edited(event, message, message.edited.ts, where, content, installation),))


def _deleted(event: Message, message: Message | None, installation: Installation) -> Parsed:
    if message is None or not message.ts:
        return Parsed(reason="something was deleted that the platform does not describe")
    if message.subtype != "tombstone" and (reason := _not_a_person(message, installation)) is not None:
        return Parsed(reason=reason)
    where = _where(message, event.channel, installation, is_addressed=False, is_change=True)
    where = _Where(address=where.address, is_aside=True) if where is not None else None
    return Parsed(inbound=(_edited(event, message, "deleted", where, (Unknown(kind="deleted"),), installation),))


def _edited(
    event: Message,
    message: Message,
    version: str,
    where: _Where | None,
    content: tuple[Part, ...],
    installation: Installation,
) -> Edited:
    place = where or _Where(address=thread_address(installation.key, event.channel, message.ts), is_aside=True)
    return Edited(
        delivery_key=f"{installation.key}:{event.channel}:{message.ts}:{version or event.event_ts}",
        address=place.address,
        at=instant(event.event_ts or event.ts),
        is_aside=place.is_aside,
        message_key=f"{event.channel}:{message.ts}",
        parts=content,
    )


def _not_a_person(message: Message, installation: Installation) -> str | None:
    """Why a message is nobody's words; None when it is somebody's."""
    if message.bot_id or message.subtype == "bot_message":
        return "a program's message"
    if message.subtype in _SYSTEM:
        return f"the platform's own message: {message.subtype}"
    if not message.user or message.user in _PLATFORM:
        return "the platform's own message"
    return "our own message" if message.user == installation.us else None


def _where(
    message: Message, channel: str, installation: Installation, *, is_addressed: bool, is_change: bool = False
) -> _Where | None:
    """Where something was said; None when it does not concern us in any case."""
    if message.channel_type == "im" or channel.startswith("D"):
        return _Where(address=person_address(installation.key, message.user or ""), is_aside=False)
    is_addressed = is_addressed or mentions(message.text or "", installation.us)
    if not message.thread_ts and not is_addressed and not is_change:
        return None
    is_our_thread = bool(installation.us) and message.parent_user_id == installation.us
    address = thread_address(installation.key, channel, message.thread_ts or message.ts)
    return _Where(address=address, is_aside=not (is_addressed or is_our_thread))


def _is_same(before: Message, after: Message) -> bool:
    """Whether the platform changed something around the words: a preview, a translation, a counter of answers."""
    return before.text == after.text and len(before.files or ()) == len(after.files or ())


def instant(stamp: str) -> datetime | None:
    """The instant of a time stamp: seconds, a dot, microseconds."""
    seconds, _, rest = stamp.partition(".")
    if not (seconds.isascii() and seconds.isdecimal()) or not (not rest or (rest.isascii() and rest.isdecimal())):
        return None
    try:
        return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(rest[:6].ljust(6, "0")))
    except (OverflowError, ValueError):
        return None
