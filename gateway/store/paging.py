"""Cursors: where a list goes on, as an opaque word."""

import base64
import binascii
from dataclasses import dataclass

MOST = 200
DEFAULT = 50


class BadCursor(ValueError):
    """The cursor is not one that we gave."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the value that the list is sorted by, and the id that breaks ties."""

    value: int
    id: str

    def word(self) -> str:
        """As the caller carries it."""
        return base64.urlsafe_b64encode(f"{self.value}:{self.id}".encode()).decode().rstrip("=")


def read_cursor(word: str) -> Cursor | None:
    """The cursor that this word is; None for an empty word.

    Raises:
        BadCursor: it is no cursor of ours.
    """
    if not word:
        return None
    try:
        value, _, id_ = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode().partition(":")
        number = int(value)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise BadCursor("this cursor is not one of ours") from error
    if not -(2**63) <= number < 2**63:
        raise BadCursor("this cursor is not one of ours")
    return Cursor(number, id_)
