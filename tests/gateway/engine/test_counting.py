"""Figures from what is stored are those of what is stored; on both databases."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, func, select

from gateway.clock import instant
from gateway.counting import Counted, count
from gateway.store import Store, schema
from router.offer import OfferState
from tests.gateway.engine.day import LASTS, MORNING
from tests.gateway.engine.test_replay import CONTACTS, lived, settings_of

END = MORNING + LASTS + timedelta(hours=2)


async def counted(store: Store) -> Counted:
    """Everything that was stored, with the progress that was told."""
    told: list[tuple[int, int]] = []
    since = MORNING - timedelta(days=1)

    def progress(done: int, of: int) -> None:
        told.append((done, of))

    found = await store.read(lambda c: count(lambda closure: closure(c), since, END, settings_of, progress))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    return found


async def test_figures_are_those_of_the_tables(open_store: Callable[[], Store]) -> None:
    """Over a day with restarts and other files: offers, ends and answers are as many as the rows that were written."""
    store = await lived(open_store, CONTACTS, 1)
    found = await counted(store)
    assert found.skipped == 0
    for end in (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.RESCINDED):
        query = select(func.count()).select_from(schema.offers).where(schema.offers.c.state == end.value)
        stored = await store.read(lambda c, query=query: c.execute(query).scalar_one())  # type: ignore[misc]  # its default
        assert sum(each.end is end for each in found.rows.proposals) == stored
    resolved = select(func.count()).select_from(schema.conversations).where(schema.conversations.c.state == "resolved")
    assert len(found.rows.closings) == await store.read(lambda c: c.execute(resolved).scalar_one())
    assert len(found.rows.responses) > 0


async def test_a_lost_event_is_told_and_got_over(open_store: Callable[[], Store]) -> None:
    """Without an arrival at work much cannot be decided again: that is told; from the next snapshot on all is right."""
    store = await lived(open_store, CONTACTS, 1)
    before = await counted(store)
    query = select(schema.snapshots.c.rev, schema.snapshots.c.at).order_by(schema.snapshots.c.rev)
    snapshots = await store.read(lambda c: c.execute(query).all())
    came = schema.events.c.kind == "AgentConnected"
    await store.write(lambda c: c.execute(delete(schema.events).where(came, schema.events.c.rev <= snapshots[1].rev)))
    after = await counted(store)
    assert after.skipped > 0
    resumed_at = instant(snapshots[1].at)
    assert [each for each in after.rows.proposals if each.at > resumed_at] == [
        each for each in before.rows.proposals if each.at > resumed_at
    ]
    assert after.rows.proposals != before.rows.proposals
