"""Keywords in texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.keywords import EmptyKeyword, Found, Keywords
from skills.text import fold

VISAS = Keywords(
    {
        "japan": ["日签", "日本签证", "Japan"],
        "usa": ["us", "美簽", "USA"],
        "any": ["签证", "visa"],
        "code": ["c++", "10年"],
        "phrase": ["South  Korea"],
        "russian": ["виза"],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我想辦日本簽證", {"japan", "any"}),
        ("我想办日本签证", {"japan", "any"}),
        ("日簽多少钱", {"japan"}),
        ("thus", set()),
        ("US", {"usa"}),
        ("the US.", {"usa"}),
        ("去US玩", {"usa"}),
        ("us2", set()),
        ("2us", set()),
        ("ＵＳ", {"usa"}),
        ("usé", set()),
        ("usa", {"usa"}),
        ("visas", set()),
        ("e-visa", {"any"}),
        ("c++", {"code"}),
        ("c++11", {"code"}),
        ("abc++", set()),
        ("10年签", {"code"}),
        ("110年签", set()),
        ("10年10", {"code"}),
        ("south\nkorea", {"phrase"}),
        ("southkorea", set()),
        ("美签证", {"usa", "any"}),
        ("нужна виза", {"russian"}),
        ("", set()),
    ],
)
def test_find(text: str, expected: set[str]) -> None:
    """Chinese is found anywhere in both scripts, overlaps too; Latin words and numbers only whole."""
    assert VISAS.find(fold(text)) == expected


def test_matches() -> None:
    """A match says whose keyword it is, as it was written, and where in the folded text."""
    assert VISAS.matches(fold("辦美簽, Visa")) == (
        Found(key="usa", keyword="美簽", start=1, end=3),
        Found(key="any", keyword="visa", start=5, end=9),
    )


def test_shared_keyword() -> None:
    """One word in two lists finds both; one that folds alike is reported as each list wrote it."""
    both = Keywords({"a": ["簽證"], "b": ["签证", "签证"]})
    assert [(found.key, found.keyword) for found in both.matches("签证")] == [("a", "簽證"), ("b", "签证")]


def test_no_keywords() -> None:
    """Without keywords nothing is found."""
    assert Keywords[str]({}).find("visa") == frozenset()
    assert Keywords[str]({"a": []}).find("visa") == frozenset()


@pytest.mark.parametrize("keyword", ["", "  ", "\u200b"])
def test_empty_keyword(keyword: str) -> None:
    """A keyword that every text would contain is refused."""
    with pytest.raises(EmptyKeyword):
        Keywords({"a": [keyword]})


LETTERS = "aß1 签証证-é"
WORDS = st.text(LETTERS, min_size=1, max_size=4).filter(lambda word: fold(word) != "")


def whole(text: str, word: str, start: int) -> bool:
    """The rule in other words: cut the text at the edges of the place, and no Latin word is cut in two."""
    latin = set("as1é")
    cuts = (start, start + len(word))
    return not any(set(text[max(cut - 1, 0) : cut]) & latin and set(text[cut : cut + 1]) & latin for cut in cuts)


@settings(deadline=None)  # the machine may be busy
@given(st.dictionaries(st.integers(0, 5), st.lists(WORDS, max_size=4)), st.text(LETTERS, max_size=30))
def test_against_every_position(lists: dict[int, list[str]], text: str) -> None:
    """The one pass finds what trying every keyword at every position finds."""
    folded = fold(text)
    expected = {
        (key, word, start)
        for key, words in lists.items()
        for word in words
        for start in range(len(folded))
        if folded.startswith(fold(word), start) and whole(folded, fold(word), start)
    }
    found = Keywords(lists).matches(folded)
    assert {(match.key, match.keyword, match.start) for match in found} == expected
    assert all(folded[match.start : match.end] == fold(match.keyword) for match in found)
