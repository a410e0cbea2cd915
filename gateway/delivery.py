"""One attempt to deliver one message: from its row to what became of it. Never raises."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from adapters.contract import Adapter, Amendment, Editing, Outbound
from adapters.errors import DeliveryError
from adapters.progress import Follow, Progress
from gateway.outcome import Again, Outcome, Refused, Sent, Unknown, after, backoff, outcome_of, outcome_of_edit
from gateway.store.codec import decode_parts
from gateway.store.outgoing import Claim
from router.ids import MediaId
from router.message import Author, Media, Part
from skills.ids import GroupId

log = logging.getLogger(__name__)

DEADLINE = 15.0
"""Seconds for one attempt without files, all in all; a platform that takes longer may or may not have delivered."""

SLOWEST_UPLOAD = 256 * 1024
"""Bytes a second that a line must carry at least: a message's files are given that much more time."""

CLAIM_FOR = timedelta(seconds=2 * DEADLINE)
"""How long a claim without files holds: the call's deadline, and as much again for a loop that was held up."""

Signature = Callable[[Author, GroupId], str]
"""Under which name the contact sees the author, who answers for this group."""


class Files(Protocol):
    """Where the bytes of media parts are."""

    async def read(self, media: MediaId) -> bytes:
        """The bytes of a stored file.

        Raises:
            FileNotFoundError: there is no such file.
        """


class Delivery:
    """Delivers claimed messages."""

    def __init__(self, files: Files, signature: Signature, deadline: float = DEADLINE) -> None:
        self._files = files
        self._signature = signature
        self._deadline = deadline

    async def attempt(self, claim: Claim, adapter: Adapter) -> Outcome:
        """Try once. What the platform may have taken is `Unknown`, whatever went wrong on our side."""
        if claim.is_edit:
            return await self._edit(claim, adapter)
        got = [claim.progress]
        try:
            message = await self._outbound(claim, got.append)
        except (ValueError, FileNotFoundError) as error:
            log.warning("message cannot be sent", extra={"message_id": claim.message, "problem": type(error).__name__})
            return Refused(reason="unreadable: a file or a part of this message is missing")
        try:
            async with asyncio.timeout(self._deadline + _upload_seconds(message.parts)):
                delivered = await adapter.deliver(message)
        except DeliveryError as error:
            return outcome_of(error, claim.message, claim.attempts)
        except TimeoutError:
            return _cut_short("timeout", got[-1])
        except asyncio.CancelledError:
            return _cut_short("interrupted", got[-1])
        except Exception:  # an adapter's mistake after the call began: nobody can say what arrived
            log.exception("delivery failed", extra={"message_id": claim.message, "inbox": claim.inbox})
            return _cut_short("failed", got[-1])
        return Sent(keys=delivered.keys, state=delivered.state, note="; ".join(delivered.lost))

    async def _edit(self, claim: Claim, adapter: Adapter) -> Outcome:
        """Put the message's present words in the place of those that were sent."""
        if not isinstance(adapter, Editing):
            return Refused(reason="cannot_edit")
        amendment = Amendment(
            message=claim.message,
            address=claim.address,
            keys=claim.keys,
            parts=decode_parts(claim.parts),
            author_name=self._signature(claim.author, claim.group),
        )
        try:
            async with asyncio.timeout(self._deadline):
                edited = await adapter.edit(amendment)
        except DeliveryError as error:
            return outcome_of_edit(error, claim.message, claim.attempts)
        except (TimeoutError, asyncio.CancelledError):
            return Again(wait=backoff(claim.message, claim.attempts), reason="timeout")
        except Exception:  # an adapter's mistake: the contact keeps the earlier words, and the agent is told
            log.exception("edit failed", extra={"message_id": claim.message, "inbox": claim.inbox})
            return Refused(reason="failed")
        return Sent(keys=edited.keys, state=edited.state)

    async def _outbound(self, claim: Claim, follow: Follow) -> Outbound:
        parts = decode_parts(claim.parts)
        return Outbound(
            message=claim.message,
            address=claim.address,
            parts=parts,
            author_name=self._signature(claim.author, claim.group),
            files={index: await self._files.read(media) for index, media in _stored(parts)},
            progress=claim.progress,
            follow=follow,
        )


def claim_time(parts: str) -> timedelta:
    """How long a claim holds of a message with these stored parts."""
    try:
        return CLAIM_FOR + timedelta(seconds=2 * _upload_seconds(decode_parts(parts)))
    except ValueError:
        return CLAIM_FOR  # that they cannot be read is for the attempt to say


def _upload_seconds(parts: Sequence[Part]) -> float:
    """How long the files of a message may be on their way."""
    return sum(part.size for part in parts if isinstance(part, Media)) / SLOWEST_UPLOAD


def _cut_short(reason: str, progress: Progress) -> Unknown:
    return Unknown(reason=after(progress, reason), progress=progress)


def _stored(parts: tuple[Part, ...]) -> list[tuple[int, MediaId]]:
    return [(index, part.media) for index, part in enumerate(parts) if isinstance(part, Media) and part.media]
