"""The way in, at its edge: who is let in, what is answered, and when."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import AnyInbound, Parsed
from adapters.wire import WebhookRequest
from gateway.intake import MAX_BODY, Intake
from gateway.listening import listen
from gateway.store.errors import StoreUnavailable
from router.ids import ChannelName, InboxId
from tests.fakes.scripted_channel import PROOF, ScriptedChannel, call

RED = InboxId("red")


class FixedClock:
    """It is always noon."""

    def now(self) -> datetime:
        """Noon."""
        return datetime(2026, 11, 23, 12, tzinfo=UTC)


class Ledger:
    """What the engine would commit; it can be told to wait or to fail."""

    def __init__(self) -> None:
        self.committed: list[AnyInbound] = []
        self.may_commit = asyncio.Event()
        self.may_commit.set()
        self.problem: Exception | None = None

    async def receive(self, inbox: InboxId, channel: ChannelName, inbound: Sequence[AnyInbound]) -> None:
        """Keep it, when it may be kept."""
        await self.may_commit.wait()
        if self.problem:
            raise self.problem
        self.committed.extend(inbound)


def intake_of(channel: ScriptedChannel, ledger: Ledger) -> Intake:
    """The way in to one inbox."""
    return Intake({RED: channel.as_inbox()}, ledger, FixedClock())


async def test_taken_after_commit() -> None:
    """The platform hears of success only after the commit."""
    ledger = Ledger()
    ledger.may_commit.clear()
    answer = asyncio.create_task(
        intake_of(ScriptedChannel(), ledger).webhook(RED, call({"key": "1", "address": "a", "text": "hi"}))
    )
    for _ in range(5):
        await asyncio.sleep(0)
    assert not answer.done()
    ledger.may_commit.set()
    assert (await answer).status == 200
    assert (await answer).body == b"taken"
    assert [happening.delivery_key for happening in ledger.committed] == ["1"]


async def test_forged_refused() -> None:
    """A call without proof is answered 401, whatever is in it, and nothing of it is kept."""
    ledger = Ledger()
    intake = intake_of(ScriptedChannel(), ledger)
    assert (await intake.webhook(RED, call({"key": "1", "address": "a", "text": "hi"}, proof=False))).status == 401
    nonsense = WebhookRequest(method="POST", path="", query={}, headers={}, body=b"\xff")
    assert (await intake.webhook(RED, nonsense)).status == 401
    assert ledger.committed == []


async def test_unknown_inbox() -> None:
    """An inbox that we do not have is not found."""
    answer = await intake_of(ScriptedChannel(), Ledger()).webhook(InboxId("blue"), call())
    assert answer.status == 404


@given(body=st.binary())
async def test_any_bytes(body: bytes) -> None:
    """Whatever the body, the answer is a value and never our fault."""
    request = WebhookRequest(method="POST", path="", query={}, headers=PROOF, body=body)
    answer = await intake_of(ScriptedChannel(), Ledger()).webhook(RED, request)
    assert answer.status in {200, 400}


async def test_too_large() -> None:
    """A body beyond a megabyte is refused before anybody reads it."""
    request = WebhookRequest(method="POST", path="", query={}, headers=PROOF, body=b" " * (MAX_BODY + 1))
    assert (await intake_of(ScriptedChannel(), Ledger()).webhook(RED, request)).status == 413


@pytest.mark.parametrize(("problem", "status"), [(StoreUnavailable("full"), 503), (RuntimeError("oops"), 500)])
async def test_not_committed(problem: Exception, status: int) -> None:
    """What could not be committed is not acknowledged: the platform keeps it and asks again later."""
    ledger = Ledger()
    ledger.problem = problem
    answer = await intake_of(ScriptedChannel(), ledger).webhook(RED, call({"key": "1", "address": "a", "text": "hi"}))
    assert answer.status == status
    assert int(answer.headers["Retry-After"]) > 0


async def test_nothing_in_it() -> None:
    """A call without anything for us is answered as the adapter says, and the engine is not asked."""
    ledger = Ledger()
    ledger.problem = RuntimeError("must not be asked")
    assert (await intake_of(ScriptedChannel(), ledger).webhook(RED, call())).status == 200


async def test_button_confirmed_after_commit() -> None:
    """A pressed button is confirmed to the platform once it is committed; a refusal of that changes nothing."""
    channel = ScriptedChannel()
    ledger = Ledger()
    intake = intake_of(channel, ledger)
    answer = await intake.webhook(RED, call({"key": "1", "address": "a", "press": "japan", "ack": "too late"}))
    assert channel.acknowledged == []
    assert answer.status == 200
    while not channel.acknowledged:
        await asyncio.sleep(0)
    ledger.problem = StoreUnavailable("full")
    await intake.webhook(RED, call({"key": "2", "address": "a", "press": "japan", "ack": "second"}))
    await intake.stop()
    assert channel.acknowledged == ["too late"]


async def test_pulled_confirmed_after_commit() -> None:
    """What an inbox pulled is confirmed to the platform after the commit, and not when there was none."""
    channel = ScriptedChannel(is_pulling=True)
    ledger = Ledger()
    intake = intake_of(channel, ledger)
    first = channel.parse(call({"key": "1", "address": "a", "text": "hi"}))
    channel.pulled.put_nowait(first)
    channel.pulled.put_nowait(Parsed(reason="nothing"))
    listening = asyncio.create_task(listen(channel.as_inbox(), intake))
    while len(channel.confirmed) < 2:
        await asyncio.sleep(0)
    assert len(ledger.committed) == 1
    ledger.problem = StoreUnavailable("full")
    channel.pulled.put_nowait(first)
    with pytest.raises(StoreUnavailable):
        await listening
    assert len(channel.confirmed) == 2
