"""From one message of ours to the calls that carry it. Pure.

What fits where is decided by `adapters.degrade`; what is left is the platform's forms: a text, a menu, an article, a
file. Each call is one of the few that the contact's last message allows, so words and links are joined into one text;
only a link that comes alone is an article. Facts: developers.weixin.qq.com, *Customer-service messages*, *Temporary
media*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from adapters.capabilities import Capabilities, TextUnit
from adapters.contract import Outbound
from adapters.degrade import POINTER, Piece, fit
from adapters.errors import Rejected
from router.message import Link, Media, MediaKind, Option

TEXT_LIMIT = 2048
CHOICES_LIMIT = 10
VALUE_LIMIT = 128
_MEGABYTE = 1024 * 1024
_SIZES = {MediaKind.IMAGE: 10 * _MEGABYTE, MediaKind.VOICE: 2 * _MEGABYTE, MediaKind.VIDEO: 10 * _MEGABYTE}

_TYPES: Mapping[str, tuple[MediaKind, str]] = {
    "image/jpeg": (MediaKind.IMAGE, ".jpg"),
    "image/png": (MediaKind.IMAGE, ".png"),
    "image/gif": (MediaKind.IMAGE, ".gif"),
    "image/bmp": (MediaKind.IMAGE, ".bmp"),
    "audio/amr": (MediaKind.VOICE, ".amr"),
    "audio/mpeg": (MediaKind.VOICE, ".mp3"),
    "audio/mp3": (MediaKind.VOICE, ".mp3"),
    "video/mp4": (MediaKind.VIDEO, ".mp4"),
}

CAPABILITIES = Capabilities(
    text_limit=TEXT_LIMIT,
    text_unit=TextUnit.UTF8_BYTES,
    media_kinds=frozenset(kind.value for kind in _SIZES),
    media_limit=max(_SIZES.values()),
    media_types=frozenset(_TYPES),
    choices_limit=CHOICES_LIMIT,
    has_typing=True,
    typing_every=timedelta(seconds=15),
    has_window=True,
)

_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # half an emoji is no UTF-8: the platform would refuse it


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A menu: words, and lines to tap."""

    head: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """An article of one line: a title that leads to a page."""

    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file, to be put on the platform before it is sent."""

    kind: MediaKind
    data: bytes = field(repr=False)
    name: str
    mime: str


Step = Say | Ask | Show | Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The calls in order, and what no call can carry, in words for the agent."""

    steps: tuple[Step, ...]
    lost: tuple[str, ...] = ()


def plan(message: Outbound) -> Plan:
    """How to send a message.

    Raises:
        Rejected: nothing of it can be sent, or its choices cannot be what they are meant to be.
    """
    match message.parts:
        case (Link(url=url) as link,) if url.startswith(("http://", "https://")):
            return Plan(steps=(Show(link=link),))
        case _:
            pass
    sizes = {place: len(data) for place, data in message.files.items()}
    fitted = fit(message.parts, CAPABILITIES, sizes)
    steps: list[Step] = []
    lost = list(fitted.lost)
    for piece in fitted.pieces:
        _add(piece, message.files, steps, lost)
    if not steps:
        raise Rejected("nothing_to_send", "; ".join(lost) or "the message is empty")
    return Plan(steps=tuple(steps), lost=tuple(lost))


def call(address: str, step: Step, media_id: str = "") -> dict[str, Any]:
    """The call's body; ``media_id`` is what an upload was given."""
    content: dict[str, Any]
    match step:
        case Say(text=text):
            content = {"msgtype": "text", "text": {"content": text}}
        case Ask(head=head, options=options):
            lines = [{"id": option.value, "content": option.label or option.value} for option in options]
            content = {"msgtype": "msgmenu", "msgmenu": {"head_content": head, "list": lines, "tail_content": ""}}
        case Show(link=link):
            article = {"title": link.title or link.url, "description": link.description, "url": link.url, "picurl": ""}
            content = {"msgtype": "news", "news": {"articles": [article]}}
        case Upload(kind=MediaKind.VIDEO, name=name):
            video = {"media_id": media_id, "thumb_media_id": "", "title": name, "description": ""}
            content = {"msgtype": "video", "video": video}
        case Upload(kind=kind):
            content = {"msgtype": kind.value, kind.value: {"media_id": media_id}}
    return {"touser": address} | content


def in_words(step: Ask) -> Say:
    """A menu for an account that may not send one."""
    lines = "\n".join(f"{number}. {option.label or option.value}" for number, option in enumerate(step.options, 1))
    return Say(text=f"{step.head}\n{lines}" if step.head != POINTER else lines)


def _add(piece: Piece, files: Mapping[int, bytes], steps: list[Step], lost: list[str]) -> None:
    words = piece.words.text.translate(_SURROGATES)
    if isinstance(piece.thing, Media):
        upload = _upload(piece.thing, files[piece.place])
        if isinstance(upload, str):
            lost.append(upload)
        else:
            steps.append(upload)
        words = words or (POINTER if piece.options else "")
    if piece.options:
        for option in piece.options:
            if not 0 < len(option.value.encode("utf-8", "surrogatepass")) <= VALUE_LIMIT:
                detail = f"the value of {option.label!r} is empty or longer than {VALUE_LIMIT} bytes"
                raise Rejected("choice_value", detail)
        steps.append(Ask(head=words, options=piece.options))
    elif words.strip():
        steps.append(Say(text=words))


def _upload(part: Media, data: bytes) -> Upload | str:
    """The file as the platform takes it, or why it does not."""
    kind, extension = _TYPES.get(part.mime, (None, ""))
    named = f" ({part.name})" if part.name else ""
    if kind is not part.kind or kind is None:
        return f"{part.kind.value}: the platform takes no {part.mime or 'file of an unknown type'}{named}"
    if len(data) > _SIZES[kind]:
        return f"{part.kind.value}: larger than {_SIZES[kind] // _MEGABYTE} MB{named}"
    stem = "".join(char if char.isprintable() and char not in '"\\/.' else "_" for char in part.name.rpartition(".")[0])
    return Upload(kind=kind, data=data, name=f"{stem or kind.value}{extension}", mime=part.mime)
