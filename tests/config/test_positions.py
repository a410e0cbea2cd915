"""Positions, durations and the house style: the small tools below everything else."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.durations import format_duration, parse_duration
from config.house_style import formatted
from config.positions import Document, Position, read_document
from config.problem import Code, Problem
from config.report import problem_lines

TEXT = """\
version: 1
groups:
  japan:
    name: {zh-CN: 日韩签证组, en: Japan}
    steps: [one, {after: 60s}]
    hours: 22:30
    country: NO
  empty:
2026-12-31: closed
"""


def document() -> Document:
    """The text above, read."""
    read = read_document("x.yaml", TEXT)
    assert isinstance(read, Document)
    return read


@pytest.mark.parametrize(
    ("location", "value", "key"),
    [
        ((), (1, 1), (1, 1)),
        (("version",), (1, 10), (1, 1)),
        (("groups", "japan", "name", "en"), (4, 30), (4, 26)),
        (("groups", "japan", "steps", 1, "after"), (5, 26), (5, 19)),
        (("groups", "japan", "steps", 0), (5, 13), (5, 13)),
        (("groups", "japan", "missing"), (3, 3), (3, 3)),
        (("groups", "japan", "hours", 0), (6, 12), (6, 5)),
        (("groups", "empty"), (8, 3), (8, 3)),
        (("nowhere", "at", "all"), (1, 1), (1, 1)),
        (("2026-12-31",), (9, 13), (9, 1)),
    ],
)
def test_places(location: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]) -> None:
    """Values and keys have their places; what is missing has its parent's key's."""
    assert document().position(location) == Position(*value)
    assert document().position(location, of_key=True) == Position(*key)


def test_yaml_is_of_version_1_2() -> None:
    """Norway is no boolean, half past ten no number, and a date is a word."""
    value = document().root.plain()
    assert value["groups"]["japan"]["country"] == "NO"
    assert value["groups"]["japan"]["hours"] == "22:30"
    assert value["2026-12-31"] == "closed"


def test_taking_out_moves_nothing_else() -> None:
    """What remains of a document keeps its places."""
    smaller = document().without([("groups", "japan", "steps", 0), ("groups", "japan", "name")])
    assert smaller.root.plain()["groups"]["japan"]["steps"] == [{"after": "60s"}]
    assert smaller.position(("groups", "japan", "steps", 0, "after")) == Position(5, 26)


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("a: [1\nb: 2\n", 2, 2, Code.NOT_YAML),
        ("a: 1\nb: 2\na: 3\n", 3, 1, Code.DUPLICATE_KEY),
        ("a:\n\tb: 1\n", 2, 1, Code.NOT_YAML),
        ('a: "\\z"\n', 1, 6, Code.NOT_YAML),
        ("a: *nobody\n", 1, 4, Code.NOT_YAML),
        ("a: !!set {x}\n", 1, 1, Code.NOT_YAML),
        ("\x00", 1, 1, Code.NOT_YAML),
        ("a: &x [*x]\nb: 1", 1, 1, None),
    ],
)
def test_what_is_no_yaml(text: str, line: int, column: int, code: Code | None) -> None:
    """A text that cannot be read is one problem with its place."""
    read = read_document("x.yaml", text)
    if code is None:
        assert isinstance(read, Document)
        return
    assert isinstance(read, Problem)
    assert (read.line, read.column, read.code) == (line, column, code)


def test_carets_stand_below_chinese_text() -> None:
    """A caret stands below its word although Chinese characters are twice as wide."""
    problem = document().problem(Code.UNKNOWN_LANGUAGE, ("groups", "japan", "name", "en"), "unknown")
    lines = list(problem_lines(problem, {"x.yaml": TEXT}))
    assert lines[1] == "        name: {zh-CN: 日韩签证组, en: Japan}"
    assert lines[2] == "    " + " " * 18 + "\u3000" * 5 + " " * 6 + "^"


@pytest.mark.parametrize(
    ("text", "seconds"), [("15s", 15), ("2m", 120), ("4h", 14_400), ("3d", 259_200), ("1h30m", 5_400), ("0s", 0)]
)
def test_durations(text: str, seconds: int) -> None:
    """A duration is a number with a unit, or several joined, and is written as it is read."""
    assert parse_duration(text) == timedelta(seconds=seconds)
    assert format_duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize("text", ["", "15", "s", "1 h", "-5s", "1w", "1.5h", "99999d", "１5s"])
def test_no_durations(text: str) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(ValueError, match=r"such as 15s|at most"):
        parse_duration(text)


@given(st.integers(0, 300_000_000))
def test_durations_are_read_as_written(seconds: int) -> None:
    """Writing and reading again gives the same span, to the second."""
    span = timedelta(seconds=seconds)
    assert parse_duration(format_duration(span)) == span


def test_house_style_keeps_words_and_comments() -> None:
    """Indentation changes; comments, quotes, order and values stay, and a second time changes nothing."""
    text = "# top\na:\n    b:   [x,   'y']  # why\n    c:\n    - 1\n    - {d: \"e\"}\n"
    tidy = formatted(text)
    assert tidy == "# top\na:\n  b: [x, 'y']        # why\n  c:\n    - 1\n    - {d: \"e\"}\n"
    assert formatted(tidy) == tidy
