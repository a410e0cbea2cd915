"""From one message of ours to the calls that carry it. Pure.

What is cut, replaced or lost on the way is for `adapters.degrade` to say.

Limits: docs.slack.dev/reference/methods/chat.postMessage (4,000 characters advised, 40,000 hard),
docs.slack.dev/reference/block-kit (50 blocks, a section's text 3,000, 25 elements in an actions block, a button's text
75 and its value 2,000). A button's value must come back as it is, so a longer one is refused before anything is sent.
"""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.capabilities import Capabilities, TextUnit
from adapters.contract import Outbound
from adapters.degrade import POINTER, fit
from adapters.errors import Rejected
from adapters.slack.markup import render
from adapters.split import split
from router.message import Media, MediaKind, Option, Part

SECTION_LIMIT = 3_000
ROW_LIMIT = 25
LABEL_LIMIT = 75
VALUE_LIMIT = 2_000

CAPABILITIES = Capabilities(
    text_limit=4_000,
    text_unit=TextUnit.CHARACTERS,
    caption_limit=4_000,
    media_kinds=frozenset(kind.value for kind in MediaKind),
    media_limit=1024 * 1024 * 1024,
    part_kinds=frozenset({"link"}),
    choices_limit=100,
    has_edits=True,
    sends_per_second_each=1,  # "about one message a second to a channel" (docs.slack.dev/apis/web-api/rate-limits)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One text in the platform's markup, with the buttons below it."""

    text: str
    options: tuple[Option, ...] = ()

    def blocks(self) -> list[dict[str, Any]]:
        """The text and its buttons as blocks; none without buttons."""
        if not self.options:
            return []
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


def plan(message: Outbound) -> Plan:
    """How to send a message.

    Raises:
        Rejected: nothing of it can be sent, or its buttons cannot be what they are meant to be.
    """
    fitted = fit(message.parts, CAPABILITIES, {place: len(data) for place, data in message.files.items()})
    steps: list[Step] = []
    lost = list(fitted.lost)
    for piece in fitted.pieces:
        lost += _checked(piece.options)
        if isinstance(piece.thing, Media):
            data = message.files[piece.place]
            steps.append(Upload(data=data, name=_name(piece.thing), comment=render(piece.words)))
            steps += _offered("", piece.options)
        else:
            steps += _offered(render(piece.words), piece.options)
    if not steps:
        raise Rejected("nothing_to_send", "; ".join(lost) or "the message is empty")
    return Plan(steps=tuple(steps), lost=tuple(lost))


def texts(parts: Sequence[Part]) -> tuple[Say, ...]:
    """The calls of a message that has words only.

    Raises:
        Rejected: there is more in it, or its buttons cannot be what they are meant to be.
    """
    steps: list[Say] = []
    for piece in fit(parts, CAPABILITIES).pieces:
        if piece.thing is not None:
            raise Rejected("not_editable", "only words can be edited here")
        _checked(piece.options)
        steps += _offered(render(piece.words), piece.options)
    return tuple(steps)


def _offered(text: str, options: tuple[Option, ...]) -> Iterator[Say]:
    """A text with its buttons, or before them where both do not fit into one message."""
    if text and (not options or len(text) <= SECTION_LIMIT):
        yield Say(text=text, options=options)
        return
    if text:
        yield Say(text=text)
    if options:
        yield Say(text=POINTER, options=options)


def _name(part: Media) -> str:
    """A file name that cannot end the header it stands in."""
    name = part.name or f"{part.kind.value}{mimetypes.guess_extension(part.mime) or ''}"
    return "".join(char if char.isprintable() and char not in '"\\/' else "_" for char in name)


def _checked(options: Sequence[Option]) -> list[str]:
    """What of the buttons is shortened."""
    for option in options:
        if not 0 < len(option.value) <= VALUE_LIMIT:
            detail = f"the value of {option.label!r} is empty or longer than {VALUE_LIMIT} characters"
            raise Rejected("choice_value", detail)
    return [
        f"button {option.label[:20]}…: shortened to {LABEL_LIMIT} characters"
        for option in options
        if len(option.label) > LABEL_LIMIT
    ]


def _buttons(options: Sequence[Option], row: int) -> Iterator[dict[str, Any]]:
    for number, option in enumerate(options):
        label = option.label or option.value
        if len(label) > LABEL_LIMIT:
            label = label[: split(label, LABEL_LIMIT - 1)[0].stop] + "…"
        yield {
            "type": "button",
            "action_id": f"choice_{row * ROW_LIMIT + number}",
            "text": {"type": "plain_text", "text": label, "emoji": True},
            "value": option.value,
        }
