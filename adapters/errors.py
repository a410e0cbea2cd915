"""What can go wrong at a channel's edge: a closed set, decided by type and never by matching text.

Delivery errors carry two facts: may it be retried, and is it certain that nothing was delivered.
"""

from datetime import timedelta
from enum import Enum

from adapters.progress import NOTHING_YET, Progress


class AdapterError(Exception):
    """The root of everything an adapter raises."""


class Forged(AdapterError):
    """The request does not prove that it comes from the platform: 401, nothing stored."""


class MalformedPayload(AdapterError):
    """The bytes are not what this platform sends: 400, nothing stored."""


class DeliveryError(AdapterError):
    """A message could not be delivered. ``reason`` is a short code, ``detail`` words for the agent (no secrets).

    ``is_retryable``: sending again later may work. ``is_certain``: the platform has certainly not delivered it;
    when false the message may have arrived, and is *unverified*, never blindly sent again. Both speak of what is behind
    ``progress``: the pieces that the platform had taken before.
    """

    is_retryable = False
    is_certain = True

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.progress: Progress = NOTHING_YET


class Rejected(DeliveryError):
    """The platform refused this message for good (markup, length, file)."""


class ContactUnreachable(DeliveryError):
    """The contact blocked us, left, or no longer exists."""


class WindowClosed(DeliveryError):
    """The platform allows nothing until the contact writes again."""


class ChannelBroken(DeliveryError):
    """The inbox's credentials or set-up are wrong: nothing will be delivered until somebody repairs it."""


class Moved(DeliveryError):
    """The address changed; ``address`` is the new one. Send again there."""

    is_retryable = True

    def __init__(self, reason: str, address: str) -> None:
        super().__init__(reason, address)
        self.address = address


class Whose(Enum):
    """Whose limit it was that we reached: who has to wait."""

    CONTACT = "contact"
    INBOX = "inbox"
    UNSAID = "unsaid"


class Throttled(DeliveryError):
    """The platform wants us to slow down for ``wait``; ``whose`` limit it was."""

    is_retryable = True

    def __init__(self, reason: str, wait: timedelta, *, whose: Whose = Whose.UNSAID) -> None:
        super().__init__(reason, f"wait {wait.total_seconds():.0f} s")
        self.wait = wait
        self.whose = whose


class NotConnected(DeliveryError):
    """We never reached the platform (DNS, refused, TLS, connect timeout): safe to retry."""

    is_retryable = True


class Ambiguous(DeliveryError):
    """The request left us and no answer came (or a 5xx did): it may have been delivered."""

    is_certain = False
