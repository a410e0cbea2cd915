"""What a contact's page says: the visit's own matters are settled here, words go the way of all messages."""

from collections.abc import Callable, Iterable

import msgspec

from adapters.contract import Reported
from adapters.visit import (
    ENTRY,
    LANGUAGE,
    PERSON,
    SPEAKER,
    Ack,
    Choose,
    End,
    FromVisitor,
    Hello,
    Identify,
    Logout,
    Older,
    Person,
    Ping,
    Pong,
    Rate,
    Resume,
    Seen,
    Send,
    Situate,
    Typing,
    WantTranscript,
    WrittenMedia,
    WrittenPart,
    WrittenText,
)
from adapters.wire import WebhookRequest
from gateway.clock import Clock
from gateway.engine import Engine
from gateway.identifiers import Identifiers
from gateway.inboxes import Inbox
from gateway.realtime.asides import Asides
from gateway.realtime.line import Line
from gateway.realtime.refusal import Refusal
from gateway.realtime.visits import Visit, Visits, encode
from gateway.store import Store
from gateway.store.visits import (
    keep_visitor,
    mark_seen,
    receipt,
    stored_files,
    unread_by_contact,
    visited_thread,
)
from router.events import ConversationResolved
from router.ids import ConversationId, EventId, MediaId
from router.message import DeliveryState

ENDED = "ended by the contact"


class Hearing:
    """Does what frames ask for. Whoever calls it answers what it raises."""

    def __init__(
        self,
        *,
        visits: Visits,
        store: Store,
        engine: Engine,
        clock: Clock,
        identifiers: Identifiers,
        contact_types: Callable[[ConversationId], None],
        asides: Asides,
    ) -> None:
        self._visits = visits
        self._store = store
        self._engine = engine
        self._clock = clock
        self._identifiers = identifiers
        self._contact_types = contact_types
        self._asides = asides

    async def hear(self, visit: Visit, line: Line, inbox: Inbox, frame: FromVisitor, raw: bytes) -> None:
        """Do what a frame says.

        Raises:
            Refusal: it cannot be done.
            Refused: the core refused it.
            MalformedPayload: it says nothing.
            StoreUnavailable: it is not durable.
        """
        match frame:
            case Send() | Choose():
                await self._said(visit, line, inbox, frame, raw)
            case Resume() | Older():
                await self._tell(visit, line, frame)
            case Seen(seq=seq):
                await self._seen(visit, inbox, seq)
            case Situate() | Rate() | WantTranscript():
                await self._asides.hear(visit, line, inbox, frame)
            case Typing() | End():
                await self._happens(visit, frame)
            case Ping():
                await line.send(encode(Pong()))
            case Hello() | Identify() | Logout():
                raise Refusal("late_hello", "hello is the first frame and no other")

    async def _said(self, visit: Visit, line: Line, inbox: Inbox, frame: Send | Choose, raw: bytes) -> None:
        """Words: proven, understood, committed, and only then acknowledged."""
        body = raw
        if isinstance(frame, Send) and any(not isinstance(part, WrittenText) for part in frame.parts):
            body = msgspec.json.encode(await self._completed(frame))
        request = WebhookRequest(method="FRAME", path="", query=_said_of(visit), headers=_headers(visit), body=body)
        inbox.adapter.authenticate(request, self._clock.now())
        parsed = inbox.adapter.parse(request)
        await self._keep(visit)
        await self._engine.receive(inbox.id, inbox.channel, parsed.inbound)
        found = await self._store.read(lambda c: receipt(c, visit.inbox, visit.address, frame.client_id))
        if found is None:
            raise Refusal("refused", "this message was set aside")
        thread, message = found
        self._visits.belongs(visit, thread.id)
        if visit.conversation is None:
            self._visits.stands(visit, message.conversation)
        visit.last_seq = max(visit.last_seq, message.seq)
        at = message.at.isoformat().replace("+00:00", "Z")
        await line.send(encode(Ack(client_id=frame.client_id, id=message.id, seq=message.seq, at=at)))
        self._visits.move(visit)
        await self._visits.catch_up(visit)

    async def _completed(self, frame: Send) -> Send:
        """The same with our own word on what its files are.

        Raises:
            Refusal: one of them was never uploaded.
        """
        wanted = [MediaId(part.media) for part in frame.parts if not isinstance(part, WrittenText)]
        files = await self._store.read(lambda connection: stored_files(connection, wanted))

        def complete(part: WrittenPart) -> WrittenPart:
            if isinstance(part, WrittenText):
                return part
            known = files.get(MediaId(part.media))
            if known is None:
                raise Refusal("unknown_file", "this file was not uploaded")
            return _described(part, *known)

        return msgspec.structs.replace(frame, parts=tuple(complete(part) for part in frame.parts))

    async def _keep(self, visit: Visit) -> None:
        """With the first word a visitor becomes somebody whom we shall know again."""
        if not visit.is_kept:
            visit.is_kept = True
            now = self._clock.now()
            try:
                await self._store.write(lambda c: keep_visitor(c, visit.token_hash, visit.inbox, visit.address, now))
            except BaseException:
                visit.is_kept = False
                raise

    async def _tell(self, visit: Visit, line: Line, frame: Resume | Older) -> None:
        if isinstance(frame, Older):
            await self._visits.earlier(visit, line, frame.seq)
            return
        thread = await self._store.read(lambda c: visited_thread(c, visit.inbox, visit.address))
        await self._visits.resume(visit, line, frame.seq, 0 if thread is None else thread.last_seq)

    async def _seen(self, visit: Visit, inbox: Inbox, seq: int) -> None:
        """The contact has read up to here: so the agent is told, message by message."""
        thread, before = visit.thread, visit.seen_seq
        if thread is None or seq <= before:
            return
        unread = await self._store.read(lambda c: unread_by_contact(c, thread, before, seq))
        await self._store.write(lambda c: mark_seen(c, thread, seq))
        visit.seen_seq = max(visit.seen_seq, seq)
        await self._engine.receive(inbox.id, inbox.channel, [*_read_reports(visit.address, unread)])
        self._visits.move(visit)

    async def _happens(self, visit: Visit, frame: Typing | End) -> None:
        if visit.conversation is None:
            return
        if isinstance(frame, Typing):
            self._contact_types(visit.conversation)
        else:
            event = ConversationResolved(
                id=EventId(self._identifiers.new("evt")),
                at=self._clock.now(),
                conversation=visit.conversation,
                by="",
                reason=ENDED,
            )
            await self._engine.submit(event)


def _said_of(visit: Visit) -> dict[str, str]:
    """What the page says, of itself and of the contact; what is proven is not said again."""
    said = {**visit.context, **visit.attributes}
    return {key: value for key, value in said.items() if key != "entry" and key not in visit.proven}


def _headers(visit: Visit) -> dict[str, str]:
    headers = {SPEAKER: visit.address, LANGUAGE: visit.language, ENTRY: visit.entry}
    if visit.name or visit.proven or visit.tags or visit.identifiers:
        person = Person(
            name=visit.name, proven=visit.proven, tags=tuple(sorted(visit.tags)), identifiers=visit.identifiers
        )
        headers[PERSON] = msgspec.json.encode(person).decode()
    return headers


def _described(part: WrittenMedia, mime: str, size: int) -> WrittenMedia:
    return msgspec.structs.replace(part, mime=mime, size=size)


def _read_reports(address: str, messages: Iterable[str]) -> Iterable[Reported]:
    for message in messages:
        yield Reported(
            delivery_key=f"{address}/read/{message}",
            address=address,
            message=message,  # type: ignore[arg-type]  # an id as it is stored
            state=DeliveryState.READ,
        )
