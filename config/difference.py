"""Differences: what changed between two configurations, in the administrator's words, down to the keyword.

`config.versions.changes` says which things changed; this says how.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from config.configuration import FILES, Configuration
from config.facts import details
from router.settings import Settings
from router.triage import GroupRule, PriorityRule, TagRule

Rules = Sequence[TagRule | PriorityRule | GroupRule]
Key = TypeVar("Key", bound=str)

TOLD = frozenset(
    {"version", "languages", "hours", "skills", "priorities", "costs", "groups", "agents", "triage", "replies"}
)
"""The settings that are told by name; what else there is, is told as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing (``group japan-korea``) that was ``added``, ``removed``, ``changed`` or ``moved``, and how in words."""

    what: str
    how: str
    details: tuple[str, ...] = ()


def differences(old: Configuration, new: Configuration) -> tuple[Difference, ...]:
    """Every difference in meaning, in the order of the files; comments and layout make none."""
    before, after = old.settings, new.settings
    return (
        *_by_key("inbox", _shown(old), _shown(new)),
        *_by_key("agent", old.agents, new.agents),
        *_by_key("bot", old.bots, new.bots),
        *_whole("timezone", old.timezone, new.timezone),
        *_whole("languages", " ".join(before.languages), " ".join(after.languages)),
        *_by_key("hours", before.hours, after.hours),
        *_by_key("skill", before.skills, after.skills),
        *_by_key("priority", before.priorities, after.priorities),
        *_by_key("cost", before.costs, after.costs),
        *_by_key("group", before.groups, after.groups),
        *_by_key("code", _codes(before), _codes(after)),
        *_rules("tag rule", before.triage.tags, after.triage.tags),
        *_rules("priority rule", before.triage.priority, after.triage.priority),
        *_rules("group rule", before.triage.group, after.triage.group),
        *_by_key("reply", old.replies.texts, new.replies.texts),
        *_by_key("setting", _others(before), _others(after)),
    )


def text_differences(old: Mapping[str, str], new: Mapping[str, str], names: tuple[str, str]) -> dict[str, str]:
    """The files that differ, each as a unified diff."""
    found = {}
    for file in FILES:
        lines = difflib.unified_diff(
            old.get(file, "").splitlines(keepends=True),
            new.get(file, "").splitlines(keepends=True),
            f"{names[0]}/{file}",
            f"{names[1]}/{file}",
        )
        if text := "".join(line if line.endswith("\n") else f"{line}\n" for line in lines):
            found[file] = text
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay:
    """What two people made of one version: ``both`` are the things that both changed, and not alike."""

    theirs: tuple[Difference, ...]
    yours: tuple[Difference, ...]
    both: tuple[str, ...]


def three_way(base: Configuration, present: Configuration, wanted: Configuration) -> ThreeWay:
    """What was applied since the base, what somebody wants to apply, and where they meet."""
    theirs, yours = differences(base, present), differences(base, wanted)
    by_them = {difference.what: difference for difference in theirs}
    both = [each.what for each in yours if each.what in by_them and by_them[each.what] != each]
    return ThreeWay(theirs=theirs, yours=yours, both=tuple(dict.fromkeys(both)))


# --- Things by name -------------------------------------------------------------------------------------------------


def _shown(configuration: Configuration) -> Mapping[str, str]:
    """Inboxes as they print: a secret is a mask, and whether it changed is not told."""
    return {key: repr(inbox) for key, inbox in configuration.inboxes.items()}


def _codes(settings: Settings) -> Mapping[str, object]:
    return {code.name: code for code in settings.triage.codes}


def _others(settings: Settings) -> Mapping[str, object]:
    return {field.name: getattr(settings, field.name) for field in fields(settings) if field.name not in TOLD}


def _whole(what: str, old: str, new: str) -> Iterator[Difference]:
    if old != new:
        yield Difference(what=what, how="changed", details=(f"{old} → {new}",))


def _by_key(kind: str, old: Mapping[Key, object], new: Mapping[Key, object]) -> Iterator[Difference]:
    for key in dict.fromkeys((*old, *new)):
        if key not in old:
            yield Difference(what=f"{kind} {key}", how="added")
        elif key not in new:
            yield Difference(what=f"{kind} {key}", how="removed")
        elif old[key] != new[key]:
            how = tuple(details(old[key], new[key]))
            yield Difference(what=f"{kind} {key}", how="changed", details=how)


def _rules(kind: str, old: Rules, new: Rules) -> Iterator[Difference]:
    """Rules by name: their order is their meaning, so that one that others do not pass any more has moved."""
    before, after = _named(old), _named(new)
    stayed = _in_order([name for name in before if name in after], [name for name in after if name in before])
    places = {name: place for place, name in enumerate(before, 1)}
    for name in before:
        if name not in after:
            yield Difference(what=f'{kind} "{name}"', how="removed")
    for place, (name, rule) in enumerate(after.items(), 1):
        what = f'{kind} "{name}"'
        if name not in before:
            yield Difference(what=what, how="added", details=(f"in place {place}",))
            continue
        if name not in stayed:
            yield Difference(what=what, how="moved", details=(f"from place {places[name]} to {place}",))
        if how := tuple(details(before[name], rule)):
            yield Difference(what=what, how="changed", details=how)


def _named(rules: Rules) -> dict[str, TagRule | PriorityRule | GroupRule]:
    found: dict[str, TagRule | PriorityRule | GroupRule] = {}
    for rule in rules:
        name, number = rule.name, 1
        while name in found:
            number += 1
            name = f"{rule.name} ({number})"
        found[name] = rule
    return found


def _in_order(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The most names that stand in the same order in both."""
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return frozenset(name for block in blocks for name in old[block.a : block.a + block.size])
