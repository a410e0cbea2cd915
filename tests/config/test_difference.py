"""Differences: a rule that moved, a keyword that was added, hours and steps that changed, in words."""

import pytest

from config.configuration import AGENTS, INBOXES, ROUTING
from config.difference import Difference, differences, text_differences, three_way
from tests.config.loading import configured, load_changed

SOUND = configured(load_changed())


def told(file: str, *replacements: tuple[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What differs between the sound files and changed ones."""
    new = configured(load_changed(file, *replacements))
    return [(each.what, each.how, each.details) for each in differences(SOUND, new)]


def test_nothing() -> None:
    """A comment, an empty line and another order of keys change nothing."""
    assert told(ROUTING, ("triage:\n", "# rules\n\ntriage:\n")) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "how", "details"),
    [
        (ROUTING, "13:30-18:00", "13:00-18:00", "hours office", "changed", "mon + 13:00-18:00, − 13:30-18:00"),
        (ROUTING, "answer_within: 15s", "answer_within: 30s", "priority vip", "changed", "15s → 30s"),
        (AGENTS, "units: 6", "units: 7", "agent li.na", "changed", "units: 6 → 7"),
    ],
)
def test_changes(file: str, old: str, new: str, what: str, how: str, details: str) -> None:
    """Each change is told with what it was and what it is."""
    (found,) = told(file, (old, new))
    assert found[:2] == (what, how)
    assert details in found[2]


def test_a_keyword_is_added() -> None:
    """A rule is named, and the keyword in it."""
    ((what, how, details),) = told(ROUTING, ("[日本, japan]", "[日本, japan, tokyo]"))
    assert what.startswith('tag rule "')
    assert (how, details) == ("changed", ("text + tokyo",))


def test_steps_and_levels() -> None:
    """Relaxation and overflow are told step by step, skills by level."""
    found = told(ROUTING, ("requires: {visa-jp: 2}\n", "requires: {visa-jp: 3}\n"))
    assert any("visa-jp: 2 → 3" in detail for _, _, details in found for detail in details), found


def test_a_rule_moved() -> None:
    """A rule that changes places is moved, and only that one; the others keep their order."""
    text = load_changed().texts[ROUTING]
    start = text.index("  group:\n", text.index("triage:")) + len("  group:\n")
    end = text.index("    - {otherwise", start)
    lines = text[start:end].splitlines(keepends=True)
    assert len(lines) >= 2
    turned = text[:start] + "".join([*lines[1:], lines[0]]) + text[end:]
    found = differences(SOUND, configured(load_changed(ROUTING, text=turned)))
    assert [each.how for each in found] == ["moved"]
    assert found[0].details == (f"from place 1 to {len(lines)}",) or "to 1" in found[0].details[0]


def test_secrets_are_not_told() -> None:
    """An inbox that changed says so; what its secret was is nowhere."""
    ((what, how, details),) = told(INBOXES, ("name: Website", "name: Shop"))
    assert (what, how) == ("inbox website", "changed")
    assert "1:t" not in " ".join(details)


def test_text() -> None:
    """Only the files that differ have a diff, a unified one."""
    new = configured(load_changed(AGENTS, ("units: 6", "units: 7")))
    found = text_differences(SOUND.texts, new.texts, ("old", "new"))
    assert found.keys() == {AGENTS}
    assert found[AGENTS].startswith(f"--- old/{AGENTS}\n+++ new/{AGENTS}\n")
    assert "units: 7" in found[AGENTS]


def test_three_ways() -> None:
    """What others applied and what somebody wants are told apart; what both changed otherwise is where they meet."""
    theirs = configured(load_changed(ROUTING, ("answer_within: 15s", "answer_within: 30s")))
    yours = configured(
        load_changed(ROUTING, ("answer_within: 15s", "answer_within: 20s"), ("13:30-18:00", "13:00-18:00"))
    )
    found = three_way(SOUND, theirs, yours)
    assert [each.what for each in found.theirs] == ["priority vip"]
    assert [each.what for each in found.yours] == ["hours office", "priority vip"]
    assert found.both == ("priority vip",)
    assert three_way(SOUND, theirs, theirs).both == ()
    assert found.theirs[0] == Difference(what="priority vip", how="changed", details=("15s → 30s",))
