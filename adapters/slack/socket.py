"""Socket Mode: the platform hands us what happened over a WebSocket that we open.

Rules: docs.slack.dev/apis/events-api/using-socket-mode.
Our own loop over the shared session, not the library's client: that one opens a session of its own, runs the frames
beside each other, and confirms what a handler failed to take. Here frames come one after the other, and each is
confirmed when it is stored. What was not confirmed is offered again, on this connection or another; the delivery key
makes that harmless. The platform closes connections every few hours, and says so: then another one is opened.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import aiohttp
import msgspec
from yarl import URL

from adapters.contract import Parsed
from adapters.errors import Ambiguous, ChannelBroken, DeliveryError, MalformedPayload, NotConnected
from adapters.nul import without_nul
from adapters.slack.client import CONNECT_FOR, SessionClient, judged
from adapters.slack.form import parse_command, parse_interaction
from adapters.slack.parse import Ended, parse_envelope
from adapters.slack.reading import UNREADABLE
from adapters.slack.wire import NOTHING

PING_EVERY: Final = 30.0
"""Seconds; a connection that is silent for longer than half of it after a ping is dead."""

FRAME_LIMIT: Final = 4 * 1024 * 1024

Pulled = tuple[Parsed, Callable[[], Awaitable[None]]]


class _Frame(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    type: str = ""
    envelope_id: str = ""
    reason: str = ""
    payload: msgspec.Raw = NOTHING
    accepts_response_payload: bool = False


_decode = msgspec.json.Decoder(_Frame).decode


class Socket:
    """The connection to the platform, opened again and again."""

    def __init__(self, client: SessionClient, session: aiohttp.ClientSession, token: str, ended: Ended) -> None:
        """``token`` is the app-level one; ``ended`` makes the errand for an installation that is over."""
        self._ended = ended
        self._client = client
        self._session = session
        self._token = token

    async def pulled(self, introduced: Callable[[Parsed], Parsed]) -> AsyncIterator[Pulled]:
        """What happened, with the function that confirms each; ``introduced`` completes what was understood.

        Raises:
            DeliveryError: the platform refused or was not reached.
        """
        while True:
            connection = await self._connect()
            is_welcome = False
            async with connection:
                async for message in connection:
                    frame = _frame(message)
                    if frame.type == "hello":
                        is_welcome = True
                    elif frame.type == "disconnect":
                        if frame.reason == "link_disabled":
                            raise ChannelBroken("link_disabled", "Socket Mode was turned off for this app")
                        break
                    elif frame.envelope_id:
                        parsed = introduced(_meaning(frame, self._ended))
                        yield parsed, _confirmer(connection, frame, parsed)
            if not is_welcome:
                raise NotConnected("socket_closed", "the platform closed the connection before its greeting")

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        error: DeliveryError
        try:
            answer = await judged(self._client.apps_connections_open(app_token=self._token), self._token)
            return await self._session.ws_connect(
                URL(str(answer["url"]), encoded=True),
                heartbeat=PING_EVERY,
                max_msg_size=FRAME_LIMIT,
                timeout=aiohttp.ClientWSTimeout(ws_close=CONNECT_FOR),
            )
        except Ambiguous as failure:  # asking for an address changes nothing
            error = NotConnected(failure.reason, failure.detail)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failure:
            error = NotConnected("socket_refused", type(failure).__name__)  # its address is a secret: not chained
        raise error


def _frame(message: aiohttp.WSMessage) -> _Frame:
    if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
        return _Frame()
    try:
        return _decode(message.data)
    except UNREADABLE:
        return _Frame()


def _meaning(frame: _Frame, ended: Ended) -> Parsed:
    """What a frame means; one that means nothing must not come again and again."""
    body = bytes(frame.payload)
    try:
        match frame.type:
            case "events_api":
                return parse_envelope(without_nul(body), ended)
            case "interactive":
                return parse_interaction(body)
            case "slash_commands":
                return parse_command(_texts(body))
            case _:
                return Parsed(reason=f"unknown frame {frame.type[:64]!r}")
    except MalformedPayload as problem:
        return Parsed(reason=f"unreadable frame: {problem}")


def _texts(body: bytes) -> dict[str, str]:
    """The fields of a slash command, which is a form elsewhere."""
    try:
        fields: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    except UNREADABLE:
        raise MalformedPayload("not an object") from None
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    if not texts.get("command"):
        raise MalformedPayload("no command")
    return texts | {name: str(value).lower() for name, value in fields.items() if isinstance(value, bool)}


def _confirmer(
    connection: aiohttp.ClientWebSocketResponse, frame: _Frame, parsed: Parsed
) -> Callable[[], Awaitable[None]]:
    async def confirm() -> None:
        answer: dict[str, Any] = {"envelope_id": frame.envelope_id}
        if frame.accepts_response_payload and parsed.reply.body:
            answer["payload"] = msgspec.json.decode(parsed.reply.body)
        with suppress(ConnectionError, aiohttp.ClientError):  # it is offered again
            await connection.send_json(answer)

    return confirm
