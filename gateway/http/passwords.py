"""Passwords: argon2id, in threads, two at a time (each takes 64 MiB and 100 ms), with few in the queue."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_A_TIME = 2
MOST_WAITING = 40
LEAST_LENGTH = 8
MOST_LENGTH = 512


class Busy(Exception):
    """Too many passwords are being checked; try again in a moment."""


class BadPassword(Exception):
    """The new password is too short or too long."""


def hash_now(password: str) -> str:
    """The hash to store; blocks for 0.1 s.

    Raises:
        BadPassword: it is too short or too long.
    """
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        raise BadPassword(f"a password has {LEAST_LENGTH} to {MOST_LENGTH} characters")
    return PasswordHasher().hash(password)


class Passwords:
    """Checks and makes password hashes without blocking the loop."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._slots = asyncio.Semaphore(AT_A_TIME)
        self._waiting = 0
        self._decoy = ""

    async def matches(self, stored: str, password: str) -> bool:
        """Whether this is the password; takes as long when there is none, so that logins cannot be told apart.

        Raises:
            Busy: too many are waiting.
        """
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(self._matches, stored, password[:MOST_LENGTH])
        finally:
            self._waiting -= 1

    async def hash(self, password: str) -> str:
        """The hash to store for a new password.

        Raises:
            BadPassword: it is too short or too long.
        """
        async with self._slots:
            return await asyncio.to_thread(hash_now, password)

    def _matches(self, stored: str, password: str) -> bool:
        if not self._decoy:
            self._decoy = self._hasher.hash("nobody's password")
        try:
            self._hasher.verify(stored or self._decoy, password)
            return bool(stored)
        except (VerificationError, InvalidHashError):
            return False
