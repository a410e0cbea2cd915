"""Whose push it is, and the answer that every push gets."""

from dataclasses import dataclass
from datetime import datetime

from adapters.contract import Profile
from adapters.wire import WebhookReply

ACCEPTED = WebhookReply(body=b"success")
"""Anything else, or nothing in time, shows the contact an error of the platform and brings the push again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a message and an event have in common: their name, who is behind them, and when."""

    key: str
    address: str
    at: datetime | None
    profile: Profile
