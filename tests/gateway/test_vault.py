"""Secrets that platforms give us are kept sealed: on both databases."""

import logging

import pytest
from sqlalchemy import select, update

from gateway.store import Store
from gateway.store.schema import vault
from gateway.vault import SealedVault, key_of
from tests.gateway.databases import open_store, postgresql_server, store, store_url

__all__ = ["open_store", "postgresql_server", "store", "store_url"]

OWN = bytes(range(32))


async def sealed(store: Store) -> dict[str, bytes]:
    """What the database holds."""
    rows = await store.read(lambda connection: connection.execute(select(vault.c.name, vault.c.sealed)).all())
    return {name: bytes(content) for name, content in rows}


async def test_what_is_put_is_got(store: Store) -> None:
    """A value comes back as it was, the last one put; forgotten it is gone, also from the database."""
    kept = SealedVault(store, OWN)
    assert await kept.get("a") is None
    await kept.put("a", b"one")
    await kept.put("b", b"")
    await kept.put("a", b"two")
    assert (await kept.get("a"), await kept.get("b")) == (b"two", b"")
    await kept.put("a", None)
    assert await kept.get("a") is None
    assert set(await sealed(store)) == {"b"}


async def test_the_database_shows_nothing(store: Store) -> None:
    """Neither the value nor anything that repeats with it is in the row."""
    kept = SealedVault(store, OWN)
    await kept.put("a", b"xoxb-secret")
    first = (await sealed(store))["a"]
    await kept.put("a", b"xoxb-secret")
    second = (await sealed(store))["a"]
    assert b"secret" not in first
    assert first[13:] != second[13:]


async def test_another_key_opens_nothing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """With another key the secret is as good as gone, and the operator reads why; the secret is in no log."""
    await SealedVault(store, OWN).put("a", b"xoxb-secret")
    with caplog.at_level(logging.WARNING):
        assert await SealedVault(store, key_of("another", OWN)).get("a") is None
    assert "POINTSMAN_SECRET" in caplog.text
    assert "xoxb" not in caplog.text


async def test_a_row_under_another_name_opens_nothing(store: Store) -> None:
    """Who can write rows cannot give one workspace another one's token."""
    kept = SealedVault(store, OWN)
    await kept.put("inbox/T1", b"token")
    await store.write(lambda connection: connection.execute(update(vault).values(name="inbox/T2")))
    assert await kept.get("inbox/T2") is None


def test_the_operators_secret_makes_the_key() -> None:
    """The same secret makes the same key, another one another; without one the key is the installation's own."""
    assert key_of("s", OWN) == key_of("s", b"") != key_of("t", OWN)
    assert len(key_of("s", OWN)) == 32
    assert key_of("", OWN) == OWN
