"""How far a message got that became several on the platform."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What earlier attempts got through: a message is cut in the same places each time, so the next goes on behind it.

    ``keys`` are the platform's ids, piece by piece, empty for a piece that it refused; ``lost`` says in words what it
    did not carry.
    """

    keys: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def has_arrived(self) -> bool:
        """Whether the contact has any of it."""
        return any(self.keys)


NOTHING_YET = Progress()

Follow = Callable[[Progress], None]
"""Called after each piece with how far the message has got, for who has to stop in the middle."""


def unfollowed(_progress: Progress) -> None:
    """Nobody wants to know."""
