"""What became of one attempt to deliver, and what follows from it.

Every error of the closed set in `adapters.errors` has two facts: may it be retried, and is it certain that nothing was
delivered. From them come the three ends of an outbound message (sent, rejected, unverified) and the one way back
(again). What may have arrived is never sent a second time by us: a person decides.
"""

import zlib
from dataclasses import dataclass
from datetime import timedelta

from adapters.errors import (
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    Moved,
    NotConnected,
    Throttled,
    Whose,
    WindowClosed,
)
from adapters.progress import NOTHING_YET, Progress
from router.ids import MessageId
from router.message import DeliveryState

SLOWEST = timedelta(seconds=60)

LONGEST_WAIT = timedelta(hours=24)
"""What a platform may ask us to wait at most: it can say anything, and our calendar ends."""

_FIRST = 1.0
_JITTER = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The platform took it. ``keys`` are its ids, piece by piece; ``note`` says what it could not carry."""

    keys: tuple[str, ...]
    state: DeliveryState = DeliveryState.SENT
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It will never be delivered, as it is. ``has_left``: because the contact cannot be reached any more.

    ``progress`` is what was delivered of it: whoever asks for it again gets the rest.
    """

    reason: str
    has_left: bool = False
    progress: Progress = NOTHING_YET


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have been delivered: nobody can say. ``progress`` is what certainly was."""

    reason: str
    progress: Progress = NOTHING_YET


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """It was certainly not delivered and is tried again after ``wait``, at ``address`` when that is set.

    ``counts`` is False when the attempt says nothing about this message. ``is_broken``: the whole inbox has to be
    repaired first. ``is_cut_off``: the platform was not reached at all. ``slows``: the platform wants less of
    us, by whose limit.
    ``progress`` is what was delivered of it: the next attempt goes on behind.
    """

    wait: timedelta
    reason: str
    address: str = ""
    counts: bool = True
    is_broken: bool = False
    is_cut_off: bool = False
    slows: Whose | None = None
    progress: Progress = NOTHING_YET


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The platform allows nothing until the contact writes: it was not delivered, and waits for that."""

    reason: str
    progress: Progress = NOTHING_YET


Outcome = Sent | Refused | Unknown | Again | Held


def outcome_name(outcome: Outcome) -> str:
    """The outcome in a word, for the metric: sent, rejected, unverified, again, held."""
    match outcome:
        case Sent():
            return "sent"
        case Refused():
            return "rejected"
        case Unknown():
            return "unverified"
        case Again():
            return "again"
        case Held():
            return "held"


def outcome_of(error: DeliveryError, message: MessageId, attempts: int) -> Outcome:
    """What follows from a trouble at the ``attempts``-th further attempt (0 is the first) of a message."""
    if not error.is_certain:
        return Unknown(reason=_words(error), progress=error.progress)
    done = error.progress
    match error:
        case Throttled(wait=wait, whose=whose):
            return Again(wait=min(wait, LONGEST_WAIT), reason=error.reason, slows=whose, progress=done)
        case Moved(address=address):
            wait = backoff(message, attempts) if attempts else timedelta(0)
            return Again(wait=wait, reason=error.reason, address=address, progress=done)
        case ChannelBroken():
            return Again(wait=timedelta(0), reason=error.reason, counts=False, is_broken=True, progress=done)
        case WindowClosed():
            return Held(reason=_words(error), progress=done)
        case ContactUnreachable():
            return Refused(reason=_words(error), has_left=True, progress=done)
        case _ if error.is_retryable:
            is_cut_off = isinstance(error, NotConnected)
            wait = backoff(message, attempts)
            return Again(wait=wait, reason=error.reason, is_cut_off=is_cut_off, progress=done)
        case _:
            return Refused(reason=_words(error), progress=done)


def outcome_of_edit(error: DeliveryError, message: MessageId, attempts: int) -> Outcome:
    """What follows from a trouble with an edit: done twice it changes nothing, so what is ambiguous is tried again."""
    if not error.is_certain:
        return Again(wait=backoff(message, attempts), reason=error.reason)
    return outcome_of(error, message, attempts)


def backoff(subject: str, attempts: int) -> timedelta:
    """How long to wait after so many failures: doubling from a second to a minute.

    The scatter (half of it) comes from the subject's name, so that a crowd that failed together does not come back
    together, and a test can say when.
    """
    longest = min(_FIRST * 2 ** min(attempts, 10), SLOWEST.total_seconds())
    scatter = zlib.crc32(f"{subject}/{attempts}".encode()) / 0xFFFFFFFF
    return timedelta(seconds=longest * (1 - _JITTER * scatter))


def after(progress: Progress, reason: str) -> str:
    """The reason as the agent reads it, who has to know when some of the message is there already."""
    there = sum(1 for key in progress.keys if key)
    return f"half_sent: {there} arrived, then {reason}" if there else reason


def _words(error: DeliveryError) -> str:
    """The short code, then the platform's words."""
    return after(error.progress, f"{error.reason}: {error.detail}" if error.detail else error.reason)
