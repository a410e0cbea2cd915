"""The visits going on now: which contacts have a page open, and what each of their connections has been told.

A thread's messages are told in the order of their ``seq``, read from the store: whoever says "there is something new"
(a commit, a delivery, a page that comes back) only wakes `catch_up`, which tells each connection what it has not been
told yet. So a connection can miss nothing and hear nothing twice, whatever happens at the same time.
"""

import asyncio
import hmac
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from adapters.identifier import Identifier
from adapters.visit import Earlier, Edited, Resync, Shown, SomebodyTypes, Status, ToVisitor, Welcome
from gateway.crossing import Committed
from gateway.realtime.line import Line
from gateway.realtime.standing import public_name
from gateway.store import Store, StoreUnavailable
from gateway.store.visits import SaidMessage, said_after, said_before, said_by_id
from router.effects import RecordMessage, ReviseMessage
from router.ids import ConversationId, InboxId, MediaId, MessageId, ThreadId
from router.settings import Settings

PAGE = 100
"""Messages read at a time."""

BACKLOG = 300
"""Messages of the past that a page is told when it opens."""

Sign = Callable[[MediaId, str], str]
"""A link to a stored file that works for a while."""

log = logging.getLogger(__name__)
_parts: msgspec.json.Decoder[list[dict[str, Any]]] = msgspec.json.Decoder(list[dict[str, Any]])
_encoder = msgspec.json.Encoder()


class Visit:
    """One contact with at least one page open; all of the contact's pages share it."""

    __slots__ = (
        "address", "attributes", "context", "conversation", "identifiers", "inbox", "is_behind", "is_kept",
        "is_telling", "language", "last_seq", "lines", "name", "proven", "read_seq", "seen_seq", "standing", "tags",
        "thread", "token_hash",
    )  # fmt: skip

    def __init__(self, *, token_hash: str, inbox: InboxId, address: str, is_kept: bool) -> None:
        self.token_hash = token_hash
        self.inbox = inbox
        self.address = address
        self.is_kept = is_kept
        self.thread: ThreadId | None = None
        self.conversation: ConversationId | None = None
        self.language = ""
        self.context: Mapping[str, str] = {}
        self.attributes: Mapping[str, str] = {}
        self.proven: Mapping[str, str] = {}
        self.identifiers: tuple[Identifier, ...] = ()
        self.tags: frozenset[str] = frozenset()
        self.name = ""
        self.lines: list[Line] = []
        self.seen_seq = 0
        self.read_seq = 0
        self.last_seq = 0
        self.standing: Status | None = None
        self.is_telling = False
        self.is_behind = False

    @property
    def entry(self) -> str:
        """How the contact came, as the page said it."""
        return self.context.get("entry", "")


class Visits:
    """All visits of this process: found by secret, address, thread or conversation. Listens to the engine."""

    def __init__(self, *, store: Store, settings: Callable[[], Settings], sign: Sign) -> None:
        self._store = store
        self._settings = settings
        self._sign = sign
        self._by_hash: dict[str, Visit] = {}
        self._by_address: dict[tuple[InboxId, str], Visit] = {}
        self._by_thread: dict[ThreadId, Visit] = {}
        self._by_conversation: dict[ConversationId, Visit] = {}
        self._by_line: dict[Line, Visit] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._left: dict[ThreadId, None] = {}
        self.moved: set[Visit] = set()
        self.has_moved = asyncio.Event()

    def __iter__(self) -> Iterator[Visit]:
        return iter(tuple(self._by_address.values()))

    def __len__(self) -> int:
        return len(self._by_address)

    # --- Who is here ------------------------------------------------------------------------------------------------

    def find(self, inbox: InboxId, token_hash: str) -> Visit | None:
        """The visit that this secret stands for, when it is going on."""
        visit = self._by_hash.get(token_hash)
        return visit if visit is not None and visit.inbox == inbox else None

    def enter(self, visit: Visit, line: Line) -> Visit:
        """Another page is open: of this visit, or of the one that is going on already."""
        present = self._by_address.setdefault((visit.inbox, visit.address), visit)
        self._by_hash[present.token_hash] = present
        present.lines.append(line)
        self._by_line[line] = present
        return present

    def leave(self, line: Line) -> None:
        """A page was closed, or goes on as somebody else; with the last one the visit ends."""
        visit = self._by_line.pop(line, None)
        if visit is None:
            return
        visit.lines.remove(line)
        place = visit.inbox, visit.address
        if not visit.lines and self._by_address.get(place) is visit:
            del self._by_address[place]
            self._by_hash.pop(visit.token_hash, None)
            self.moved.discard(visit)
            if visit.thread is not None and self._by_thread.get(visit.thread) is visit:
                del self._by_thread[visit.thread]
                self._left[visit.thread] = None
            if visit.conversation is not None:
                self._by_conversation.pop(visit.conversation, None)

    def is_here(self, thread: ThreadId) -> bool:
        """Whether the contact of this thread has a page open."""
        return thread in self._by_thread

    def take_left(self) -> Iterable[ThreadId]:
        """The threads whose contact's last page was closed since this was asked before."""
        left, self._left = self._left, {}
        return left

    def part(self, visit: Visit, line: Line) -> None:
        """A page goes on as somebody else; others that came with the same secret are cut, and come back with theirs."""
        for other in tuple(visit.lines):
            if other is line or hmac.compare_digest(other.token_hash, line.token_hash):
                self.leave(other)
                if other is not line:
                    other.abort()
        if self._by_hash.get(line.token_hash) is visit:
            del self._by_hash[line.token_hash]

    def belongs(self, visit: Visit, thread: ThreadId) -> None:
        """The contact's thread is known (it is made with the first word)."""
        if visit.lines and visit.thread != thread:
            visit.thread = thread
            self._by_thread[thread] = visit

    def stands(self, visit: Visit, conversation: ConversationId | None) -> None:
        """Which conversation of the thread is open now."""
        if visit.conversation is not None:
            self._by_conversation.pop(visit.conversation, None)
        visit.conversation = conversation
        if visit.lines and conversation is not None:
            self._by_conversation[conversation] = visit

    def viewed(self, conversation: ConversationId) -> None:
        """Somebody at the desk has opened or left this conversation: its contact may learn that it is read."""
        if (visit := self._by_conversation.get(conversation)) is not None:
            self.move(visit)

    def move(self, visit: Visit) -> None:
        """Where the visit's conversation stands may have changed: have it looked at."""
        self.moved.add(visit)
        self.has_moved.set()

    # --- What they are told -----------------------------------------------------------------------------------------

    async def push(self, inbox: InboxId, address: str, frame: Mapping[str, Any]) -> bool:
        """`adapters.contract.Push`: show what was delivered, or that somebody types; False when no page is open."""
        visit = self._by_address.get((inbox, address))
        if visit is None or not visit.lines:
            return False
        if frame.get("type") == "typing":
            await self.tell(visit, SomebodyTypes(name=visit.standing.agent if visit.standing else ""))
            return True
        await self.catch_up(visit)
        return any(line.told >= 0 for line in visit.lines)

    async def tell(self, visit: Visit, frame: ToVisitor) -> None:
        """The same frame to all pages of a visit."""
        data = encode(frame)
        for line in tuple(visit.lines):
            await line.send(data)

    async def welcome(self, visit: Visit, line: Line, welcome: Welcome, standing: Status) -> None:
        """Tell a page who it is and where its conversation stands, which may have moved while this was put together."""
        await line.send(encode(welcome))
        line.standing = standing
        if visit.thread is not None:
            self.move(visit)

    async def inform(self, visit: Visit, standing: Status) -> None:
        """Tell the pages of a visit that were welcomed where its conversation stands, unless they know."""
        data = encode(standing)
        for line in tuple(visit.lines):
            if line.standing is not None and line.standing != standing:
                line.standing = standing
                await line.send(data)

    async def resume(self, visit: Visit, line: Line, seq: int, last_seq: int) -> None:
        """A page says how far it has got. One that knows more than there is must forget what it knows."""
        if seq > last_seq:
            await line.send(encode(Resync()))
            return
        line.told = max(seq, last_seq - BACKLOG)
        await self.catch_up(visit)

    async def earlier(self, visit: Visit, line: Line, seq: int) -> None:
        """A page wants what came before this message."""
        thread = visit.thread
        said = [] if thread is None else await self._store.read(lambda c: said_before(c, thread, seq, PAGE))
        shown = tuple(self._shown(message, visit.language) for message in said)
        await line.send(encode(Earlier(messages=shown, is_all=len(said) < PAGE)))

    async def catch_up(self, visit: Visit) -> None:
        """Tell each page of a visit what it has not been told of the thread."""
        visit.is_behind = True
        if visit.is_telling:
            return
        visit.is_telling = True
        try:
            while visit.is_behind:
                visit.is_behind = False
                await self._tell_next(visit)
        finally:
            visit.is_telling = False

    async def _tell_next(self, visit: Visit) -> None:
        thread = visit.thread
        reached = min((line.told for line in visit.lines if line.told >= 0), default=None)
        if thread is None or reached is None:
            return
        said = await self._store.read(lambda connection: said_after(connection, thread, reached, PAGE))
        before = reached
        for message in said:
            visit.last_seq = max(visit.last_seq, message.seq)
            data = None if message.note else encode(self._shown(message, visit.language))
            for line in tuple(visit.lines):
                # A page that resumed from further back since the store was asked has its own turn, next.
                if before <= line.told < message.seq:
                    line.told = message.seq
                    if data is not None:
                        await line.send(data)
            before = message.seq
        if len(said) == PAGE:
            visit.is_behind = True

    def name_of(self, message: SaidMessage, language: str) -> str:
        """Under which name a contact sees who wrote this."""
        return public_name(self._settings(), message.author_kind, message.author, message.group, language)

    def _shown(self, message: SaidMessage, language: str) -> Shown:
        name = self.name_of(message, language)
        return Shown(
            seq=message.seq,
            id=message.id,
            at=message.at.isoformat().replace("+00:00", "Z"),
            author={"kind": message.author_kind, "name": name},
            parts=self._shown_parts(message),
            client_id=message.key,
            is_edited=message.is_edited,
        )

    def _shown_parts(self, message: SaidMessage) -> tuple[Mapping[str, Any], ...]:
        return tuple(self._shown_part(part) for part in _parts.decode(message.parts))

    def _shown_part(self, part: dict[str, Any]) -> Mapping[str, Any]:
        """Without what is for adapters and agents; a stored file gets a link that works for a while."""
        shown = {key: value for key, value in part.items() if key not in {"ref", "ack", "problem"}}
        if media := shown.get("media"):
            shown["url"] = self._sign(MediaId(media), str(shown.get("name", "")))
        return shown

    # --- From the engine --------------------------------------------------------------------------------------------

    def on_commit(self, committed: Committed) -> None:
        """Wake the visits that a commit concerns; nothing else happens before the loop is free again."""
        if not self._by_address:
            return
        for conversation in committed.conversations.values():
            if (visit := self._by_thread.get(conversation.thread)) is not None:
                self.stands(visit, conversation.id)
                self.move(visit)
        spoken: dict[Visit, None] = {}
        revised: list[MessageId] = []
        for effect in committed.effects:
            if isinstance(effect, RecordMessage) and not effect.note:
                if (visit := self._by_conversation.get(effect.conversation)) is not None:
                    spoken[visit] = None
            elif isinstance(effect, ReviseMessage):
                revised.append(effect.id)
        for visit in spoken:
            self._start(self.catch_up(visit))
        if revised:
            self._start(self._revise(revised))

    async def _revise(self, ids: Iterable[MessageId]) -> None:
        for message in await self._store.read(lambda connection: said_by_id(connection, ids)):
            visit = self._by_thread.get(message.thread)
            if visit is not None and not message.note:
                await self.tell(visit, Edited(id=message.id, parts=self._shown_parts(message)))

    def _start(self, work: Any) -> None:  # noqa: ANN401  a coroutine; its type parameters say nothing here
        task = asyncio.create_task(self._suppressed(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _suppressed(self, work: Any) -> None:  # noqa: ANN401  as `_start`
        try:
            await work
        except StoreUnavailable:
            log.info("visits: the store does not answer; pages catch up with the next message")

    async def stop(self) -> None:
        """Give up what is being told; pages ask for it when they come back."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def encode(frame: ToVisitor) -> bytes:
    """A frame as it is sent."""
    return _encoder.encode(frame)
