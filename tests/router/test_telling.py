"""The table in ``docs/routing.md`` says the truth: its stories exist, and every story and section is in it."""

import re

from tests.architecture.house import ROOT
from tests.router.story import read

TABLE = ROOT / "docs" / "routing.md"
SCENARIOS = ROOT / "tests" / "router" / "scenarios"
SECTIONS = range(1, 18)
ROW = re.compile(r"^\| (?P<section>[^|]*) \| (?P<sentence>.*) \| `(?P<story>[a-z_0-9]+)` \|$", re.MULTILINE)


def rows() -> list[tuple[str, str, str]]:
    """Section, sentence and story of every line."""
    return [(m["section"].strip(), m["sentence"], m["story"]) for m in ROW.finditer(TABLE.read_text(encoding="utf-8"))]


def test_every_story_is_in_the_table_and_there() -> None:
    """No story is named that does not exist, none exists that is not named."""
    named = [story for _, _, story in rows()]
    assert sorted(set(named)) == sorted(path.stem for path in SCENARIOS.glob("*.toml"))


def test_sentences_are_those_of_the_stories() -> None:
    """What the table says is what the story says."""
    wrong = [story for _, sentence, story in rows() if read(SCENARIOS / f"{story}.toml")["sentence"] != sentence]
    assert wrong == []


def test_every_section_is_told() -> None:
    """Sections 1 to 17 have stories, and what comes after them is in its place."""
    told = [int(section.split()[0]) for section, _, _ in rows() if section]
    assert told == sorted(set(told))
    assert set(told) >= set(SECTIONS)


def test_properties_are_where_the_table_says() -> None:
    """The files that the table points to exist."""
    paths = re.findall(r"`(tests/router/[a-z_]+\.py)`", TABLE.read_text(encoding="utf-8"))
    assert len(paths) >= 5
    assert [path for path in paths if not (ROOT / path).exists()] == []
