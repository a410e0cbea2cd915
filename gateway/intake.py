"""The way in: a platform's call is proven, understood, committed, and only then answered.

This is the hot path. Authentication comes first, always, and nothing of a forged call is kept. What an adapter
understood goes to the engine as it is; the platform's answer waits for the commit. Albums need nothing here: each of
their messages is committed like any other, and the engine joins them (`gateway.album`).
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Protocol

from adapters.contract import AnyInbound, Introduction, Parsed, Wrote
from adapters.errors import DeliveryError, Forged, MalformedPayload
from adapters.wire import WebhookReply, WebhookRequest
from gateway.clock import Clock
from gateway.inboxes import Inbox
from gateway.store.errors import StoreUnavailable
from router.ids import ChannelName, InboxId
from router.message import Choice

log = logging.getLogger(__name__)

UNKNOWN = WebhookReply(status=404, body=b"unknown inbox\n")
FORGED = WebhookReply(status=401, body=b"not authentic\n")
MALFORMED = WebhookReply(status=400, body=b"malformed\n")
TOO_LARGE = WebhookReply(status=413, body=b"too large\n")
UNAVAILABLE = WebhookReply(status=503, body=b"try again\n", headers={"Retry-After": "2"})
BROKEN = WebhookReply(status=500, body=b"not understood, try again\n", headers={"Retry-After": "60"})

MAX_BODY = 1 << 20
"""Bytes of a webhook's body; no platform sends files in it."""

MAX_BESIDE = 100
"""How many presses may be confirmed and contacts introduced at a time; beyond it the contact's client stops waiting by
itself, and the contact is introduced by the next message."""

BESIDE_FOR = 10.0
"""Seconds that each may take."""


class Receiver(Protocol):
    """What the engine offers to whoever brings in what contacts did."""

    async def receive(self, inbox: InboxId, channel: ChannelName, inbound: Sequence[AnyInbound]) -> None:
        """Commit what happened; returns after the commit, for duplicates too.

        Raises:
            StoreUnavailable: nothing could be committed.
        """


class Intake:
    """Brings in what platforms tell us, by their calls (`webhook`) or by our asking (`take`)."""

    def __init__(self, inboxes: Mapping[InboxId, Inbox], engine: Receiver, clock: Clock) -> None:
        self._inboxes = inboxes
        self._engine = engine
        self._clock = clock
        self._beside_us: set[asyncio.Task[None]] = set()

    def is_called(self, inbox: InboxId) -> bool:
        """Whether the inbox's platform calls us: it listens to an address below ``/hooks/``."""
        place = self._inboxes.get(inbox)
        return place is not None and bool(place.adapter.routes())

    async def webhook(self, inbox: InboxId, request: WebhookRequest) -> WebhookReply:
        """Answer one call of a platform; never raises.

        404 for an inbox that we do not have, 413 for a body that is too large, 401 when the call does not prove where
        it comes from, 400 when it is not what the platform sends, 503 when nothing could be committed.
        """
        place = self._inboxes.get(inbox)
        if place is None:
            return UNKNOWN
        if len(request.body) > MAX_BODY:
            return TOO_LARGE
        try:
            place.adapter.authenticate(request, self._clock.now())
            parsed = place.adapter.parse(request)
            return await self.take(place, parsed)
        except Forged:
            return FORGED
        except MalformedPayload:
            return MALFORMED
        except StoreUnavailable:
            return UNAVAILABLE
        except Exception:  # an adapter's mistake must not cost the message: the platform keeps it and asks again
            log.exception("webhook failed", extra={"inbox": inbox})
            return BROKEN

    async def take(self, place: Inbox, parsed: Parsed) -> WebhookReply:
        """Commit what was understood, then run its errand and confirm the buttons that were pressed; the answer.

        Raises:
            StoreUnavailable: nothing could be committed.
        """
        if not parsed.inbound:
            log.debug("nothing to do", extra={"inbox": place.id, "reason": parsed.reason})
            return await self._answer(place, parsed)
        await self._engine.receive(place.id, place.channel, parsed.inbound)
        for happening in parsed.inbound:
            if isinstance(happening, Wrote):
                for part in happening.parts:
                    if isinstance(part, Choice) and part.ack:
                        self._beside(_confirm(place, part.ack), f"acknowledge {place.id}")
        if parsed.introduction is not None:
            self._beside(self._introduce(place, parsed.introduction), f"introduce {place.id}")
        return await self._answer(place, parsed)

    async def _answer(self, place: Inbox, parsed: Parsed) -> WebhookReply:
        if parsed.errand is None:
            return parsed.reply
        try:
            return await parsed.errand(self._clock.now())
        except DeliveryError as error:
            log.warning("errand failed", extra={"inbox": place.id, "reason": error.reason})
            return WebhookReply(status=502, body=f"the platform did not agree: {error.reason}\n".encode())

    def _beside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Do something beside the answer to the platform; best effort."""
        if len(self._beside_us) >= MAX_BESIDE:
            work.close()
            return
        task = asyncio.create_task(work, name=name)
        self._beside_us.add(task)
        task.add_done_callback(self._beside_us.discard)

    async def _introduce(self, place: Inbox, introduction: Introduction) -> None:
        try:
            async with asyncio.timeout(BESIDE_FOR):
                came = await introduction()
            if came is not None:
                await self._engine.receive(place.id, place.channel, (came,))
        except (DeliveryError, StoreUnavailable, TimeoutError) as error:
            log.info("contact not introduced", extra={"inbox": place.id, "reason": str(error)})

    async def stop(self) -> None:
        """Give up what is still done beside."""
        tasks = list(self._beside_us)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _confirm(place: Inbox, ack: str) -> None:
    try:
        async with asyncio.timeout(BESIDE_FOR):
            await place.adapter.acknowledge(ack)
    except (DeliveryError, TimeoutError) as error:
        log.info("button press not confirmed", extra={"inbox": place.id, "reason": str(error)})
