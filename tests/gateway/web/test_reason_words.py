"""Reasons in words: in three languages for each that the code can give, and no page that reads the English ones."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from config.models.group import WaitingSection
from gateway.reasons import detail_of, in_words
from router.conversation import Wish
from router.lifecycle import ABANDONED
from router.passed_over import ANOTHER_FIRST, NOT_FREE
from router.reason import Code, Reason, Value, named
from router.rules.bots import ASKED_FOR_PERSON, WORN_OUT
from router.rules.wrapping import WRAP_TIMEOUT
from router.trace import Verdict
from skills.bots.dialogue import Reason as HandoffReason
from tests.architecture.house import ROOMS, ROOT, python_files
from tests.gateway.web.page_files import WEB, catalogue, codes_in, placeholders, stem, values

FOLDER = "shared/reasons"
PAGES = sorted([*(WEB / "desk").glob("*.mjs"), *(WEB / "admin").glob("*.mjs")])
AS_IT_IS = frozenset(
    {
        "attribute", "carried", "count", "direct", "event", "holiday", "inbox", "language", "level", "levels", "most",
        "reply", "rule", "timetable", "words", "zone",
    }
)  # fmt: skip
"""Values that every reader sees as they are: numbers, what somebody wrote, and names from the files."""

SAMPLES: dict[str, Value] = {
    "found": "shop", "wanted": ("promo", "sale"), "groups": ("asia", "usa"), "timetables": ("office",),
    "verdicts": ("away", "full"), "local": "2026-11-23T10:00", "opens": "2026-11-24T09:00", "idle": 312, "picked": 5,
    "load": 1.5, "units": 3.0, "levels": 7, "count": 2, "level": 2, "carried": 1, "most": 2,
}  # fmt: skip
"""A value for each name that is not a word."""

HANDOFFS = {str(value) for name, value in vars(HandoffReason).items() if name.isupper()}

ENGLISH = re.compile(
    r"trace\.(?:because|reason)\b|rule\.failed\b|candidate\.(?:detail|reasons)\b|hours\.words|frame\.text"
)
"""Where a page would read a sentence that the server made for programs."""


def sample(code: Code) -> Reason:
    """A reason of this code."""
    inner = (Reason(Code.ENTRY, ("", ("qr",))),) if code is Code.ANY else ()
    return Reason(code, tuple(SAMPLES.get(name, "what") for name in code.names), inner)


@pytest.mark.parametrize("code", Code, ids=lambda code: code.value)
def test_every_reason_has_words(code: Code) -> None:
    """A reason that the code can give has a sentence that says each of its values."""
    sentences = [sentence for key, sentence in catalogue(FOLDER).items() if stem(key) == code.value]
    said = set().union(*map(placeholders, sentences)) if sentences else None
    assert said == {*code.names, *(["of"] if code is Code.ANY else [])}


def test_no_words_without_a_reason() -> None:
    """The families of reasons have no sentence for a code that is gone."""
    families = {code.value.split(".")[0] for code in Code}
    words = {stem(key) for key in catalogue(FOLDER) if key.split(".")[0] in families}
    assert words == {code.value for code in Code}


def ends() -> set[str]:
    """Why conversations end, as the rules, the adapters and the files write it."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "router").rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    written = [call.args[2] for call in calls if called(call) in {"resolve", "close"} and len(call.args) == 3]
    written += [each.value for call in calls for each in call.keywords if each.arg == "resolved_because"]
    said = {str(each.value) for each in written if isinstance(each, ast.Constant) and each.value}
    outcomes = set(get_args(WaitingSection.model_fields["then"].annotation))
    return said | outcomes | {ABANDONED, WRAP_TIMEOUT} | lefts()


def lefts() -> set[str]:
    """Why contacts can no longer be reached, as the adapters write it: in the call, or in a table beside it."""
    words: set[str] = set()
    for path in (ROOT / "adapters").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        lefts = [node for node in nodes if isinstance(node, ast.Call) and called(node) == "Left"]
        given = [each.value for call in lefts for each in call.keywords if each.arg == "reason"]
        names = {node.id for each in given for node in ast.walk(each) if isinstance(node, ast.Name)}
        tables = [
            node.value for node in nodes if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in names
        ]
        constants = [node for each in (*given, *tables) for node in ast.walk(each) if isinstance(node, ast.Constant)]
        words |= {node.value for node in constants if isinstance(node.value, str)}
    return words


def called(call: ast.Call) -> str:
    """The name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("verdict", values(Verdict) | {ANOTHER_FIRST, NOT_FREE}),
        ("handoff", HANDOFFS | {ASKED_FOR_PERSON, WORN_OUT}),
        ("wish", values(Wish)),
        ("ended", ends()),
    ],
)
def test_values_have_words(family: str, codes: set[str]) -> None:
    """What a reason names by a code has a word, too."""
    assert codes - codes_in(FOLDER, family) == set()


def test_rule_finds_ends() -> None:
    """The ends that rules, adapters and files write are found."""
    assert {"idle", "declined", "abandoned", "blocked", "unsubscribed", "leave_message"} <= ends()


def test_pages_know_each_value() -> None:
    """A page turns each value into what a reader calls it, or shows it as it is on purpose."""
    script = (WEB / "desk" / "reasons.mjs").read_text(encoding="utf-8")
    table = script.partition("const VALUES = Object.freeze({")[2].partition("\n});")[0]
    known = set(re.findall(r"^  (\w+):", table, re.MULTILINE))
    names = {name for code in Code for name in code.names}
    assert known | AS_IT_IS == names
    assert known & AS_IT_IS == set()


@pytest.mark.parametrize("code", Code, ids=lambda code: code.value)
def test_english_is_complete(code: Code) -> None:
    """The commands can say each reason, and nothing of it stays a placeholder."""
    words = in_words((sample(code),))
    assert words
    assert "{" not in words


def test_reasons_are_joined() -> None:
    """Several reasons are one sentence; a choice of many is cut short; spans are said as the files write them."""
    many = Reason(Code.TEXT, (tuple("abcdefghij"),))
    both = (Reason(Code.LONGEST_IDLE), Reason(Code.IDLE, (312, 0.0, 3.0)))
    assert in_words(both) == "idle for longest; idle for 5m12s, load 0/3"
    assert in_words((many,)) == "the text has none of a, b, c, d, e, f, g, h or 2 more"
    assert in_words(()) == ""
    assert in_words((Reason(Code.NEXT_OWN, (1,)),)) == "the only one waiting in the own group"


@pytest.mark.parametrize(
    ("reason", "detail"),
    [
        (Reason(Code.LACKS, ("visa-ca", 2)), "visa-ca:2"),
        (Reason(Code.FULL, (6.0, 6.0)), "6/6"),
        (Reason(Code.FULL_ON_CHANNEL, ("web", 2, 2)), "web 2/2"),
        (Reason(Code.COOLS_DOWN, ("2026-11-23T10:00:00Z",)), "2026-11-23T10:00:00Z"),
        (Reason(Code.BEHIND, ("anna",)), "anna"),
        (Reason(Code.ONE_OF, (("away", "full"),)), "away, full"),
    ],
)
def test_details_are_those_of_the_interface(reason: Reason, detail: str) -> None:
    """A program that reads ``skill_missing:visa-ca:2`` still does."""
    assert detail_of((reason,)) == detail


def miscounted(source: str) -> list[str]:
    """Reasons that are made with another number of values than their code has names."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and called(node) == "Reason"]
    wrong = []
    for call in calls:
        code = call.args[0] if call.args else None
        given = call.args[1] if len(call.args) > 1 else ast.Tuple(elts=[])
        if not isinstance(code, ast.Attribute) or not isinstance(given, ast.Tuple):
            continue
        is_open = any(isinstance(each, ast.Starred) for each in given.elts)
        if not is_open and len(given.elts) != len(Code[code.attr].names):
            wrong.append(f"{call.lineno}: {code.attr}")
    return wrong


def test_reasons_have_their_values() -> None:
    """Wherever a reason is made, it gets as many values as its code has names; every code is made somewhere."""
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in python_files(*ROOMS)}
    assert {str(path): found for path, source in sources.items() if (found := miscounted(source))} == {}
    used = set(re.findall(r"\bCode\.([A-Z_]+)", "\n".join(sources.values())))
    assert {code.name for code in Code} - used == set()


@pytest.mark.parametrize(
    ("source", "expected"),
    [("Reason(Code.BY_HAND, (by,))", 1), ("Reason(Code.BY_HAND)", 1), ("Reason(Code.BY_HAND, (by, agent))", 0)],
)
def test_rule_counts_values(source: str, expected: int) -> None:
    """A reason that lacks a value is told from one that has all."""
    assert len(miscounted(source)) == expected


def test_names_go_with_values() -> None:
    """A program gets a reason with its values by name, and what it consists of."""
    entry = Reason(Code.ENTRY, ("shop", ("promo",)))
    assert named(entry) == {"code": "condition.entry", "found": "shop", "wanted": ("promo",)}
    assert named(Reason(Code.ANY, of=(entry,)))["of"] == [named(entry)]
    with pytest.raises(ValueError, match="shorter"):
        named(Reason(Code.ENTRY, ("shop",)))


@pytest.mark.parametrize("script", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_pages_read_no_english(script: Path) -> None:
    """No page takes a sentence that the server made, let alone parses it."""
    assert ENGLISH.findall(script.read_text(encoding="utf-8")) == []


def test_rule_knows_english() -> None:
    """The ways to show a sentence of the server are found."""
    assert ENGLISH.search("html`${trace.because}`")
    assert ENGLISH.search("notices.say(frame.text)")
