"""Long texts are cut where a reader would pause, and never inside what a reader sees as one character."""

import time
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import split_graphemes

from adapters.split import is_boundary, split

WHOLE = [
    "👩‍👩‍👧‍👦", "👍🏽", "🇯🇵", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é", "ệ", "각", "각", "ก็", "नि", "\r\n", "ﾊﾞ", "❤️‍🔥",
]  # fmt: skip
PIECES = st.sampled_from([*WHOLE, "a", " ", "\n", "\n\n", "。", ". ", "签", "<", "\u200d", "\u0301", "🇯"])
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def cut(text: str, limit: int, keep: list[range] | None = None) -> list[str]:
    """The pieces themselves."""
    return [text[piece.start : piece.stop] for piece in split(text, limit, keep or [])]


@given(text=TEXTS, limit=st.integers(1, 30))
def test_pieces_are_the_text(text: str, limit: int) -> None:
    """Put together again the pieces are the text, and none is longer than the limit or empty."""
    pieces = cut(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


@given(text=TEXTS, limit=st.integers(12, 30))
def test_cuts_fall_between_characters(text: str, limit: int) -> None:
    """A cut is a boundary whenever some boundary is within reach."""
    at = 0
    for piece in cut(text, limit)[:-1]:
        reachable = any(is_boundary(text, end) for end in range(at + 1, at + limit + 1))
        at += len(piece)
        assert is_boundary(text, at) or not reachable


@pytest.mark.parametrize("character", WHOLE, ids=ascii)
def test_a_character_has_no_boundary_inside(character: str) -> None:
    """Families, skin tones, flags, keycaps, accents, syllables and line ends are one character each."""
    assert [at for at in range(1, len(character)) if is_boundary(character, at)] == []
    assert is_boundary(character * 2, len(character))


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦👍🏽签证 e\u0301a", "1️⃣2️⃣ ok ❤️‍🔥"])
def test_boundaries_agree_with_another_implementation(text: str) -> None:
    """What `rich` takes for one character on a terminal is one here as well."""
    spans, _ = split_graphemes(text)
    assert [at for at in range(1, len(text)) if is_boundary(text, at)] == [start for start, _, _ in spans if start]


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("one two\n\nthree four", 14, ["one two\n\n", "three four"]),
        ("one two\nthree four", 14, ["one two\n", "three four"]),
        ("One two. Three four", 14, ["One two. ", "Three four"]),
        ("你好。请问签证多少钱", 7, ["你好。", "请问签证多少钱"]),
        ("他说：“好。”然后走了", 8, ["他说：“好。”", "然后走了"]),
        ("one two three four", 14, ["one two three ", "four"]),
        ("a\n\nbcdefghijklmnopq", 14, ["a\n\nbcdefghijkl", "mnopq"]),
        ("日本，韩国，泰国", 5, ["日本，", "韩国，泰国"]),
        ("x" * 10, 4, ["xxxx", "xxxx", "xx"]),
        ("fits", 4, ["fits"]),
        ("", 4, []),
    ],
)
def test_cuts_fall_where_a_reader_pauses(text: str, limit: int, expected: list[str]) -> None:
    """Paragraph before line before sentence before space; a piece of almost nothing is not worth a better break."""
    assert cut(text, limit) == expected


def test_a_protected_range_stays_whole() -> None:
    """The words of a link move to the next piece together; those longer than the limit are cut like any text."""
    text = "see the visa page now"
    assert cut(text, 14, [range(8, 17)]) == ["see the ", "visa page now"]
    assert cut("a link of many words", 8, [range(20)]) == ["a link o", "f many w", "ords"]


def test_a_character_longer_than_the_limit_is_cut() -> None:
    """No text makes splitting go on for ever."""
    assert cut("e" + "\u0301" * 9, 4) == ["e" + "\u0301" * 3, "\u0301" * 4, "\u0301" * 2]


@pytest.mark.timing
@pytest.mark.parametrize("unit", [".", "\n", "\n ", "。", " ", ". ", "\u0301", "🇯", "\u200d", '."'])
def test_any_text_takes_linear_time(unit: str) -> None:
    """No run of anything makes splitting slow: 200,000 characters take less than a second of the processor.

    At the best of three tries: what disturbs a measurement only ever adds.
    """
    text = unit * (200_000 // len(unit))
    assert min(timeit.repeat(lambda: split(text, 4096), time.process_time, repeat=3, number=1)) < 1
