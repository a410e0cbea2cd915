"""The desk's files: three complete languages that have a word for each of the core's, tokens only, no raw HTML."""

import ast
import json
import re
from enum import Enum
from pathlib import Path
from typing import get_args

import pytest
from opencc import OpenCC

from adapters.degrade import ChangeKind, Why
from gateway.http.problems import REFUSALS
from gateway.views.agent import reasons_against
from gateway.views.release import EASIEST
from router.conversation import State
from router.events import AnyEvent
from router.message import DeliveryState, MediaKind
from router.presence import Intent, Presence, Reachability
from router.trace import Outcome, Stage
from skills.agent import Agent
from skills.ids import AgentId
from tests.architecture.house import ROOT

WEB = ROOT / "gateway" / "web"
DESK = WEB / "desk"
LANGUAGES = ("zh-CN", "zh-TW", "en")
PLURALS = (".one", ".other")
SCRIPTS = sorted(DESK.glob("*.mjs"))
SHEETS = sorted(DESK.glob("*.css"))

KEY = re.compile(r"""["'`]([a-z]+\.[A-Za-z_-]+)["'`]""")
FAMILY = re.compile(r"""`([a-z]+\.[a-z_]*)\$\{|inWords\((?:desk\.)?t, "([a-z]+)\"""")
WORD = re.compile(r"""["'`]([A-Za-z_-]+)["'`]""")
RAW = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|\b\d*\.?\d+(?:px|rem|pt|ms|s)\b", re.IGNORECASE)
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|new Function"
)


FINAL = ("Rejected", "ContactUnreachable", "Ambiguous")
"""Errors after which a message is rejected or unverified."""


def catalogue(language: str) -> dict[str, str]:
    """One language's sentences."""
    found: dict[str, str] = json.loads((DESK / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def reason_words() -> dict[str, str]:
    """The sentences for reasons, which the desk and the administrator's page share; in English."""
    found: dict[str, str] = json.loads((WEB / "shared" / "reasons" / "en.json").read_text(encoding="utf-8"))
    return found


def code() -> str:
    """All of the desk's scripts."""
    return "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)


def stem(key: str) -> str:
    """The key as the code writes it, without the plural's form."""
    return key.rsplit(".", 1)[0] if key.endswith(PLURALS) else key


def placeholders(sentence: str) -> set[str]:
    """The names in braces."""
    return set(re.findall(r"\{(\w+)\}", sentence))


def said_in(script: str) -> tuple[set[str], set[str]]:
    """The keys that a script writes out, and the beginnings of those that it puts together."""
    return set(KEY.findall(script)), {one or f"{other}." for one, other in FAMILY.findall(script)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_say_the_same_things(language: str) -> None:
    """No language lacks a sentence, has one too many, or names other placeholders."""
    english, other = catalogue("en"), catalogue(language)
    assert list(other) == list(english)
    assert {key for key in english if placeholders(english[key]) != placeholders(other[key])} == set()
    assert all(sentence.strip() for sentence in other.values())


def test_sentences_exist() -> None:
    """The code says no sentence that the catalogues do not have."""
    known = {stem(key) for key in (*catalogue("en"), *reason_words())}
    families = {key.split(".")[0] for key in known}
    said, _ = said_in(code())
    assert {key for key in said if key.split(".")[0] in families} - known == set()


def test_sentences_are_used() -> None:
    """Each sentence is written out in the code, or belongs to a family that the code puts together."""
    said, families = said_in(code())
    unused = {key for key in map(stem, catalogue("en")) if key not in said and not any(map(key.startswith, families))}
    assert unused == set()


def test_rule_reads_keys() -> None:
    """Whole keys, templates and families of codes are found in a script."""
    script = 't("list.more") t(`state.${x}`) t(`presence.${y}_hint`) inWords(t, "verdict", z)'
    assert said_in(script) == ({"list.more"}, {"state.", "presence.", "verdict."})


def values(kind: type[Enum]) -> set[str]:
    """An enum's values."""
    return {str(member.value) for member in kind}


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("state", values(State)),
        ("outcome", values(Outcome)),
        ("stage", values(Stage)),
        ("delivery", values(DeliveryState)),
        ("presence", values(Intent)),
        ("trigger", {event.__name__ for event in get_args(AnyEvent)}),
        ("problem", {kind for _, kind in REFUSALS.values()}),
    ],
)
def test_core_is_put_into_words(family: str, codes: set[str]) -> None:
    """Whatever the core may answer has a word in the desk."""
    known = {key.partition(".")[2] for key in catalogue("en") if key.startswith(f"{family}.")}
    assert codes - known == set()


def test_reasons_against_an_agent_are_put_into_words() -> None:
    """Whatever keeps an agent from receiving is said at the desk."""
    agent = Agent(id=AgentId("li.na"), name="李娜", units=1)
    found = {
        reason.value
        for intent in Intent
        for reachability in Reachability
        for reason in reasons_against(
            agent,
            Presence(agent=agent.id, intent=intent, reachability=reachability, on_shift=False, load=1.0, misses=2),
        )
    }
    assert {f"reason.{reason}" for reason in found} - set(catalogue("en")) == set()


def codes_of_failures() -> set[str]:
    """The codes with which adapters end a delivery for good, as their source writes them."""
    calls = [
        node
        for path in (ROOT / "adapters").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FINAL and node.args
    ]
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def test_failed_deliveries_are_put_into_words() -> None:
    """Whatever ends a delivery is said at the desk, but for the codes that only a platform knows."""
    found = codes_of_failures()
    assert {"refused", "no_answer", "file_gone"} <= found
    assert {f"failure.{code}" for code in found} - set(catalogue("en")) == set()


def test_what_would_release_is_put_into_words() -> None:
    """Whatever the server may name as the one change has a sentence."""
    known = set(catalogue("en"))
    assert {f"release.{verdict.value}" for verdict in EASIEST} - known == set()
    assert {f"release.by_{what}" for what in ("opening", "now", "step", "skill", "nobody")} - known == set()


def test_changes_on_the_way_are_put_into_words() -> None:
    """Whatever a channel may do to a message has a sentence, with its reason and the part's name."""
    known = set(catalogue("en"))
    assert {f"preview.{kind.value}" for kind in ChangeKind if kind is not ChangeKind.SPLIT} - known == set()
    assert {f"change.{why.value}" for why in Why} - known == set()
    assert {f"part.{kind.value}" for kind in MediaKind} - known == set()


def test_traditional_is_written_not_converted() -> None:
    """A good part of zh-TW is not what a converter makes of zh-CN."""
    converter = OpenCC("s2t")
    simplified, traditional = catalogue("zh-CN"), catalogue("zh-TW")
    converted = [key for key in simplified if converter.convert(simplified[key]) == traditional[key]]
    assert len(converted) < len(simplified) / 2


def raw_values(sheet: str) -> list[str]:
    """Lines that write a colour, a size or a duration instead of naming a token."""
    lines = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL).splitlines()
    return [line.strip() for line in lines if RAW.search(line) and "@media" not in line]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_use_tokens_only(sheet: Path) -> None:
    """Colours, sizes and durations are written in tokens.css and nowhere else, and each named token exists."""
    written = sheet.read_text(encoding="utf-8")
    defined = (WEB / "shared" / "tokens.css").read_text(encoding="utf-8")
    tokens = set(re.findall(r"^\s*(--[\w-]+):", defined, re.MULTILINE))
    assert raw_values(written) == []
    assert set(re.findall(r"var\((--[\w-]+)", written)) - tokens == set()


@pytest.mark.parametrize(("line", "expected"), [("color: #fff;", 1), ("margin: 4px;", 1), ("margin: var(--line);", 0)])
def test_rule_knows_raw_values(line: str, expected: int) -> None:
    """A raw value is told from a token."""
    assert len(raw_values(line)) == expected


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_markup(script: Path) -> None:
    """Nobody's words can become markup: there is no way to write any."""
    assert MARKUP.findall(script.read_text(encoding="utf-8")) == []


def test_rule_knows_markup() -> None:
    """The usual ways to write markup are found."""
    assert MARKUP.search("node.innerHTML = text")


def test_page_names_all_sheets() -> None:
    """The page loads each of the desk's sheets, and the shared ones before them."""
    page = (DESK / "index.html").read_text(encoding="utf-8")
    linked = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert linked[:2] == ["/web/shared/tokens.css", "/web/shared/base.css"]
    assert sorted(linked[2:]) == [f"/desk/{sheet.name}" for sheet in SHEETS]
