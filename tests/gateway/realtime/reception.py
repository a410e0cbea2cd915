"""A real store, engine and widget on loopback, with the demo's desks. Contacts come by sockets, agents by events."""

import asyncio
import itertools
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any, cast

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.contract import Tools
from adapters.secret import Secret
from adapters.web.settings import WebSettings
from gateway.clock import Clock, SystemClock
from gateway.configuration import read_files
from gateway.delivery import Delivery
from gateway.engine import Engine
from gateway.http.problems import Problem, of_error, respond
from gateway.http.security import secured
from gateway.http.static import add_static_routes
from gateway.http.widget import add_widget_routes
from gateway.identifiers import RandomIdentifiers
from gateway.inboxes import Inbox, InboxPlan, connect
from gateway.media.admission import Admission
from gateway.media.links import Links, signing_key
from gateway.media.store import MediaStore
from gateway.outbox import Outbox
from gateway.realtime.doorkeeper import Doorkeeper
from gateway.realtime.pace import Pace
from gateway.realtime.transcript import Transcripts
from gateway.realtime.visits import Visits
from gateway.realtime.widget_socket import WidgetSockets
from gateway.signature import signature
from gateway.store import Store
from router.board import Board
from router.events import (
    AgentConnected,
    AgentReplied,
    AnyEvent,
    ConversationAssigned,
    IntentChanged,
    MessageEdited,
    NoteAdded,
)
from router.ids import ChannelName, ConversationId, EventId, InboxId, MessageId
from router.message import Part, Text
from router.presence import Intent
from skills.ids import AgentId

WEBSITE = InboxId("website")
ANNEX = InboxId("annex")
"""Another widget of the same house, whose site signs with a secret of its own."""

ANNEX_KEY = "secret-of-the-annex's-server"
AGENT = AgentId("li.na")
SHOP = "https://shop.example"
PATIENCE = 20.0
DEMO = Path(__file__).parents[3] / "config" / "demo"


class Page:
    """A contact's page: says frames, hears frames. Only frames of one type come in an order that is promised."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.token = ""
        self._names = itertools.count(1)
        self._heard: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)

    async def say(self, type: str, **fields: Any) -> None:
        """Send a frame."""
        await self.socket.send_json({"type": type, **fields})

    async def hear(self, type: str, **expected: Any) -> dict[str, Any]:
        """The next frame of this type (and with these fields); others of the type before it are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self._heard[type]:
                    frame = self._heard[type].popleft()
                    if all(frame.get(key) == value for key, value in expected.items()):
                        return frame
                frame = await self.socket.receive_json()
                self._heard[frame["type"]].append(frame)

    async def hears_no_more(self, type: str) -> bool:
        """Whether everything of this type was heard that the service said before it answers now."""
        await self.say("ping")
        await self.hear("pong")
        return not self._heard[type]

    async def until_closed(self) -> int:
        """The code with which the other side closes."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self.socket.receive()
                if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}:
                    return self.socket.close_code or 0

    async def write(self, text: str, client_id: str = "") -> dict[str, Any]:
        """Write words; the acknowledgement."""
        name = client_id or f"c{next(self._names)}"
        await self.say("send", client_id=name, text=text)
        return await self.hear("ack", client_id=name)


@dataclass
class Reception:
    """What stands, and what an agent can do."""

    server: TestServer
    session: aiohttp.ClientSession
    store: Store
    engine: Engine
    visits: Visits
    sockets: WidgetSockets
    typed: list[ConversationId]
    looks: set[tuple[AgentId, ConversationId]]
    clock: Clock
    identifiers: RandomIdentifiers = field(default_factory=RandomIdentifiers)

    @property
    def origin(self) -> str:
        """The service's own origin."""
        return str(self.server.make_url("")).rstrip("/")

    @asynccontextmanager
    async def page(
        self, token: str = "", origin: str = "", inbox: str = WEBSITE, **hello: Any
    ) -> AsyncIterator[tuple[Page, dict[str, Any]]]:
        """Open a page; it and its welcome."""
        headers = {"Origin": origin or self.origin}
        async with self.session.ws_connect(self.server.make_url(f"/widget/{inbox}/ws"), headers=headers) as socket:
            page = Page(socket)
            await page.say("hello", token=token, **{"language": "zh-CN", "context": {}, **hello})
            welcome = await page.hear("welcome")
            page.token = welcome["token"]
            yield page, welcome

    async def submit(self, kind: Callable[..., AnyEvent], /, **fields: Any) -> None:
        """Let an event happen now."""
        event = kind(id=EventId(self.identifiers.new("evt")), at=self.clock.now(), **fields)
        await self.engine.submit(event)

    async def conversation(self) -> ConversationId:
        """The one conversation that is open."""
        (found,) = await self.engine.inspect(lambda board: list(board.conversations))
        return found

    async def take(self, agent: AgentId = AGENT) -> ConversationId:
        """An agent comes and takes the conversation."""
        conversation = await self.conversation()
        await self.submit(AgentConnected, agent=agent)
        await self.submit(IntentChanged, agent=agent, intent=Intent.READY)
        await self.submit(
            ConversationAssigned, conversation=conversation, agent=agent, by=AgentId("admin"), may_exceed=True
        )
        return conversation

    async def answer(self, *texts: str, agent: AgentId = AGENT, parts: tuple[Part, ...] = ()) -> list[MessageId]:
        """The agent answers in the one conversation."""
        conversation = await self.conversation()
        ids = [MessageId(self.identifiers.new("msg")) for _ in texts]
        for id_, text in zip(ids, texts, strict=True):
            said = (Text(text=text), *parts)
            await self.submit(AgentReplied, conversation=conversation, agent=agent, message=id_, parts=said)
        return ids

    async def note(self, text: str) -> None:
        """The agent leaves a note."""
        await self.submit(
            NoteAdded,
            conversation=await self.conversation(),
            agent=AGENT,
            message=MessageId(self.identifiers.new("msg")),
            parts=(Text(text=text),),
        )

    async def edit(self, message: MessageId, text: str) -> None:
        """A message reads differently now."""
        await self.submit(
            MessageEdited, conversation=await self.conversation(), message=message, parts=(Text(text=text),)
        )


@web.middleware
async def _problems(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except (Problem, web.HTTPException) as error:
        return respond(of_error(error))
    return answer


@asynccontextmanager
async def open_reception(  # noqa: PLR0915  the one page on which everything is built
    folder: Path,
    *,
    doorkeeper: Doorkeeper | None = None,
    more: Callable[[web.Application], None] | None = None,
    origins: tuple[str, ...] = (SHOP,),
    clock: Clock | None = None,
    **settings_of_widget: Any,
) -> AsyncIterator[Reception]:
    """Everything, started; stopped in the opposite order. ``more`` adds routes of the test's own."""
    clock, identifiers = clock or SystemClock(), RandomIdentifiers()
    found = read_files(DEMO, clock.now()).configuration
    assert found is not None
    settings = found.settings
    store = Store.open("", folder / "data")
    key = await signing_key(store)
    links, transcripts, pace = Links(key, clock), Transcripts(key, clock), Pace()
    visits = Visits(store=store, settings=lambda: settings, sign=links.sign)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        website = replaced(cast("WebSettings", found.inboxes[WEBSITE].settings), origins=origins, **settings_of_widget)
        annex = replaced(website, identity_secret=Secret(ANNEX_KEY))
        plans = [
            InboxPlan(id=id_, channel=ChannelName("web"), settings=settings_)
            for id_, settings_ in ((WEBSITE, website), (ANNEX, annex))
        ]
        inboxes: Mapping[InboxId, Inbox] = connect(plans, Tools(session=session, push=visits.push))
        listeners: list[Any] = [visits, pace]
        board = Board(settings)
        engine = Engine(store, board, clock, identifiers, found.replies, listeners)
        media = MediaStore(folder / "media", store, clock)
        outbox = Outbox(
            store,
            inboxes,
            engine,
            Delivery(media, lambda author, group: signature(settings, author, group)),
            clock,
            identifiers,
            poll=0.05,
        )
        typed: list[ConversationId] = []
        looks: set[tuple[AgentId, ConversationId]] = set()
        sockets = WidgetSockets(
            visits=visits,
            inboxes=inboxes,
            store=store,
            engine=engine,
            clock=clock,
            identifiers=identifiers,
            contact_types=typed.append,
            transcripts=transcripts,
            pace=pace,
            has_open=lambda agent, conversation: (agent, conversation) in looks,
            doorkeeper=doorkeeper,
        )
        listeners.append(sockets.absences)
        app = web.Application(middlewares=[_problems])
        app.on_response_prepare.append(secured)
        add_widget_routes(app, sockets=sockets, admission=Admission(media), sign=links.sign, transcripts=transcripts)
        add_static_routes(app)
        if more is not None:
            more(app)
        server = TestServer(app)
        await engine.start()
        await sockets.start()
        sending = asyncio.create_task(outbox.run())
        await server.start_server()
        try:
            yield Reception(server, session, store, engine, visits, sockets, typed, looks, clock)
        finally:
            await sockets.stop()
            await server.close()
            await outbox.stop(within=0.2)
            await sending
            await engine.stop()
            store.close()
