"""Where an adapter keeps secrets that platforms give it while we run."""

from typing import Final, Protocol


class Vault(Protocol):
    """A place for secrets: encrypted, in the database."""

    async def get(self, name: str) -> bytes | None:
        """What was put under this name; None when there is nothing."""

    async def put(self, name: str, value: bytes | None) -> None:
        """Keep a value, instead of the former one; None forgets it."""


class _Nowhere:
    """The vault of a gateway that keeps nothing."""

    async def get(self, name: str) -> bytes | None:
        return None

    async def put(self, name: str, value: bytes | None) -> None:
        raise LookupError("this gateway has no vault")


NOWHERE: Final[Vault] = _Nowhere()
