"""The outlook: where visits stand, put together from the board, what was measured, who looks, and what may be rated."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from adapters.site import Site
from adapters.visit import Rating, Status
from gateway.clock import Clock
from gateway.engine import Engine
from gateway.realtime.pace import Pace
from gateway.realtime.standing import NONE, standing
from gateway.realtime.visits import Visit, Visits
from gateway.store import Store
from gateway.store.ratings import rateable
from router.board import Board
from router.conversation import Conversation, OwnerKind, State
from router.ids import ConversationId, InboxId, ThreadId
from skills.ids import AgentId

HOUSE_SECONDS = 5.0
"""How long the standing of those who have not written yet is good for: a rush must be cheap."""

HasOpen = Callable[[AgentId, ConversationId], bool]
"""Whether an agent has a conversation before the eyes."""

Returned = Callable[[Iterable[ThreadId]], Awaitable[None]]
"""Tells the core that contacts whom it holds for gone are here."""

_ENDED = frozenset({NONE, State.WRAPPING.value})


class Outlook:
    """Says where visits stand."""

    def __init__(  # noqa: PLR0913  what it puts together comes from so many sides
        self,
        *,
        visits: Visits,
        store: Store,
        engine: Engine,
        clock: Clock,
        pace: Pace,
        has_open: HasOpen,
        returned: Returned,
        site: Callable[[InboxId], Site | None],
    ) -> None:
        self._visits = visits
        self._store = store
        self._engine = engine
        self._clock = clock
        self._pace = pace
        self._has_open = has_open
        self._returned = returned
        self._site = site
        self._house_standing: Status | None = None
        self._house_until = 0.0

    async def house(self) -> Status:
        """Where it stands for all who have not written yet."""
        now = asyncio.get_running_loop().time()
        if self._house_standing is None or now > self._house_until:
            at = self._clock.now()
            self._house_standing = await self._engine.inspect(lambda board: standing(board, None, "", 0, at))
            self._house_until = now + HOUSE_SECONDS
        return self._house_standing

    async def stand(self, visit: Visit) -> Status:
        """Where this one stands."""
        return (await self.look((visit,)))[visit]

    async def look(self, visits: tuple[Visit, ...]) -> dict[Visit, Status]:
        """Where these stand, asked of the board in one go; what may be rated is asked of the store.

        Whoever is looked at has a page open: so this is where it is found that somebody is back.
        """
        now = self._clock.now()

        def look(board: Board) -> list[tuple[Status, Conversation | None]]:
            return [
                (
                    standing(board, visit.thread, visit.language, visit.seen_seq, now),
                    board.in_thread(visit.thread) if visit.thread is not None else None,
                )
                for visit in visits
            ]

        found = dict(zip(visits, await self._engine.inspect(look), strict=True))
        held_for_gone = (each for visit, (_, each) in found.items() if visit.lines and each is not None)
        await self._returned([each.thread for each in held_for_gone if each.patience.lost_at is not None])
        ratings = await self._ratings((visit for visit, (status, _) in found.items() if status.state in _ENDED), now)
        for visit, (status, conversation) in found.items():
            self._visits.stands(visit, None if conversation is None else conversation.id)
            wait = None if conversation is None else self._pace.wait(conversation.group, status.position, now)
            if conversation is not None and self._is_before_eyes(conversation):
                visit.read_seq = visit.last_seq
            visit.standing = msgspec.structs.replace(
                status, wait=wait, read_seq=visit.read_seq, rating=ratings.get(visit)
            )
        return {visit: visit.standing for visit in visits if visit.standing is not None}

    def _is_before_eyes(self, conversation: Conversation) -> bool:
        """Whether the one who answers has it open; whoever else looks leaves no trace."""
        owner = conversation.owner
        return owner.kind is OwnerKind.AGENT and self._has_open(AgentId(owner.id), conversation.id)

    async def _ratings(self, ended: Iterable[Visit], now: datetime) -> Mapping[Visit, Rating]:
        threads: dict[Visit, ThreadId] = {}
        for visit in ended:
            site = self._site(visit.inbox)
            if visit.thread is not None and site is not None and site.rating:
                threads[visit] = visit.thread
        if not threads:
            return {}
        found = await self._store.read(
            lambda connection: {visit: rateable(connection, thread, now) for visit, thread in threads.items()}
        )
        return {visit: Rating(stars=what.stars, text=what.text) for visit, what in found.items() if what is not None}
