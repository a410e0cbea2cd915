"""The widget's sockets: what a contact's page says is understood, committed, and only then acknowledged.

The secret that stands for a contact is minted here and stored as a hash, with the contact's first word: who only
looks leaves no row behind. One timer serves all sockets; a silent one costs its buffers and a few small objects.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web
from msgspec import MsgspecError

from adapters.errors import Forged, MalformedPayload
from adapters.site import Identity, Site, Unproven, Visited
from adapters.visit import FRAME_LIMIT, FromVisitor, Hello, Identify, Logout, Trouble, Welcome
from gateway.clock import Clock
from gateway.crossing import Quarantined
from gateway.engine import Engine
from gateway.identifiers import Identifiers
from gateway.inboxes import Inbox
from gateway.realtime.absence import Absences
from gateway.realtime.asides import Asides
from gateway.realtime.doorkeeper import Doorkeeper, is_welcome, place_of
from gateway.realtime.hearing import Hearing
from gateway.realtime.line import Line
from gateway.realtime.outlook import HasOpen, Outlook
from gateway.realtime.pace import Pace
from gateway.realtime.recognition import Recognition
from gateway.realtime.refusal import Refusal
from gateway.realtime.transcript import Transcripts, Wanted, transcribe
from gateway.realtime.visits import PAGE, Visit, Visits, encode
from gateway.store import Store, StoreUnavailable
from gateway.store.accounts import token_hash
from gateway.store.visits import SaidMessage, said_after
from router.errors import Refused
from router.ids import ConversationId, InboxId

HEARTBEAT_SECONDS = 25.0
SILENCE_SECONDS = 60.0
FIRST_FRAME_SECONDS = 10.0
ABSENCE_SECONDS = 1.0
QUEUE_SECONDS = 5.0
"""How often those who wait learn that others were served before them."""

SETTLE_SECONDS = 0.05
"""Changes of the same moment are looked at together."""

MISTAKES_ALLOWED = 20

WAITING_STATES = frozenset({"waiting", "offered"})

ContactTypes = Callable[[ConversationId], None]
"""Tells the desk that a contact types."""

NO_FRAME = (MsgspecError, UnicodeError, RecursionError)
"""What the decoder raises for bytes that are none of our frames: no JSON, no UTF-8, nested without end."""

log = logging.getLogger(__name__)
_from_visitor: msgspec.json.Decoder[FromVisitor] = msgspec.json.Decoder(FromVisitor)


class WidgetSockets:
    """Serves the sockets, and keeps every page informed of where its conversation stands."""

    def __init__(  # noqa: PLR0913  the composition root gives it everything it uses
        self,
        *,
        visits: Visits,
        inboxes: Mapping[InboxId, Inbox],
        store: Store,
        engine: Engine,
        clock: Clock,
        identifiers: Identifiers,
        contact_types: ContactTypes,
        transcripts: Transcripts,
        pace: Pace,
        has_open: HasOpen = lambda _agent, _conversation: False,
        doorkeeper: Doorkeeper | None = None,
    ) -> None:
        self._visits = visits
        self._inboxes = inboxes
        self._store = store
        self._engine = engine
        self._clock = clock
        self.absences = Absences(visits=visits, inboxes=inboxes, engine=engine, clock=clock, identifiers=identifiers)
        self._outlook = Outlook(
            visits=visits,
            store=store,
            engine=engine,
            clock=clock,
            pace=pace,
            has_open=has_open,
            returned=self.absences.returned,
            site=self.site,
        )
        self._recognition = Recognition(visits=visits, store=store, engine=engine, clock=clock, identifiers=identifiers)
        asides = Asides(
            visits=visits,
            store=store,
            engine=engine,
            clock=clock,
            identifiers=identifiers,
            transcripts=transcripts,
        )
        self._hearing = Hearing(
            visits=visits,
            store=store,
            engine=engine,
            clock=clock,
            identifiers=identifiers,
            contact_types=contact_types,
            asides=asides,
        )
        self.doorkeeper = doorkeeper or Doorkeeper()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_stopping = False

    # --- Life -------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to look after the sockets to come.

        Raises:
            StoreUnavailable: the board cannot be read.
        """
        await self.absences.start()
        self._tasks = [
            asyncio.create_task(self._every(ABSENCE_SECONDS, self.absences.look), name="widget absences"),
            asyncio.create_task(self._every(HEARTBEAT_SECONDS, self._beat), name="widget heartbeat"),
            asyncio.create_task(self._every(QUEUE_SECONDS, self._recount), name="widget queue"),
            asyncio.create_task(self._follow(), name="widget standings"),
        ]

    async def stop(self) -> None:
        """Close every socket; the pages come back to the next process and resume."""
        self._is_stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        closing = [
            line.socket.close(code=WSCloseCode.GOING_AWAY, drain=False)
            for visit in self._visits
            for line in visit.lines
        ]
        await asyncio.gather(*closing, return_exceptions=True)
        await self._visits.stop()

    def site(self, inbox: InboxId) -> Site | None:
        """What the widget of this inbox shows of itself; None when the inbox has no widget."""
        place = self._inboxes.get(inbox)
        return place.adapter.site if place is not None and isinstance(place.adapter, Visited) else None

    async def knows(self, inbox: InboxId, token: str) -> bool:
        """Whether this is the secret of a contact of this inbox."""
        return await self._recognition.knows(inbox, token)

    async def transcript(self, wanted: Wanted, house: str) -> str:
        """The file behind a link."""
        said: list[SaidMessage] = []
        seq = 0
        while page := await self._store.read(lambda c, seq=seq: said_after(c, wanted.thread, seq, PAGE)):  # type: ignore[misc]  # bound now
            said += [message for message in page if not message.note and message.seq <= wanted.seq]
            seq = page[-1].seq
        return transcribe(house, said, wanted.zone, lambda message: self._visits.name_of(message, wanted.language))

    # --- One socket -------------------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one page's connection to its end."""
        inbox = InboxId(request.match_info["inbox"])
        site = self.site(inbox)
        if site is None:
            raise web.HTTPNotFound
        if not is_welcome(request, site.origins):
            raise web.HTTPForbidden
        ip = place_of(request)
        now = asyncio.get_running_loop().time()
        if self._is_stopping or not self.doorkeeper.admit(ip, now):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
        try:
            socket: web.WebSocketResponse[Any] = web.WebSocketResponse(
                autoping=False, compress=False, max_msg_size=FRAME_LIMIT, decode_text=False
            )
            await socket.prepare(request)
            assert request.transport is not None  # noqa: S101  the handshake has just been sent over it
            await self._converse(Line(socket, request.transport, ip, now), self._inboxes[inbox], site)
        finally:
            self.doorkeeper.dismiss(ip)
        return socket

    async def _converse(self, line: Line, inbox: Inbox, site: Site) -> None:
        try:
            visit = await self._greet(line, inbox, site)
            if visit is not None:
                await self._hear(visit, line, inbox, site)
        except (ConnectionError, TimeoutError):
            line.abort()
        except StoreUnavailable:
            await line.socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
        finally:
            self._visits.leave(line)

    async def _greet(self, line: Line, inbox: Inbox, site: Site) -> Visit | None:
        """Answer the first frame; None when there was none, or another."""
        first = await line.socket.receive(timeout=FIRST_FRAME_SECONDS)
        try:
            hello = _from_visitor.decode(first.data) if first.type is WSMsgType.TEXT else None
        except NO_FRAME:
            hello = None
        if not isinstance(hello, Hello):
            await line.socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"say hello first")
            return None
        token, found = await self._recognition.recognise(inbox.id, hello.token)
        line.token_hash = token_hash(token)
        visit = self._visits.enter(found, line)
        visit.language, visit.context = hello.language or visit.language, {**visit.context, **hello.context}
        visit.attributes, visit.name = {**visit.attributes, **hello.attributes}, hello.name or visit.name
        visit.tags |= frozenset(site.visitor_tags).intersection(hello.tags)
        await self._welcome(visit, line, token, site)
        return visit

    async def _welcome(self, visit: Visit, line: Line, token: str, site: Site) -> None:
        """Tell a page who it is now, and where its conversation stands."""
        last_seq = await self._recognition.place(visit)
        status = await (self._outlook.house() if visit.thread is None else self._outlook.stand(visit))
        welcome = Welcome(token=token, inbox=_shown_site(site), thread_seq=last_seq, status=msgspec.to_builtins(status))
        await self._visits.welcome(visit, line, welcome, status)

    async def _become(self, visit: Visit, line: Line, inbox: Inbox, site: Site, frame: Identify | Logout) -> Visit:
        """The page says who the contact is, or that it is nobody any more: the visit with which it goes on.

        Raises:
            Refusal: it cannot prove it.
        """
        if isinstance(frame, Logout):
            token, known = await self._recognition.forget(visit, line)
        else:
            token, known = await self._recognition.identify(visit, line, self._identity(inbox, frame))
        if token:
            await self._welcome(known, line, token, site)
        return known

    def _identity(self, inbox: Inbox, frame: Identify) -> Identity:
        assert isinstance(inbox.adapter, Visited)  # noqa: S101  it has a site
        try:
            return inbox.adapter.identify(frame, self._clock.now())
        except Unproven as error:
            raise Refusal("not_identified", str(error)) from error

    async def _hear(self, visit: Visit, line: Line, inbox: Inbox, site: Site) -> None:
        loop = asyncio.get_running_loop()
        mistakes = 0
        async for message in line.socket:
            line.heard_at = now = loop.time()
            if message.type is WSMsgType.PING:
                await line.socket.pong(message.data)
            if message.type is not WSMsgType.TEXT:
                continue
            trouble = None
            try:
                if not line.bucket.take(now):
                    raise Refusal("slow_down", "too much at once")
                frame = _from_visitor.decode(message.data)
                if isinstance(frame, Identify | Logout):
                    visit = await self._become(visit, line, inbox, site, frame)
                else:
                    await self._hearing.hear(visit, line, inbox, frame, message.data)
            except (Refusal, Refused, Quarantined, StoreUnavailable, MalformedPayload, Forged, *NO_FRAME) as error:
                trouble = _trouble(error, message.data)
            if trouble is not None:
                mistakes += trouble.code == "malformed"
                if mistakes > MISTAKES_ALLOWED:
                    await line.socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"not our protocol")
                    return
                await line.send(encode(trouble))

    # --- All sockets ------------------------------------------------------------------------------------------------

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except StoreUnavailable:
                log.info("widget: the store does not answer; tried again later")

    async def _beat(self) -> None:
        """Ask every connection whether it lives, and cut those that have not answered for long."""
        now = asyncio.get_running_loop().time()
        for visit in self._visits:
            for line in tuple(visit.lines):
                if now - line.heard_at > SILENCE_SECONDS:
                    line.abort()
                else:
                    await line.ping()

    async def _recount(self) -> None:
        """Those who wait move up when others are served."""
        for visit in self._visits:
            if visit.standing is not None and visit.standing.state in WAITING_STATES:
                self._visits.move(visit)

    async def _follow(self) -> None:
        """Tell those whose conversation has moved where it stands now."""
        while True:
            await self._visits.has_moved.wait()
            await asyncio.sleep(SETTLE_SECONDS)
            self._visits.has_moved.clear()
            moved = tuple(self._visits.moved)
            self._visits.moved.clear()
            try:
                for visit, status in (await self._outlook.look(moved)).items():
                    await self._visits.inform(visit, status)
            except StoreUnavailable:
                log.info("widget: the board does not answer; pages learn it with the next change")


class _Named(msgspec.Struct):
    client_id: str = ""


def _trouble(error: Exception, data: bytes) -> Trouble:
    """What to answer to a frame that was refused, with the client's own name of it where that can be made out."""
    client_id = ""
    with contextlib.suppress(*NO_FRAME):
        client_id = msgspec.json.decode(data, type=_Named).client_id
    match error:
        case Refusal(code=code):
            return Trouble(code=code, message=str(error), client_id=client_id)
        case StoreUnavailable():
            return Trouble(code="unavailable", message="try again", client_id=client_id)
        case Refused() | Quarantined():
            return Trouble(code="refused", message=str(error), client_id=client_id)
        case _:
            return Trouble(code="malformed", message="not understood", client_id=client_id)


def _shown_site(site: Site) -> dict[str, Any]:
    return {
        "name": site.name,
        "languages": list(site.languages),
        "greeting": dict(site.greeting),
        "choices": {value: dict(labels) for value, labels in site.choices.items()},
    }
