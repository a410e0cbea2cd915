"""The desk's feed: one WebSocket per open desk. While it is open, its agent is connected.

The first frame proves who it is. Afterwards the feed is told what its agent may see, in order, and gives back little:
that somebody types, which conversation is open. Everything else agents do goes through REST.
"""

import asyncio
import contextlib
import hmac
import logging
from collections.abc import Callable, Coroutine

from aiohttp import WSMessage, WSMsgType, web

from gateway.clock import Clock
from gateway.configuration import LiveConfiguration
from gateway.crossing import Committed
from gateway.engine import Engine
from gateway.http.sessions import COOKIE, Sessions, is_own_origin
from gateway.identifiers import Identifiers
from gateway.realtime import frames
from gateway.realtime.change import Change, Sight
from gateway.realtime.frames import (
    ConfigFrame,
    Greeting,
    Pong,
    QueuesFrame,
    Resync,
    Trouble,
    TypingFrame,
    ViewingFrame,
    alarm,
)
from gateway.realtime.hub import Feed, Hub
from gateway.realtime.telling import Teller
from gateway.store.errors import StoreUnavailable
from gateway.store.read_conversations import listed
from gateway.store.read_messages import messages_by_id
from gateway.store.store import Store
from gateway.views.agent import MISSES_TO_BE_MISSED
from gateway.views.floor import me, queues
from gateway.views.queue import QueueView
from gateway.views.seeing import EVERY_SENIOR, EVERYBODY, INSIDERS, looks_silently
from router.board import Board
from router.errors import Refused
from router.events import AgentActive, AgentConnected, AgentLost
from router.ids import ConversationId, EventId, InboxId
from router.presence import Device, Reachability
from router.reason import Reason
from skills.agent import Agent
from skills.ids import AgentId

PATH = "/api/v1/feed"
HEARTBEAT_SECONDS = 15
FIRST_FRAME_SECONDS = 10
FAREWELL_SECONDS = 2
"""How long a desk may take to answer a close; a stop does not wait for one that is gone."""

MAX_FRAME = 64 * 1024
QUEUES_EVERY_SECONDS = 1.0
UNAUTHORISED = 4401
GOING_AWAY = 1001

ShowTyping = Callable[[ConversationId, InboxId], Coroutine[None, None, None]]
"""Shows the contact of a conversation that an agent types; never raises."""

log = logging.getLogger(__name__)


class DeskFeed:
    """Serves the feeds, and tells them what the engine committed."""

    def __init__(  # noqa: PLR0913  the composition root gives it everything it uses
        self,
        *,
        store: Store,
        engine: Engine,
        clock: Clock,
        identifiers: Identifiers,
        sessions: Sessions,
        configuration: LiveConfiguration,
        show_typing: ShowTyping,
        viewed: Callable[[ConversationId], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._engine = engine
        self._clock = clock
        self._identifiers = identifiers
        self._sessions = sessions
        self._configuration = configuration
        self._show_typing = show_typing
        self._viewed = viewed
        self._hub = Hub()
        self._sight = Sight()
        self._change = Change()
        self._missed: set[AgentId] = set()
        self._changed = asyncio.Event()
        self._queues_changed = asyncio.Event()
        self._queues: list[QueueView] = []
        self._is_stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self._signs: set[asyncio.Task[None]] = set()

    # --- Life -------------------------------------------------------------------------------------------------------

    async def start(self, feed_seq: int) -> None:
        """Learn what is open. Agents who were connected to an earlier process are lost until they come back."""
        self._hub.start(feed_seq)
        connected = await self._engine.inspect(self._learn)
        for agent in connected:
            await self._engine.submit(AgentLost(id=self._event_id(), at=self._clock.now(), agent=agent))
        self._tasks = [
            asyncio.create_task(self._tell_changes(), name="feed changes"),
            asyncio.create_task(self._tell_queues(), name="feed queues"),
        ]

    async def stop(self) -> None:
        """Close every feed; nobody is lost by that, they come back to the next process."""
        self._is_stopping = True
        for feed in self._hub:
            feed.close(GOING_AWAY, "restart")
        for task in (*self._tasks, *self._signs):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._signs, return_exceptions=True)

    def _learn(self, board: Board) -> list[AgentId]:
        self._sight.learn(board.conversations.values(), board.offers.values())
        seats = board.roster.seats.values()
        return [seat.id for seat in seats if seat.presence.reachability is Reachability.CONNECTED]

    @property
    def open_feeds(self) -> int:
        """How many feeds are open."""
        return len(self._hub)

    # --- From the engine --------------------------------------------------------------------------------------------

    def on_commit(self, committed: Committed) -> None:
        """Note what was committed; it is told a moment later, together with what comes meanwhile."""
        self._change.note(committed.feed_seq, committed.effects, self._sight)
        for agent, presence in self._change.presences.items():
            if presence.misses >= MISSES_TO_BE_MISSED:
                self._missed.add(agent)
            else:
                self._missed.discard(agent)
        self._changed.set()

    async def _tell_changes(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            change, self._change = self._change, Change()
            try:
                await self._tell(change)
            except StoreUnavailable:
                log.warning("feed: the store does not answer; desks must fetch again")
                self._hub.skip(change.feed_seq)
                self._hub.mention(EVERYBODY, Resync(seq=self._hub.seq))

    async def _tell(self, change: Change) -> None:
        self._queues_changed.set()
        if not len(self._hub):
            self._hub.skip(change.feed_seq)
            return
        for conversation in change.delivered:
            if self._has_window(conversation):
                change.conversations.setdefault(conversation, self._sight.of(conversation))
        ids = {*change.conversations, *(offer.conversation for offer in change.offers)}
        rows, messages = await self._store.read(lambda c: (listed(c, ids), messages_by_id(c, change.messages)))
        Teller(self._hub, self._sight, self._configuration.legend, rows, messages).tell(change)

    def _has_window(self, conversation: ConversationId) -> bool:
        inbox = self._sight.inbox(conversation)
        can = None if inbox is None else self._configuration.legend.capabilities.get(inbox)
        return can is not None and can.has_window

    async def _tell_queues(self) -> None:
        while True:
            await self._queues_changed.wait()
            self._queues_changed.clear()
            if len(self._hub):
                await self._tell_queues_now()
            await asyncio.sleep(QUEUES_EVERY_SECONDS)

    async def _tell_queues_now(self) -> None:
        settings, now = self._configuration.settings, self._clock.now()
        try:
            found = await self._engine.inspect(lambda board: queues(board, settings, now))
        except StoreUnavailable:
            return  # the next change asks again
        if found != self._queues:
            self._queues = found
            self._hub.mention(INSIDERS, QueuesFrame(items=found))

    def configured(self) -> None:
        """The configuration changed, or failed to: agents may have other groups now, or be gone."""
        agents = self._configuration.settings.agents
        for feed in self._hub:
            viewer = agents.get(feed.viewer.id)
            if viewer is None:
                feed.close(UNAUTHORISED, "no such agent")
            else:
                feed.viewer = viewer
        frame = ConfigFrame(version=self._configuration.settings.version, problem=self._configuration.problem)
        self._hub.mention(EVERYBODY, frame)

    # --- From elsewhere ---------------------------------------------------------------------------------------------

    def contact_types(self, conversation: ConversationId) -> None:
        """A contact types: told to those who may see the conversation."""
        self._hub.mention(self._sight.of(conversation), TypingFrame(conversation=conversation, who="contact"))

    def has_open(self, agent: AgentId, conversation: ConversationId) -> bool:
        """Whether this agent has this conversation open."""
        return any(feed.viewing == conversation for feed in self._hub.of(agent))

    def alarm(self, why: Reason) -> None:
        """Something that the seniors should know now."""
        self._hub.mention(EVERY_SENIOR, alarm(why))

    def session_closed(self, token: str) -> None:
        """A session was ended: its feeds end with it."""
        for feed in self._hub:
            if hmac.compare_digest(feed.token, token):
                feed.close(UNAUTHORISED, "logged out")

    async def active(self, agent: AgentId) -> None:
        """An agent did something at the desk; that matters while the agent counts as missed."""
        if agent in self._missed:
            self._missed.discard(agent)
            await self._engine.submit(AgentActive(id=self._event_id(), at=self._clock.now(), agent=agent))

    # --- One feed ---------------------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one feed to its end."""
        if not is_own_origin(request):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, compress=False, max_msg_size=MAX_FRAME, timeout=FAREWELL_SECONDS
        )
        await socket.prepare(request)
        who = None if self._is_stopping else await self._who(request, socket)
        if who is None:
            await socket.close(code=GOING_AWAY if self._is_stopping else UNAUTHORISED, message=b"log in first")
            return socket
        viewer, token, device = who
        loop = asyncio.get_running_loop()
        closing: list[asyncio.Task[bool]] = []

        def close(code: int, reason: str) -> None:
            closing.append(loop.create_task(socket.close(code=code, message=reason.encode(), drain=False)))

        feed = Feed(viewer, token, self._hub.seq, close, device)
        is_first = self._hub.add(feed)
        sender: asyncio.Task[None] | None = None
        try:
            if is_first:
                await self._reachable(viewer.id, AgentConnected, device)
            state = await me(self._engine, self._configuration, viewer)
            await socket.send_frame(frames.encode(Greeting(seq=feed.since, agent=viewer.id, me=state)), WSMsgType.TEXT)
            if self._queues and INSIDERS.includes(viewer):
                feed.push(frames.encode(QueuesFrame(items=self._queues)))
            sender = asyncio.create_task(_send(socket, feed), name=f"feed {viewer.id}")
            async for message in socket:
                await self._hear(feed, message)
        except (ConnectionError, StoreUnavailable) as error:
            log.info("feed ended", extra={"agent": viewer.id, "reason": type(error).__name__})
        finally:
            await self._ended(feed, sender, closing)
        return socket

    async def _ended(self, feed: Feed, sender: asyncio.Task[None] | None, closing: list[asyncio.Task[bool]]) -> None:
        is_last = self._hub.remove(feed)
        if sender is not None:
            sender.cancel()
        await asyncio.gather(*closing, *([sender] if sender else []), return_exceptions=True)
        self._look_at(feed, None)
        if is_last and not self._is_stopping:
            with contextlib.suppress(StoreUnavailable):  # the next start, or the next feed, puts it right
                await self._reachable(feed.viewer.id, AgentLost, feed.device)

    async def _who(self, request: web.Request, socket: web.WebSocketResponse) -> tuple[Agent, str, Device] | None:
        try:
            message = await socket.receive(timeout=FIRST_FRAME_SECONDS)
            hello = frames.decode(message.data) if message.type is WSMsgType.TEXT else None
        except (TimeoutError, ValueError):
            return None
        if not isinstance(hello, frames.Hello):
            return None
        token = hello.token or (request.cookies.get(COOKIE, "") if "Origin" in request.headers else "")
        agent = await self._sessions.agent(token) if token else None
        viewer = self._configuration.settings.agents.get(agent) if agent is not None else None
        return None if viewer is None else (viewer, token, Device(hello.device))

    async def _reachable(self, agent: AgentId, event: type[AgentConnected | AgentLost], device: Device) -> None:
        with contextlib.suppress(Refused):  # the agent left the configuration meanwhile
            await self._engine.submit(event(id=self._event_id(), at=self._clock.now(), agent=agent, device=device))

    async def _hear(self, feed: Feed, message: WSMessage) -> None:
        try:
            frame = frames.decode(message.data) if message.type is WSMsgType.TEXT else None
        except ValueError as error:
            feed.push(frames.encode(Trouble(code="malformed", message=str(error))))
            return
        match frame:
            case frames.Resume(seq=seq):
                missed = self._hub.missed(feed, seq)
                for told in [frames.encode(Resync(seq=self._hub.seq))] if missed is None else missed:
                    feed.push(told)
            case frames.Ping():
                feed.push(_PONG)
            case frames.Typing(conversation=id_):
                await self._type(feed, ConversationId(id_))
            case frames.Viewing(conversation=id_):
                self._look_at(feed, id_)
            case _:
                feed.push(frames.encode(Trouble(code="unexpected", message="say hello once, in text")))
        await self.active(feed.viewer.id)

    async def _type(self, feed: Feed, conversation: ConversationId) -> None:
        those = self._sight.of(conversation)
        if those.includes(feed.viewer):
            self._hub.mention(those, TypingFrame(conversation=conversation, who=feed.viewer.id), but=feed)
            if (inbox := self._sight.inbox(conversation)) is not None:
                task = asyncio.create_task(self._show_typing(conversation, inbox), name="show typing")
                self._signs.add(task)
                task.add_done_callback(self._signs.discard)

    def _look_at(self, feed: Feed, conversation: str | None) -> None:
        before, feed.viewing = feed.viewing, conversation
        for id_ in {before, conversation} - {None}:
            self._viewed(ConversationId(str(id_)))
            those = self._sight.of(ConversationId(str(id_)))
            if (conversation is None or those.includes(feed.viewer)) and not looks_silently(feed.viewer, those):
                found = {on.viewer.id for on in self._hub if on.viewing == id_ and not looks_silently(on.viewer, those)}
                self._hub.mention(those, ViewingFrame(conversation=str(id_), agents=sorted(found)))

    def _event_id(self) -> EventId:
        return EventId(self._identifiers.new("evt"))


async def _send(socket: web.WebSocketResponse, feed: Feed) -> None:
    """Send what the feed has not read, until its socket is gone."""
    with contextlib.suppress(ConnectionError):
        while not socket.closed:
            await socket.send_frame(await feed.unread.get(), WSMsgType.TEXT)


_PONG = frames.encode(Pong())
