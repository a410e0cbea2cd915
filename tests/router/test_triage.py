"""Triage: which rules match, what they give, and why the others did not."""

from datetime import UTC, datetime

import pytest

from gateway.reasons import in_words
from router.ids import ChannelName, InboxId, PriorityTag, Tag
from router.reason import Code, Reason
from router.triage import (
    GroupRule,
    NoRuleMatched,
    PriorityRule,
    Stage,
    TagRule,
    Triage,
    TriageFacts,
    TriedRule,
    When,
    classify,
    explain,
)
from skills.hours import Hours, Interval
from skills.ids import GroupId, HoursId, SkillId
from skills.patterns import compile_pattern

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
MONDAY_NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
OFFICE = Hours(id=HoursId("office"), zone=UTC, weekly=((Interval(9 * 3600, 18 * 3600),),) * 7)

NORMAL = PriorityRule(name="otherwise", line=90, when=When(), priority=PriorityTag("normal"))
FRONT = GroupRule(name="otherwise", line=99, when=When(), group=GroupId("front-desk"))


def tags(*values: str) -> frozenset[Tag]:
    """A set of tags."""
    return frozenset(Tag(value) for value in values)


def triage(
    *group: GroupRule, tag_rules: tuple[TagRule, ...] = (), priority: tuple[PriorityRule, ...] = (NORMAL,)
) -> Triage:
    """Triage with these rules; everything else goes to the front desk with normal priority."""
    return Triage(tags=tag_rules, priority=priority, group=(*group, FRONT))


def to_japan(when: When) -> Triage:
    """Triage with one rule that leads to Japan."""
    return triage(GroupRule(name="Japan", line=7, when=when, group=GroupId("japan")))


def matches(when: When, facts: TriageFacts, at: datetime = MONDAY_TEN) -> bool:
    """Whether the condition holds, asked of both the deciding and the explaining side."""
    chosen = classify(to_japan(when), facts, at).group == "japan"
    (shown,) = (tried for tried in explain(to_japan(when), facts, at) if tried.rule == "Japan")
    assert shown.matched is chosen
    assert bool(shown.failed) is not chosen
    return chosen


def why_not(when: When, facts: TriageFacts, at: datetime = MONDAY_TEN) -> str:
    """What the explanation says of the rule that did not match, as the commands put it into words."""
    (shown,) = (tried for tried in explain(to_japan(when), facts, at) if tried.rule == "Japan")
    assert shown.failed is not None
    return in_words((shown.failed,))


CONDITIONS = [
    (When(text=("日签", "japan")), TriageFacts(text="I like JAPAN!"), TriageFacts(text="japanese food")),
    (When(text=("日本签证",)), TriageFacts(text="我想辦日本簽證"), TriageFacts(text="我想去日本")),
    (When(regex=(compile_pattern(r"(?i)order \d+"),)), TriageFacts(text="My Order 42"), TriageFacts(text="order")),
    (When(entry=frozenset({"qr-japan"})), TriageFacts(entry="qr-japan"), TriageFacts(entry="qr-usa")),
    (
        When(channel=frozenset({ChannelName("red")})),
        TriageFacts(channel=ChannelName("red")),
        TriageFacts(channel=ChannelName("blue")),
    ),
    (
        When(inbox=frozenset({InboxId("shop")})),
        TriageFacts(inbox=InboxId("shop")),
        TriageFacts(inbox=InboxId("blog")),
    ),
    (When(language=frozenset({"zh"})), TriageFacts(language="zh-TW"), TriageFacts(language="en")),
    (When(language=frozenset({"zh-TW"})), TriageFacts(language="zh-TW"), TriageFacts(language="zh-CN")),
    (When(tags=tags("japan", "korea")), TriageFacts(tags=tags("korea", "new")), TriageFacts(tags=tags("new"))),
    (When(contact_tags=tags("vip")), TriageFacts(contact_tags=tags("vip")), TriageFacts(tags=tags("vip"))),
    (
        When(attributes={"city": frozenset({"上海"}), "plan": frozenset({"gold"})}),
        TriageFacts(attributes={"city": "上海", "plan": "gold"}),
        TriageFacts(attributes={"city": "上海"}),
    ),
    (When(contact_is=frozenset({"returning"})), TriageFacts(is_returning=True), TriageFacts()),
    (When(contact_is=frozenset({"new"})), TriageFacts(), TriageFacts(is_returning=True)),
    (
        When(kinds=frozenset({"image"})),
        TriageFacts(kinds=frozenset({"text", "image"})),
        TriageFacts(kinds=frozenset({"text"})),
    ),
    (
        When(any_of=(When(entry=frozenset({"a"})), When(text=("japan",)))),
        TriageFacts(text="japan"),
        TriageFacts(text="korea"),
    ),
    (When(none_of=(When(text=("refund",)),)), TriageFacts(text="hello"), TriageFacts(text="refund please")),
]


@pytest.mark.parametrize(("when", "good", "bad"), CONDITIONS)
def test_each_key_decides(when: When, good: TriageFacts, bad: TriageFacts) -> None:
    """Each key of a condition lets the right message through and stops the wrong one, decided and explained alike."""
    assert matches(when, good)
    assert not matches(when, bad)


def test_hours_are_asked_at_the_instant() -> None:
    """A condition on hours holds while they are open."""
    when = When(hours=(OFFICE,))
    assert matches(when, TriageFacts(), MONDAY_TEN)
    assert not matches(when, TriageFacts(), MONDAY_NIGHT)
    assert why_not(when, TriageFacts(), MONDAY_NIGHT) == "closed then: office"


def test_keys_are_joined_by_and() -> None:
    """A condition with two keys wants both."""
    when = When(text=("japan",), entry=frozenset({"qr"}))
    assert matches(when, TriageFacts(text="japan", entry="qr"))
    assert not matches(when, TriageFacts(text="japan"))
    assert not matches(when, TriageFacts(entry="qr"))


@pytest.mark.parametrize(
    ("when", "facts", "words"),
    [
        (When(text=("日签", "japan")), TriageFacts(text="hi"), "the text has none of 日签 or japan"),
        (When(entry=frozenset({"qr"})), TriageFacts(), "entry is empty, not qr"),
        (When(entry=frozenset({"qr"})), TriageFacts(entry="x"), "entry is “x”, not qr"),
        (When(tags=tags("a", "b")), TriageFacts(), "tags are none, without a or b"),
        (When(contact_tags=tags("vip")), TriageFacts(contact_tags=tags("new", "old")),
         "the contact's tags are new and old, without vip"),
        (When(kinds=frozenset({"image"})), TriageFacts(kinds=frozenset({"text"})), "the message has text, not image"),
        (When(contact_is=frozenset({"new"})), TriageFacts(is_returning=True), "the contact is “returning”, not new"),
        (When(attributes={"plan": frozenset({"gold"})}), TriageFacts(), "attribute plan is empty, not gold"),
        (When(regex=(compile_pattern(r"\d+"),)), TriageFacts(text="x"), r"the text does not match \d+"),
        (When(any_of=(When(entry=frozenset({"qr"})), When(text=("japan",)))), TriageFacts(),
         "none of `any` holds: entry is empty, not qr; the text has none of japan"),
        (When(none_of=(When(),)), TriageFacts(), "what `not` excludes holds"),
        (When(text=tuple("abcdefghij")), TriageFacts(), "the text has none of a, b, c, d, e, f, g, h or 2 more"),
    ],
)  # fmt: skip
def test_failures_are_words(when: When, facts: TriageFacts, words: str) -> None:
    """The first condition that failed is said with what was asked and what was there."""
    assert why_not(when, facts) == words


def test_every_tag_rule_adds_in_order() -> None:
    """Every matching tag rule adds its tags; later conditions see them; none is added twice."""
    rules = (
        TagRule(name="words", line=1, when=When(text=("japan",)), add=(Tag("japan"), Tag("asia"))),
        TagRule(name="no", line=2, when=When(text=("korea",)), add=(Tag("korea"),)),
        TagRule(name="chained", line=3, when=When(tags=tags("asia")), add=(Tag("far"), Tag("asia"))),
    )
    found = classify(triage(tag_rules=rules), TriageFacts(text="japan", tags=tags("old")), MONDAY_TEN)
    assert found.tags == ("old", "japan", "asia", "far")


def test_order_of_tag_rules_matters() -> None:
    """A tag rule does not see what a rule below it adds."""
    rules = (
        TagRule(name="chained", line=1, when=When(tags=tags("asia")), add=(Tag("far"),)),
        TagRule(name="words", line=2, when=When(text=("japan",)), add=(Tag("asia"),)),
    )
    assert classify(triage(tag_rules=rules), TriageFacts(text="japan"), MONDAY_TEN).tags == ("asia",)


def test_first_match_decides() -> None:
    """In priority and group the first matching rule decides, sees all tags, and brings its further needs."""
    rules = (TagRule(name="words", line=1, when=When(text=("japan",)), add=(Tag("japan"),)),)
    vip = PriorityRule(name="vip", line=5, when=When(contact_tags=tags("vip")), priority=PriorityTag("vip"))
    japan = GroupRule(
        name="Japan", line=7, when=When(tags=tags("japan")), group=GroupId("jp"), requires={SkillId("visa-jp"): 2}
    )
    again = GroupRule(name="again", line=8, when=When(tags=tags("japan")), group=GroupId("other"))
    found = classify(
        triage(japan, again, tag_rules=rules, priority=(vip, NORMAL)),
        TriageFacts(text="japan", contact_tags=tags("vip")),
        MONDAY_TEN,
    )
    assert (found.priority, found.group, dict(found.requires)) == ("vip", "jp", {"visa-jp": 2})
    assert [(hit.stage, hit.line, hit.gives) for hit in found.hits] == [
        (Stage.TAGS, 1, ("japan",)),
        (Stage.PRIORITY, 5, ("vip",)),
        (Stage.GROUP, 7, ("jp",)),
    ]


def test_rules_behind_the_deciding_one_were_not_reached() -> None:
    """Explaining shows every rule in order, and says which rule above decided."""
    shown = explain(to_japan(When(text=("japan",))), TriageFacts(text="japan"), MONDAY_TEN)
    assert shown == (
        TriedRule(stage=Stage.PRIORITY, rule="otherwise", line=90, matched=True),
        TriedRule(stage=Stage.GROUP, rule="Japan", line=7, matched=True),
        TriedRule(
            stage=Stage.GROUP, rule="otherwise", line=99, matched=False, failed=Reason(Code.NOT_REACHED, ("Japan",))
        ),
    )


def test_a_stage_without_otherwise_refuses() -> None:
    """A message that no rule is for is refused aloud, never routed nowhere."""
    lonely = Triage(
        priority=(NORMAL,), group=(GroupRule(name="x", line=1, when=When(text=("x",)), group=GroupId("g")),)
    )
    with pytest.raises(NoRuleMatched):
        classify(lonely, TriageFacts(text="hello"), MONDAY_TEN)


def test_empty_message_falls_to_otherwise() -> None:
    """A message without words, such as an entry alone, is classified too."""
    found = classify(triage(), TriageFacts(), MONDAY_TEN)
    assert (found.tags, found.priority, found.group) == ((), "normal", "front-desk")
