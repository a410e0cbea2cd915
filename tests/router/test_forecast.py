"""The range of the wait is honest: measured, widening with the position, and silent when too little is known."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from router.forecast import FEWEST, KEPT, WINDOW, forecast, with_completion
from tests.router.world import MONDAY, seconds

NOW = int(MONDAY.timestamp())


def every(span: int, count: int) -> list[int]:
    """So many completions, one each so many seconds, the last just now."""
    return [NOW - span * number for number in range(count)]


def test_too_little_gives_no_range() -> None:
    """Below twenty completions in half an hour nobody is told a number."""
    assert forecast(every(30, FEWEST - 1), 1, MONDAY) is None
    assert forecast(every(3600, 100), 1, MONDAY) is None
    assert forecast(every(30, FEWEST), 1, MONDAY) is not None


def test_range_follows_the_rate() -> None:
    """Thirty completions in half an hour are one a minute: the tenth waits about ten minutes, seldom thirteen."""
    found = forecast(every(60, 30), 10, MONDAY)
    assert found is not None
    assert timedelta(minutes=9) < found.likely < timedelta(minutes=10)
    assert timedelta(minutes=11) < found.most < timedelta(minutes=13.5)


@given(count=st.integers(min_value=FEWEST, max_value=400), position=st.integers(min_value=1, max_value=500))
def test_range_is_ordered_and_grows(count: int, position: int) -> None:
    """The end is never before the middle, and whoever stands further back does not wait less."""
    completions = [NOW - number % int(WINDOW.total_seconds()) for number in range(count)]
    here, behind = forecast(completions, position, MONDAY), forecast(completions, position + 1, MONDAY)
    assert here is not None
    assert behind is not None
    assert timedelta() <= here.likely <= here.most
    assert here.likely <= behind.likely


def test_only_the_last_completions_are_kept() -> None:
    """An agent's memory is bounded, and keeps the newest."""
    completed: tuple[int, ...] = ()
    for number in range(40):
        completed = with_completion(completed, MONDAY + seconds(number))
    assert len(completed) == KEPT
    assert completed[-1] == NOW + 39
