"""Secrets that platforms give us while we run, encrypted at rest: AES-256-GCM, bound to the name they are kept under.

The key is made from the environment's ``POINTSMAN_SECRET`` where it is set: then a copy of the database opens nothing.
Without it the key is this installation's own and lies in the database, too: that keeps secrets out of logs, exports and
curious queries, not from whoever has the whole file.
"""

import hashlib
import logging
import secrets
from typing import Final

from sqlalchemy import Connection, delete, select

from gateway.store import Store
from gateway.store.schema import vault
from gateway.store.statement import inserting

log = logging.getLogger(__name__)

KEY: Final = "vault"
SECRET: Final = "POINTSMAN_SECRET"  # noqa: S105  its name, not its value
"""The environment variable's name."""

_VERSION: Final = b"\x01"
_NONCE: Final = 12


class SealedVault:
    """Keeps secrets in the database; ``key`` has 32 bytes."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store = store
        self._key = key

    async def get(self, name: str) -> bytes | None:
        """What was put under this name; None when there is nothing, or it was sealed with another key."""
        found = await self._store.read(
            lambda connection: connection.execute(
                select(vault.c.sealed).where(vault.c.name == name)
            ).scalar_one_or_none()
        )
        if found is None:
            return None
        # Most installations keep nothing here, and the library is 7 MiB.
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        sealed = bytes(found)
        nonce, content = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return AESGCM(self._key).decrypt(nonce, content, name.encode())
        except (InvalidTag, ValueError):
            log.warning("a kept secret cannot be opened: is %s another one now?", SECRET, extra={"secret_name": name})
            return None

    async def put(self, name: str, value: bytes | None) -> None:
        """Keep a value, instead of the former one; None forgets it."""
        if value is None:
            await self._store.write(lambda connection: connection.execute(delete(vault).where(vault.c.name == name)))
            return
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  as above

        nonce = secrets.token_bytes(_NONCE)
        sealed = _VERSION + nonce + AESGCM(self._key).encrypt(nonce, value, name.encode())

        def keep(connection: Connection) -> None:
            made = inserting(self._store.dialect, vault).values(name=name, sealed=sealed)
            connection.execute(made.on_conflict_do_update(index_elements=["name"], set_={"sealed": sealed}))

        await self._store.write(keep)


def key_of(secret: str, own: bytes) -> bytes:
    """The vault's key: made from the operator's secret, or this installation's own."""
    return hashlib.scrypt(secret.encode(), salt=b"pointsman/vault", n=2**14, r=8, p=1, dklen=32) if secret else own
