"""From one message of ours to the calls that carry it: what is joined, split, captioned, degraded or lost. Pure.

Limits: core.telegram.org/bots/api#sendmessage (4096), #sending-files (10 MB photos, 50 MB files, captions 1024) and
#inlinekeyboardbutton (1–64 bytes of data). A button's value must come back as it is, so a longer one is refused
before anything is sent: a shortened value would be another choice.
"""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from adapters.contract import Outbound
from adapters.errors import Rejected
from adapters.telegram.markup import Anchor, Passage, joined, render
from router.message import (
    Choice,
    Choices,
    ContactCard,
    Link,
    Location,
    Media,
    MediaKind,
    Option,
    Part,
    Text,
    Unknown,
)

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CHOICES_LIMIT = 100
VALUE_LIMIT = 64
PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024

_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
_STICKERS = frozenset({"image/webp", "video/webm", "application/x-tgsticker"})
_POINTER = "👇"  # buttons need a message to stand under


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
        Rejected: nothing of it can be sent, or its buttons cannot be what they are meant to be.
    """
    steps: list[Step] = []
    lost: list[str] = []
    words: list[Passage] = []
    for index, part in enumerate(message.parts):
        passage = _passage(part)
        if passage is not None:
            words.append(passage)
            continue
        _speak(words, steps)
        match part:
            case Media():
                step = _upload(part, message.files.get(index))
                if isinstance(step, str):
                    lost.append(step)
                else:
                    steps.append(step)
            case Location():
                steps.append(Point(location=part))
            case ContactCard():
                steps.append(Introduce(card=part))
            case Choices():
                _offer(part.options, steps)
            case Unknown(kind=kind):
                lost.append(f"{kind}: this channel cannot send it")
            case _:
                pass
    _speak(words, steps)
    if not steps:
        raise Rejected("nothing_to_send", "; ".join(lost) or "the message is empty")
    return Plan(steps=tuple(steps), lost=tuple(lost))


def _passage(part: Part) -> Passage | None:
    """The words that a part becomes; None when it is sent as something else."""
    match part:
        case Text(text=text):
            return Passage(text=text)
        case Link(url=url, title=title, description=description):
            title = title or url
            text = f"{title}\n{description}" if description else title
            return Passage(text=text, anchors=(Anchor(at=range(len(title)), url=url),))
        case Choice(value=value, label=label):
            return Passage(text=label or value)
        case ContactCard(name=name, phone="", email=email):  # the platform's cards need a number
            return Passage(text=f"{name} {email}".strip())
        case _:
            return None


def _speak(words: list[Passage], steps: list[Step]) -> None:
    """Turn the words that have gathered into a caption of the file before them, or into texts."""
    passage = joined(words)
    words.clear()
    if not passage.text.strip():
        return
    before = steps[-1] if steps else None
    if (
        isinstance(before, Upload)
        and before.form is not Form.STICKER
        and not before.options
        and len(passage.text) <= CAPTION_LIMIT
    ):
        steps[-1] = replace(before, caption=next(render(passage, CAPTION_LIMIT)))
    else:
        steps += (Say(html=html) for html in render(passage, TEXT_LIMIT))


def _upload(part: Media, data: bytes | None) -> Upload | str:
    """The call for a file, or why there is none."""
    if data is None:
        return f"{part.kind.value}: {part.problem or 'the file is missing'}"
    if not data:
        return f"{part.kind.value}: the file is empty"
    if len(data) > UPLOAD_LIMIT:
        return f"{part.kind.value}: larger than {UPLOAD_LIMIT // 1024 // 1024} MB"
    name = part.name or f"{part.kind.value}{mimetypes.guess_extension(part.mime) or ''}"
    return Upload(form=_form(part, len(data)), data=data, name=_safe(name))


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


def _offer(options: Sequence[Option], steps: list[Step]) -> None:
    """Put buttons under the last message of the plan."""
    if not options:
        return
    if len(options) > CHOICES_LIMIT:
        raise Rejected("too_many_choices", f"{len(options)} buttons; the channel takes {CHOICES_LIMIT}")
    for option in options:
        if not 0 < len(option.value.encode("utf-8", "surrogatepass")) <= VALUE_LIMIT:
            detail = f"the value of {option.label!r} is empty or longer than {VALUE_LIMIT} bytes"
            raise Rejected("choice_value", detail)
    if not steps or steps[-1].options:
        steps.append(Say(html=_POINTER))
    steps[-1] = replace(steps[-1], options=tuple(options))
