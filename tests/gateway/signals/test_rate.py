"""A rate in this process, told in seconds."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.signals.local import Rate


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
