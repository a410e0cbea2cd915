"""What the files of a page are made of: sentences by language, scripts that say them, sheets that name tokens."""

import json
import re
from enum import Enum
from pathlib import Path

from tests.architecture.house import ROOT

WEB = ROOT / "gateway" / "web"
LANGUAGES = ("zh-CN", "zh-TW", "en")
CATALOGUES = sorted(
    path.parent.relative_to(WEB).as_posix() for path in WEB.rglob("en.json") if "vendor" not in path.parts
)
"""The folders that have sentences, one file for each language."""

PLURALS = (".one", ".other")
RAW = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|\b\d*\.?\d+(?:px|rem|pt|ms|s)\b", re.IGNORECASE)
RAW_ALLOWED = re.compile(r"@media|0\.01ms|\b0s\b")
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|new Function"
)
KEY = re.compile(r"""["'`]([a-z]+\.[A-Za-z_-]+)["'`]""")
FAMILY = re.compile(r"""`([a-z]+\.[a-z_]*)\$\{|inWords\((?:desk\.)?t, "([a-z]+)\"""")


def catalogue(folder: str, language: str = "en") -> dict[str, str]:
    """One language's sentences of a folder below ``gateway/web``."""
    found: dict[str, str] = json.loads((WEB / folder / f"{language}.json").read_text(encoding="utf-8"))
    return found


def stem(key: str) -> str:
    """The key as the code writes it, without the plural's form."""
    return key.rsplit(".", 1)[0] if key.endswith(PLURALS) else key


def placeholders(sentence: str) -> set[str]:
    """The names in braces."""
    return set(re.findall(r"\{(\w+)\}", sentence))


def codes_in(folder: str, family: str) -> set[str]:
    """The codes of a family that the folder has words for."""
    return {key.partition(".")[2] for key in catalogue(folder) if key.startswith(f"{family}.")}


def said_in(script: str) -> tuple[set[str], set[str]]:
    """The keys that a script writes out, and the beginnings of those that it puts together."""
    return set(KEY.findall(script)), {one or f"{other}." for one, other in FAMILY.findall(script)}


def raw_values(sheet: str) -> list[str]:
    """Lines that write a colour, a size or a duration instead of naming a token."""
    lines = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL).splitlines()
    return [line.strip() for line in lines if RAW.search(line) and not RAW_ALLOWED.search(line)]


def tokens_in(text: str) -> set[str]:
    """The design tokens that a file names."""
    return set(re.findall(r"var\((--[\w-]+)", text))


def known_tokens() -> set[str]:
    """The design tokens that there are."""
    defined = (WEB / "shared" / "tokens.css").read_text(encoding="utf-8")
    return set(re.findall(r"^\s*(--[\w-]+):", defined, re.MULTILINE))


def written_in(*paths: Path) -> str:
    """The files' texts, one after the other."""
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def values(kind: type[Enum]) -> set[str]:
    """An enum's values."""
    return {str(member.value) for member in kind}
