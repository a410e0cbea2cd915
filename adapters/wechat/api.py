"""Calls to the platform's interface over the shared HTTP session: JSON out as UTF-8, JSON in, errors by their type.

The access token travels in the address, which is why no error of the HTTP library leaves this module: it would carry
the address. A token that is refused is replaced once, and the call made once more; a second refusal is final.
"""

from collections.abc import Awaitable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import msgspec
from yarl import URL

from adapters.errors import Ambiguous, ChannelBroken, DeliveryError, NotConnected, Rejected
from adapters.wechat.access import AccessToken, Granted
from adapters.wechat.refusal import Answer, BadToken, judged, refusal
from adapters.wechat.settings import WeChatSettings

T = TypeVar("T")

CONNECT_FOR: Final = 5.0
CALL_FOR: Final = 10.0
UPLOAD_FACTOR: Final = 6
"""Seconds: for reaching the platform, for a call; so many times as long for one that carries a file or fetches one."""

FETCH_LIMIT: Final = 20 * 1024 * 1024

_MEDIA_HOSTS = ("qpic.cn", "qq.com", "qlogo.cn")
"""Whose public addresses of pictures and videos we follow; everybody can write an address into a push."""

_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
_decode_answer = msgspec.json.Decoder(Answer).decode


class _Token(msgspec.Struct, frozen=True):
    access_token: str = ""
    expires_in: int = 7200


class _Upload(msgspec.Struct, frozen=True):
    media_id: str = ""
    thumb_media_id: str = ""


class _Video(msgspec.Struct, frozen=True):
    video_url: str = ""


class Api:
    """What one account asks of the platform."""

    def __init__(self, session: aiohttp.ClientSession, settings: WeChatSettings, patience: float = CALL_FOR) -> None:
        """``patience``: seconds to wait for the answer to an ordinary call."""
        self._session = session
        self._settings = settings
        self._patience = patience
        self._access = AccessToken(self._grant)

    async def call(self, path: str, fields: Mapping[str, Any]) -> bytes:
        """Call an interface; its answer, which is known to be a success.

        Raises:
            DeliveryError: it did not succeed.
        """
        body = msgspec.json.encode(fields)  # UTF-8 as it is: escapes would be shown to the contact
        return await self._with_token(path, {}, body, self._patience)

    async def upload(self, kind: str, data: bytes, name: str, mime: str) -> str:
        """Put a file where messages can refer to it for three days; its MediaId.

        Raises:
            DeliveryError: it did not succeed; never `Ambiguous`, since nobody has seen anything yet.
        """
        answer = await self._harmless(
            self._with_token("media/upload", {"type": kind}, (data, name, mime), self._patience * UPLOAD_FACTOR)
        )
        try:
            found = msgspec.json.decode(answer, type=_Upload)
        except _UNREADABLE:
            found = _Upload()
        if not (found.media_id or found.thumb_media_id):
            raise NotConnected("unreadable_answer", "the platform's answer names no file")
        return found.media_id or found.thumb_media_id

    async def check(self) -> None:
        """Have a token granted: whether the account's credentials are good.

        Raises:
            DeliveryError: they are not, or the platform was not reached.
        """
        await self._harmless(self._access.current())

    async def fetch(self, media_id: str) -> tuple[bytes, str]:
        """A file of the contact's, by its MediaId: its bytes and its type.

        Raises:
            DeliveryError: it could not be fetched; `Rejected` when it never will.
        """

        async def get() -> tuple[bytes, str]:
            for is_last in (False, True):
                token = await self._access.current()
                address = self._address("media/get", token, {"media_id": media_id})
                try:
                    return await self._download(address)
                except BadToken:
                    if is_last:
                        raise
                    self._access.refuse(token)
            raise AssertionError("unreachable")

        data, mime = await self._harmless(get())
        if mime == "application/json" or mime.startswith("text/"):  # a video comes as the address where it lies
            return await self.fetch_public(_video_url(data))
        return data, mime

    async def fetch_public(self, address: str) -> tuple[bytes, str]:
        """A file at one of the platform's public addresses.

        Raises:
            DeliveryError: it could not be fetched; `Rejected` for an address that is not the platform's.
        """
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_ours = f"{parts.scheme}://{parts.netloc}" == self._settings.api_base.rstrip("/")
        if not is_ours and not (
            parts.scheme in {"http", "https"} and any(host == one or host.endswith(f".{one}") for one in _MEDIA_HOSTS)
        ):
            raise Rejected("file_gone", "the platform no longer has the file")
        return await self._harmless(self._download(URL(address)))

    # --- one call ---------------------------------------------------------------------------------------------------

    async def _with_token(
        self, path: str, query: Mapping[str, str], body: bytes | tuple[bytes, str, str], total: float
    ) -> bytes:
        for is_last in (False, True):
            token = await self._harmless(self._access.current())
            try:
                return await self._post(self._address(path, token, query), body, total)
            except BadToken:
                if is_last:
                    raise
                self._access.refuse(token)
        raise AssertionError("unreachable")

    async def _grant(self, *, is_forced: bool) -> Granted:
        """Ask for the token: the same for everybody who asks, until five minutes before its end."""
        fields = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.secret.reveal(),
            "force_refresh": is_forced,
        }
        if not self._settings.secret:
            raise ChannelBroken("no_app_secret", "the account's AppSecret is not set")
        answer = await self._post(self._address("stable_token"), msgspec.json.encode(fields), self._patience)
        try:
            found = msgspec.json.decode(answer, type=_Token)
        except _UNREADABLE:
            found = _Token()
        if not found.access_token:
            raise NotConnected("unreadable_answer", "the platform's answer has no token")
        return Granted(token=found.access_token, lasts=found.expires_in)

    async def _post(self, address: URL, body: bytes | tuple[bytes, str, str], total: float) -> bytes:
        headers = {"Content-Type": "application/json"} if isinstance(body, bytes) else {}
        error: DeliveryError | None
        try:
            async with self._session.post(
                address, data=_form(body), headers=headers, timeout=_timeout(total), allow_redirects=False
            ) as response:
                answer = await response.read()
                error = judged(response.status, response.headers, _readable(answer))
                if error is None:
                    return answer
        except aiohttp.ClientError as failure:
            error = _failure(failure)
        except (TimeoutError, OSError) as failure:
            error = Ambiguous("no_answer", type(failure).__name__)
        raise self._masked(error)

    async def _download(self, address: URL) -> tuple[bytes, str]:
        error: DeliveryError | None
        try:
            async with self._session.get(
                address, timeout=_timeout(self._patience * UPLOAD_FACTOR), allow_redirects=False
            ) as response:
                data = bytearray()
                async for chunk in response.content.iter_chunked(64 * 1024):
                    data += chunk
                    if len(data) > FETCH_LIMIT:
                        break
                error = _no_file(response.status, response.headers, response.content_type, bytes(data))
                if error is None:
                    return bytes(data), response.content_type
        except aiohttp.ClientError as failure:
            error = _failure(failure)
        except (TimeoutError, OSError) as failure:
            error = NotConnected("fetch_failed", type(failure).__name__)
        raise self._masked(error)

    async def _harmless(self, call: Awaitable[T]) -> T:
        """A call that the contact does not see: it may always be repeated."""
        try:
            return await call
        except Ambiguous as error:
            raise NotConnected(error.reason, error.detail) from None

    def _address(self, path: str, token: str = "", query: Mapping[str, str] | None = None) -> URL:
        fields = {**({"access_token": token} if token else {}), **(query or {})}
        base = f"{self._settings.api_base.rstrip('/')}/cgi-bin/{path}"
        return URL(f"{base}?{urlencode(fields, quote_via=quote)}" if fields else base, encoded=True)

    def _masked(self, error: DeliveryError) -> DeliveryError:
        """The error to raise, outside of any ``except``: no address hangs on it, and an echoed secret is masked."""
        settings = self._settings
        secrets = (settings.secret, settings.token, settings.aes_key, settings.aes_key_previous)
        for secret in (*(one.reveal() for one in secrets), *self._access.tokens()):
            if secret:
                error.args = tuple(str(arg).replace(secret, "…") for arg in error.args)
                error.detail = error.detail.replace(secret, "…")
        return error


def _form(body: bytes | tuple[bytes, str, str]) -> bytes | aiohttp.FormData:
    if isinstance(body, bytes):
        return body
    data, name, mime = body
    form = aiohttp.FormData(quote_fields=False)  # the platform takes names as they are, in UTF-8
    form.add_field("media", data, filename=name, content_type=mime)
    return form


def _failure(failure: aiohttp.ClientError) -> DeliveryError:
    match failure:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return NotConnected("not_connected", type(failure).__name__)
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return ChannelBroken("bad_address", f"{type(failure).__name__}: is api_base right?")
        case _:
            return Ambiguous("no_answer", type(failure).__name__)


def _no_file(status: int, headers: Mapping[str, str], mime: str, data: bytes) -> DeliveryError | None:
    """Why this is not the file that was asked for: errors come with 200, too, as JSON instead of a file."""
    if len(data) > FETCH_LIMIT:
        return Rejected("too_large", f"the file has more than {FETCH_LIMIT // 1024 // 1024} MB")
    if status in {404, 410}:
        return Rejected("file_gone", "the platform no longer has the file")
    if status != 200:  # noqa: PLR2004  HTTP's success
        return judged(status, headers, _readable(data)) or NotConnected("fetch_failed", f"HTTP {status}")
    if mime == "application/json" or mime.startswith("text/"):
        answer = _readable(data)
        if answer is None:
            return NotConnected("unreadable_answer", "neither a file nor a reason")
        return refusal(answer) if answer.errcode else None
    return None


def _readable(answer: bytes) -> Answer | None:
    try:
        return _decode_answer(answer)
    except _UNREADABLE:
        return None


def _video_url(answer: bytes) -> str:
    try:
        return msgspec.json.decode(answer, type=_Video).video_url
    except _UNREADABLE:
        return ""


def _timeout(total: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=CONNECT_FOR, sock_connect=CONNECT_FOR)
