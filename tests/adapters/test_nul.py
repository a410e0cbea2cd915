"""NUL is replaced where it is one, and nowhere else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.nul import without_nul

JSON = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from("\0\\u0a\"'签"), max_size=12),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(st.sampled_from("\0\\u0"), max_size=6), children)
    ),
    max_leaves=8,
)


def replaced(plain: object) -> object:
    """The same, by way of what it means."""
    match plain:
        case str():
            return plain.replace("\0", "\ufffd")
        case dict():
            return {str(replaced(name)): replaced(content) for name, content in plain.items()}
        case list():
            return [replaced(content) for content in plain]
        case _:
            return plain


@given(plain=JSON)
def test_nul_is_replaced_in_texts_and_names(plain: object) -> None:
    """A JSON value without NUL means what the value means, with another character for it."""
    assert json.loads(without_nul(json.dumps(plain).encode())) == replaced(plain)


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"a":' * 100_000, b'["' + b"\\" * 1_000_000])
def test_depth_and_length_cost_nothing(deep: bytes) -> None:
    """No nesting is followed, and no run of backslashes is read twice."""
    assert without_nul(deep + b'"\\u0000"') == deep + b'"\\ufffd"'
