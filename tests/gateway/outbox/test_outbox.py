"""Every outbound message ends as sent, rejected or unverified, once, and in its turn."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, update

from adapters.errors import Ambiguous, DeliveryError, NotConnected, Throttled
from gateway.clock import micros
from gateway.store import StoreUnavailable
from gateway.store.outgoing import GIVE_UP_AFTER
from gateway.store.schema import messages, outbox
from router.ids import MediaId
from router.message import DeliveryState, Media, MediaKind
from router.reason import Code, Reason
from tests.fakes.scripted_channel import TROUBLES
from tests.gateway.outbox.bench import BLUE, RED, Bench
from tests.gateway.waiting import until

T = TypeVar("T")


def texts(bench: Bench, to: str = "", inbox: str = "red") -> list[str]:
    """What a channel took, in order."""
    channel = next(channel for name, channel in bench.channels.items() if name == inbox)
    return [message.message for message in channel.taken if to in {"", message.address}]


async def test_sent_with_the_platforms_key(bench: Bench) -> None:
    """A message that the platform took is sent, carries the platform's id, and the engine is told once."""
    await bench.owe("hello")
    async with bench.sending():
        await bench.until_ended()
    row = await bench.message("hello")
    assert (row.delivery, row.message_key) == ("sent", "red:1")
    assert bench.ears.heard == {"hello": [DeliveryState.SENT]}
    assert (await bench.rows())["hello"].state == "done"


async def test_woken_by_the_commit(bench: Bench) -> None:
    """A wake is enough: nothing waits for the next look at the tables."""
    async with bench.sending(poll=60.0) as sender:
        await bench.owe("before", inbox=BLUE)
        sender.wake(BLUE)
        await bench.until_ended()
        await bench.owe("hello")
        sender.wake(RED)
        await bench.until_ended()


@pytest.mark.parametrize(
    ("trouble", "state", "attempts"),
    [
        ("rejected", "rejected", 1),
        ("unreachable", "rejected", 1),
        ("moved", "sent", 2),
        ("throttled", "sent", 2),
        ("not connected", "sent", 2),
        ("ambiguous", "unverified", 1),
    ],
)
async def test_troubles(bench: Bench, trouble: str, state: str, attempts: int) -> None:
    """What follows from a trouble: another attempt only when it is certain that nothing arrived."""
    await bench.owe("first", "second")
    bench.channels[RED].script = {"first": [TROUBLES[trouble]()]}
    async with bench.sending():
        states = await bench.until_ended()
    assert states == {"first": state, "second": "sent"}
    assert bench.channels[RED].attempts.count("first") == attempts


async def test_unreachable_marks_the_thread(bench: Bench) -> None:
    """A contact who cannot be reached has left, and the thread says why."""
    await bench.owe("first")
    bench.channels[RED].script = {"first": [TROUBLES["unreachable"]()]}
    async with bench.sending():
        await bench.until_ended()
    assert "blocked" in (await bench.thread("red/ada")).left_because
    await until(lambda: bench.ears.left)
    assert bench.ears.left == ["red/ada"]


async def test_moved_changes_the_address(bench: Bench) -> None:
    """A contact who moved is written to at the new address, from then on."""
    await bench.owe("first", "second")
    bench.channels[RED].script = {"first": [TROUBLES["moved"]()]}
    async with bench.sending():
        await bench.until_ended()
    assert [message.address for message in bench.channels[RED].taken] == ["new-address", "new-address"]
    assert (await bench.thread("red/ada")).address == "new-address"


async def test_moved_to_somebody_elses_address(bench: Bench) -> None:
    """When the new address has a thread of its own, the message is rejected instead of tried for ever."""
    await bench.owe("first")
    await bench.owe("other", to="new-address")
    bench.channels[RED].script = {"first": [TROUBLES["moved"]()]}
    async with bench.sending():
        states = await bench.until_ended()
    assert states == {"first": "rejected", "other": "sent"}


async def test_in_order(bench: Bench) -> None:
    """A contact gets messages one after the other, in order, whatever fails on the way."""
    people = [f"p{n}" for n in range(10)]
    for person in people:
        await bench.owe(*(f"{person}-{n}" for n in range(20)), to=person)
    bench.channels[RED].script = {
        f"{person}-{n}": [NotConnected("refused")] if n % 7 == 3 else [Throttled("slow", timedelta(milliseconds=5))]
        for person in people[:3]
        for n in (3, 5)
    }
    async with bench.sending():
        await bench.until_ended()
    for person in people:
        assert texts(bench, person) == [f"{person}-{n}" for n in range(20)]
    assert bench.channels[RED].most_at_once == 1


async def test_dead_inbox_delays_nobody(bench: Bench) -> None:
    """An inbox whose platform hangs fills its own places only; the other's messages go at once."""
    bench.deadline = 60.0
    for n in range(100):
        await bench.owe(f"stuck-{n}", to=f"p{n}")
    bench.channels[RED].script = {f"stuck-{n}": ["hang"] for n in range(100)}
    async with bench.sending():
        await until(lambda: bench.channels[RED].present["p63"])
        await bench.owe(*(f"quick-{n}" for n in range(20)), inbox=BLUE)
        await bench.until(lambda states: all(states[f"quick-{n}"] == "sent" for n in range(20)))
        assert len(bench.channels[RED].attempts) == 64
    states = await bench.states()
    assert Counter(states[f"stuck-{n}"] for n in range(100)) == {"unverified": 64, "queued": 36}


async def test_deadline(bench: Bench) -> None:
    """A platform that does not answer in time leaves the message unverified, and the next one goes."""
    bench.deadline = 0.5
    await bench.owe("first", "second")
    bench.channels[RED].script = {"first": ["hang"]}
    async with bench.sending():
        assert await bench.until_ended() == {"first": "unverified", "second": "sent"}


async def test_broken_inbox_keeps_its_messages(bench: Bench) -> None:
    """Wrong credentials pause the inbox with one alarm; no message is burnt, and all go when it is repaired."""
    await bench.owe("first", "second")
    await bench.owe("third", to="bob")
    bench.channels[RED].script = {text: [TROUBLES["broken"]()] for text in ("first", "third")}
    async with bench.sending() as sender:
        await until(lambda: bench.alarms)
        await bench.owe("elsewhere", inbox=BLUE)
        states = await bench.until(lambda states: states["elsewhere"] == "sent")
        assert Counter(states.values()) == {"queued": 3, "sent": 1}
        assert len(bench.channels[RED].attempts) <= 2
        assert {row.attempts for row in (await bench.rows()).values()} == {0}
        bench.channels[RED].script = {}
        sender.repaired(RED)
        assert set((await bench.until_ended()).values()) == {"sent"}
    assert bench.alarms[0] == Reason(Code.INBOX_BROKEN, ("red", "unauthorized"))


async def test_throttled_pauses_one_contact(bench: Bench) -> None:
    """A "slow down" for one contact holds back that contact's messages only."""
    await bench.owe("slow-1", "slow-2", to="ada")
    await bench.owe("quick", to="bob")
    bench.channels[RED].script = {"slow-1": [Throttled("too_many", timedelta(minutes=5))]}
    async with bench.sending():
        await bench.until(lambda states: states["quick"] == "sent")
        assert bench.channels[RED].attempts.count("slow-2") == 0
    assert (await bench.rows())["slow-1"].next_at > micros(bench.clock.now() + timedelta(minutes=4))


async def test_expired_claim(bench: Bench) -> None:
    """A claim that its holder let expire is unverified, never sent again, and the next message goes."""
    await bench.owe("first", "second")
    past = micros(bench.clock.now() - timedelta(seconds=1))
    claimed = update(outbox).where(outbox.c.message == "first")
    await bench.store.write(
        lambda connection: connection.execute(
            claimed.values(state="claimed", claimed_by="a process that died", claimed_until=past)
        )
    )
    async with bench.sending():
        assert await bench.until_ended() == {"first": "unverified", "second": "sent"}
    assert bench.channels[RED].attempts == ["second"]
    assert bench.ears.heard["first"] == [DeliveryState.UNVERIFIED]


async def test_anothers_claim_holds(bench: Bench) -> None:
    """A claim that has not expired belongs to its holder, and nothing of that contact overtakes it."""
    await bench.owe("first", "second")
    future = micros(bench.clock.now() + timedelta(minutes=1))
    claimed = update(outbox).where(outbox.c.message == "first")
    await bench.store.write(
        lambda connection: connection.execute(claimed.values(state="claimed", claimed_by="other", claimed_until=future))
    )
    await bench.owe("elsewhere", inbox=BLUE)
    async with bench.sending():
        await bench.until(lambda states: states["elsewhere"] == "sent")
    assert bench.channels[RED].attempts == []


async def test_given_up(bench: Bench) -> None:
    """What could not be sent for a day is rejected: an inbox that is gone keeps nobody waiting for ever."""
    await bench.owe("old")
    before = micros(bench.clock.now() - GIVE_UP_AFTER - timedelta(minutes=1))
    await bench.store.write(lambda connection: connection.execute(update(messages).values(at=before)))
    del bench.channels[RED]
    async with bench.sending():
        assert await bench.until_ended() == {"old": "rejected"}


async def test_files_go_along(bench: Bench) -> None:
    """A part's bytes come from the store of files; when they are missing the message is rejected, with a reason."""
    bench.shelf.files["abc"] = b"picture"
    await bench.owe("with", parts=(Media(kind=MediaKind.IMAGE, media=MediaId("abc")),))
    await bench.owe("without", parts=(Media(kind=MediaKind.IMAGE, media=MediaId("lost")),))
    async with bench.sending():
        assert await bench.until_ended() == {"with": "sent", "without": "rejected"}
    assert bench.channels[RED].taken[0].files == {1: b"picture"}
    assert "missing" in (await bench.message("without")).delivery_reason


async def test_stop_lets_deliveries_end(bench: Bench) -> None:
    """A stop waits for what is under way and writes it down; what was never begun stays queued."""
    await bench.owe("first", "second")
    bench.channels[RED].script = {"first": ["hang"]}
    bench.deadline = 60.0
    async with bench.sending():
        await until(lambda: bench.channels[RED].attempts)
    assert await bench.states() == {"first": "unverified", "second": "queued"}
    assert {row.claimed_by for row in (await bench.rows()).values()} == {""}


def ambiguities(count: int) -> dict[str, list[DeliveryError | str]]:
    """A script for every second message: it arrives without an answer, or fails where nobody can know."""
    return {f"m{n}": ["lost answer" if n % 4 else Ambiguous("server_error")] for n in range(0, count * 2, 2)}


async def test_thousand_ambiguities(bench: Bench) -> None:
    """Of 2,000 messages with 1,000 ambiguities none is sent twice, none is lost, exactly those are unverified."""
    script = ambiguities(1_000)
    bench.channels[RED].script = {text: list(steps) for text, steps in script.items()}
    for person in range(100):
        await bench.owe(*(f"m{n}" for n in range(person * 20, person * 20 + 20)), to=f"p{person}")
    async with bench.sending():
        states = await bench.until_ended()
    assert {text for text, state in states.items() if state == "unverified"} == set(script)
    assert max(Counter(texts(bench)).values()) == 1
    assert {text for text, state in states.items() if state == "sent"} <= set(texts(bench))
    assert len(states) == 2_000
    assert set(states.values()) == {"sent", "unverified"}


async def test_control_blind_retry(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where an ambiguity counts as certain, the same script sends messages twice."""
    monkeypatch.setattr(Ambiguous, "is_certain", True)
    monkeypatch.setattr(Ambiguous, "is_retryable", True)
    bench.channels[RED].script = {f"m{n}": ["lost answer"] for n in range(10)}
    for n in range(10):
        await bench.owe(f"m{n}", to=f"p{n}")
    async with bench.sending():
        await bench.until_ended()
    assert max(Counter(texts(bench)).values()) == 2


async def test_two_processes_share_the_work(bench: Bench) -> None:
    """Two senders on one database: each message goes out once, a contact's in order, never two at a time."""
    people = [f"p{n}" for n in range(20)]
    for person in people:
        await bench.owe(*(f"{person}-{n}" for n in range(10)), to=person)
    async with bench.sending(), bench.sending():
        assert set((await bench.until_ended()).values()) == {"sent"}
    for person in people:
        assert texts(bench, person) == [f"{person}-{n}" for n in range(10)]
    assert bench.channels[RED].most_at_once == 1


async def test_lost_answer_of_the_claim(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that was committed although the store said otherwise is delivered once the store answers again."""
    await bench.owe("hello")
    write, failures = bench.store.write, [StoreUnavailable("the answer was lost")]

    async def lose(closure: Callable[[Connection], T]) -> T:
        result = await write(closure)
        if failures and (await bench.rows())["hello"].state == "claimed":
            raise failures.pop()
        return result

    monkeypatch.setattr(bench.store, "write", lose)
    async with bench.sending():
        assert await bench.until_ended() == {"hello": "sent"}
    assert failures == []
    assert bench.channels[RED].attempts == ["hello"]


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_stop_in_the_middle_of_a_claim(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *, is_cancelled: bool
) -> None:
    """A stop while a claim is being committed neither sends twice nor forgets: the row says what happened."""
    await bench.owe("hello")
    write, claimed, may_go_on = bench.store.write, asyncio.Event(), asyncio.Event()

    async def slow(closure: Callable[[Connection], T]) -> T:
        result = await write(closure)
        if not claimed.is_set():
            claimed.set()
            await may_go_on.wait()
        return result

    monkeypatch.setattr(bench.store, "write", slow)
    sender = bench.outbox()
    work = asyncio.create_task(sender.run())
    await claimed.wait()
    if is_cancelled:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    stopping = asyncio.create_task(sender.stop())
    await asyncio.sleep(0)
    may_go_on.set()
    await stopping
    await asyncio.gather(work, return_exceptions=True)
    assert await bench.states() == {"hello": "queued" if is_cancelled else "sent"}
    assert bench.channels[RED].attempts == ([] if is_cancelled else ["hello"])
