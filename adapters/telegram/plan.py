"""From one message of ours to the calls that carry it. Pure.

`adapters.degrade` fits the message to the platform's limits; here each piece becomes the method that sends it. Limits:
core.telegram.org/bots/api#sendmessage (4096), #sending-files (10 MB photos, 50 MB files, captions 1024) and
#inlinekeyboardbutton (1–64 bytes of data). A button's value must come back as it is: a longer one travels as a token
that names the option in the stored message, and is put back by the gateway when the button is pressed.
"""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from adapters.capabilities import Capabilities, TextUnit
from adapters.contract import Outbound
from adapters.degrade import Piece, fit
from adapters.errors import Rejected
from adapters.telegram.markup import render
from router.ids import MessageId
from router.message import Choices, ContactCard, Location, Media, MediaKind, Option, Part, option_token

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CHOICES_LIMIT = 100
VALUE_LIMIT = 64
PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
NAMED = "\N{BROKEN BAR}"
"""What the data of a button begins with when it names an option and is not the value itself."""

CAPABILITIES = Capabilities(
    text_limit=TEXT_LIMIT,
    text_unit=TextUnit.CODE_POINTS,
    caption_limit=CAPTION_LIMIT,
    media_kinds=frozenset(kind.value for kind in MediaKind),
    media_limit=UPLOAD_LIMIT,
    part_kinds=frozenset({"location", "contact", "link"}),
    choices_limit=CHOICES_LIMIT,
    has_typing=True,
    has_edits=True,
    sends_per_second=30,  # "about 30 messages a second" in all and one a second to a chat (core.telegram.org/bots/faq)
    sends_per_second_each=1,
)

_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
_STICKERS = frozenset({"image/webp", "video/webm", "application/x-tgsticker"})


class Form(Enum):
    """How a file is sent: each is a method of its own."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    ANIMATION = "animation"
    STICKER = "sticker"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One text, as HTML."""

    html: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file, with its caption as HTML."""

    form: Form
    data: bytes = field(repr=False)
    name: str
    caption: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place; with a title and an address it is a venue."""

    location: Location
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduce:
    """Somebody's name and number."""

    card: ContactCard
    options: tuple[Option, ...] = ()


Step = Say | Upload | Point | Introduce


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The calls in order, and what no call can carry, in words for the agent."""

    steps: tuple[Step, ...]
    lost: tuple[str, ...] = ()


def plan(message: Outbound) -> Plan:
    """How to send a message.

    Raises:
        Rejected: nothing of it can be sent, or a button of it has no value that could come back.
    """
    fitted = fit(message.parts, CAPABILITIES, {place: len(data) for place, data in message.files.items()})
    if not fitted.pieces:
        raise Rejected("nothing_to_send", "; ".join(fitted.lost) or "the message is empty")
    names = option_names(message.message, message.parts)
    return Plan(steps=tuple(_step(piece, message, names) for piece in fitted.pieces), lost=fitted.lost)


def _step(piece: Piece, message: Outbound, names: Mapping[str, str]) -> Step:
    options = on_the_wire(piece.options, names)
    match piece.thing:
        case Media() as media:
            return _upload(media, message.files[piece.place], render(piece.words), options)
        case Location() as location:
            return Point(location=location, options=options)
        case ContactCard() as card:
            return Introduce(card=card, options=options)
        case None:
            return Say(html=render(piece.words), options=options)


def on_the_wire(options: Sequence[Option], names: Mapping[str, str]) -> tuple[Option, ...]:
    """Options as their buttons carry them, with what stands for the values that do not fit."""
    return tuple(
        Option(value=names.get(option.value, option.value), label=option.label or option.value) for option in options
    )


def option_names(message: MessageId, parts: Sequence[Part]) -> dict[str, str]:
    """What stands on the wire for the values of a message's options that do not fit.

    Raises:
        Rejected: a button has no value that could come back.
    """
    names: dict[str, str] = {}
    options = [option for part in parts if isinstance(part, Choices) for option in part.options]
    for number, option in enumerate(options):
        if not option.value:
            raise Rejected("choice_value", f"the button {option.label!r} has no value")
        size = len(option.value.encode("utf-8", "surrogatepass"))
        if size > VALUE_LIMIT or option.value.startswith(NAMED):
            names[option.value] = NAMED + option_token(message, number)
    return names


def _upload(part: Media, data: bytes, caption: str, options: tuple[Option, ...]) -> Upload:
    name = part.name or f"{part.kind.value}{mimetypes.guess_extension(part.mime) or ''}"
    return Upload(form=_form(part, len(data)), data=data, name=_safe(name), caption=caption, options=options)


def _safe(name: str) -> str:
    """A file name that cannot end the header it stands in."""
    return "".join(char if char.isprintable() and char not in '"\\/' else "_" for char in name)


def _form(part: Media, size: int) -> Form:
    is_photo = part.mime in _PHOTOS or not part.mime
    match part.kind:
        case MediaKind.IMAGE | MediaKind.STICKER if part.mime == "image/gif":
            return Form.ANIMATION
        case MediaKind.STICKER if part.mime in _STICKERS:
            return Form.STICKER
        case MediaKind.IMAGE | MediaKind.STICKER if is_photo and size <= PHOTO_LIMIT:
            return Form.PHOTO
        case MediaKind.VOICE:
            return Form.VOICE
        case MediaKind.VIDEO:
            return Form.VIDEO
        case _:
            return Form.DOCUMENT
