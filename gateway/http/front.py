"""The front: platforms' calls take a narrow way through HTTP, and everything else is handed to the web application.

Every connection begins here. As long as its requests are plain calls of webhooks, they are read by llhttp and answered
without a request object, a router and middleware: those were a fifth of what a message costs (decision 005). The first
request that is anything else, or that is unusual in any way, takes the connection with it: the web application gets
every byte of it and serves the rest of that connection, webhooks too. So nothing about HTTP is decided twice: what is
malformed, compressed, chunked, too large or pipelined is the web application's business.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qsl

import httptools

from adapters.wire import WebhookReply, WebhookRequest
from gateway.clock import Clock
from gateway.http.registry import MAX_BODY
from gateway.http.security import EVERYWHERE
from router.ids import InboxId

Call = Callable[[InboxId, WebhookRequest], Awaitable[WebhookReply]]
"""Answers a platform's call; never raises."""

BEGINNING = b"POST /hooks/"
MAX_HEAD = 8 * 1024
"""Bytes before a request's body."""

IDLE_SECONDS = 75.0
"""How long a connection is kept without a request."""

WHOLE_WITHIN_SECONDS = 20.0
"""How long a request may take to arrive."""

SWEEP_SECONDS = 5.0
_DIGITS = len(str(MAX_BODY))

_MEANT = re.compile(r"(/hooks/([\w.~-]+)(?:/[\w.~/-]*)?)(?:\?([\w.~=&+-]*))?\Z", re.ASCII)
"""An address whose parts need no decoding."""

_UNUSUAL = frozenset({"transfer-encoding", "content-encoding", "expect", "upgrade"})


class Reception:
    """All connections: where they begin, who answers webhooks, and who gets the rest."""

    def __init__(self, call: Call, application: Callable[[], asyncio.Protocol], clock: Clock) -> None:
        """``application`` makes the protocol of a connection that is the web application's from now on."""
        self.call = call
        self.application = application
        self.fronts: set[Front] = set()
        self.is_stopping = False
        self._clock = clock
        self._date = (0, "")
        self._sweep: asyncio.TimerHandle | None = None

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Listen.

        Raises:
            OSError: the address cannot be listened on.
        """
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Front(self), host, port)
        self._sweep = loop.call_later(SWEEP_SECONDS, self._close_stale)
        return server

    async def stop(self, within: float) -> None:
        """Close idle connections now, the others after their answer; ``within`` seconds, whatever happens."""
        self.is_stopping = True
        if self._sweep is not None:
            self._sweep.cancel()
        answering = [front.answering for front in self.fronts if front.answering is not None]
        for front in list(self.fronts):
            front.close_when_idle()
        if answering:
            await asyncio.wait(answering, timeout=within)
        for front in list(self.fronts):
            front.abort()

    def date(self) -> str:
        """Now, as HTTP writes it (RFC 9110, section 6.6.1)."""
        now = int(self._clock.now().timestamp())
        if self._date[0] != now:
            self._date = (now, formatdate(now, usegmt=True))
        return self._date[1]

    def _close_stale(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for front in [front for front in self.fronts if front.is_stale(now)]:
            front.abort()
        self._sweep = loop.call_later(SWEEP_SECONDS, self._close_stale)


class Front(asyncio.Protocol):
    """One connection, as long as it brings plain calls of webhooks."""

    def __init__(self, reception: Reception) -> None:
        self.answering: asyncio.Task[None] | None = None
        self._reception = reception
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._parser: httptools.HttpRequestParser | None = None
        self._since = self._loop.time()
        self._later = bytearray()
        self._forget()

    def _forget(self) -> None:
        """Begin another request."""
        self._raw = b""
        self._unread = b""
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body = b""
        self._begun = 0
        self._head = len(BEGINNING)
        self._has_head = False
        self._is_unusual = False
        self._is_whole = False
        self._keeps = False

    # --- The connection ---------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody calls."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is registered nowhere
        self._parser = httptools.HttpRequestParser(self)
        self._reception.fronts.add(self)
        if self._reception.is_stopping:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller has gone; what was begun is finished all the same."""
        self._parser = None  # it holds us, and we hold it
        self._reception.fronts.discard(self)

    def is_stale(self, now: float) -> bool:
        """Whether the caller keeps us waiting for too long."""
        within = WHOLE_WITHIN_SECONDS if self._raw else IDLE_SECONDS
        return (self.answering is None or self.answering.done()) and now - self._since > within

    @property
    def has_more(self) -> bool:
        """Whether another request came before this one was answered."""
        return bool(self._later)

    def close_when_idle(self) -> None:
        """Close now, or after the answer that is on its way."""
        if self.answering is None:
            self._transport.close()

    def abort(self) -> None:
        """Close without waiting for anything."""
        self._transport.abort()

    # --- One request ------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Bytes of the present request; those of the next one wait for its turn."""
        if self.answering is not None:
            self._later += data
            self._transport.pause_reading()
            return
        self._since = self._loop.time()
        self._read(data)

    def _read(self, data: bytes) -> None:
        raw = self._raw = self._raw + data if self._raw else data
        unread = self._unread + data if self._unread else data
        if not raw.startswith(BEGINNING):
            self._unread = unread
            if not BEGINNING.startswith(raw):
                self._hand_over()
            return
        self._unread = b""
        parser = self._parser
        if parser is None:
            return
        try:
            parser.feed_data(unread)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):  # the web application says what is wrong
            self._hand_over()
            return
        meant = self._meant() if self._is_whole else None
        if meant is not None:
            self.answering = self._loop.create_task(self._answer(*meant))
        elif self._is_whole or self._is_unusual or (len(raw) > MAX_HEAD and not self._has_head):
            self._hand_over()

    def _meant(self) -> tuple[InboxId, WebhookRequest] | None:
        """The call that this is; None when it is an unusual one."""
        url = _MEANT.match(self._url.decode("latin-1"))
        if url is None or self._is_unusual or self._begun > 1:
            return None
        path, inbox, query = url.groups()
        pairs = parse_qsl(query, keep_blank_values=True) if query else ()
        request = WebhookRequest(
            method="POST",
            path=path,
            query=dict(reversed(pairs)),  # the first of a name counts
            headers=self._headers,
            body=self._body,
        )
        return InboxId(inbox), request

    async def _answer(self, inbox: InboxId, request: WebhookRequest) -> None:
        reply = await self._reception.call(inbox, request)
        self.answering = None
        if self._transport.is_closing():
            return
        keeps = self._keeps and not self._reception.is_stopping
        self._transport.write(self._written(reply, keeps=keeps))
        self._since = self._loop.time()
        self._forget()
        if not keeps:
            self._transport.close()
        elif self.has_more:
            later, self._later = bytes(self._later), bytearray()
            self._transport.resume_reading()
            self._read(later)

    def _written(self, reply: WebhookReply, *, keeps: bool) -> bytes:
        head = (
            f"HTTP/1.1 {_STATUS[reply.status]}\r\nContent-Type: {reply.content_type}\r\n"
            f"Content-Length: {len(reply.body)}\r\nDate: {self._reception.date()}\r\n{_ALWAYS}"
            f"{_lines(reply.headers)}{_lines(_LAST if not keeps else {})}\r\n"
        )
        return head.encode("latin-1") + reply.body

    def _hand_over(self) -> None:
        """The connection is the web application's from its present request on."""
        raw, transport = self._raw, self._transport
        self._reception.fronts.discard(self)
        self._parser = None
        protocol = self._reception.application()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(raw)

    # --- What llhttp finds ------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins; a second one before the first was answered is a pipeline."""
        self._begun += 1

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._head += len(name) + len(value)
        known = name.decode("latin-1").lower()
        if known in self._headers or known in _UNUSUAL:
            self._is_unusual = True
        self._headers[known] = value.decode("utf-8", "surrogateescape")

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._has_head = True
        version = self._parser.get_http_version() if self._parser is not None else ""
        length = self._headers.get("content-length", "")
        fits = length.isdecimal() and len(length) <= _DIGITS and int(length) <= MAX_BODY and self._head <= MAX_HEAD
        if version != "1.1" or not fits:
            self._is_unusual = True

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """The request is whole; only now is it known whether another may follow."""
        self._is_whole = True
        self._keeps = self._parser is not None and self._parser.should_keep_alive()


_ALWAYS = "".join(f"{name}: {value}\r\n" for name, value in EVERYWHERE.items())
_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


_LAST = {"Connection": "close"}


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())
