"""A webhook costs microseconds."""

import timeit

import pytest

from adapters.telegram.parse import parse
from tests.adapters.bench import fixtures

ROUNDS = 2_000


@pytest.mark.timing
def test_a_text_is_understood_in_microseconds() -> None:
    """Less than 10 µs, at the best of many tries: what disturbs a measurement only ever adds."""
    (body,) = (fixture.body for fixture in fixtures("telegram") if fixture.situation == "text_chinese")
    best = min(timeit.repeat(lambda: parse(body), number=ROUNDS, repeat=20)) / ROUNDS
    assert best < 10e-6
