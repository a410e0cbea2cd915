"""Direct codes in the file: what `check`, the file's tests, explanations and differences say of them."""

from datetime import UTC, datetime

import pytest

from config.configuration import ROUTING
from config.difference import differences
from config.explanation import explain_message
from config.rehearsal import Asked
from config.versions import changes, means_the_same
from gateway.reasons import in_words
from router.trace import Stage
from tests.config.loading import configured, load_changed

WRITTEN = """\
codes:
  CA12: {to: japan, else: asia, add: [autumn], until: "2026-12-31T00:00"}
  linna: {to: japan, agent: li.na}
triage:
"""
CODES = ("triage:\n", WRITTEN)
MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 12, tzinfo=UTC)
WITH = configured(load_changed(ROUTING, CODES))


def shown(text: str, at: datetime, entry: str = "") -> list[tuple[str, int, str]]:
    """The codes of an explanation: name, line, and why not (empty when it decided)."""
    found = explain_message(WITH, Asked(text=text, entry=entry, inbox="website"), at)
    tried = [each for each in found.rules if each.rule.startswith("#") and each.stage is Stage.GROUP]
    return [(each.rule, each.line, in_words((each.failed,)) if each.failed else "") for each in tried]


def test_an_explanation_names_the_line() -> None:
    """A code that is typed or scanned stands among the rules with its line in the file."""
    lines = WITH.texts[ROUTING].split("\n")
    ((name, line, why),) = shown("hello #ca12", MORNING)
    assert (name, why) == ("#CA12", "")
    assert "CA12:" in lines[line - 1]
    assert shown("hello", MORNING, "linna") == [("#linna", line + 1, "")]


def test_an_instant_without_an_offset_is_in_the_files_zone() -> None:
    """A code is over when the year ends where the file is, and the explanation says so."""
    assert shown("#CA12", datetime(2026, 12, 30, 15, 59, 59, tzinfo=UTC)) == [
        ("#CA12", shown("#CA12", MORNING)[0][1], "")
    ]
    ((_, _, why),) = shown("#CA12", datetime(2026, 12, 30, 16, tzinfo=UTC))
    assert why == "the code #CA12 does not count any more: over since 2026-12-30T16:00:00Z"


def test_a_closed_group_leads_elsewhere() -> None:
    """While the code's group is closed, its `else` serves, and the explanation says where that is."""
    found = explain_message(WITH, Asked(text="#CA12", inbox="website"), NIGHT)
    assert (found.found.group, found.serving) == ("japan", "asia")
    assert "asia" in in_words(found.hours.why)
    open_then = explain_message(WITH, Asked(text="#CA12", inbox="website"), MORNING)
    assert open_then.serving == "japan"


EXPECTED = [
    ('{say: "#ca12", at: "2026-11-23T10:00", expect: {group: japan, tags: [autumn]}}', True),
    ('{say: "#ca12", at: "2026-11-23T20:00", expect: {group: asia}}', True),
    ('{say: "#ca12", at: "2026-11-23T20:00", expect: {group: japan}}', False),
    ("{say: hello, entry: linna, expect: {agent: li.na}}", True),
    ("{say: hello, entry: linna, expect: {agent: sun.yue}}", False),
    ("{say: hello, expect: {agent: li.na}}", False),
]


@pytest.mark.parametrize(("test", "passes"), EXPECTED)
def test_the_files_tests_expect_codes(test: str, passes: bool) -> None:
    """A test of the file brings a code as a contact does, and expects its group, tags and agent."""
    loaded = load_changed(ROUTING, CODES, ("tests:\n", f"tests:\n  - {test}\n"))
    assert loaded.tests[0].passed is passes, loaded.problems


def test_changes_are_told() -> None:
    """A code that is new, gone or different is told by its name; one that only moved is not."""
    plain = configured(load_changed())
    assert [(each.what, each.how) for each in changes(plain, WITH)] == [("code CA12", "added"), ("code linna", "added")]
    assert not means_the_same(plain.settings, WITH.settings)
    later = configured(load_changed(ROUTING, (CODES[0], WRITTEN.replace("else: asia, ", ""))))
    ((what, how, details),) = [(each.what, each.how, each.details) for each in differences(WITH, later)]
    assert (what, how, details) == ("code CA12", "changed", ("else: asia → nothing",))
    moved = configured(load_changed(ROUTING, (CODES[0], "# a comment\n" + WRITTEN)))
    assert differences(WITH, moved) == ()
    assert means_the_same(WITH.settings, moved.settings)
