"""Shows a contact that somebody types an answer: a courtesy, at most as often as the channel needs it."""

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy import Row, select

from adapters.contract import Adapter
from adapters.errors import DeliveryError
from gateway.inboxes import Inbox
from gateway.store import Store, StoreUnavailable
from gateway.store.schema import conversations, threads
from router.ids import ConversationId, InboxId

log = logging.getLogger(__name__)

_DEADLINE = 5.0
_REMEMBERED = 1_000


class TypingSign:
    """`show` it whenever an agent presses a key; it is sent when it is due."""

    def __init__(self, store: Store, inboxes: Mapping[InboxId, Inbox]) -> None:
        self._store = store
        self._inboxes = inboxes
        self._next: dict[ConversationId, float] = {}

    async def show(self, conversation: ConversationId, inbox: InboxId) -> None:
        """Show it to the conversation's contact, unless it still shows; never raises."""
        place = self._inboxes.get(inbox)
        if place is None:
            return
        can = place.adapter.capabilities()
        now = asyncio.get_running_loop().time()
        if not can.has_typing or now < self._next.get(conversation, 0.0):
            return
        if len(self._next) >= _REMEMBERED:
            self._next = {key: at for key, at in self._next.items() if at > now}
        self._next[conversation] = now + can.typing_every.total_seconds()
        try:
            await self._show(conversation, place.adapter)
        except (DeliveryError, StoreUnavailable, TimeoutError) as error:
            log.debug("typing not shown", extra={"inbox": inbox, "reason": str(error)})

    async def _show(self, conversation: ConversationId, adapter: Adapter) -> None:
        query = (
            select(threads.c.address)
            .join(conversations, conversations.c.thread == threads.c.id)
            .where(conversations.c.id == conversation)
        )
        row: Row[*tuple[str, ...]] | None = await self._store.read(lambda connection: connection.execute(query).first())
        if row is not None:
            async with asyncio.timeout(_DEADLINE):
                await adapter.show_typing(row.address)
