"""From one message of ours to the calls that carry it: what is joined, split, degraded or lost. Pure.

Limits: docs.slack.dev/reference/methods/chat.postMessage (4,000 characters advised, 40,000 hard),
docs.slack.dev/reference/block-kit (50 blocks, a section's text 3,000, 25 elements in an actions block, a button's text
75 and its value 2,000). A button's value must come back as it is, so a longer one is refused before anything is sent.
"""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.contract import Outbound
from adapters.errors import Rejected
from adapters.slack.markup import anchor, escape
from adapters.split import split
from router.message import (
    Choice,
    Choices,
    ContactCard,
    Link,
    Location,
    Media,
    Option,
    Part,
    Text,
    Unknown,
)

TEXT_LIMIT = 4_000
SECTION_LIMIT = 3_000
CHOICES_LIMIT = 100
ROW_LIMIT = 25
LABEL_LIMIT = 75
VALUE_LIMIT = 2_000
UPLOAD_LIMIT = 1024 * 1024 * 1024

_POINTER = "👇"  # buttons need a text beside them, which is also what a notification shows
_MAP = "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One text in the platform's markup, with the buttons below it."""

    text: str
    options: tuple[Option, ...] = ()

    def blocks(self) -> list[dict[str, Any]] | None:
        """The text and its buttons as blocks; None without buttons."""
        if not self.options:
            return None
        rows = [self.options[at : at + ROW_LIMIT] for at in range(0, len(self.options), ROW_LIMIT)]
        section = {"type": "section", "text": {"type": "mrkdwn", "text": self.text}}
        return [section, *({"type": "actions", "elements": list(_buttons(row, n))} for n, row in enumerate(rows))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file, with what is said of it."""

    data: bytes = field(repr=False)
    name: str
    comment: str = ""


Step = Say | Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The calls in order, and what no call can carry, in words for the agent."""

    steps: tuple[Step, ...]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words in the platform's markup, and how long they look."""

    text: str
    length: int


def plan(message: Outbound) -> Plan:
    """How to send a message.

    Raises:
        Rejected: nothing of it can be sent, or its buttons cannot be what they are meant to be.
    """
    steps: list[Step] = []
    lost: list[str] = []
    words: list[_Piece] = []
    for index, part in enumerate(message.parts):
        match part:
            case Media():
                _speak(words, steps)
                step = _upload(part, message.files.get(index))
                if isinstance(step, str):
                    lost.append(step)
                else:
                    steps.append(step)
            case Choices(options=options):
                _speak(words, steps)
                lost += _offer(options, steps)
            case Unknown(kind=kind):
                lost.append(f"{kind}: this channel cannot send it")
            case _:
                words += _words(part)
    _speak(words, steps)
    if not steps:
        raise Rejected("nothing_to_send", "; ".join(lost) or "the message is empty")
    return Plan(steps=tuple(steps), lost=tuple(lost))


def _words(part: Part) -> Iterator[_Piece]:
    """The words that a part becomes, in pieces that each fit into one message."""
    match part:
        case Text(text=text):
            yield from _plain(text)
        case Link(url=url, title=title, description=description):
            label = (title or url)[:TEXT_LIMIT]
            yield _Piece(anchor(url, label), len(label))
            yield from _plain(description)
        case Location(latitude=latitude, longitude=longitude, label=label, address=address):
            yield from _plain("\n".join(line for line in (label, address) if line))
            url = _MAP.format(latitude=latitude, longitude=longitude)
            yield _Piece(anchor(url, f"{latitude}, {longitude}"), len(f"{latitude}, {longitude}"))
        case ContactCard(name=name, phone=phone, email=email):
            yield from _plain(" ".join(word for word in (name, phone, email) if word))
        case Choice(value=value, label=label):
            yield from _plain(label or value)
        case _:
            return


def _plain(text: str) -> Iterator[_Piece]:
    for at in split(text, TEXT_LIMIT):
        piece = text[at.start : at.stop]
        if piece.strip():
            yield _Piece(escape(piece), len(piece))


def _speak(words: list[_Piece], steps: list[Step]) -> None:
    """Turn the words that have gathered into what is said of the file before them, or into texts."""
    texts = list(_joined(words))
    words.clear()
    before = steps[-1] if steps else None
    if len(texts) == 1 and isinstance(before, Upload) and not before.comment:
        steps[-1] = replace(before, comment=texts[0])
    else:
        steps += (Say(text=text) for text in texts)


def _joined(words: Sequence[_Piece]) -> Iterator[str]:
    """As many pieces in one message as fit, a line for each."""
    text, length = "", 0
    for piece in words:
        if text and length + 1 + piece.length > TEXT_LIMIT:
            yield text
            text, length = "", 0
        text, length = (f"{text}\n{piece.text}", length + 1 + piece.length) if text else (piece.text, piece.length)
    if text:
        yield text


def _upload(part: Media, data: bytes | None) -> Upload | str:
    """The call for a file, or why there is none."""
    if data is None:
        return f"{part.kind.value}: {part.problem or 'the file is missing'}"
    if not data:
        return f"{part.kind.value}: the file is empty"
    if len(data) > UPLOAD_LIMIT:
        return f"{part.kind.value}: larger than {UPLOAD_LIMIT // 1024 // 1024} MB"
    name = part.name or f"{part.kind.value}{mimetypes.guess_extension(part.mime) or ''}"
    return Upload(data=data, name="".join(char if char.isprintable() and char not in '"\\/' else "_" for char in name))


def _offer(options: Sequence[Option], steps: list[Step]) -> Iterator[str]:
    """Put buttons under the last text of the plan; what of them is shortened."""
    if not options:
        return
    if len(options) > CHOICES_LIMIT:
        raise Rejected("too_many_choices", f"{len(options)} buttons; the channel takes {CHOICES_LIMIT}")
    for option in options:
        if not 0 < len(option.value) <= VALUE_LIMIT:
            raise Rejected(
                "choice_value", f"the value of {option.label!r} is empty or longer than {VALUE_LIMIT} characters"
            )
        if len(option.label) > LABEL_LIMIT:
            yield f"button {option.label[:20]!r}…: shortened to {LABEL_LIMIT} characters"
    last = steps[-1] if steps else None
    if not isinstance(last, Say) or last.options or len(last.text) > SECTION_LIMIT:
        last = Say(text=_POINTER)
        steps.append(last)
    steps[-1] = replace(last, options=tuple(options))


def _buttons(options: Sequence[Option], row: int) -> Iterator[dict[str, Any]]:
    for number, option in enumerate(options):
        label = option.label or option.value
        if len(label) > LABEL_LIMIT:
            label = label[: next(iter(split(label, LABEL_LIMIT - 1))).stop] + "…"
        yield {
            "type": "button",
            "action_id": f"choice_{row * ROW_LIMIT + number}",
            "text": {"type": "plain_text", "text": label, "emoji": True},
            "value": option.value,
        }
