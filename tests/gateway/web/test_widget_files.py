"""The widget's files: three complete languages, tokens only, no raw HTML, a small loader."""

import gzip
import json
import re
from pathlib import Path

import pytest
from opencc import OpenCC

from tests.architecture.house import ROOT

WEB = ROOT / "gateway" / "web"
WIDGET = WEB / "widget"
LANGUAGES = ("zh-CN", "zh-TW", "en")
PLURALS = (".one", ".other")
LOADER_LIMIT = 5 * 1024
SCRIPTS = sorted([*WIDGET.glob("*.mjs"), *WIDGET.glob("*.js"), *(WEB / "shared").glob("*.mjs")])
SHEETS = sorted([*WIDGET.glob("*.css"), WEB / "shared" / "base.css"])

RAW = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|\b\d*\.?\d+(?:px|rem|pt|ms|s)\b", re.IGNORECASE)
RAW_ALLOWED = re.compile(r"@media|0\.01ms|\b0s\b")
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|new Function"
)
KEY = re.compile(r"""["'`]([a-z]+\.[a-z_]+)["'`]""")


def catalogue(language: str) -> dict[str, str]:
    """One language's sentences."""
    found: dict[str, str] = json.loads((WIDGET / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def stem(key: str) -> str:
    """The key as the code writes it, without the plural's form."""
    return key.rsplit(".", 1)[0] if key.endswith(PLURALS) else key


def placeholders(sentence: str) -> set[str]:
    """The names in braces."""
    return set(re.findall(r"\{(\w+)\}", sentence))


def raw_values(sheet: str) -> list[str]:
    """Lines that write a colour, a size or a duration instead of naming a token."""
    lines = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL).splitlines()
    return [line.strip() for line in lines if RAW.search(line) and not RAW_ALLOWED.search(line)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_say_the_same_things(language: str) -> None:
    """No language lacks a sentence, has one too many, or names other placeholders."""
    english, other = catalogue("en"), catalogue(language)
    assert list(other) == list(english)
    assert {key for key in english if placeholders(english[key]) != placeholders(other[key])} == set()
    assert all(sentence.strip() for sentence in other.values())


def test_sentences_are_used_and_exist() -> None:
    """Each sentence is said by the code, and the code says none that does not exist."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in WIDGET.glob("*.mjs"))
    known = {stem(key) for key in catalogue("en")}
    families = {key.split(".")[0] for key in known}
    said = {key for key in KEY.findall(code) if key.split(".")[0] in families}
    by_code = {f"error.{name}" for name in ("too_large", "empty_file", "bad_type", "upload")}  # put together by `fail`
    assert said - known == set()
    assert known - said - by_code == set()


def test_traditional_is_written_not_converted() -> None:
    """Most sentences in zh-TW are not what a converter makes of zh-CN."""
    converter = OpenCC("s2t")
    simplified, traditional = catalogue("zh-CN"), catalogue("zh-TW")
    converted = [key for key in simplified if converter.convert(simplified[key]) == traditional[key]]
    assert len(converted) < len(simplified) / 3


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


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_use_tokens_only(sheet: Path) -> None:
    """Colours, sizes and durations are written in tokens.css and nowhere else."""
    assert raw_values(sheet.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_tokens_exist(sheet: Path) -> None:
    """No sheet names a token that does not exist."""
    tokens = set(
        re.findall(r"^\s*(--[\w-]+):", (WEB / "shared" / "tokens.css").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8"))) - tokens == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_markup(script: Path) -> None:
    """Nobody's words can become markup: there is no way to write any."""
    assert MARKUP.findall(script.read_text(encoding="utf-8")) == []


def test_rule_knows_markup() -> None:
    """The usual ways to write markup are found."""
    assert MARKUP.search("node.innerHTML = text")
    assert not MARKUP.search("node.textContent = text")


def test_loader_is_small() -> None:
    """What every page of a site loads is at most 5 KB, compressed."""
    assert len(gzip.compress((WIDGET / "loader.js").read_bytes(), 9)) <= LOADER_LIMIT


def test_loader_never_posts_to_everybody() -> None:
    """Messages between page and frame name their target."""
    for name in ("loader.js", "host.mjs", "popout.mjs"):
        assert not re.search(r"""postMessage\([^)]*["'`]\*""", (WIDGET / name).read_text(encoding="utf-8"))
