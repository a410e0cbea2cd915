"""Core values as JSON text and back.

Plain values (a conversation, an offer, a presence, a trace) are dataclasses that msgspec reads and writes as they are.
What holds message parts (events, inbound happenings) goes through `router.message.to_plain`, because a union of
dataclasses has no type of its own in JSON. An event's ``id`` and ``at`` are columns and not repeated in its body.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any, Final, Generic, TypeVar, get_args, get_type_hints

import msgspec

from adapters.contract import AnyInbound
from router.events import AnyEvent, MessageReceived
from router.ids import EventId
from router.message import Part, Text, from_plain, to_plain

T = TypeVar("T")

_PARTS = "parts"
_COLUMNS = frozenset({"id", "at"})


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_decoders: Final[dict[object, msgspec.json.Decoder[Any]]] = {}


def encode(value: object) -> str:
    """A plain value as JSON text."""
    return _encoder.encode(value).decode()


def decode(kind: type[T], text: str) -> T:
    """The inverse of `encode`.

    Raises:
        ValueError: the text is not a ``kind``.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    value: T = decoder.decode(text)
    return value


def encode_parts(parts: Iterable[Part]) -> str:
    """A message's parts as the tables keep them."""
    return _encoder.encode([to_plain(part) for part in parts]).decode()


def decode_parts(text: str) -> tuple[Part, ...]:
    """The inverse of `encode_parts`.

    Raises:
        ValueError: the text is not a list of parts.
    """
    return tuple(from_plain(plain) for plain in decode(list[dict[str, Any]], text))


def only_words(parts: tuple[Part, ...]) -> str | None:
    """The text of a message that is one text, else None: the common case, for those in a hurry."""
    return parts[0].text if len(parts) == 1 and type(parts[0]) is Text else None


class _Form(Generic[T]):
    """How one dataclass with message parts is written and read."""

    def __init__(self, kind: type[T], without: frozenset[str] = frozenset()) -> None:
        self._kind = kind
        hints = get_type_hints(kind)
        kept = [field for field in fields(kind) if field.name not in without]  # type: ignore[arg-type]  # a dataclass
        self._names = tuple(field.name for field in kept)
        self._defaults = {field.name: field.default for field in kept if field.default is not MISSING}
        shape = [_slot(field, list[dict[str, Any]] if field.name == _PARTS else hints[field.name]) for field in kept]
        self._decoder = msgspec.json.Decoder(msgspec.defstruct(kind.__name__, shape, kw_only=True))

    def encode(self, value: T, *, parts: bool = True) -> str:
        """The value's fields that are not at their default; without its parts on request."""
        plain: dict[str, object] = {}
        for name in self._names:
            field = getattr(value, name)
            if name == _PARTS:
                plain[name] = [to_plain(part) for part in field] if parts else []
            elif name not in self._defaults or field != self._defaults[name]:
                plain[name] = field
        return _encoder.encode(plain).decode()

    def decode(self, text: str, parts: tuple[Part, ...] | None = None, **columns: object) -> T:
        """The value again; ``parts`` when they were kept elsewhere."""
        shape = self._decoder.decode(text)
        values: dict[str, Any] = {name: getattr(shape, name) for name in self._names}
        if _PARTS in values:
            values[_PARTS] = tuple(map(from_plain, values[_PARTS])) if parts is None else parts
        return self._kind(**values, **columns)


def _slot(field: Field[Any], kind: object) -> tuple[str, Any, Any]:
    if field.default_factory is not MISSING:
        return field.name, kind, msgspec.field(default_factory=field.default_factory)
    if field.default is not MISSING:
        return field.name, kind, msgspec.field(default=field.default)
    return field.name, kind, msgspec.field()


EVENTS: Final[Mapping[str, type[AnyEvent]]] = {kind.__name__: kind for kind in get_args(AnyEvent)}
"""Every event by the name under which it is stored."""

_events = {name: _Form(kind, _COLUMNS) for name, kind in EVENTS.items()}
_inbounds = {kind.__name__: _Form(kind) for kind in get_args(AnyInbound)}


def encode_event(event: AnyEvent, *, parts: bool = True) -> str:
    """An event's body. ``parts`` False leaves the words out, where they are stored once with the message."""
    if type(event) is MessageReceived and not parts:
        return _encode_received(event)
    return _events[type(event).__name__].encode(event, parts=parts)


def decode_event(kind: str, id: str, at: datetime, body: str, parts: tuple[Part, ...] | None = None) -> AnyEvent:
    """An event from its row; ``parts`` from its message where the body was stored without.

    Raises:
        KeyError: there is no such kind of event.
        ValueError: the body is not such an event.
    """
    return _events[kind].decode(body, parts, id=EventId(id), at=at)


def encode_inbound(inbound: AnyInbound) -> str:
    """A happening that is not an event yet, with all it has."""
    return _inbounds[type(inbound).__name__].encode(inbound)


def decode_inbound(kind: str, body: str) -> AnyInbound:
    """The inverse of `encode_inbound`; ``kind`` is the happening's class name.

    Raises:
        KeyError: there is no such kind of happening.
        ValueError: the body is not such a happening.
    """
    inbound: AnyInbound = _inbounds[kind].decode(body)
    return inbound


def is_inbound(kind: str) -> bool:
    """Whether this is the name of an inbound happening (and not of an event)."""
    return kind in _inbounds


def _encode_received(event: MessageReceived) -> str:
    """The hot path, written out: what nearly every stored event is."""
    plain: dict[str, object] = {
        "thread": event.thread,
        "contact": event.contact,
        "inbox": event.inbox,
        "channel": event.channel,
        "message": event.message,
        "parts": (),
        "new_conversation": event.new_conversation,
    }
    if event.entry:
        plain["entry"] = event.entry
    if event.language:
        plain["language"] = event.language
    if event.attributes:
        plain["attributes"] = event.attributes
    if event.tags:
        plain["tags"] = event.tags
    if event.announcements is not None:
        plain["announcements"] = event.announcements
    if event.previous is not None:
        plain["previous"] = event.previous
    if event.last_answer is not None:
        plain["last_answer"] = event.last_answer
    return _encoder.encode(plain).decode()
