"""Language: which one a message is written in, by its script, and in which to answer.

Messages are short: "hi" and 你好 defeat statistical models, so letters decide. Kana is Japanese, hangul Korean, Han
Chinese (simplified or traditional by the characters that only one of them writes), and so on; Latin letters do not
tell English from French, so they mean the administrator's first Latin language. Kanji alone look Chinese.

Tags are BCP 47: zh-CN, en.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from skills.han import SIMPLIFIED_ONLY, TRADITIONAL_ONLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script: its letters, how many of them say as much as one Han character, and who writes it.

    ``usual`` is assumed when none of ``languages`` (primary subtags) is configured.
    """

    letters: re.Pattern[str]
    weight: int
    usual: str
    languages: frozenset[str]


def _script(letters: str, weight: int, usual: str, *others: str) -> Script:
    languages = frozenset({usual.split("-", maxsplit=1)[0], *others})
    return Script(letters=re.compile(f"[{letters}]"), weight=weight, usual=usual, languages=languages)


JAPANESE = _script(r"\u3041-\u309f\u30a1-\u30fa\uff66-\uff9d", 1, "ja")
CHINESE = _script(r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f", 1, "zh-CN", "yue")
LATIN = _script(r"A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a", 5, "en")
SPELT = (
    _script(r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", 2, "ko"),
    _script(r"\u0e01-\u0e4e", 4, "th"),
    _script(r"\u0400-\u052f", 5, "ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"),
    _script(r"\u0620-\u06ff\u0750-\u077f", 4, "ar", "fa", "ur", "ug", "ps"),
    _script(r"\u0370-\u03ff", 5, "el"),
    _script(r"\u05d0-\u05ea", 4, "he", "yi"),
    _script(r"\u0900-\u097f", 4, "hi", "mr", "ne"),
)
OTHER_SCRIPTS = frozenset[str]().union(*(script.languages for script in (JAPANESE, CHINESE, *SPELT)))

UNBROKEN = re.compile("[!-~]+")
"""A run of ASCII without spaces: a word, a link, an address."""

BORROWED_KANA = frozenset("のノツヾ")
"""Kana that Chinese texts use as ornament: 鲜の味, ¯\\_(ツ)_/¯."""

CHINESE_REGIONS = {
    "zh": "zh-cn", "zh-hans": "zh-cn", "zh-sg": "zh-cn", "zh-my": "zh-cn", "zh-hant": "zh-tw",
    "zh-hant-hk": "zh-hk", "zh-hant-mo": "zh-hk", "zh-mo": "zh-hk", "yue": "zh-hk",
}  # fmt: skip
CHINESE_CHAINS = {
    "zh-cn": ("zh-cn", "zh-tw", "zh-hk"),
    "zh-tw": ("zh-tw", "zh-hk", "zh-cn"),
    "zh-hk": ("zh-hk", "zh-tw", "zh-cn"),
}
KNOWN_CHINESE = CHINESE_REGIONS.keys() | CHINESE_CHAINS.keys()


def detect(text: str, configured: Sequence[str], default: str) -> str:
    """The language of a message, as a tag; ``default`` for a text without letters.

    ``configured`` are the administrator's languages, the preferred first: they decide between languages of one
    script. The answer need not be one of them: ``best_reply_language`` chooses the language to answer in.
    """
    prose = _prose(text)
    wanted = (default, *configured)
    kana = JAPANESE.letters.findall(prose)
    han = CHINESE.letters.findall(prose)
    best, most = None, float(len(kana) + len(han))
    for script in (*SPELT, LATIN):
        amount = len(script.letters.findall(prose)) / script.weight
        if amount > most:
            best, most = script, amount
    if best is LATIN:
        return next((tag for tag in wanted if _primary(tag) not in OTHER_SCRIPTS), LATIN.usual)
    if best is not None:
        return _written_in(best, wanted)
    if not most:
        return default
    return _detect_east_asian(kana, han, wanted)


def _prose(text: str) -> str:
    """The text without links and addresses, whose letters say nothing about the language; in linear time."""
    if "@" not in text and "://" not in text:
        return text
    return UNBROKEN.sub(lambda run: " " if "@" in run[0] or "://" in run[0] else run[0], text)


def best_reply_language(language: str, available: Sequence[str]) -> str:
    """The language of ``available`` (as it is written there) that a reader of ``language`` reads best.

    The same tag, else a nearer one (zh-HK, zh-TW, zh-CN; en for en-GB), else English, else the first. Raises
    ValueError when there is none.
    """
    if not available:
        raise ValueError("no language to answer in")
    tags = {_canonical(tag): tag for tag in reversed(available)}
    for tag in (*_nearer(_canonical(language)), "en"):
        written = tags.get(tag) or next((w for w in available if _canonical(w).startswith(f"{tag}-")), None)
        if written is not None:
            return written
    return available[0]


def _canonical(tag: str) -> str:
    """A tag in lower case, and any kind of Chinese as one of the three that have a chain."""
    lower = tag.replace("_", "-").lower()
    if _primary(lower) not in CHINESE.languages:
        return lower
    return next(CHINESE_REGIONS.get(part, part) for part in _parents(lower) if part in KNOWN_CHINESE)


def _nearer(canonical: str) -> tuple[str, ...]:
    """A tag and what its reader reads instead, in order: en-gb, en."""
    return CHINESE_CHAINS.get(canonical) or _parents(canonical)


def _parents(tag: str) -> tuple[str, ...]:
    subtags = tag.split("-")
    return tuple("-".join(subtags[:length]) for length in range(len(subtags), 0, -1))


def _detect_east_asian(kana: Sequence[str], han: Sequence[str], wanted: Sequence[str]) -> str:
    """Japanese or Chinese, from a text's kana and Han characters."""
    japanese = any(_primary(tag) == "ja" for tag in wanted)
    chinese = any(_primary(tag) in CHINESE.languages for tag in wanted)
    ornament = bool(han) and not japanese and BORROWED_KANA.issuperset(kana)
    if (kana and not ornament) or (japanese and not chinese):
        return _written_in(JAPANESE, wanted)
    traditional = sum(character in TRADITIONAL_ONLY for character in han)
    simplified = sum(character in SIMPLIFIED_ONLY for character in han)
    if traditional != simplified:
        return "zh-TW" if traditional > simplified else "zh-CN"
    return _written_in(CHINESE, wanted)


def _written_in(script: Script, wanted: Sequence[str]) -> str:
    """The first wanted language of this script, else the usual one."""
    return next((tag for tag in wanted if _primary(tag) in script.languages), script.usual)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()
