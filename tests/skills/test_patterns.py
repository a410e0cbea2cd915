"""Regular expressions of administrators."""

import time

import pytest

from skills.patterns import BadPattern, compile_pattern


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        (r"日本.*签", "我想办日本的签证", True),
        (r"\p{Han}{4}", "签证 ok", False),
        (r"(?i)visa\b", "a VISA", True),
        (r"^\d{16}$", "1234567812345678", True),
        (r"visa", "VISA", False),
        (r"a.b", "a\ud83db", True),
    ],
)
def test_is_in(source: str, text: str, expected: bool) -> None:
    """A pattern is looked for anywhere in the text; broken text is no error."""
    assert compile_pattern(source).is_in(text) is expected


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("(", "missing )"),
        (r"(a)\1", "invalid escape sequence"),
        ("(?=a)", "invalid perl operator"),
        ("(a{1000}){1000}", "invalid repetition size"),
        ("[z-a]", "invalid character class range"),
        ("", "empty pattern"),
        ("\ud83d", "not valid Unicode"),
    ],
)
def test_bad_pattern(source: str, reason: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A bad pattern is refused with RE2's reason, and nothing is written to stderr."""
    with pytest.raises(BadPattern, match=reason.replace(")", r"\)")):
        compile_pattern(source)
    assert capfd.readouterr().err == ""


def test_linear_time() -> None:
    """The expression that holds a backtracking engine for ever takes no time here."""
    pattern = compile_pattern("^(a+)+$")
    started = time.thread_time()
    assert not pattern.is_in("a" * 20_000 + "b")
    assert time.thread_time() - started < 1


def test_equal_by_source() -> None:
    """Patterns of one source are equal, so that settings can be compared."""
    assert compile_pattern("a+") == compile_pattern("a+") != compile_pattern("a*")
