"""What an unsuccessful answer of the Bot API means, decided before the client library rewrites it.

The HTTP code and the parsed ``parameters`` decide. Only among 400s is the description the sole discriminator: the
platform has no finer code (core.telegram.org/bots/api#making-requests). Those few texts stand in one table below,
with their source.
"""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from adapters.errors import (
    Ambiguous,
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    Moved,
    Rejected,
    Throttled,
)

CONTACT_GONE = (
    "chat not found",
    "group is deactivated",
    "peer_id_invalid",
    "user not found",
    "not enough rights to send",
)
"""Descriptions of a 400 that say the chat, not the message, is the reason. Lower case, found anywhere in the text.

Sources: the public collection of literal answers TelegramBotAPI/errors; `Client.cpp` of tdlib/telegram-bot-api.
"""

NOT_MODIFIED = "message is not modified"
"""The description of a 400 that says an edit was made before (`Client.cpp`)."""

_DETAIL = 200
_SHORTEST_WAIT = timedelta(seconds=1)


class Conflict(ChannelBroken):
    """Somebody else takes this bot's updates: a webhook, or another process that asks."""


class NotModified(Rejected):
    """An edit that changes nothing: as good as done (400 "message is not modified")."""


class _Parameters(msgspec.Struct, frozen=True):
    migrate_to_chat_id: int = 0
    retry_after: float = 0


class _Answer(msgspec.Struct, frozen=True):
    description: str = ""
    parameters: _Parameters = _Parameters()


_decode = msgspec.json.Decoder(_Answer).decode


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> DeliveryError:  # noqa: PLR0911  one line per class of answer
    """The error that an answer outside 2xx stands for."""
    try:
        answer = _decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        answer = _Answer()
    detail = answer.description[:_DETAIL]
    if answer.parameters.migrate_to_chat_id:
        return Moved("moved", str(answer.parameters.migrate_to_chat_id))
    if status == 429:  # noqa: PLR2004  HTTP's own numbers; it does not say whether the chat's limit or the bot's
        return Throttled("throttled", _wait(answer, headers))
    if status in {401, 404}:  # 404 is a malformed token: methods that do not exist are not called
        return ChannelBroken("token_refused", detail)
    if status == 403:  # noqa: PLR2004
        return ContactUnreachable("forbidden", detail)
    if status == 409:  # noqa: PLR2004
        return Conflict("conflict", detail)
    if status == 400:  # noqa: PLR2004
        return _bad_request(detail)
    if status == 408 or status >= 500:  # noqa: PLR2004
        return Ambiguous("no_answer", f"HTTP {status} {detail}".rstrip())
    if status < 400:  # noqa: PLR2004  a redirect would carry the token elsewhere: it is not followed
        return ChannelBroken("redirected", f"HTTP {status}: is api_base right?")
    return Rejected("refused", detail or f"HTTP {status}")


def _bad_request(detail: str) -> DeliveryError:
    words = detail.lower()
    if any(text in words for text in CONTACT_GONE):
        return ContactUnreachable("no_chat", detail)
    if NOT_MODIFIED in words:
        return NotModified("not_modified", detail)
    return Rejected("refused", detail or "HTTP 400")


def _wait(answer: _Answer, headers: Mapping[str, str]) -> timedelta:
    header = headers.get("Retry-After", "")
    seconds = answer.parameters.retry_after or (int(header) if header.isascii() and header.isdigit() else 0)
    try:
        return max(timedelta(seconds=seconds), _SHORTEST_WAIT)
    except OverflowError:
        return timedelta.max
