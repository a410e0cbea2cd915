"""Identities of new things: unguessable, and in the order in which they were made."""

import os
import secrets
import time
from typing import Protocol

_ALPHABET = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: sorts like numbers, reads without l, O and U
_LETTERS = bytes(_ALPHABET[byte % 32] for byte in range(256))
_TIME_LETTERS = 10
_RANDOM_LETTERS = 16
_TOKEN_BYTES = 32


class Identifiers(Protocol):
    """Makes identities."""

    def new(self, prefix: str) -> str:
        """A new identity with this prefix; later ones sort behind earlier ones, to the millisecond."""

    def token(self) -> str:
        """A new secret that stands for its bearer: 256 bits, safe in a URL and a header."""


class RandomIdentifiers:
    """128 bits: 48 of milliseconds since 1970, then 80 of the operating system's randomness (``cnv_01JD…``)."""

    def __init__(self) -> None:
        self._stamp = (-1, "")

    def new(self, prefix: str) -> str:
        """A new identity with this prefix; later ones sort behind earlier ones, to the millisecond."""
        milliseconds = time.time_ns() // 1_000_000
        stamp = self._stamp
        if stamp[0] != milliseconds:
            stamp = self._stamp = (milliseconds, _letters(milliseconds))  # one assignment: threads may meet here
        return f"{prefix}_{stamp[1]}{os.urandom(_RANDOM_LETTERS).translate(_LETTERS).decode()}"

    def token(self) -> str:
        """A new secret that stands for its bearer: 256 bits, safe in a URL and a header."""
        return secrets.token_urlsafe(_TOKEN_BYTES)


def _letters(milliseconds: int) -> str:
    return bytes(_ALPHABET[(milliseconds >> (5 * place)) & 31] for place in reversed(range(_TIME_LETTERS))).decode()
