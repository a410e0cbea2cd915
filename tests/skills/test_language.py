"""Which language a message is written in, and in which to answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.language import best_reply_language, detect

SHOP = ("zh-CN", "zh-TW", "en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我想办日本签证", "zh-CN"),
        ("我想辦日本簽證", "zh-TW"),
        ("你好", "zh-CN"),
        ("台灣", "zh-TW"),
        ("一个", "zh-CN"),
        ("ビザについて教えてください", "ja"),
        ("日本の査証の申請はいつですか", "ja"),
        ("鲜の味", "zh-CN"),
        ("好的ヾ(≧▽≦)ノ", "zh-CN"),
        ("일본 비자 신청", "ko"),
        ("ขอวีซ่าญี่ปุ่น", "th"),
        ("Нужна виза", "ru"),
        ("أريد تأشيرة", "ar"),
        ("Θέλω βίζα", "el"),
        ("hi", "en"),
        ("where is my visa", "en"),
        ("ＨＥＬＬＯ", "en"),
        ("我想买iPhone 15 Pro Max", "zh-CN"),
        ("My name is 李娜 and I need a visa to Japan", "en"),
        ("https://item.example.com/abc?id=88121 這個", "zh-TW"),
        ("me@example.com 可以吗", "zh-CN"),
        ("อยากได้วีซ่าไปเที่ยว Japan", "th"),
        ("12345 👍", "zh-CN"),
        ("", "zh-CN"),
    ],
)
def test_detect(text: str, expected: str) -> None:
    """A shop that answers in both kinds of Chinese and in English tells languages by their letters."""
    assert detect(text, SHOP, "zh-CN") == expected


@pytest.mark.parametrize(
    ("text", "configured", "default", "expected"),
    [
        ("bonjour", ("zh-CN", "fr", "en"), "zh-CN", "fr"),
        ("bonjour", ("zh-CN", "fr", "en"), "en", "en"),
        ("hello", ("zh-CN",), "zh-CN", "en"),
        ("hello", ("en-GB",), "en-GB", "en-GB"),
        ("你好", ("en", "zh-TW", "zh-CN"), "en", "zh-TW"),
        ("你好", ("zh-TW", "zh-HK"), "zh-HK", "zh-HK"),
        ("你好", ("en",), "en", "zh-CN"),
        ("東京", ("ja", "en"), "ja", "ja"),
        ("東京", ("ja", "zh-CN"), "ja", "zh-TW"),
        ("明日の予定", ("ja", "zh-CN"), "ja", "ja"),
        ("привіт", ("uk", "ru"), "uk", "uk"),
        ("안녕", ("ko-KR",), "ko-KR", "ko-KR"),
    ],
)
def test_detect_by_configuration(text: str, configured: tuple[str, ...], default: str, expected: str) -> None:
    """Where letters leave a choice, the default and then the order of the languages decide."""
    assert detect(text, configured, default) == expected


@settings(deadline=None)  # the machine may be busy
@given(st.text(), st.lists(st.sampled_from(["zh-CN", "zh-TW", "en", "ja", "fr", "ru"])))
def test_detect_any_text(text: str, configured: list[str]) -> None:
    """Every text has a language, and white space around it does not change which."""
    found = detect(text, configured, "en")
    assert found
    assert detect(f" {text}\n", configured, "en") == found


@pytest.mark.parametrize(
    ("language", "available", "expected"),
    [
        ("zh-HK", ("en", "zh-CN", "zh-TW", "zh-HK"), "zh-HK"),
        ("zh-HK", ("en", "zh-CN", "zh-TW"), "zh-TW"),
        ("zh-HK", ("en", "zh-CN"), "zh-CN"),
        ("zh-HK", ("ja", "en"), "en"),
        ("zh-HK", ("ja", "fr"), "ja"),
        ("zh-TW", ("zh-CN", "zh-HK"), "zh-HK"),
        ("zh-CN", ("en", "zh-TW"), "zh-TW"),
        ("zh-Hant", ("zh-CN", "zh-TW"), "zh-TW"),
        ("zh-Hant-HK", ("zh-TW", "zh-HK"), "zh-HK"),
        ("zh-Hans-CN", ("zh-TW", "zh-CN"), "zh-CN"),
        ("zh", ("zh-Hant", "zh-Hans"), "zh-Hans"),
        ("zh-XX", ("zh-TW", "zh-CN"), "zh-CN"),
        ("en-GB", ("zh-CN", "en"), "en"),
        ("en", ("zh-CN", "en-US", "en-GB"), "en-US"),
        ("en-GB", ("en-US", "en_gb"), "en_gb"),
        ("fr", ("zh-CN", "en"), "en"),
        ("fr", ("zh-CN", "zh-TW"), "zh-CN"),
        ("pt-BR", ("en", "pt"), "pt"),
    ],
)
def test_best_reply_language(language: str, available: tuple[str, ...], expected: str) -> None:
    """The same tag, else the nearest that its reader reads, else English, else the first."""
    assert best_reply_language(language, available) == expected


def test_no_reply_language() -> None:
    """Without a language there is nothing to choose."""
    with pytest.raises(ValueError, match="no language"):
        best_reply_language("en", ())
