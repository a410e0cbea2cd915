"""What a contact's action lets us send is written with the action, once, and never made smaller by a lesser one."""

from datetime import timedelta
from typing import Any

from adapters.contract import Came, Grant, Profile
from gateway.clock import micros
from gateway.store import Store, schema
from tests.gateway.engine.workshop import running, wrote

MESSAGE = Grant(sends=5, lasts=timedelta(hours=48))
CLICK = Grant(sends=3, lasts=timedelta(minutes=1))
COLUMNS = ("window_of", "window_left", "window_until")


def followed(key: str) -> Came:
    """The contact followed us."""
    return Came(delivery_key=key, address="ann", profile=Profile(name="Ann"), grant=CLICK)


async def test_the_first_message_opens_a_window(store: Store) -> None:
    """A message allows five for two days, from when it was written; without a grant nothing is counted."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", grant=MESSAGE), wrote("bob"))
        rows = {row[0]: row[1:] for row in await bench.rows(schema.threads, "address", *COLUMNS)}
        until = micros(bench.clock.now() + MESSAGE.lasts)
        assert rows == {"ann": (5, 5, until), "bob": (None, None, None)}


async def test_it_counts_from_when_the_contact_acted(store: Store) -> None:
    """A message that came late allows less time; a clock that is ahead of ours allows no more."""
    async with running(store) as bench:
        now = bench.clock.now()
        await bench.receive(
            wrote("ann", grant=MESSAGE, at=now - timedelta(hours=1)),
            wrote("bob", grant=MESSAGE, at=now + timedelta(hours=1)),
        )
        rows = dict(await bench.rows(schema.threads, "address", "window_until"))
        assert rows == {"ann": micros(now + timedelta(hours=47)), "bob": micros(now + timedelta(hours=48))}


async def test_a_click_takes_nothing_away(store: Store) -> None:
    """Four left for two days are more than three for a minute; three are more than one."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", grant=MESSAGE))
        until = micros(bench.clock.now() + MESSAGE.lasts)
        await spent(bench, 1)
        await bench.receive(followed("k1"))
        assert await bench.rows(schema.threads, *COLUMNS) == [(5, 4, until)]
        await spent(bench, 3)
        await bench.receive(followed("k2"))
        soon = micros(bench.clock.now() + CLICK.lasts)
        assert await bench.rows(schema.threads, *COLUMNS) == [(3, 3, soon)]
        await bench.receive(wrote("ann", grant=MESSAGE))
        assert await bench.rows(schema.threads, *COLUMNS) == [(5, 5, until)]


async def test_a_repetition_allows_nothing(store: Store) -> None:
    """The same delivery again does not fill the window again."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", grant=MESSAGE, key="one"))
        await spent(bench, 2)
        await bench.receive(wrote("ann", grant=MESSAGE, key="one"))
        assert await bench.rows(schema.threads, "window_left") == [(3,)]


async def spent(bench: Any, count: int) -> None:
    """So many messages went out."""
    column = schema.threads.c.window_left
    await bench.store.write(lambda c: c.execute(schema.threads.update().values(window_left=column - count)))
