"""How fast an inbox may send, told in seconds."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import NotConnected
from gateway.outcome import Again, backoff, outcome_of
from gateway.pacing import MOST, Breaker, Pace, Rate
from router.ids import MessageId


@given(steps=st.lists(st.floats(min_value=0, max_value=0.5), max_size=200))
def test_rate_holds(steps: list[float]) -> None:
    """In any second no more than the burst and the rate go, whatever the rhythm of asking."""
    rate = Rate(10, burst=10)
    now, sent = 0.0, []
    for step in steps:
        now += step
        while rate.room(now):
            rate.take(now)
            sent.append(now)
    for start in sent:
        assert sum(start <= at < start + 1 for at in sent) <= 20


def test_rate_gives_all_it_may() -> None:
    """Ten a second means a hundred in ten seconds: nothing is lost to rounding."""
    rate = Rate(10, burst=10)
    sent = 0
    for tick in range(1_000):
        while rate.room(tick / 100):
            rate.take(tick / 100)
            sent += 1
    assert 105 <= sent <= 110


def test_free_when_it_says() -> None:
    """At the announced instant there is room, and just before there is none."""
    rate = Rate(2, burst=1)
    rate.take(100.0)
    assert not rate.room(100.1)
    assert rate.room(rate.free_at(100.1))


def test_each_contact_rests() -> None:
    """A contact who got a burst rests; others do not."""
    pace = Pace(overall=Rate(0, 1), per_contact=1.0)
    for _ in range(3):
        pace.begin("ada", 0.0)
        pace.end()
    assert list(pace.resting(0.0)) == ["ada"]
    assert pace.room(0.0) == MOST
    free_at = pace.free_at(0.0)
    assert free_at is not None
    assert list(pace.resting(free_at)) == []
    assert list(pace.resting(100.0)) == []


def test_breaker_tries_one() -> None:
    """After three failures to connect an inbox pauses, is then tried with one message, and opens when that arrives."""
    breaker = Breaker()
    assert [breaker.fail(0.0, is_broken=False) for _ in range(3)] == [False, False, True]
    assert breaker.room(0.5) == 0
    assert breaker.room(1.0) == 1
    assert not breaker.fail(1.0, is_broken=False)
    assert breaker.room(2.5) == 0
    assert breaker.room(3.0) == 1
    assert breaker.work()
    assert breaker.room(3.0) == MOST
    assert not breaker.work()


def test_breaker_of_a_broken_inbox() -> None:
    """Wrong credentials pause at once, once; failures of deliveries that were under way do not lengthen it."""
    breaker = Breaker()
    assert [breaker.fail(0.0, is_broken=True) for _ in range(5)] == [True, False, False, False, False]
    assert breaker.room(29.0) == 0
    assert breaker.room(30.0) == 1


def test_backoff_grows_to_a_minute() -> None:
    """Waits double up to a minute, scattered downwards by at most half, the same each time."""
    waits = [backoff("msg_1", attempts).total_seconds() for attempts in range(12)]
    for attempts, wait in enumerate(waits):
        longest = min(2.0**attempts, 60.0)
        assert longest / 2 <= wait <= longest
    assert backoff("msg_1", 3) == backoff("msg_1", 3)
    assert len({backoff(f"msg_{n}", 3) for n in range(50)}) > 40


def test_outcome_says_how_long() -> None:
    """A retryable trouble waits by the number of attempts before it."""
    first = outcome_of(NotConnected("refused"), MessageId("m"), 0)
    assert isinstance(first, Again)
    assert first.wait <= timedelta(seconds=1)
    assert first.is_cut_off
