"""Traffic: arrivals that nobody stored, generated from a seed.

Poisson arrivals whose rate follows the hours of the day; exponential handling times and patience; what is said is drawn
from samples. Equal models and seeds give equal arrivals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from router.dice import Dice
from router.events import ContactFacts, MessageReceived
from router.ids import ChannelName, ContactId, ConversationId, EventId, InboxId, MessageId, Tag, ThreadId
from router.journey import Arrival
from router.message import Text

DAY_CURVE = (
    0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.8, 1.6, 5.4, 6.8, 7.2, 5.2, 5.0,
    6.2, 6.8, 6.6, 5.8, 5.2, 6.6, 7.9, 7.4, 6.4, 1.8,
)  # fmt: skip
"""How a shop's day is shared among its hours: a peak before noon, a higher one in the evening."""

GAP, KEPT, SAMPLE, HANDLING, PATIENCE = range(5)
"""What is drawn, so that each has numbers of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Something that contacts say, and how often in comparison."""

    text: str = ""
    entry: str = ""
    inbox: InboxId = InboxId("")
    channel: ChannelName = ChannelName("")
    language: str = ""
    contact_tags: frozenset[Tag] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """``per_day`` conversations on an ordinary day, times ``promo``; ``curve`` weighs the 24 hours of the ``zone``."""

    samples: tuple[Sample, ...]
    per_day: float
    zone: tzinfo
    promo: float = 1.0
    curve: tuple[float, ...] = DAY_CURVE
    handling: timedelta = timedelta(minutes=4)
    patience: timedelta | None = timedelta(minutes=10)


def generate(model: Model, start_at: datetime, end_at: datetime, dice: Dice) -> tuple[Arrival, ...]:
    """The arrivals in ``[start_at, end_at)`` (aware), in order; each begins a thread of its own.

    Drawn at the rate of the busiest hour, and kept as often as the hour at hand is as busy (thinning).
    """
    per_hour = [model.per_day * model.promo * share / sum(model.curve) for share in model.curve]
    fastest = max(per_hour)
    reach = sum(sample.weight for sample in model.samples)
    arrivals: list[Arrival] = []
    at, number = start_at, 0
    longest = (end_at - start_at) / timedelta(hours=1)
    while fastest > 0:
        number += 1
        at += timedelta(hours=min(dice.exponential(GAP, number, 1 / fastest), longest))  # who comes later never comes
        if at >= end_at:
            break
        if dice.uniform(KEPT, number) * fastest < per_hour[at.astimezone(model.zone).hour]:
            sample = _drawn(model.samples, dice.uniform(SAMPLE, number) * reach)
            arrivals.append(_arrival(model, sample, at, number, dice))
    return tuple(arrivals)


def _drawn(samples: tuple[Sample, ...], point: float) -> Sample:
    for sample in samples:
        point -= sample.weight
        if point < 0:
            return sample
    return samples[-1]


def _arrival(model: Model, sample: Sample, at: datetime, number: int, dice: Dice) -> Arrival:
    name = f"generated-{number:07}"
    event = MessageReceived(
        id=EventId(name),
        at=at,
        thread=ThreadId(name),
        contact=ContactFacts(id=ContactId(name), language=sample.language, tags=sample.contact_tags),
        inbox=sample.inbox,
        channel=sample.channel,
        message=MessageId(name),
        parts=(Text(text=sample.text),) if sample.text else (),
        new_conversation=ConversationId(name),
        entry=sample.entry,
        language=sample.language,
        attributes=sample.attributes,
    )
    patience = model.patience
    return Arrival(
        event=event,
        handling=timedelta(seconds=dice.exponential(HANDLING, number, model.handling.total_seconds())),
        patience=(
            None
            if patience is None
            else timedelta(seconds=dice.exponential(PATIENCE, number, patience.total_seconds()))
        ),
    )
