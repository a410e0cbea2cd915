"""A happening: what every event has, wherever it comes from."""

from dataclasses import dataclass
from datetime import datetime

from router.ids import EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has."""

    id: EventId
    at: datetime
