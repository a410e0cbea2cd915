"""How the account's server is told: signed, sealed where the console says so, three attempts of five seconds.

What is not answered in time comes again with the same body. Neither ``success`` nor an empty answer nor a reply that
can be read shows the follower an error (developers.weixin.qq.com, *Passive replies*).
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import aiohttp

from adapters.errors import MalformedPayload
from adapters.wechat.document import Fields, read, words
from adapters.wechat.envelope import Envelope, signature
from adapters.wechat.fake_platform.account import Account, Sealing

ATTEMPTS: Final = 3
PATIENCE: Final = 5.0
REMEMBERED: Final = 10_000

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call of the server: its query and body as sent, the answer's status (0: none came) and body."""

    query: Mapping[str, str]
    body: bytes = field(repr=False)
    status: int
    answer: bytes = b""


@dataclass(slots=True)
class Pushing:
    """The pushes of one account; ``pace`` is how long a second of the platform's patience lasts."""

    account: Account
    now: Callable[[], datetime]
    on_reply: Callable[[str, Fields | None], None]
    """Told how a push ended: the follower, and the passive reply, empty without one, None for an error."""
    pace: float = 1.0
    attempts: deque[Attempt] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _unanswered: int = 0
    _session: aiohttp.ClientSession | None = None

    async def push(self, event: Event) -> None:
        """Tell the server, beside everything else that is told."""
        if not self.account.hook:
            return
        task = asyncio.create_task(self._push(str(event["FromUserName"]), encoded(event, is_json=self.account.is_json)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        self._unanswered += 1

    def is_idle(self) -> bool:
        """Whether every push has ended."""
        return not self._unanswered

    async def close(self) -> None:
        """Stop telling."""
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def tell(self) -> None:
        """Wake whoever waits for something to have happened."""
        async with self.changed:
            self.changed.notify_all()

    async def ask(self) -> str:
        """Ask the server whether the address is the account's, as the console does; what it answered."""
        query = self._signed() | {"echostr": secrets.token_hex(8)}
        async with self._client().get(self.account.hook, params=query) as response:
            return "" if response.status != 200 else await response.text()  # noqa: PLR2004  HTTP's success

    def envelope(self) -> Envelope:
        """What messages are sealed with."""
        return Envelope(self.account.aes_key, self.account.app_id)

    def signed(self, message: bytes, openid: str) -> tuple[dict[str, str], bytes]:
        """The query and the body by which a message is pushed."""
        query = self._signed() | {"openid": openid}
        account = self.account
        if account.sealing is Sealing.PLAIN:
            return query, message
        sealed = self.envelope().seal(message)
        query["encrypt_type"] = "aes"
        query["msg_signature"] = signature(account.token, query["timestamp"], query["nonce"], sealed)
        outer: dict[str, Any] = {"ToUserName": account.original_id, "Encrypt": sealed}
        if account.sealing is Sealing.COMPATIBLE:
            outer = {**_plain(message), **outer}
        return query, encoded(outer, is_json=account.is_json)

    def _signed(self) -> dict[str, str]:
        timestamp, nonce = str(int(self.now().timestamp())), str(secrets.randbelow(10**10))
        return {
            "signature": signature(self.account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    async def _push(self, openid: str, message: bytes) -> None:
        for _ in range(ATTEMPTS):
            query, body = self.signed(message, openid)
            status, answer = await self._call(query, body)
            self.attempts.append(Attempt(query=query, body=body, status=status, answer=answer))
            if status == 200:  # noqa: PLR2004  HTTP's success
                self.on_reply(openid, self._reply(answer))
                break
            await self.tell()
        else:
            self.on_reply(openid, None)
        self._unanswered -= 1
        await self.tell()

    async def _call(self, query: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        mime = "application/json" if self.account.is_json else "text/xml"
        timeout = aiohttp.ClientTimeout(total=PATIENCE * self.pace)
        try:
            async with self._client().post(
                self.account.hook, params=query, data=body, headers={"Content-Type": mime}, timeout=timeout
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, b""

    def _reply(self, answer: bytes) -> Fields | None:
        """What the server said to the follower: nothing, a reply, or what cannot be read."""
        if answer in {b"", b"success"}:
            return {}
        try:
            fields = read(answer)
            if self.account.sealing is Sealing.PLAIN or "Encrypt" not in fields:
                return fields if self.account.sealing is not Sealing.SAFE else None
            sealed = words(fields, "Encrypt")
            proof = signature(self.account.token, words(fields, "TimeStamp"), words(fields, "Nonce"), sealed)
            return read(self.envelope().open(sealed)) if proof == words(fields, "MsgSignature") else None
        except MalformedPayload:
            return None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


def encoded(event: Event, *, is_json: bool) -> bytes:
    """A document as the platform writes it."""
    if is_json:
        return json.dumps(event, ensure_ascii=False).encode()
    return b"<xml>" + b"".join(_element(name, value) for name, value in event.items()) + b"</xml>"


def _element(name: str, value: object) -> bytes:
    if isinstance(value, Mapping):
        inner = b"".join(_element(below, content) for below, content in value.items())
    elif isinstance(value, int | float):
        inner = str(value).encode()
    else:
        inner = b"<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>").encode() + b"]]>"
    return b"<%b>%b</%b>\n" % (name.encode(), inner, name.encode())


def _plain(message: bytes) -> dict[str, Any]:
    return dict(read(message))
