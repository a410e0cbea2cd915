"""Calls to the Bot API over the shared HTTP session, behind the interface that python-telegram-bot's `Bot` asks for.

The library never sees the token: it is built with a stand-in, hands us ``/sendMessage`` as its address, and the real
address is made here and nowhere else. So no exception and no log line of the library can carry it; those of aiohttp
can, and are therefore replaced, not chained.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final
from urllib.parse import quote

import aiohttp
import msgspec
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from adapters.errors import Ambiguous, ChannelBroken, DeliveryError, NotConnected, Rejected
from adapters.telegram.refusal import refusal
from adapters.telegram.settings import TelegramSettings

CONNECT_FOR: Final = 5.0
CALL_FOR: Final = 15.0
UPLOAD_FOR: Final = 60.0
"""Seconds: for reaching the platform, for a call, for a call that carries files or fetches one."""


answered: ContextVar[bytes] = ContextVar("answered", default=b"")
"""The last successful answer that the running task got: the library passes on only what it understood of it."""


class CallFailed(TelegramError):
    """A call that did not succeed: passes through the library untouched, carrying our own error."""

    def __init__(self, error: DeliveryError) -> None:
        super().__init__(error.reason)
        self.error = error


class _Accepted(msgspec.Struct, frozen=True):
    result: msgspec.Raw
    ok: bool = False


_decode = msgspec.json.Decoder(_Accepted).decode


class SessionRequest(BaseRequest):
    """The library's request layer over an aiohttp session that belongs to somebody else."""

    __slots__ = ("_patience", "_session", "_settings")

    def __init__(self, session: aiohttp.ClientSession, settings: TelegramSettings, patience: float = CALL_FOR) -> None:
        self._session = session
        self._settings = settings
        self._patience = patience

    @property
    def read_timeout(self) -> float | None:
        """How long a call may take, in seconds."""
        return self._patience

    async def initialize(self) -> None:
        """Nothing to open: the session is lent."""

    async def shutdown(self) -> None:
        """Nothing to close: the session is lent."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """One call of the library; ``url`` is only the method's name, the time-outs are ours.

        Raises:
            CallFailed: it did not succeed.
        """
        fields: Mapping[str, str] = request_data.json_parameters if request_data is not None else {}
        name = url.removeprefix("/")
        if request_data is None or not request_data.contains_files:
            return 200, await self.call(name, fields)
        form = aiohttp.FormData(quote_fields=False)  # the platform takes names as they are, in UTF-8
        for field, value in fields.items():
            form.add_field(field, value)
        for field, (filename, content, mime) in request_data.multipart_data.items():
            form.add_field(field, content, filename=filename, content_type=mime)
        return 200, await self._post(name, form, UPLOAD_FOR)

    async def call(self, method: str, fields: Mapping[str, str], wait: float = 0) -> bytes:
        """Call a method; its answer, which is known to be a success.

        ``wait``: seconds that the platform may take on purpose.

        Raises:
            CallFailed: it did not succeed.
        """
        return await self._post(method, dict(fields), self._patience + wait)

    async def download(self, path: str, limit: int) -> bytes:
        """The bytes of a file, at most ``limit`` of them; ``path`` as ``getFile`` named it.

        Raises:
            CallFailed: it did not succeed; `Rejected` when the file is larger.
        """
        address = self._address(self._settings.file_base, quote(path.lstrip("/")))
        error: DeliveryError
        try:
            async with self._session.get(address, timeout=_timeout(UPLOAD_FOR), allow_redirects=False) as response:
                if response.ok and response.status < 300:  # noqa: PLR2004  HTTP's success
                    data = bytearray()
                    async for chunk in response.content.iter_chunked(64 * 1024):
                        data += chunk
                        if len(data) > limit:
                            break
                    else:
                        return bytes(data)
                    error = Rejected("too_large", f"the file has more than {limit // 1024 // 1024} MB")
                elif response.status == 404:  # noqa: PLR2004  here the address, not the token, is gone
                    error = Rejected("file_gone", "the platform no longer has the file")
                else:
                    error = refusal(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            error = NotConnected("fetch_failed", type(failure).__name__)  # fetching again harms nobody
        raise self._failed(error)

    async def _post(self, method: str, body: dict[str, str] | aiohttp.FormData, total: float) -> bytes:
        address = self._address(self._settings.call_base, method)
        error: DeliveryError
        try:
            async with self._session.post(
                address, data=body, timeout=_timeout(total), allow_redirects=False
            ) as response:
                answer = await response.read()
                if 200 <= response.status < 300:  # noqa: PLR2004  HTTP's success
                    if _is_success(answer):
                        answered.set(answer)
                        return answer
                    error = Ambiguous("unreadable_answer", "the platform's answer was not readable")
                else:
                    error = refusal(response.status, response.headers, answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as failure:
            error = NotConnected("not_connected", type(failure).__name__)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as failure:
            error = ChannelBroken("bad_address", f"{type(failure).__name__}: is api_base right?")
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            error = Ambiguous("no_answer", type(failure).__name__)
        raise self._failed(error)

    def _address(self, base: str, rest: str) -> URL:
        return URL(f"{base}{quote(self._settings.token.reveal(), safe=':')}/{rest}", encoded=True)

    def _failed(self, error: DeliveryError) -> CallFailed:
        """The failure to raise, outside of any ``except``: no address hangs on it, and an echoed secret is masked."""
        for secret in (self._settings.token.reveal(), self._settings.secret.reveal()):
            if secret:
                error.args = tuple(str(arg).replace(secret, "…") for arg in error.args)
                error.detail = error.detail.replace(secret, "…")
        return CallFailed(error)


def _timeout(total: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=CONNECT_FOR, sock_connect=CONNECT_FOR)


def _is_success(answer: bytes) -> bool:
    try:
        return _decode(answer).ok
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
