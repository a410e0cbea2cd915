"""The platform's proof: a keyed hash over the raw body and the instant.

Rule: docs.slack.dev/authentication/verifying-requests-from-slack.
The forms of both headers are checked before anything is computed: a number that is none, or a signature outside
ASCII, is a forgery like any other, not an error of ours.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

SIGNATURE: Final = "x-slack-signature"
TIMESTAMP: Final = "x-slack-request-timestamp"
WINDOW: Final = 300
"""Seconds that a call may be old, or ahead of our clock."""

_INSTANT = re.compile(r"[0-9]{1,12}\Z", re.ASCII)
_SIGNED = re.compile(r"v0=[0-9a-f]{64}\Z", re.ASCII)


def sign(secret: str, instant: int, body: bytes) -> str:
    """The signature that the platform puts on a call at this instant (Unix seconds)."""
    return _computed(secret.encode(), str(instant), body)


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether a call carries this app's signature, made within five minutes of now; ``headers`` are lower-case."""
    instant, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not secret or _INSTANT.match(instant) is None or _SIGNED.match(given) is None:
        return False
    is_right = hmac.compare_digest(_computed(secret.encode(), instant, body), given)
    return is_right and abs(now.timestamp() - int(instant)) <= WINDOW


def is_ssl_check(body: bytes) -> bool:
    """Whether this is the platform's look at our certificate: not signed, and without any effect."""
    return body.startswith(b"ssl_check=1")


def _computed(secret: bytes, instant: str, body: bytes) -> str:
    return "v0=" + hmac.digest(secret, b"v0:" + instant.encode() + b":" + body, hashlib.sha256).hex()
