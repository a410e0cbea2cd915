"""A secret gives itself away to nobody who does not ask for it by name."""

import pytest

from adapters.secret import Secret


def test_it_is_compared_by_its_value() -> None:
    """Two secrets are equal when their values are, and a secret is never equal to a text."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("\ud800")}) == 2


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_it_prints_as_a_mask(show: object) -> None:
    """However it is printed, the value is not in it."""
    assert callable(show)
    assert "s3cret" not in show(Secret("s3cret"))
