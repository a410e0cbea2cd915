"""The common message: what every channel's words are turned into, and what is sent back through any of them.

A message is a tuple of parts. An unknown kind is a part too (`Unknown`), so that nothing is dropped. `to_plain` and
`from_plain` are the one JSON form of a part, used by the store, the REST interface and the widget alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from router.ids import MediaId, MessageId


class MediaKind(Enum):
    """What a file is to the person who looks at it."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words, verbatim: never stripped, never empty."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file. ``ref`` is the adapter's own handle to fetch it; ``media`` is set once it is in our store.

    ``size`` in bytes, ``duration`` in seconds, ``width``/``height`` in pixels; 0 when unknown.
    ``problem`` says why it could not be fetched (too large, gone), in words for the agent.
    """

    kind: MediaKind
    ref: str = ""
    media: MediaId | None = None
    name: str = ""
    mime: str = ""
    size: int = 0
    duration: int = 0
    width: int = 0
    height: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place: degrees, with an optional label and address."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A shared page."""

    url: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """Somebody's name and number, shared by the writer."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One button: ``value`` comes back as a `Choice` when it is pressed."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Buttons offered to the contact, outbound."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button that the contact pressed, inbound. ``ack`` is the adapter's handle to confirm the press.

    ``token`` stands for the value where the channel could not carry it (`option_token`); the gateway puts the value in
    its place before anybody decides.
    """

    value: str
    label: str = ""
    ack: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A kind that we do not know (yet): kept and shown as such."""

    kind: str
    summary: str = ""


Part = Text | Media | Location | Link | ContactCard | Choices | Choice | Unknown

_KINDS: dict[str, type[Part]] = {
    "text": Text,
    "location": Location,
    "link": Link,
    "contact": ContactCard,
    "choices": Choices,
    "choice": Choice,
    "unknown": Unknown,
}
_NAMES: dict[type, str] = {part: name for name, part in _KINDS.items()}


def part_kind(part: Part) -> str:
    """The kind's name as the interfaces say it: text, image, voice, video, file, sticker, location, …"""
    return part.kind.value if isinstance(part, Media) else _NAMES[type(part)]


def to_plain(part: Part) -> dict[str, Any]:
    """One part as a JSON-able mapping with its ``kind``; fields at their default are left out."""
    if type(part) is Text:
        return {"kind": "text", "text": part.text}
    if isinstance(part, Choices):
        return {"kind": "choices", "options": [{"value": o.value, "label": o.label} for o in part.options]}
    if isinstance(part, Unknown):
        return {"kind": "unknown", "of": part.kind, "summary": part.summary}
    plain: dict[str, Any] = {"kind": part_kind(part)}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name != "kind" and value != field.default:
            plain[field.name] = value
    return plain


def from_plain(plain: Mapping[str, Any]) -> Part:
    """The inverse of `to_plain`.

    Raises:
        ValueError: the mapping is not a part: unknown kind, missing or wrong fields.
    """
    rest = {key: value for key, value in plain.items() if key != "kind"}
    kind = plain.get("kind")
    try:
        if kind == "choices":
            return Choices(options=tuple(Option(value=str(o["value"]), label=str(o["label"])) for o in rest["options"]))
        if kind == "unknown":
            return Unknown(kind=rest["of"], summary=rest.get("summary", ""))
        if kind in _KINDS:
            return _KINDS[kind](**rest)
        return Media(kind=MediaKind(kind), **rest)
    except (TypeError, KeyError, ValueError) as error:
        reason = f"not a message part: {kind!r}: {error}"
        raise ValueError(reason) from error


def plain_text(parts: tuple[Part, ...]) -> str:
    """The words in a message, for triage and lists: text, the label of a choice, a link's title."""
    words: list[str] = []
    for part in parts:
        match part:
            case Text(text=text):
                words.append(text)
            case Choice(value=value, label=label):
                words.append(label or value)
            case Link(title=title, url=url):
                words.append(title or url)
            case Location(label=label, address=address):
                words.append(f"{label} {address}".strip())
            case _:
                pass
    return "\n".join(word for word in words if word)


def option_token(message: MessageId, number: int) -> str:
    """What names an option of one of our messages, counted through all its choices from 0."""
    return f"{message}/{number}"


def option_named(token: str, message: MessageId, parts: tuple[Part, ...]) -> Option | None:
    """The option of this message that a token names; None when it names none."""
    options = [option for part in parts if isinstance(part, Choices) for option in part.options]
    of, _, number = token.rpartition("/")
    if of != message or not number.isdecimal() or int(number) >= len(options):
        return None
    return options[int(number)]


class AuthorKind(Enum):
    """Who said something."""

    CONTACT = "contact"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who said something: an id among its kind (an agent's login, a contact's id), and a name to show."""

    kind: AuthorKind
    id: str = ""
    name: str = ""


class DeliveryState(Enum):
    """What became of an outbound message; `architecture.md` §6."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    REJECTED = "rejected"
    UNVERIFIED = "unverified"
