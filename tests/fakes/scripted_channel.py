"""A channel in memory that does what it is told: the contract without a platform.

What it received is in `taken`; what it does with a message is scripted by its text in `script`. A webhook's body is
JSON: ``[{"key": …, "address": …, "text": …, "album": …, "file": …, "press": …}]``, proven by the header ``x-proof``.
"""

import asyncio
import hmac
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adapters.capabilities import Capabilities, TextUnit
from adapters.contract import (
    Amendment,
    AnyInbound,
    Delivered,
    Edited,
    Fetched,
    Left,
    Outbound,
    Parsed,
    Profile,
    Route,
    Wrote,
)
from adapters.errors import (
    Ambiguous,
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    Forged,
    MalformedPayload,
    Moved,
    NotConnected,
    Rejected,
    Throttled,
)
from adapters.wire import WebhookReply, WebhookRequest
from gateway.inboxes import Inbox
from router.ids import ChannelName, InboxId
from router.message import Choice, Media, MediaKind, Part, Text, plain_text

PROOF = {"x-proof": "true"}
CHANNEL = ChannelName("scripted")


@dataclass
class ScriptedChannel:
    """One inbox. ``script`` maps a message's text to what happens at each attempt, in order; beyond it, it is taken.

    What can happen: a `DeliveryError` before the platform took the message, ``"lost answer"`` (taken, but we are not
    told), ``"hang"`` (neither taken nor refused, for ever). An error's ``progress`` is what was taken before it.
    """

    inbox: InboxId = InboxId("red")
    script: dict[str, list[DeliveryError | str]] = field(default_factory=dict)
    taken: list[Outbound] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    edited: list[Amendment] = field(default_factory=list)
    troubles_with_edits: list[DeliveryError] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    files: dict[str, bytes | DeliveryError] = field(default_factory=dict)
    pulled: asyncio.Queue[Parsed] = field(default_factory=asyncio.Queue)
    confirmed: list[Parsed] = field(default_factory=list)
    can: Capabilities = Capabilities(text_limit=1_000, text_unit=TextUnit.CODE_POINTS, has_typing=True)
    present: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    most_at_once: int = 0
    is_pulling: bool = False

    def routes(self) -> Sequence[Route]:
        """One address for everything."""
        return (Route(methods=("POST",)),)

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Only calls with the proof come in."""
        if not hmac.compare_digest(request.headers.get("x-proof", ""), "true"):
            raise Forged("no proof")

    def parse(self, request: WebhookRequest) -> Parsed:
        """Read the JSON of a call; anything else is malformed."""
        try:
            items = json.loads(request.body)
            inbound = tuple(_happening(item) for item in items)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise MalformedPayload(str(error)) from error
        return Parsed(inbound=inbound, reply=WebhookReply(body=b"taken"), reason="" if inbound else "nothing in it")

    async def deliver(self, message: Outbound) -> Delivered:
        """Do what the script says for this text, or take it."""
        text = plain_text(message.parts)
        self.attempts.append(text)
        self.present[message.address] += 1
        self.most_at_once = max(self.most_at_once, self.present[message.address])
        try:
            await asyncio.sleep(0)
            steps = self.script.get(text)
            step = steps.pop(0) if steps else None
            if isinstance(step, DeliveryError):
                raise step
            if step == "hang":
                await asyncio.Event().wait()
            self.taken.append(message)
            if step == "lost answer":
                raise Ambiguous("timeout", "no answer")
        finally:
            self.present[message.address] -= 1
        return Delivered(keys=(*message.progress.keys, f"{self.inbox}:{len(self.taken)}"))

    async def edit(self, amendment: Amendment) -> Delivered:
        """Take the new words, or meet the next scripted trouble."""
        if self.troubles_with_edits:
            raise self.troubles_with_edits.pop(0)
        self.edited.append(amendment)
        return Delivered(keys=amendment.keys)

    async def acknowledge(self, ack: str) -> None:
        """Remember the confirmation; the handle ``too late`` is refused."""
        self.acknowledged.append(ack)
        if ack == "too late":
            raise Rejected("expired")

    async def show_typing(self, address: str) -> None:
        """Remember who was shown it."""
        self.typing.append(address)

    async def fetch(self, media: Media) -> Fetched:
        """Give the file of this reference, or its trouble."""
        found = self.files[media.ref]
        if isinstance(found, DeliveryError):
            raise found
        return Fetched(data=found, mime=media.mime, name=media.name)

    def listen(self) -> AsyncIterator[tuple[Parsed, Callable[[], Awaitable[None]]]] | None:
        """Pull from `pulled`, if this inbox pulls."""
        return self._pull() if self.is_pulling else None

    async def _pull(self) -> AsyncIterator[tuple[Parsed, Callable[[], Awaitable[None]]]]:
        while True:
            parsed = await self.pulled.get()

            async def confirm(parsed: Parsed = parsed) -> None:
                self.confirmed.append(parsed)

            yield parsed, confirm

    async def prepare(self, webhook_url: str) -> None:
        """Nothing to prepare."""

    def capabilities(self) -> Capabilities:
        """What the test said it can."""
        return self.can

    def secrets(self) -> Sequence[str]:
        """None."""
        return ()

    def as_inbox(self) -> Inbox:
        """This channel as the gateway knows it."""
        return Inbox(id=self.inbox, channel=CHANNEL, adapter=self)


def _happening(item: dict[str, Any]) -> AnyInbound:
    if "left" in item:
        return Left(delivery_key=item["key"], address=item["address"], reason=item["left"])
    parts: list[Part] = []
    if "text" in item:
        parts.append(Text(text=item["text"]))
    if "file" in item:
        parts.append(Media(kind=MediaKind(item.get("kind", "image")), ref=item["file"], name=item.get("name", "")))
    if "press" in item:
        parts.append(Choice(value=item["press"], ack=item.get("ack", "")))
    if "edit" in item:
        return Edited(delivery_key=item["key"], address=item["address"], message_key=item["edit"], parts=tuple(parts))
    return Wrote(
        delivery_key=item["key"],
        address=item["address"],
        message_key=item["key"],
        profile=Profile(name=item.get("name", "")),
        parts=tuple(parts),
        album=item.get("album", ""),
    )


def call(*items: dict[str, Any], proof: bool = True) -> WebhookRequest:
    """One call of the platform with these happenings."""
    return WebhookRequest(
        method="POST", path="", query={}, headers=PROOF if proof else {}, body=json.dumps(items).encode()
    )


TROUBLES: dict[str, Callable[[], DeliveryError]] = {
    "rejected": lambda: Rejected("too_long", "the text is too long"),
    "unreachable": lambda: ContactUnreachable("blocked", "the contact blocked us"),
    "broken": lambda: ChannelBroken("unauthorized", "the credentials are wrong"),
    "moved": lambda: Moved("moved", "new-address"),
    "throttled": lambda: Throttled("too_many", timedelta(milliseconds=50)),
    "not connected": lambda: NotConnected("refused"),
    "ambiguous": lambda: Ambiguous("server_error"),
}
"""One of each trouble, by name."""
