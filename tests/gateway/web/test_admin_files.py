"""The administrator's files: three complete languages, words for what the server may say, tokens only, no raw HTML."""

import json
import re
from pathlib import Path

import pytest
from opencc import OpenCC

from config.problem import Severity
from router.trace import Stage
from skills.agent import Role
from tests.architecture.house import ROOT
from tests.gateway.web.test_desk_files import (
    LANGUAGES,
    MARKUP,
    WEB,
    placeholders,
    raw_values,
    reason_words,
    said_in,
    stem,
    values,
)

ADMIN = WEB / "admin"
SCRIPTS = sorted(ADMIN.glob("*.mjs"))
SHEETS = sorted(ADMIN.glob("*.css"))
BORROWED = [WEB / "desk" / f"{name}.mjs" for name in ("api", "dialog", "login", "notices", "reasons", "settings")]
"""The desk's parts that this page uses: they say sentences too."""

FILE_NAME = re.compile(r"\.yaml$")
INBOX_STATES = {"disabled", "waiting", "connecting", "connected", "listening", "restarting", "given_up"}
CHANGES = {"added", "removed", "changed", "moved"}
NAMED = re.compile(r'_(?:by_key|whole|rules)\("([a-z ]+)"')
KINDS = set(NAMED.findall((ROOT / "config" / "difference.py").read_text(encoding="utf-8")))
THINGS = {kind.replace(" ", "_") for kind in KINDS}
"""What a difference may be about."""


def catalogue(language: str) -> dict[str, str]:
    """One language's sentences."""
    found: dict[str, str] = json.loads((ADMIN / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def said(scripts: list[Path]) -> tuple[set[str], set[str]]:
    """The sentences that these scripts say, and the beginnings of those that they put together."""
    keys, families = said_in("\n".join(path.read_text(encoding="utf-8") for path in scripts))
    return {key for key in keys if not FILE_NAME.search(key)}, families


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_say_the_same_things(language: str) -> None:
    """No language lacks a sentence, has one too many, or names other placeholders."""
    english, other = catalogue("en"), catalogue(language)
    assert list(other) == list(english)
    assert {key for key in english if placeholders(english[key]) != placeholders(other[key])} == set()
    assert all(sentence.strip() for sentence in other.values())


def test_sentences_exist() -> None:
    """The page says no sentence that the catalogues do not have."""
    known = {stem(key) for key in (*catalogue("en"), *reason_words())}
    families = {key.split(".")[0] for key in known}
    keys, _ = said(SCRIPTS)
    assert {key for key in keys if key.split(".")[0] in families} - known == set()


def test_sentences_are_used() -> None:
    """Each sentence is written out here or in what is borrowed, or belongs to a family that is put together."""
    keys, families = said([*SCRIPTS, *BORROWED])
    unused = {key for key in map(stem, catalogue("en")) if key not in keys and not any(map(key.startswith, families))}
    assert unused == set()


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("stage", values(Stage)),
        ("severity", values(Severity)),
        ("role", values(Role)),
        ("inbox", INBOX_STATES),
        ("how", CHANGES),
        ("thing", THINGS),
    ],
)
def test_server_is_put_into_words(family: str, codes: set[str]) -> None:
    """Whatever the server may answer has a word on the page."""
    known = {key.partition(".")[2] for key in catalogue("en") if key.startswith(f"{family}.")}
    assert codes - known == set()


def test_every_kind_of_difference_is_known() -> None:
    """The page puts exactly those kinds of things into words that the server names."""
    script = (ADMIN / "meaning.mjs").read_text(encoding="utf-8")
    listed = script.partition("const KINDS = Object.freeze([")[2].partition("]")[0]
    assert set(re.findall(r'"([a-z ]+)"', listed)) == KINDS
    assert len(KINDS) > 10


def test_traditional_is_written_not_converted() -> None:
    """A good part of zh-TW is not what a converter makes of zh-CN."""
    converter = OpenCC("s2t")
    simplified, traditional = catalogue("zh-CN"), catalogue("zh-TW")
    converted = [key for key in simplified if converter.convert(simplified[key]) == traditional[key]]
    assert len(converted) < len(simplified) / 2


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_use_tokens_only(sheet: Path) -> None:
    """Colours, sizes and durations are written in tokens.css and nowhere else, and each named token exists."""
    written = sheet.read_text(encoding="utf-8")
    assert raw_values(written) == []
    assert tokens_in(written) - known_tokens() == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_markup_and_no_raw_values(script: Path) -> None:
    """Nobody's words can become markup; the editor's look is made of the same tokens as the sheets."""
    written = script.read_text(encoding="utf-8")
    assert MARKUP.findall(written) == []
    assert tokens_in(written) - known_tokens() == set()
    assert re.findall(r'"#[0-9a-fA-F]{3,8}"', written) == []


def tokens_in(text: str) -> set[str]:
    """The design tokens that a file names."""
    return set(re.findall(r"var\((--[\w-]+)", text))


def known_tokens() -> set[str]:
    """The design tokens that there are."""
    defined = (WEB / "shared" / "tokens.css").read_text(encoding="utf-8")
    return set(re.findall(r"^\s*(--[\w-]+):", defined, re.MULTILINE))


def test_page_names_all_sheets() -> None:
    """The page loads each of its own sheets, and the shared ones before them."""
    page = (ADMIN / "index.html").read_text(encoding="utf-8")
    linked = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert linked[:2] == ["/web/shared/tokens.css", "/web/shared/base.css"]
    assert {address for address in linked if address.startswith("/admin/")} == {
        f"/admin/{path.name}" for path in SHEETS
    }
