"""Links to files: signed by a key of this installation, and good for a while only.

Whoever has the link may see the file: it is made for those who may, and it runs out.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from sqlalchemy import Connection, select

from gateway.clock import Clock
from gateway.store import Store
from gateway.store.schema import keys
from gateway.store.statement import inserting
from router.ids import MediaId

KEY = "links"
LASTS = timedelta(hours=12)
_STEP = 3600
"""Links made within an hour are the same, so that a browser shows an image from its cache."""

_LONGEST_NAME = 200


class BadLink(Exception):
    """The link was not made by us, or somebody changed it, or it has run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a link stands for; ``name`` is the label under which the file is saved."""

    media: MediaId
    name: str


class Links:
    """Makes links and reads them."""

    def __init__(self, key: bytes, clock: Clock, lasts: timedelta = LASTS) -> None:
        self._signer = Signer(key, salt="media", key_derivation="hmac", digest_method=hashlib.sha256)
        self._clock = clock
        self._lasts = lasts

    def sign(self, media: MediaId, name: str = "") -> str:
        """The path of a link to this file, from the root of the site."""
        ends = int((self._clock.now() + self._lasts).timestamp())
        ends += -ends % _STEP
        content = base64_encode(msgspec.json.encode((media, name[:_LONGEST_NAME], ends)))
        return f"/media/{self._signer.sign(content).decode()}"

    def read(self, signed: str) -> Linked:
        """What the last part of a link stands for.

        Raises:
            BadLink: it is not ours, or has run out.
        """
        try:
            content = base64_decode(self._signer.unsign(signed.encode()))
            media, name, ends = msgspec.json.decode(content, type=tuple[str, str, int])
        except (BadData, ValueError) as error:
            raise BadLink("this link was not made here") from error
        if self._clock.now().timestamp() > ends:
            raise BadLink("this link has run out")
        return Linked(media=MediaId(media), name=name)


async def signing_key(store: Store, name: str = KEY) -> bytes:
    """This installation's key for links, or for ``name``: made at the first call, kept in its database for ever."""
    make = inserting(store.dialect, keys).values(name=name, value=secrets.token_bytes(32)).on_conflict_do_nothing()

    def key(connection: Connection) -> bytes:
        connection.execute(make)
        return bytes(connection.execute(select(keys.c.value).where(keys.c.name == name)).scalar_one())

    return await store.write(key)
