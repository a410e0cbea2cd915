"""Triage: the administrator's ordered rules that give a conversation its tags, priority and group.

Three stages: every matching tag rule adds its tags, in order, and later conditions see them; then the first matching
priority rule and the first matching group rule decide. A direct code comes before the rules. `classify` and `explain`
walk the rules by the same function: what an administrator is shown is what happened.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from router.condition import Reading, TriageFacts, When, failure, first_failure, keywords_of
from router.direct_code import Codes, DirectCode
from router.ids import PriorityTag, Tag
from router.reason import Code, Reason
from router.trace import RuleHit, Stage
from skills.ids import GroupId, SkillId
from skills.keywords import Keywords


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """Adds tags when it matches."""

    name: str
    line: int
    when: When
    add: tuple[Tag, ...]
    hit: RuleHit = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write down once what every message that it matches is told."""
        _note(self, Stage.TAGS, self.add)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRule:
    """Gives the priority when it is the first to match."""

    name: str
    line: int
    when: When
    priority: PriorityTag
    hit: RuleHit = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """As for tags."""
        _note(self, Stage.PRIORITY, (self.priority,))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """Gives the group, and further hard needs (skill → least level), when it is the first to match."""

    name: str
    line: int
    when: When
    group: GroupId
    requires: Mapping[SkillId, int] = field(default_factory=dict)
    hit: RuleHit = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """As for tags."""
        _note(self, Stage.GROUP, (self.group,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The three stages; the last rule of ``priority`` and of ``group`` has an empty condition (``otherwise``).

    ``codes`` are the direct codes, which come before the rules; ``directory`` finds them. ``keywords`` are those of all
    conditions, so that a text is searched once for all rules.
    """

    tags: tuple[TagRule, ...] = ()
    priority: tuple[PriorityRule, ...]
    group: tuple[GroupRule, ...]
    codes: tuple[DirectCode, ...] = ()
    directory: Codes = field(init=False, repr=False, compare=False)
    keywords: Keywords[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather the codes and the keywords."""
        object.__setattr__(self, "directory", Codes(self.codes))
        rules: tuple[TagRule | PriorityRule | GroupRule, ...] = (*self.tags, *self.priority, *self.group)
        words = keywords_of(rule.when for rule in rules)
        object.__setattr__(self, "keywords", Keywords({word: (word,) for word in words}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What triage says of a message.

    ``tags`` are those of the conversation with those added; ``hits`` are the rules that matched, in order. ``code`` is
    the direct code that counts, ``over`` why others that the message brings do not.
    """

    tags: tuple[Tag, ...]
    priority: PriorityTag
    group: GroupId
    requires: Mapping[SkillId, int]
    hits: tuple[RuleHit, ...]
    code: DirectCode | None = None
    over: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRule:
    """One rule as it fared: ``failed`` says which condition was the first not to hold; None when it matched."""

    stage: Stage
    rule: str
    line: int
    matched: bool
    failed: Reason | None = None


_NOTHING: Mapping[SkillId, int] = {}
"""A code asks for no skills beyond the group's own."""

Decider = TypeVar("Decider", PriorityRule, GroupRule)


class NoRuleMatched(ValueError):
    """A stage without ``otherwise`` met a message that none of its rules is for."""


def classify(triage: Triage, facts: TriageFacts, at: datetime) -> Classification:
    """Tags, priority and group of a message that arrived ``at`` (aware UTC).

    Raises:
        NoRuleMatched: a stage has no ``otherwise``; files are refused for that before they are applied.
    """
    reading = Reading(facts, at, triage.keywords)
    hits: list[RuleHit] = []
    code, over = _code(triage, facts, at) if triage.codes else (None, ())
    if code is not None and code.add:
        reading.tags.update(dict.fromkeys(code.add))
        hits.append(code.adding)
    for tag_rule in triage.tags:
        if not first_failure(tag_rule.when, reading):
            reading.tags.update(dict.fromkeys(tag_rule.add))
            hits.append(tag_rule.hit)
    priority = _first(triage.priority, reading)
    hits.append(priority.hit)
    if code is not None and code.group is not None:
        hits.append(code.leading)
        group, requires = code.group, _NOTHING
    else:
        rule = _first(triage.group, reading)
        hits.append(rule.hit)
        group, requires = rule.group, rule.requires
    return Classification(
        tags=tuple(reading.tags),
        priority=priority.priority,
        group=group,
        requires=requires,
        hits=tuple(hits),
        code=code,
        over=over,
    )


def explain(triage: Triage, facts: TriageFacts, at: datetime) -> tuple[TriedRule, ...]:
    """Every rule in order: matched, failed with the first condition that did not hold, or not reached."""
    reading = Reading(facts, at, triage.keywords)
    tried: list[TriedRule] = []
    code = _code(triage, facts, at)[0]
    if code is not None and code.add:
        reading.tags.update(dict.fromkeys(code.add))
        tried.append(TriedRule(stage=Stage.TAGS, rule=code.sign, line=code.line, matched=True))
    for rule in triage.tags:
        attempt = _try(Stage.TAGS, rule, reading)
        if attempt.matched:
            reading.tags.update(dict.fromkeys(rule.add))
        tried.append(attempt)
    tried.extend(_until_decided(Stage.PRIORITY, triage.priority, reading))
    tried.extend(_tried_codes(triage, facts, at))
    decided = code.sign if code is not None and code.group is not None else ""
    tried.extend(_until_decided(Stage.GROUP, triage.group, reading, decided))
    return tuple(tried)


def _code(triage: Triage, facts: TriageFacts, at: datetime) -> tuple[DirectCode | None, tuple[Reason, ...]]:
    """The first code of the message that counts, and why those before it do not."""
    over: list[Reason] = []
    for code in triage.directory.met(facts.text, facts.code):
        if (why := code.why_over(at)) is None:
            return code, tuple(over)
        over.append(why)
    return None, tuple(over)


def _tried_codes(triage: Triage, facts: TriageFacts, at: datetime) -> Iterator[TriedRule]:
    """The codes of the message among the rules for the group: the first that counts, and what of the others."""
    first = ""
    for code in triage.directory.met(facts.text, facts.code):
        why = code.why_over(at)
        if why is None and first:
            why = Reason(Code.NOT_REACHED, (first,))
        elif why is None:
            first = code.sign
            if code.group is None:
                continue  # it adds tags, and leaves the group to the rules
        yield TriedRule(stage=Stage.GROUP, rule=code.sign, line=code.line, matched=why is None, failed=why)


def _first(rules: Sequence[Decider], reading: Reading) -> Decider:
    for rule in rules:
        if not first_failure(rule.when, reading):
            return rule
    raise NoRuleMatched


def _note(rule: TagRule | PriorityRule | GroupRule, stage: Stage, gives: tuple[str, ...]) -> None:
    hit = RuleHit(stage=stage, rule=rule.name, line=rule.line, gives=gives)
    object.__setattr__(rule, "hit", hit)  # the rule is frozen, and this follows from it


def _try(stage: Stage, rule: TagRule | PriorityRule | GroupRule, reading: Reading) -> TriedRule:
    key = first_failure(rule.when, reading)
    failed = failure(rule.when, key, reading) if key else None
    return TriedRule(stage=stage, rule=rule.name, line=rule.line, matched=not key, failed=failed)


def _until_decided(
    stage: Stage, rules: Sequence[PriorityRule] | Sequence[GroupRule], reading: Reading, decided: str = ""
) -> Iterator[TriedRule]:
    for rule in rules:
        if decided:
            why = Reason(Code.NOT_REACHED, (decided,))
            yield TriedRule(stage=stage, rule=rule.name, line=rule.line, matched=False, failed=why)
            continue
        attempt = _try(stage, rule, reading)
        if attempt.matched:
            decided = rule.name
        yield attempt


__all__ = [
    "Classification", "GroupRule", "NoRuleMatched", "PriorityRule", "Reading", "Stage", "TagRule", "Triage",
    "TriageFacts", "TriedRule", "When", "classify", "explain",
]  # fmt: skip
