"""All pages: complete languages, traditional Chinese that somebody wrote, tokens only, no raw HTML."""

from pathlib import Path

import pytest
from opencc import OpenCC

from tests.gateway.web.page_files import (
    CATALOGUES,
    LANGUAGES,
    MARKUP,
    WEB,
    catalogue,
    known_tokens,
    placeholders,
    raw_values,
    said_in,
    tokens_in,
)

PAGES = [path for path in sorted(WEB.iterdir()) if path.is_dir() and path.name != "vendor"]
SCRIPTS = [path for page in PAGES for path in sorted([*page.glob("*.mjs"), *page.glob("*.js")])]
SHEETS = [path for page in PAGES for path in sorted(page.glob("*.css")) if path.name != "tokens.css"]


def named(path: Path) -> str:
    """The file below ``gateway/web``."""
    return path.relative_to(WEB).as_posix()


def test_pages_are_found() -> None:
    """The folders that people see are among those that are looked at."""
    assert {"desk/locales", "widget/locales", "admin/locales", "pages/locales", "shared/reasons"} <= set(CATALOGUES)
    assert {"desk", "widget", "admin", "pages", "shared"} <= {path.parent.name for path in SCRIPTS}
    assert {"desk", "widget", "admin", "shared"} <= {path.parent.name for path in SHEETS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", CATALOGUES)
def test_languages_say_the_same_things(folder: str, language: str) -> None:
    """No language lacks a sentence, has one too many, or names other placeholders."""
    english, other = catalogue(folder), catalogue(folder, language)
    assert list(other) == list(english)
    assert {key for key in english if placeholders(english[key]) != placeholders(other[key])} == set()
    assert all(sentence.strip() for sentence in other.values())


@pytest.mark.parametrize("folder", CATALOGUES)
def test_traditional_is_written_not_converted(folder: str) -> None:
    """A good part of zh-TW is not what a converter makes of zh-CN; short words are often the same in both."""
    converter = OpenCC("s2t")
    simplified, traditional = catalogue(folder, "zh-CN"), catalogue(folder, "zh-TW")
    converted = [key for key in simplified if converter.convert(simplified[key]) == traditional[key]]
    assert len(converted) < len(simplified) * 3 / 4


@pytest.mark.parametrize("sheet", SHEETS, ids=named)
def test_sheets_use_tokens_only(sheet: Path) -> None:
    """Colours, sizes and durations are written in tokens.css and nowhere else, and each named token exists."""
    written = sheet.read_text(encoding="utf-8")
    assert raw_values(written) == []
    assert tokens_in(written) - known_tokens() == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_scripts_write_no_markup(script: Path) -> None:
    """Nobody's words can become markup: there is no way to write any; a token that a script names exists."""
    written = script.read_text(encoding="utf-8")
    assert MARKUP.findall(written) == []
    assert tokens_in(written) - known_tokens() == set()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("color: #fff;", 1),
        ("margin: 4px;", 1),
        ("color: rgb(0 0 0);", 1),
        ("transition: all 200ms;", 1),
        ("margin: var(--space-1);", 0),
        ("@media (max-width: 668px) {", 0),
        ("inset: 0; inline-size: 100%;", 0),
    ],
)
def test_rule_knows_raw_values(line: str, expected: int) -> None:
    """Raw colours, sizes and durations are told from tokens."""
    assert len(raw_values(line)) == expected


def test_rule_knows_markup() -> None:
    """The usual ways to write markup are found."""
    assert MARKUP.search("node.innerHTML = text")
    assert not MARKUP.search("node.textContent = text")


def test_rule_reads_keys() -> None:
    """Whole keys, templates and families of codes are found in a script."""
    script = 't("list.more") t(`state.${x}`) t(`presence.${y}_hint`) inWords(t, "verdict", z)'
    assert said_in(script) == ({"list.more"}, {"state.", "presence.", "verdict."})
