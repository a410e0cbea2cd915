"""The table in ``docs/routing.md`` says the truth: its stories and tests exist, every story and section is in it."""

import ast
import re
from pathlib import Path

from tests.architecture.house import ROOT
from tests.router.story import read

TABLE = ROOT / "docs" / "routing.md"
SCENARIOS = ROOT / "tests" / "router" / "scenarios"
SECTIONS = list(range(1, 27))
ROW = re.compile(
    r"^\| (?P<section>[^|]*) \| (?P<sentence>.*) \| `(?P<told>[a-z_0-9]+|tests/[^`]+::test_\w+)` \|$", re.MULTILINE
)
"""A line that names a story, or a test where only the store, the file or a running service can show it."""


def rows() -> list[tuple[str, str, str]]:
    """Section, sentence, and story or test of every line."""
    return [(m["section"].strip(), m["sentence"], m["told"]) for m in ROW.finditer(TABLE.read_text(encoding="utf-8"))]


def stories() -> list[tuple[str, str]]:
    """Each story's sentence and name."""
    return [(sentence, told) for _, sentence, told in rows() if "::" not in told]


def pointed_to() -> list[tuple[str, str, str]]:
    """Each test's sentence, path and name."""
    pointed = ((sentence, told.partition("::")) for _, sentence, told in rows() if "::" in told)
    return [(sentence, path, name) for sentence, (path, _, name) in pointed]


def docstrings(path: Path) -> dict[str, str]:
    """The first line of what each test of a module says; nothing when there is no such module."""
    if not path.exists():
        return {}
    functions = ast.parse(path.read_text(encoding="utf-8")).body
    found = (each for each in functions if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return {each.name: (ast.get_docstring(each) or "").partition("\n")[0] for each in found}


def test_every_story_is_in_the_table_and_there() -> None:
    """No story is named that does not exist, none exists that is not named."""
    named = [story for _, story in stories()]
    assert sorted(set(named)) == sorted(path.stem for path in SCENARIOS.glob("*.toml"))


def test_sentences_are_those_of_the_stories() -> None:
    """What the table says is what the story says."""
    wrong = [story for sentence, story in stories() if read(SCENARIOS / f"{story}.toml")["sentence"] != sentence]
    assert wrong == []


def test_sentences_are_those_of_the_tests() -> None:
    """What the table says is what the test says, and the test is there."""
    assert [f"{path}::{name}" for said, path, name in pointed_to() if docstrings(ROOT / path).get(name) != said] == []


def test_a_test_that_is_not_there_is_missed() -> None:
    """Control: a module or a test that is not there has no sentence."""
    assert docstrings(ROOT / "tests" / "router" / "test_of_nothing.py") == {}
    here = docstrings(Path(__file__))
    assert here["test_a_test_that_is_not_there_is_missed"].startswith("Control")
    assert "test_of_nothing" not in here


def test_every_section_is_told() -> None:
    """Every section has a story or a test, in the order of the sections."""
    told = [int(section.split()[0]) for section, _, _ in rows() if section]
    assert told == SECTIONS


def test_properties_are_where_the_table_says() -> None:
    """The files that the table points to exist."""
    paths = re.findall(r"`(tests/router/[a-z_]+\.py)`", TABLE.read_text(encoding="utf-8"))
    assert len(paths) >= 5
    assert [path for path in paths if not (ROOT / path).exists()] == []
