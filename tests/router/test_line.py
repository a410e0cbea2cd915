"""A line keeps places in order, whatever is added and removed."""

from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from router import line
from router.due import Place
from router.line import Line
from tests.router.world import MONDAY


def place(number: int) -> Place:
    """A place; smaller numbers are due earlier."""
    return (MONDAY + timedelta(seconds=number // 3), MONDAY, f"v{number:04}")


changes = st.lists(st.tuples(st.booleans(), st.integers(min_value=0, max_value=400)), max_size=300)


@given(changes=changes)
def test_line_is_a_sorted_set(changes: list[tuple[bool, int]]) -> None:
    """First, rank, length, membership and order are those of a sorted list; blocks split and vanish on the way."""
    block, line.BLOCK = line.BLOCK, 4
    try:
        tested, model = Line(), set[Place]()
        for is_added, number in changes:
            if is_added and place(number) not in model:
                tested.add(place(number))
                model.add(place(number))
            elif not is_added and place(number) in model:
                tested.remove(place(number))
                model.remove(place(number))
            ordered = sorted(model)
            assert tested.first == (ordered[0] if ordered else None)
            assert tested.rank(place(number)) == sum(each < place(number) for each in ordered)
            assert (place(number) in tested) is (place(number) in model)
        assert list(tested) == sorted(model)
        assert len(tested) == len(model)
    finally:
        line.BLOCK = block


def test_removing_who_is_not_there_is_an_error() -> None:
    """A line does not pretend."""
    tested = Line()
    with pytest.raises(KeyError):
        tested.remove(place(1))
    tested.add(place(1))
    tested.add(place(3))
    with pytest.raises(KeyError):
        tested.remove(place(2))
