"""A webhook costs microseconds."""

import timeit
from datetime import UTC, datetime

import pytest

from adapters.slack.parse import parse
from adapters.slack.signature import is_signed
from tests.adapters.bench import fixtures
from tests.adapters.slack.bench import NOW, SIGNING, signed

ROUNDS, TRIES = 20, 500
"""Short tries, and many: on a busy machine some of them are left alone from beginning to end."""


@pytest.mark.timing
@pytest.mark.parametrize(
    "situation", ["text_chinese", "text_rich_in_marks", "mention_as_app_mention", "button_pressed"]
)
def test_a_call_is_proven_and_understood_in_microseconds(situation: str) -> None:
    """Less than 100 µs, at the best of many tries: what disturbs a measurement only ever adds."""
    (body,) = (fixture.body for fixture in fixtures("slack") if fixture.situation == situation)
    request, now = signed(body), datetime.fromtimestamp(NOW, UTC)
    assert is_signed(SIGNING, request.headers, body, now)

    def once() -> None:
        is_signed(SIGNING, request.headers, body, now)
        parse(body)

    assert min(timeit.repeat(once, number=ROUNDS, repeat=TRIES)) / ROUNDS < 100e-6
