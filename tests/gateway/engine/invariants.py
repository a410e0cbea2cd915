"""What must be true of the rows at any time, whoever wrote them: asked of the database alone."""

from collections import Counter

from sqlalchemy import Connection, select

from gateway.store import Store
from gateway.store.codec import decode
from gateway.store.schema import conversations, events, messages, offers, outbox, presences, threads
from router.conversation import Conversation, OwnerKind, State
from router.offer import Offer


async def breaches(store: Store, units: float) -> list[str]:
    """Every promise that the rows break, in words; none is right."""
    return await store.read(lambda connection: _breaches(connection, units))


def _breaches(connection: Connection, units: float) -> list[str]:
    found: list[str] = []
    rows = connection.execute(select(conversations.c.body).where(conversations.c.state != "resolved")).scalars()
    open_ones = [decode(Conversation, body) for body in rows]
    carried = Counter(
        each.owner.id
        for each in open_ones
        if each.owner.kind is OwnerKind.AGENT and each.state in {State.ACTIVE, State.WRAPPING}
    )
    for offer in connection.execute(select(offers.c.body).where(offers.c.state == "open")).scalars():
        carried[decode(Offer, offer).agent] += 1
    found += [f"{agent} carries {load}" for agent, load in carried.items() if load > units]
    for agent, load in connection.execute(select(presences.c.agent, presences.c.load)):
        if load != carried[agent]:
            found.append(f"{agent}'s row says {load}, the conversations say {carried[agent]}")
    per_thread = Counter(each.thread for each in open_ones)
    found += [f"{thread} has {count} open conversations" for thread, count in per_thread.items() if count > 1]
    found += _numbering(connection)
    unsent = select(messages.c.id).where(
        messages.c.direction == "out", ~messages.c.note, messages.c.id.not_in(select(outbox.c.message))
    )
    found += [f"{id} was said and never queued" for id in connection.execute(unsent).scalars()]
    stuck = connection.execute(select(events.c.id).where(events.c.state == "pending")).scalars()
    return found + [f"{id} is still pending" for id in stuck]


def _numbering(connection: Connection) -> list[str]:
    found = []
    numbers: dict[str, list[int]] = {}
    for thread, seq in connection.execute(select(messages.c.thread, messages.c.seq).order_by(messages.c.seq)):
        numbers.setdefault(thread, []).append(seq)
    for thread, last in connection.execute(select(threads.c.id, threads.c.last_seq)):
        if numbers.get(thread, []) != list(range(1, last + 1)):
            found.append(f"{thread} has numbers {numbers.get(thread)} and believes in {last}")
    return found
