"""What an answer of the platform means: its errcode decides, never its words.

Sources: developers.weixin.qq.com, *Global return codes* and the pages of the calls. The platform answers 200 to nearly
everything. A code above zero says that nothing was done; −1 ("system busy") says nothing of the kind.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

import msgspec

from adapters.errors import (
    Ambiguous,
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    Rejected,
    Throttled,
    Whose,
    WindowClosed,
)

TOKEN = frozenset({40001, 40014, 41001, 42001})
"""The access token is not, or no longer, good: another one may be."""

BUSY = -1

WINDOW = frozenset({45015, 45047})
"""Outside of 48 hours, or everything that they allow is used up; both end when the contact writes."""

CONTACT = frozenset({40003, 43004, 43019, 50002})
"""No such contact, not following, blocked by us, restricted by the platform."""

CONFIGURATION = frozenset({
    40002, 40013, 40125, 40164, 40243, 41002, 41004, 43002, 48001, 48002, 48003, 48004, 48006, 50001, 50005, 61004,
    61005, 61006, 61007, 61009,
})  # fmt: skip
"""AppID, AppSecret, IP allow-list, permissions of the account: nothing works until somebody repairs it."""

NO_MENU = 40200
"""The account may not send menus; whatever else it may."""

MINUTE_QUOTA = 45011
DAILY_QUOTA = 45009
_WAITS = {MINUTE_QUOTA: timedelta(minutes=1), DAILY_QUOTA: timedelta(hours=1)}
"""Quotas of the account's calls, whoever they are for."""

FILE_GONE = 40007
NOT_ALLOWED = 40164
_SEEN_AT = re.compile(r"\binvalid ip ([0-9A-Fa-f.:]{3,45})")

_HINTS = {
    NOT_ALLOWED: "this server's address is not on the account's IP allow-list",
    40125: "the AppSecret is wrong",
    40243: "the AppSecret is frozen",
    40013: "the AppID is wrong",
    48001: "the account may not use this interface (not verified?)",
    50002: "the platform restricts this contact",
    43004: "the contact does not follow the account",
    45002: "the text is too long",
    45015: "the contact has not written for 48 hours",
    45047: "everything that the contact's last message allows has been sent",
    87014: "the platform refuses the content",
}

_DETAIL = 200
_SHORTEST_WAIT = timedelta(seconds=1)


class Refused(Rejected):
    """The platform refused one call; ``code`` is its errcode."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(f"wechat_{code}", detail)
        self.code = code


class BadToken(ChannelBroken):
    """The access token was refused; raised outside only when a fresh one was refused, too."""


class Answer(msgspec.Struct, frozen=True):
    """What every answer may say."""

    errcode: int = 0
    errmsg: str = ""


def judged(status: int, headers: Mapping[str, str], answer: Answer | None) -> DeliveryError | None:
    """The error that an answer stands for; None for a success. ``answer`` is None when it was not readable."""
    if status == 429:  # noqa: PLR2004  HTTP's own numbers are clearer than names for them
        return Throttled("throttled", _wait(headers), whose=Whose.INBOX)
    if status == 408 or status >= 500:  # noqa: PLR2004
        return Ambiguous("no_answer", f"HTTP {status}")
    if 300 <= status < 400:  # noqa: PLR2004  a redirect would carry the token elsewhere: it is not followed
        return ChannelBroken("redirected", f"HTTP {status}: is api_base right?")
    if answer is None:
        return Ambiguous("unreadable_answer", "the platform's answer was not readable")
    if answer.errcode:
        return refusal(answer)
    return None if status < 300 else Rejected("refused", answer.errmsg[:_DETAIL] or f"HTTP {status}")  # noqa: PLR2004


def refusal(answer: Answer) -> DeliveryError:
    """The error that an errcode stands for."""
    code = answer.errcode
    detail = (_HINTS.get(code) or answer.errmsg[:_DETAIL]) + _address_in(answer)
    reason = f"wechat_{code}"
    if code == BUSY:
        return Ambiguous("busy", detail)
    if code in TOKEN:
        return BadToken("token_refused", detail)
    if code in WINDOW:
        return WindowClosed(reason, detail)
    if code in CONTACT:
        return ContactUnreachable(reason, detail)
    if code in CONFIGURATION:
        return ChannelBroken(reason, detail)
    if code in _WAITS:
        return Throttled(reason, _WAITS[code], whose=Whose.INBOX)
    return Refused(code, detail)


def _address_in(answer: Answer) -> str:
    """Which address the platform sees us at, where it says so: what has to be entered into its allow-list."""
    found = _SEEN_AT.search(answer.errmsg) if answer.errcode == NOT_ALLOWED else None
    return f" (it sees us at {found[1]})" if found is not None else ""


def _wait(headers: Mapping[str, str]) -> timedelta:
    header = headers.get("Retry-After", "")
    seconds = int(header) if header.isascii() and header.isdigit() and len(header) < 6 else 0  # noqa: PLR2004  a day
    return max(timedelta(seconds=seconds), _SHORTEST_WAIT)
