"""What is stored is read back as the same value, for every kind of value."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import AnyInbound
from gateway.clock import instant
from gateway.store.codec import (
    EVENTS,
    decode,
    decode_event,
    decode_inbound,
    decode_parts,
    encode,
    encode_event,
    encode_inbound,
    encode_parts,
)
from router.conversation import Conversation
from router.events import MessageReceived
from router.message import Location, Part
from router.offer import Offer
from router.presence import Presence
from router.trace import Trace

FLOATS = st.floats(allow_nan=False, allow_infinity=False)

# Instants, spans and numbers as the core has them, wherever they occur in a value.
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(timedelta, st.timedeltas(timedelta(0), timedelta(days=4_000)))
st.register_type_strategy(int, st.integers(min_value=-(2**53), max_value=2**53))
st.register_type_strategy(float, FLOATS)

MEMBERS = [member for member in get_args(Part) if member is not Location]
PARTS = st.one_of(
    st.builds(Location, latitude=FLOATS, longitude=FLOATS, label=st.text(), address=st.text()),
    *(st.from_type(member) for member in MEMBERS),
)


def anything(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Values of a dataclass, its instants in UTC and its numbers such as JSON has."""
    with_parts = {"parts": st.lists(PARTS, max_size=3).map(tuple)} if "parts" in kind.__dataclass_fields__ else {}
    return st.builds(kind, **with_parts)


QUICK = settings(max_examples=25, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", [Conversation, Offer, Presence, Trace], ids=lambda kind: kind.__name__)
def test_plain_values_come_back(kind: type[Any]) -> None:
    """A conversation, an offer, a presence and a trace survive the store whole."""

    @QUICK
    @given(anything(kind))
    def check(value: object) -> None:
        assert decode(kind, encode(value)) == value

    check()


@pytest.mark.parametrize("name", EVENTS)
def test_events_come_back(name: str) -> None:
    """Every kind of event survives the store whole, its id and instant from their columns."""

    @QUICK
    @given(anything(EVENTS[name]))
    def check(event: Any) -> None:
        assert decode_event(name, event.id, event.at, encode_event(event)) == event

    check()


@pytest.mark.parametrize("kind", get_args(AnyInbound), ids=lambda kind: kind.__name__)
def test_inbound_happenings_come_back(kind: type[Any]) -> None:
    """Every kind of inbound happening survives the store whole."""

    @QUICK
    @given(anything(kind))
    def check(inbound: Any) -> None:
        assert decode_inbound(kind.__name__, encode_inbound(inbound)) == inbound

    check()


@QUICK
@given(st.lists(PARTS, max_size=4).map(tuple))
def test_parts_come_back(parts: tuple[Part, ...]) -> None:
    """A message's parts survive the store, every kind of them."""
    assert decode_parts(encode_parts(parts)) == parts


@QUICK
@given(anything(MessageReceived))
def test_words_are_stored_once(event: MessageReceived) -> None:
    """An event's body without its parts, joined with the message's, is the event."""
    body = encode_event(event, parts=False)
    kept = decode_parts(encode_parts(event.parts))
    assert decode_event("MessageReceived", event.id, event.at, body, kept) == event


def test_what_is_no_value_is_refused() -> None:
    """A body of another shape is a ValueError, not half a value; a kind that does not exist is a KeyError."""
    with pytest.raises(ValueError, match="Expected"):
        decode(Conversation, '{"id": 7}')
    with pytest.raises(ValueError, match="missing"):
        decode_event("OfferAccepted", "evt_1", instant(0), "{}")
    with pytest.raises(KeyError):
        decode_event("SomethingElse", "evt_1", instant(0), "{}")


@QUICK
@given(anything(MessageReceived))
def test_a_message_without_its_words(event: MessageReceived) -> None:
    """An event whose words are kept with its message lacks nothing else."""
    body = encode_event(event, parts=False)
    assert decode_event("MessageReceived", event.id, event.at, body, event.parts) == event
