"""Identifiers: by what a person can be recognised in another inbox, and who says so."""

from dataclasses import dataclass
from enum import Enum

EMAIL = "email"
PHONE = "phone"


class Source(Enum):
    """Who says that the identifier is the contact's."""

    PLATFORM = "platform"
    SIGNED = "signed"
    SAID = "said"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One identifier of a contact: an e-mail address, a phone number, or a name that several inboxes share.

    Only a verified one joins contacts by itself: the platform or the site's own server vouches that it is this
    person's, and that nobody else can have it. ``kind`` is `EMAIL`, `PHONE`, or the platform's own word.
    """

    kind: str
    value: str
    is_verified: bool
    source: Source


def folded(kind: str, value: str) -> str:
    """The value as it is compared: e-mail addresses without case, phone numbers without what stands between digits.

    Empty when it is none: no ``@``, fewer than six digits.
    """
    if kind == EMAIL:
        bare = value.strip().casefold()
        return bare if "@" in bare.strip("@") else ""
    if kind == PHONE:
        digits = "".join(filter(str.isdecimal, value))
        plus = "+" if value.strip().startswith("+") else ""
        return f"{plus}{digits}" if len(digits) >= _FEWEST_DIGITS else ""
    return value.strip()


_FEWEST_DIGITS = 6
