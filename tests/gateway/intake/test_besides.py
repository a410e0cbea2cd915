"""What an answer needs beyond the commit: errands that give it, introductions that are made beside it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from adapters.contract import AnyInbound, Came, Parsed, Profile
from adapters.errors import Ambiguous, ChannelBroken, DeliveryError
from adapters.wire import WebhookReply
from gateway.intake import MAX_BESIDE
from gateway.store.errors import StoreUnavailable
from router.ids import ChannelName, InboxId
from tests.fakes.scripted_channel import ScriptedChannel, call
from tests.gateway.intake.test_intake import RED, FixedClock, Ledger, intake_of

HELLO = {"key": "1", "address": "a", "text": "hi"}
CAME = Came(delivery_key="named", address="a", profile=Profile(name="Ann"))


class Completing(ScriptedChannel):
    """A channel whose calls mean something more."""

    more: dict[str, Any]

    def parse(self, request):  # type: ignore[no-untyped-def]  # as the channel's own
        """The same, with more."""
        return replace(super().parse(request), **self.more)


def completing(**more: Any) -> Completing:
    """A channel with an errand or an introduction."""
    channel = Completing()
    channel.more = more
    return channel


async def test_an_errand_gives_the_answer() -> None:
    """It runs after the commit, knows what time it is, and its answer takes the place of the usual one."""
    ledger = Ledger()
    seen: list[tuple[datetime, int]] = []

    async def errand(now: datetime) -> WebhookReply:
        seen.append((now, len(ledger.committed)))
        return WebhookReply(status=302, headers={"Location": "https://a.example"})

    reply = await intake_of(completing(errand=errand), ledger).webhook(RED, call(HELLO))
    assert (reply.status, reply.headers["Location"]) == (302, "https://a.example")
    assert seen == [(FixedClock().now(), 1)]


async def test_an_errand_without_happenings() -> None:
    """A call that means nothing else has its errand all the same."""

    async def errand(_: datetime) -> WebhookReply:
        return WebhookReply(body=b"done")

    assert (await intake_of(completing(errand=errand), Ledger()).webhook(RED, call())).body == b"done"


async def test_an_uncommitted_call_has_no_errand() -> None:
    """What was not committed is not gone on with."""
    ledger, runs = Ledger(), []
    ledger.problem = StoreUnavailable("full")

    async def errand(_: datetime) -> WebhookReply:
        runs.append(1)
        return WebhookReply()

    assert (await intake_of(completing(errand=errand), ledger).webhook(RED, call(HELLO))).status == 503
    assert runs == []


@pytest.mark.parametrize("error", [ChannelBroken("invalid_code", "secret words"), Ambiguous("no_answer")])
async def test_a_failed_errand_is_answered(error: DeliveryError) -> None:
    """A platform that does not agree is a bad gateway: the reason is said, its words are not."""

    async def errand(_: datetime) -> WebhookReply:
        raise error

    reply = await intake_of(completing(errand=errand), Ledger()).webhook(RED, call())
    assert reply.status == 502
    assert error.reason.encode() in reply.body
    assert b"secret" not in reply.body


async def test_an_introduction_does_not_hold_up_the_answer() -> None:
    """The platform has its answer while we still ask who it was; what it says is committed then."""
    ledger, may_say = Ledger(), asyncio.Event()
    said = asyncio.Event()

    async def introduction() -> Came:
        await may_say.wait()
        return CAME

    class Telling(Ledger):
        async def receive(self, inbox: InboxId, channel: ChannelName, inbound: Sequence[AnyInbound]) -> None:
            await super().receive(inbox, channel, inbound)
            if inbound == (CAME,):
                said.set()

    ledger = Telling()
    intake = intake_of(completing(introduction=introduction), ledger)
    assert (await intake.webhook(RED, call(HELLO))).status == 200
    assert len(ledger.committed) == 1
    may_say.set()
    await said.wait()
    assert ledger.committed[-1] == CAME


@pytest.mark.parametrize("error", [ChannelBroken("missing_scope"), StoreUnavailable("full")])
async def test_a_failed_introduction_costs_nothing(error: Exception) -> None:
    """Whoever cannot be asked about is a contact without a name."""
    asked = asyncio.Event()

    async def introduction() -> None:
        asked.set()
        raise error

    intake = intake_of(completing(introduction=introduction), Ledger())
    assert (await intake.webhook(RED, call(HELLO))).status == 200
    await asked.wait()
    await intake.stop()


async def test_introductions_are_bounded() -> None:
    """Beyond a hundred at a time nobody more is asked about, and no call waits for it."""
    ledger, never, asked = Ledger(), asyncio.Event(), []

    async def introduction() -> None:
        asked.append(1)
        await never.wait()

    intake = intake_of(completing(introduction=introduction), ledger)
    for number in range(MAX_BESIDE + 20):
        await intake.webhook(RED, call({**HELLO, "key": str(number)}))
    await asyncio.sleep(0)
    assert len(asked) == MAX_BESIDE
    assert len(ledger.committed) == MAX_BESIDE + 20
    await intake.stop()


def test_a_meaning_needs_neither() -> None:
    """Most calls have no errand and introduce nobody."""
    assert (Parsed().errand, Parsed().introduction) == (None, None)
