"""Recognition: whose secret a page brings, and what becomes of the secret when somebody proves who they are, or leaves.

A secret is minted here and stored as a hash. It never rises in rank: who proves an identity gets a new one, and the
old one is worth nothing from then on, so that a secret planted in somebody's browser opens nothing (session fixation).
"""

import contextlib
from urllib.parse import quote

from sqlalchemy import Connection

from adapters.site import PROVEN, Identity
from gateway.clock import Clock
from gateway.engine import Engine
from gateway.identifiers import Identifiers
from gateway.realtime.line import Line
from gateway.realtime.visits import Visit, Visits
from gateway.store import Store
from gateway.store.accounts import token_hash
from gateway.store.visits import forget_visitor, hand_over, keep_visitor, visited_thread, visitor_address
from router.errors import Refused
from router.events import ConversationResolved
from router.ids import EventId, InboxId

STRANGER = "vis"
WENT_ON = "the contact signed in and goes on in another conversation"


class Recognition:
    """Finds and makes visits."""

    def __init__(self, *, visits: Visits, store: Store, engine: Engine, clock: Clock, identifiers: Identifiers) -> None:
        self._visits = visits
        self._store = store
        self._engine = engine
        self._clock = clock
        self._identifiers = identifiers

    async def knows(self, inbox: InboxId, token: str) -> bool:
        """Whether this is the secret of a contact of this inbox."""
        if not token:
            return False
        hashed = token_hash(token)
        if self._visits.find(inbox, hashed) is not None:
            return True
        return await self._store.read(lambda connection: visitor_address(connection, inbox, hashed)) is not None

    async def recognise(self, inbox: InboxId, token: str) -> tuple[str, Visit]:
        """Whose secret this is; a new contact with a new secret when we did not make it."""
        if token:
            hashed = token_hash(token)
            present = self._visits.find(inbox, hashed)
            if present is not None:
                return token, present
            address = await self._store.read(lambda connection: visitor_address(connection, inbox, hashed))
            if address is not None:
                return token, Visit(token_hash=hashed, inbox=inbox, address=address, is_kept=True)
        return self._stranger(inbox)

    async def place(self, visit: Visit) -> int:
        """Find the contact's thread; how far it has grown."""
        if not visit.is_kept:
            return 0
        thread = await self._store.read(lambda c: visited_thread(c, visit.inbox, visit.address))
        if thread is None:
            return 0
        self._visits.belongs(visit, thread.id)
        visit.seen_seq = max(visit.seen_seq, thread.seen_seq)
        visit.last_seq = max(visit.last_seq, thread.last_seq)
        return thread.last_seq

    async def identify(self, visit: Visit, line: Line, identity: Identity) -> tuple[str, Visit]:
        """The contact behind this page is known now: the secret and the visit with which the page goes on.

        The secret is empty when it stays the same: for an identity that nobody has proven, or the one it had before.
        """
        visit.name = identity.name or visit.name
        visit.identifiers = identity.identifiers
        visit.attributes = {**visit.attributes, **identity.claims}
        if not identity.is_proven:
            return "", visit
        address = f"{PROVEN}{quote(identity.id, safe='@.:+-_')}"
        if address == visit.address:
            visit.proven = identity.attributes
            return "", visit
        token = self._identifiers.token()
        hashed, former = token_hash(token), line.token_hash
        now = self._clock.now()
        is_stranger = visit.address.startswith(f"{STRANGER}_")

        def change_hands(connection: Connection) -> bool:
            forget_visitor(connection, former)
            goes_on = is_stranger and hand_over(connection, visit.inbox, visit.address, address)
            keep_visitor(connection, hashed, visit.inbox, address, now)
            return goes_on

        goes_on = await self._store.write(change_hands)
        left_behind = visit.conversation if is_stranger and not goes_on else None
        self._visits.part(visit, line)
        known = Visit(token_hash=hashed, inbox=visit.inbox, address=address, is_kept=True)
        known = self._enter(known, line, hashed)
        known.language, known.context = visit.language or known.language, {**known.context, **visit.context}
        known.attributes, known.tags = {**known.attributes, **visit.attributes}, known.tags | visit.tags
        known.name, known.proven = identity.name or known.name, identity.attributes
        known.identifiers = identity.identifiers
        if left_behind is not None:
            event = ConversationResolved(
                id=EventId(self._identifiers.new("evt")), at=now, conversation=left_behind, by="", reason=WENT_ON
            )
            with contextlib.suppress(Refused):  # it has ended meanwhile
                await self._engine.submit(event)
        return token, known

    async def forget(self, visit: Visit, line: Line) -> tuple[str, Visit]:
        """The contact leaves this browser: its secret is worth nothing any more, the page goes on as a stranger's."""
        former = line.token_hash
        await self._store.write(lambda connection: forget_visitor(connection, former))
        self._visits.part(visit, line)
        token, stranger = self._stranger(visit.inbox)
        stranger.language, stranger.context = visit.language, visit.context
        return token, self._enter(stranger, line, stranger.token_hash)

    def _enter(self, visit: Visit, line: Line, hashed: str) -> Visit:
        line.token_hash, line.told, line.standing = hashed, -1, None
        return self._visits.enter(visit, line)

    def _stranger(self, inbox: InboxId) -> tuple[str, Visit]:
        token = self._identifiers.token()
        address = self._identifiers.new(STRANGER)
        return token, Visit(token_hash=token_hash(token), inbox=inbox, address=address, is_kept=False)
