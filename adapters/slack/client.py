"""slack-sdk's `AsyncWebClient` over the shared HTTP session: its methods and arguments, our calls and judgement.

Left to itself the library opens a session per call or keeps the session's time-outs, writes what was said to its
debug log, hands 200 with an HTML page on as an `AttributeError`, and reads proxies from the environment. Here each call
is one request with our time-outs, and is judged before the library sees the answer.
"""

from collections.abc import Awaitable
from typing import Any, Final, TypeVar

import aiohttp
import msgspec
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.errors import Ambiguous, ChannelBroken, DeliveryError, NotConnected, Rejected
from adapters.slack.refusal import refusal

CONNECT_FOR: Final = 5.0
CALL_FOR: Final = 15.0
FILE_FACTOR: Final = 4
"""Seconds for reaching the platform and for a call; a file in either direction may take so many times as long."""

T = TypeVar("T")


class CallFailed(Exception):
    """A call that did not succeed: passes through the library untouched, carrying our own error."""

    def __init__(self, error: DeliveryError) -> None:
        super().__init__(error.reason)
        self.error = error


class SessionClient(AsyncWebClient):
    """The library's methods, each with ``token=…``, over an aiohttp session that belongs to somebody else."""

    def __init__(self, session: aiohttp.ClientSession, api_base: str, patience: float = CALL_FOR) -> None:
        """``patience``: seconds to wait for the answer to a call."""
        super().__init__(base_url=api_base.rstrip("/") + "/", retry_handlers=[])
        self._lent = session
        self._patience = patience

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        """One call of the library.

        Raises:
            CallFailed: it did not succeed.
        """
        more = {name: req_args[name] for name in ("json", "data", "params") if req_args.get(name) is not None}
        status, headers, body = await self._answer(
            http_verb, api_url, self._patience, headers=req_args["headers"], **more
        )
        error = refusal(status, headers, body, api_url.rpartition("/")[2])
        if error is not None:
            raise CallFailed(error)
        return {"data": msgspec.json.decode(body), "headers": dict(headers), "status_code": status}

    async def put(self, address: str, data: bytes) -> None:
        """Bring a file's bytes to the address that the platform gave for them.

        Raises:
            CallFailed: it did not succeed.
        """
        status, headers, _ = await self._answer("POST", address, self._patience * FILE_FACTOR, data=data)
        if status != 200:  # noqa: PLR2004  HTTP's own number
            raise CallFailed(
                refusal(status, headers, b'{"ok":false,"error":"missing_file_data"}') or Rejected("no_upload")
            )

    async def download(self, address: URL, token: str, limit: int) -> tuple[bytes, str]:
        """A file's bytes and the type that the server says; at most ``limit`` bytes.

        Raises:
            CallFailed: it did not succeed.
        """
        error: DeliveryError
        try:
            async with self._lent.get(
                address,
                headers={"Authorization": f"Bearer {token}"},
                timeout=_timeout(self._patience * FILE_FACTOR),
                allow_redirects=False,
            ) as response:
                if response.status == 200:  # noqa: PLR2004  HTTP's own number
                    data = bytearray()
                    async for chunk in response.content.iter_chunked(64 * 1024):
                        data += chunk
                        if len(data) > limit:
                            break
                    else:
                        return bytes(data), response.content_type
                    error = Rejected("too_large", f"the file has more than {limit // 1024 // 1024} MB")
                else:
                    error = _no_file(response.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            error = NotConnected("fetch_failed", type(failure).__name__)  # fetching again harms nobody
        raise CallFailed(error)

    async def _answer(
        self,
        verb: str,
        address: str,
        patience: float,
        **request: Any,  # noqa: ANN401  what aiohttp takes
    ) -> tuple[int, Any, bytes]:
        error: DeliveryError
        try:
            async with self._lent.request(
                verb, address, timeout=_timeout(patience), allow_redirects=False, **request
            ) as response:
                return response.status, response.headers, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as failure:
            error = NotConnected("not_connected", type(failure).__name__)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as failure:
            error = ChannelBroken("bad_address", f"{type(failure).__name__}: is api_base right?")
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            error = Ambiguous("no_answer", type(failure).__name__)
        raise CallFailed(error)


async def judged(call: Awaitable[T], *secrets: str) -> T:
    """What a call gives, or our own error for why it gave nothing; ``secrets`` are masked in it.

    Raises:
        DeliveryError: one of the closed set.
    """
    error: DeliveryError
    try:
        return await call
    except CallFailed as failure:
        error = failure.error
    except SlackClientError as failure:
        error = Rejected("refused_here", type(failure).__name__)  # the library's own checks, before anything is sent
    except (TypeError, KeyError, AttributeError, ValueError) as failure:
        # What the library does not expect in an answer, it raises as whatever comes.
        error = Ambiguous("unreadable_answer", type(failure).__name__)
    for secret in secrets:
        if secret:
            error.args = tuple(str(arg).replace(secret, "…") for arg in error.args)
            error.detail = error.detail.replace(secret, "…")
            error.reason = error.reason.replace(secret, "…")
    raise error


def _no_file(status: int) -> DeliveryError:
    if status in {404, 410}:
        return Rejected("file_gone", "the platform no longer has the file")
    if status in {401, 403} or 300 <= status < 400:  # noqa: PLR2004  it leads to the login page
        return ChannelBroken("missing_scope", "files are not given out: needs files:read")
    return NotConnected("fetch_failed", f"HTTP {status}")


def _timeout(total: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=CONNECT_FOR, sock_connect=CONNECT_FOR)
