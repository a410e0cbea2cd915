"""Direct codes: how they are met, in what a contact types and in how a contact comes."""

from datetime import UTC, datetime, timedelta

import pytest

from router.direct_code import Codes, DirectCode
from router.ids import Tag
from router.reason import Code, Reason
from router.trace import Stage
from router.triage import TriageFacts, classify, explain
from skills.ids import GroupId
from tests.router.world import CODES, TRIAGE, USA, company, everything

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
KNOWN = Codes((DirectCode(name="CA12", line=1, group=USA), DirectCode(name="li.na-1", line=2, group=USA)))

MET = [
    ("#CA12", "", ["CA12"]),
    ("#ca12", "", ["CA12"]),
    ("＃ＣＡ１２", "", ["CA12"]),
    ("你好，我有#CA12优惠", "", ["CA12"]),
    ("I have (#CA12).", "", ["CA12"]),
    ("I have #CA12.", "", ["CA12"]),
    ("#li.na-1, please", "", ["li.na-1"]),
    ("#li.na-1 or #ca12", "", ["li.na-1", "CA12"]),
    ("#ca12 #CA12", "CA12", ["CA12"]),
    ("#li.na-1", "ca12", ["li.na-1", "CA12"]),
    ("hello", "CA12", ["CA12"]),
    ("hello", "#ca12", ["CA12"]),
    ("CA12", "", []),
    ("I write C#CA12", "", []),
    ("https://example.com/#ca12", "", []),
    ("#CA123", "", []),
    ("# CA12", "", []),
    ("", "item-CA12", []),
    ("", "", []),
]


@pytest.mark.parametrize(("text", "entry", "names"), MET)
def test_codes_are_met(text: str, entry: str, names: list[str]) -> None:
    """A code is met in any case and width, whole, once, after its sign or as the entry; what is typed comes first."""
    assert [code.name for code in KNOWN.met(text, entry)] == names


def test_a_code_is_over_at_its_instant() -> None:
    """Until then is without then, and why it does not count names the instant."""
    code = DirectCode(name="old", line=1, group=USA, until=MONDAY)
    assert code.why_over(MONDAY - timedelta(microseconds=1)) is None
    assert code.why_over(MONDAY) == Reason(Code.CODE_OVER, ("#old", "2026-11-23T10:00:00Z"))


def test_what_is_explained_is_what_is_decided() -> None:
    """The first code that counts decides, and the explanation says so of each code and of the rules behind it."""
    triage = everything().triage
    facts = TriageFacts(text="#old #CA12 #anna", entry="japan")
    found = classify(triage, facts, MONDAY)
    assert (found.group, found.tags) == (USA, (Tag("autumn-campaign"),))
    shown = [each for each in explain(triage, facts, MONDAY) if each.stage is Stage.GROUP]
    assert [(each.rule, each.line) for each in shown[:3]] == [("#old", 25), ("#CA12", 20), ("#anna", 21)]
    assert [each.rule for each in shown if each.matched] == ["#CA12"]
    assert shown[0].failed == found.over[0]
    assert {each.failed for each in shown[2:]} == {Reason(Code.NOT_REACHED, ("#CA12",))}


def test_a_code_without_a_group_leaves_it_to_the_rules() -> None:
    """Its tag is there before the rules are asked, and they decide."""
    found = classify(everything().triage, TriageFacts(text="#spring", entry="japan"), MONDAY)
    assert (found.group, found.tags) == (GroupId("japan-korea"), (Tag("spring"),))
    assert [hit.rule for hit in found.hits if hit.stage is Stage.TAGS] == ["#spring"]


def test_where_there_are_no_codes_nothing_changes() -> None:
    """A company without codes decides by its rules, whatever is typed."""
    assert company().triage == TRIAGE
    assert CODES
    assert classify(TRIAGE, TriageFacts(text="#CA12", entry="japan", code="CA12"), MONDAY).code is None
