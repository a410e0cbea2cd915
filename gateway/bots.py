"""Runs the bots: after a commit that asks one, hears what was said, lets it think, and submits what it says.

A bot's memory travels with its answer, in the event, so that both are committed or neither: nothing is said twice or
forgotten, whatever stops when. What a bot still owed when the process ended stands in the conversation, and is asked
again at the start. One conversation's questions are answered in their order, several conversations' side by side. A bot
that is late is not waited for: the core has a timer, gives the conversation to people, and refuses the late answer by
its epoch.
"""

import asyncio
import logging
from collections import deque
from typing import Protocol

from sqlalchemy import Connection, select

from adapters.bots.question import BotUnavailable
from gateway.bot_turn import Thinking
from gateway.crossing import Committed, Quarantined
from gateway.store import Store, StoreUnavailable
from gateway.store.codec import decode, decode_parts
from gateway.store.schema import conversations, messages
from router.conversation import Conversation, OwnerKind, State
from router.effects import AskBot
from router.errors import Refused
from router.events import AnyEvent, BotReplied, HandoffRequested
from router.ids import ConversationId
from router.message import Part

log = logging.getLogger(__name__)

AT_ONCE = 64
"""How many bots think at the same time."""


class Engine(Protocol):
    """What the engine offers to the bots."""

    async def submit(self, event: AnyEvent) -> Committed:
        """Commit one event."""


class Bots:
    """Answers `AskBot`. A listener of the engine; `run` under a supervisor."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        thinking: Thinking,
    ) -> None:
        self._store = store
        self._engine = engine
        self._thinking = thinking
        self._wake = asyncio.Event()
        self._asks: dict[ConversationId, deque[AskBot]] = {}
        self._running: dict[ConversationId, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    def on_commit(self, committed: Committed) -> None:
        """Take note of what bots are asked."""
        for effect in committed.effects:
            if type(effect) is AskBot:
                self._asks.setdefault(effect.conversation, deque()).append(effect)
                self._wake.set()

    async def run(self) -> None:
        """Answer what was left unanswered, then what is asked, until cancelled.

        Raises:
            StoreUnavailable: what was left cannot be read; it can be run again.
        """
        for ask in await self._store.read(_unanswered):
            asked = self._asks.setdefault(ask.conversation, deque())
            if not any(other.epoch == ask.epoch and other.message == ask.message for other in asked):
                asked.append(ask)
        try:
            while True:
                self._begin()
                self._wake.clear()
                await self._wake.wait()
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _begin(self) -> None:
        for conversation in self._asks.keys() - self._running.keys():
            task = asyncio.create_task(self._converse(conversation), name=f"bot {conversation}")
            self._running[conversation] = task
            task.add_done_callback(lambda _, ended=conversation: self._ended(ended))  # type: ignore[misc]  # its default

    def _ended(self, conversation: ConversationId) -> None:
        self._running.pop(conversation, None)
        self._wake.set()

    async def _converse(self, conversation: ConversationId) -> None:
        """Answer one conversation's questions, in their order."""
        asks = self._asks[conversation]
        try:
            while asks:
                async with self._room:
                    await self._answer(asks.popleft())
        finally:
            if not asks:
                del self._asks[conversation]

    async def _answer(self, ask: AskBot) -> None:
        """One question. Whatever goes wrong, people get the conversation: by our word, or by the core's timer."""
        try:
            found = await self._store.read(lambda connection: _heard(connection, ask))
            if found is None:
                return
            event = await self._thinking.event(ask, *found)
        except StoreUnavailable:
            log.warning("bot not asked", extra={"conversation": ask.conversation})
            return
        except TimeoutError:
            log.warning("bot is late", extra={"conversation": ask.conversation, "bot": ask.bot})
            event = None if ask.is_aside else self._thinking.down(ask)
        except BotUnavailable as error:
            log.warning("bot is down", extra={"conversation": ask.conversation, "bot": ask.bot, "problem": str(error)})
            event = None if ask.is_aside else self._thinking.down(ask)
        except Exception:  # a bot's fault is no reason to leave the contact alone, nor to stop the other bots
            log.exception("bot failed", extra={"conversation": ask.conversation, "bot": ask.bot})
            event = None if ask.is_aside else self._thinking.down(ask)
        if event is not None:
            await self._submit(event)

    async def _submit(self, event: BotReplied | HandoffRequested) -> None:
        try:
            await self._engine.submit(event)
        except (Refused, Quarantined, StoreUnavailable) as error:
            # Somebody else has the conversation: what the bot wanted to say is dropped, as it must be.
            log.info("bot's answer dropped", extra={"conversation": event.conversation, "problem": str(error)})


# --- What is stored -------------------------------------------------------------------------------------------------


def _unanswered(connection: Connection) -> list[AskBot]:
    """What bots still owe, the oldest first."""
    rows = connection.execute(select(conversations.c.body).where(conversations.c.state == State.BOT.value))
    asks: list[tuple[float, AskBot]] = []
    for row in rows:
        conversation = decode(Conversation, row.body)
        if conversation.asked_bot_at is None or conversation.owner.kind is not OwnerKind.BOT:
            continue
        for message in conversation.bot.asked:
            ask = AskBot(
                conversation=conversation.id,
                bot=conversation.owner.id,  # type: ignore[arg-type]  # a bot's owner id is an agent's
                epoch=conversation.epoch,
                message=message,
            )
            asks.append((conversation.asked_bot_at.timestamp(), ask))
    return [ask for _, ask in sorted(asks, key=lambda pair: pair[0])]


def _heard(connection: Connection, ask: AskBot) -> tuple[Conversation, tuple[Part, ...]] | None:
    """The conversation as it is, and what was said; None when it is not the bot's to answer any more."""
    row = connection.execute(select(conversations.c.body).where(conversations.c.id == ask.conversation)).one_or_none()
    if row is None:
        return None
    conversation = decode(Conversation, row.body)
    if conversation.epoch != ask.epoch or conversation.state is State.RESOLVED:
        return None
    said = connection.execute(select(messages.c.parts).where(messages.c.id == ask.message)).one_or_none()
    return conversation, decode_parts(said.parts) if said is not None else ()
