"""Arrivals from a file: JSON lines, one message each, for simulation.

``{"at": "2026-11-11T20:00:00+08:00", "text": "…", "contact": "…", "inbox": "website", "channel": "web", "entry": "…",
"language": "en", "contact_tags": [], "handling": 240, "patience": 600}``: only ``at`` is needed; spans are seconds.
Messages of one ``contact`` are one thread.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from router.dice import Dice
from router.events import ContactFacts, MessageReceived
from router.ids import ChannelName, ContactId, ConversationId, EventId, InboxId, MessageId, Tag, ThreadId
from router.journey import Arrival
from router.message import Text

HANDLING, PATIENCE = 0, 1
USUAL_HANDLING, USUAL_PATIENCE = 240.0, 600.0


class BadArrivals(ValueError):
    """A line that is no arrival; the message begins with its number."""


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    text: str = ""
    contact: str = ""
    inbox: str = ""
    channel: str = ""
    entry: str = ""
    language: str = ""
    contact_tags: list[str] = []
    handling: Annotated[float, msgspec.Meta(gt=0, le=86_400)] | None = None
    patience: Annotated[float, msgspec.Meta(ge=0, le=864_000)] | None = None


def read_arrivals(text: str, dice: Dice) -> tuple[Arrival, ...]:
    """The arrivals of a file; spans that it does not say are drawn.

    Raises:
        BadArrivals: a line is no arrival.
    """
    decoder = msgspec.json.Decoder(_Line)
    found: list[Arrival] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_arrival(decoder.decode(line), number, dice))
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            raise BadArrivals(f"{number}: {error}") from error
    return tuple(found)


def _arrival(line: _Line, number: int, dice: Dice) -> Arrival:
    name = f"line-{number:07}"
    contact = line.contact or name
    handling = line.handling or dice.exponential(HANDLING, number, USUAL_HANDLING)
    patience = dice.exponential(PATIENCE, number, USUAL_PATIENCE) if line.patience is None else line.patience
    return Arrival(
        event=MessageReceived(
            id=EventId(name),
            at=line.at.astimezone(UTC),
            thread=ThreadId(contact),
            contact=ContactFacts(
                id=ContactId(contact), language=line.language, tags=frozenset(Tag(tag) for tag in line.contact_tags)
            ),
            inbox=InboxId(line.inbox),
            channel=ChannelName(line.channel),
            message=MessageId(name),
            parts=(Text(text=line.text),) if line.text else (),
            new_conversation=ConversationId(name),
            entry=line.entry,
            language=line.language,
        ),
        handling=timedelta(seconds=handling),
        patience=timedelta(seconds=patience),
    )
