"""A webhook costs microseconds."""

import json
import timeit

import pytest

from adapters.telegram.parse import parse
from tests.adapters.bench import fixtures

ROUNDS, TRIES = 20, 500
"""Short tries, and many: on a busy machine some of them are left alone from beginning to end."""


@pytest.mark.timing
def test_a_text_is_understood_in_microseconds() -> None:
    """Less than four times what reading the same bytes as plain JSON takes, each at the best of many tries."""
    (body,) = (fixture.body for fixture in fixtures("telegram") if fixture.situation == "text_chinese")
    understood = min(timeit.repeat(lambda: parse(body), number=ROUNDS, repeat=TRIES))
    read = min(timeit.repeat(lambda: json.loads(body), number=ROUNDS, repeat=TRIES))
    assert understood < 4 * read
