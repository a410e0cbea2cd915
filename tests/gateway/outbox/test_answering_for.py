"""An agent answers for a message: it arrived, send it again, say it with other words. On the real engine."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from adapters.contract import Amendment
from adapters.errors import Ambiguous, ChannelBroken, DeliveryError, NotConnected, Rejected
from adapters.progress import Progress
from gateway.clock import micros
from gateway.store import Store
from gateway.store.schema import events, messages, outbox
from router.events import AgentReplied, AnyEvent, DeliveryReported, DeliverySettled, ReplyRevised, Verdict
from router.ids import ConversationId, EventId, MessageId
from router.message import DeliveryState, Text
from tests.fakes.scripted_channel import call
from tests.gateway.house import LI_NA, RED, House, open_house
from tests.gateway.waiting import until, until_found

ANSWER = MessageId("answer")


class Talk:
    """One conversation, and what its agent does."""

    def __init__(self, house: House, conversation: ConversationId) -> None:
        self.house = house
        self.conversation = conversation
        self._events = 0

    def common(self) -> dict[str, Any]:
        """What every event of the agent has."""
        self._events += 1
        id_ = EventId(f"evt_agent_{self._events}")
        return {"id": id_, "at": datetime.now(UTC), "conversation": self.conversation, "agent": LI_NA}

    async def submit(self, event: AnyEvent) -> None:
        """Let it happen."""
        await self.house.engine.submit(event)

    async def answer(self, text: str = "answer") -> None:
        """Answer the contact."""
        await self.submit(AgentReplied(**self.common(), message=ANSWER, parts=(Text(text=text),)))

    async def settle(self, verdict: Verdict) -> None:
        """Speak for the answer."""
        await self.submit(DeliverySettled(**self.common(), message=ANSWER, verdict=verdict))

    async def revise(self, text: str) -> None:
        """Put other words in the answer's place."""
        await self.submit(ReplyRevised(**self.common(), message=ANSWER, parts=(Text(text=text),)))

    async def row(self) -> Any:
        """The answer as it is stored."""
        return next(row for row in await self.house.rows(messages) if row.id == ANSWER)

    async def ends_as(self, state: str) -> Any:
        """Wait for the answer to be so."""

        async def ended() -> Any:
            row = await self.row()
            return row if row.delivery == state else None

        return await until_found(ended)

    async def grows_old(self, age: timedelta) -> None:
        """Let so much time go by for the answer, and for nothing else."""
        then = micros(datetime.now(UTC) - age)

        def date_back(connection: Connection) -> None:
            connection.execute(update(messages).where(messages.c.id == ANSWER).values(at=then))

        await self.house.store.write(date_back)

    async def is_put_back(self) -> None:
        """Wait until the answer was tried in vain and waits again."""
        await until(lambda: self.house.channel.attempts)

        async def waits() -> bool:
            return all(row.state == "queued" for row in await self.house.rows(outbox))

        await until_found(waits)

    async def is_quiet(self) -> None:
        """Wait until the outbox has nothing left to do."""

        async def is_done() -> bool:
            return all(row.state == "done" for row in await self.house.rows(outbox))

        await until_found(is_done)


@pytest.fixture
async def talk(store: Store, tmp_path: Path) -> AsyncIterator[Talk]:
    """A contact has written, and the agent is about to answer."""
    async with open_house(store, tmp_path) as house:
        await house.intake.webhook(RED, call({"key": "1", "address": "ada", "text": "hello"}))
        first = (await house.rows(messages))[0]
        yield Talk(house, ConversationId(first.conversation))


def part_way(error: DeliveryError) -> DeliveryError:
    """The error, with one piece taken before."""
    error.progress = Progress(keys=("red:first",))
    return error


async def test_it_arrived(talk: Talk) -> None:
    """The agent's word makes an unverified message a sent one, under the agent's name; nothing is sent."""
    talk.house.channel.script = {"answer": ["lost answer"]}
    await talk.answer()
    await talk.ends_as("unverified")
    await talk.settle(Verdict.ARRIVED)
    assert (await talk.ends_as("sent")).delivery_reason == f"arrived: {LI_NA}"
    assert len(talk.house.channel.taken) == 1
    (kept,) = [row for row in await talk.house.rows(events) if row.kind == "DeliverySettled"]
    assert LI_NA in kept.body


@pytest.mark.parametrize("trouble", [Ambiguous("timeout"), Rejected("too_long")], ids=lambda error: error.reason)
async def test_send_it_again(talk: Talk, trouble: DeliveryError) -> None:
    """What is unverified or was rejected goes out once more when an agent asks; only what is behind the progress."""
    talk.house.channel.script = {"answer": [part_way(trouble)]}
    await talk.answer()
    await talk.ends_as("unverified" if not trouble.is_certain else "rejected")
    await talk.settle(Verdict.SEND_AGAIN)
    await talk.ends_as("sent")
    (taken,) = talk.house.channel.taken
    assert taken.progress.keys == ("red:first",)


async def test_asking_twice_sends_once(talk: Talk) -> None:
    """Two clicks at once are one message more, and a message that was sent is never sent again on request."""
    talk.house.channel.script = {"answer": [Ambiguous("timeout")]}
    await talk.answer()
    await talk.ends_as("unverified")
    await asyncio.gather(talk.settle(Verdict.SEND_AGAIN), talk.settle(Verdict.SEND_AGAIN))
    await talk.ends_as("sent")
    await talk.settle(Verdict.SEND_AGAIN)
    await talk.is_quiet()
    assert len(talk.house.channel.taken) == 1
    assert talk.house.channel.attempts == ["answer", "answer"]


@pytest.mark.parametrize("late", [DeliveryState.UNVERIFIED, DeliveryState.REJECTED])
async def test_a_report_that_comes_late(talk: Talk, late: DeliveryState) -> None:
    """Another gateway's word on the first attempt, heard after the second one arrived, makes nobody send a third."""
    await talk.answer()
    await talk.ends_as("sent")
    report: dict[str, Any] = {"id": EventId("evt_late"), "at": datetime.now(UTC), "conversation": talk.conversation}
    await talk.submit(DeliveryReported(**report, message=ANSWER, state=late, reason="timeout"))
    assert (await talk.row()).delivery == "sent"
    await talk.settle(Verdict.SEND_AGAIN)
    await talk.is_quiet()
    assert talk.house.channel.attempts == ["answer"]


async def test_other_words_reach_the_contact(talk: Talk) -> None:
    """An edit of a sent message is carried out under its ids; the earlier words are kept; an ambiguity is repeated."""
    await talk.answer()
    await talk.ends_as("sent")
    talk.house.channel.troubles_with_edits = [NotConnected("down"), Ambiguous("timeout")]
    await talk.revise("other words")
    await until(lambda: talk.house.channel.edited)
    assert talk.house.channel.edited == [
        Amendment(
            message=ANSWER,
            address="ada",
            keys=("red:1",),
            parts=(Text(text="other words"),),
            author_name=talk.house.channel.taken[0].author_name,
        )
    ]
    await talk.is_quiet()
    row = await talk.row()
    assert (row.text, row.delivery, row.delivery_reason) == ("other words", "sent", "")
    assert len(talk.house.channel.taken) == 1


async def test_words_that_change_before_they_are_sent(talk: Talk) -> None:
    """A message that still waits is sent with its new words, once."""
    talk.house.channel.script = {"answer": [ChannelBroken("unauthorized")]}
    await talk.answer()
    await talk.is_put_back()
    await talk.revise("other words")
    talk.house.outbox.repaired(RED)
    await talk.ends_as("sent")
    await talk.is_quiet()
    assert [message.parts for message in talk.house.channel.taken] == [(Text(text="other words"),)]


async def test_words_that_change_while_they_are_sent(talk: Talk) -> None:
    """What was edited while the call was under way is edited afterwards."""
    held, go_on = asyncio.Event(), asyncio.Event()
    deliver = talk.house.channel.deliver

    async def slow(message: Any) -> Any:
        held.set()
        await go_on.wait()
        return await deliver(message)

    talk.house.channel.deliver = slow  # type: ignore[method-assign]  # a platform that takes its time
    await talk.answer()
    await held.wait()
    await talk.revise("other words")
    go_on.set()
    await until(lambda: talk.house.channel.edited)
    assert [message.parts for message in talk.house.channel.taken] == [(Text(text="answer"),)]
    assert talk.house.channel.edited[0].parts == (Text(text="other words"),)


async def test_an_edit_that_the_platform_refuses(talk: Talk) -> None:
    """The message stays sent, and the agent reads that the contact still sees the earlier words."""
    await talk.answer()
    await talk.ends_as("sent")
    talk.house.channel.troubles_with_edits = [Rejected("too_old", "48 hours")]
    await talk.revise("other words")

    async def refused() -> Any:
        row = await talk.row()
        return row if row.delivery_reason else None

    row = await until_found(refused)
    assert (row.delivery, row.delivery_reason) == ("sent", "edit_failed: too_old: 48 hours")


async def test_an_old_message_is_sent_again(talk: Talk) -> None:
    """Two days later a request still counts: the patience begins anew with it."""
    talk.house.channel.script = {"answer": [Ambiguous("timeout"), NotConnected("down")]}
    await talk.answer()
    await talk.ends_as("unverified")
    await talk.grows_old(timedelta(days=2))
    await talk.settle(Verdict.SEND_AGAIN)
    await talk.ends_as("sent")
