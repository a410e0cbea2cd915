"""The last walls: what the database itself does not allow, whoever asks."""

from typing import Any

import pytest
from sqlalchemy import Connection, Insert, insert
from sqlalchemy.exc import IntegrityError

from gateway.store import Store
from gateway.store.schema import contacts, conversations, events, messages, offers, presences, threads

CONTACT = insert(contacts).values(id="c", created_at=0, updated_at=0)
THREAD = insert(threads).values(id="t", inbox="i", channel="x", address="a", contact="c", created_at=0)


def conversation(id: str, state: str) -> Insert:
    """A conversation of the one thread."""
    names = ("contact", "inbox", "channel", "group", "owner_kind", "owner", "priority", "body")
    return insert(conversations).values(
        id=id, thread="t", state=state, epoch=1, created_at=0, changed_at=0, **dict.fromkeys(names, "x")
    )


def offer(id: str, agent: str, state: str) -> Insert:
    """An offer of the one conversation."""
    return insert(offers).values(id=id, conversation="v", agent=agent, state=state, offered_at=0, body="{}")


def presence(agent: str, load: float, ceiling: float) -> Insert:
    """An agent that carries this much of so much."""
    return insert(presences).values(
        agent=agent, intent="ready", reachability="connected", load=load, ceiling=ceiling, changed_at=0, body="{}"
    )


def event(id: str, key: str | None, state: str = "done") -> Insert:
    """An event by a platform's key."""
    return insert(events).values(id=id, delivery_key=key, kind="K", at=0, body="{}", state=state)


def message(id: str, seq: int, client_id: str | None) -> Insert:
    """A message of the one thread."""
    values: dict[str, Any] = {"direction": "in", "author_kind": "contact", "author": "c", "text": "", "parts": "[]"}
    return insert(messages).values(
        id=id, thread="t", conversation="v", seq=seq, at=0, note=False, client_id=client_id, **values
    )


FORBIDDEN = {
    "load_within_units": [presence("li", 3, 2)],
    "uq_conversations_open_thread": [
        CONTACT, THREAD, conversation("1", "waiting"), conversation("2", "active"),
    ],
    "uq_offers_open": [offer("1", "li", "open"), offer("2", "li", "open")],
    "uq_events_delivery_key": [event("1", "i/1"), event("2", "i/1")],
    "ck_events_state": [event("1", None, "lost")],
    "uq_messages_thread_seq": [CONTACT, THREAD, message("1", 1, None), message("2", 1, None)],
    "uq_messages_client_id": [CONTACT, THREAD, message("1", 1, "k"), message("2", 2, "k")],
    "fk_threads_contact": [THREAD],
    "uq_threads_inbox_address": [CONTACT, THREAD, THREAD.values(id="other")],
}  # fmt: skip

ALLOWED = {
    "an agent may be full": [presence("li", 2, 2), presence("wang", 0, 2)],
    "an ended conversation makes room": [
        CONTACT, THREAD, conversation("1", "resolved"), conversation("2", "resolved"), conversation("3", "bot"),
    ],
    "several agents may have an offer, and one may have had it before": [
        offer("1", "li", "expired"), offer("2", "li", "open"), offer("3", "wang", "open"),
    ],
    "events without a key are many": [event("1", None), event("2", None), event("3", "i/1"), event("4", "j/1")],
    "messages without a client id are many": [CONTACT, THREAD, message("1", 1, None), message("2", 2, None)],
}  # fmt: skip


def run_all(statements: list[Insert]) -> Any:
    """A closure that runs them."""

    def closure(connection: Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return closure


@pytest.mark.parametrize("name", FORBIDDEN)
async def test_what_must_not_be_is_refused(store: Store, name: str) -> None:
    """Each constraint bites, at the last of its rows and not before."""
    *before, _ = FORBIDDEN[name]
    await store.write(run_all([*before]))
    with pytest.raises(IntegrityError):
        await store.write(run_all([FORBIDDEN[name][-1]]))


@pytest.mark.parametrize("name", ALLOWED)
async def test_what_may_be_is_allowed(store: Store, name: str) -> None:
    """Control: no constraint forbids more than it should."""
    await store.write(run_all(ALLOWED[name]))
