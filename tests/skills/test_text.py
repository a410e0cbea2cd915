"""Folding and searching words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.han import SIMPLIFIED, SIMPLIFIED_ONLY, TRADITIONAL_ONLY
from skills.text import fold, grams

CHINESE = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("日本簽證", "日本签证"),
        ("ＶＩＳＡ　１２３", "visa 123"),
        ("Straße", "STRASSE"),
        ("cafe\u0301", "CAFÉ"),
        ("  two \t\n words ", "two words"),
        ("签\u200b证\ufeff", "签证"),
        ("ﾋﾞｻﾞ", "ビザ"),
        ("⽇本", "日本"),
        ("❤\ufe0f", "❤"),
        ("乾坤", "干坤"),
        ("薴", "苎"),
        ("\u0390", "\u03aa\u0301"),  # ΐ, whose capital has no character of its own
    ],
)
def test_fold_joins(one: str, other: str) -> None:
    """What looks different and means the same folds to the same."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("日签", "美签"), ("visa", "vis a"), ("resume", "résumé"), ("か", "カ")])
def test_fold_keeps_apart(one: str, other: str) -> None:
    """What means something else stays different."""
    assert fold(one) != fold(other)


@settings(deadline=None)  # the machine may be busy
@given(st.one_of(st.text(), CHINESE))
def test_fold_twice(text: str) -> None:
    """Folding twice changes nothing more, whatever the text."""
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)  # the machine may be busy
@given(CHINESE, CHINESE)
def test_fold_is_by_character(one: str, other: str) -> None:
    """Chinese folds the same whatever stands beside it: a folded keyword is in the folded sentence."""
    assert fold(one + other) == fold(one) + fold(other)


@settings(deadline=None)  # the machine may be busy
@given(CHINESE)
def test_fold_keeps_the_length_of_chinese(text: str) -> None:
    """A Chinese character stays one character."""
    assert len(fold(text)) == len(text)


def test_half_a_surrogate_pair() -> None:
    """Broken text, which JSON can carry, folds without an error."""
    assert fold("签\ud83d证") == "签\ud83d证"


def test_tables_know_the_difference() -> None:
    """A character is of one script only when the other never writes it."""
    assert set("簽證灣國") <= TRADITIONAL_ONLY
    assert set("签证湾国个们") <= SIMPLIFIED_ONLY
    assert not set("台里后干你好") & (SIMPLIFIED_ONLY | TRADITIONAL_ONLY)
    assert {len(now) for now in SIMPLIFIED.values()} == {1}
    assert not SIMPLIFIED.keys() & set(map(ord, SIMPLIFIED.values()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日本簽證", ("日", "本", "签", "证", "日本", "本签", "签证")),
        ("US visa, e-visa!", ("us", "visa", "e", "visa")),
        ("办US签证", ("办", "us", "签", "证", "签证")),
        ("비자 виза", ("비자", "виза")),
        ("…?!_", ()),
    ],
)
def test_grams(text: str, expected: tuple[str, ...]) -> None:
    """Words by spaces, Chinese by characters and pairs."""
    assert grams(text) == expected
