"""Versions: what tells two configurations apart, and what changed between them in the administrator's words."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from config.configuration import FILES, Configuration
from router.direct_code import DirectCode
from router.ids import InboxId
from router.settings import Settings
from router.triage import GroupRule, PriorityRule, TagRule

Key = TypeVar("Key", bound=str)
Rule = TypeVar("Rule", TagRule, PriorityRule, GroupRule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: ``what`` (``group japan-korea``) was ``added``, ``removed`` or ``changed``."""

    what: str
    how: str


def digest(texts: Mapping[str, str]) -> str:
    """The name of these exact three files: equal texts, equal digest."""
    hashed = hashlib.sha256()
    for file in FILES:
        content = texts.get(file, "").encode("utf-8")
        hashed.update(f"{file}\0{len(content)}\0".encode())
        hashed.update(content)
    return hashed.hexdigest()


def means_the_same(old: Settings, new: Settings) -> bool:
    """Whether the core does the same under both; their numbers, comments and layout aside.

    What stands in another order may break a tie otherwise, even where nothing else differs.
    """
    return (
        replace(old, version=0, triage=new.triage) == replace(new, version=0)
        and old.triage.codes == new.triage.codes
        and _unplaced(old.triage.tags) == _unplaced(new.triage.tags)
        and _unplaced(old.triage.priority) == _unplaced(new.triage.priority)
        and _unplaced(old.triage.group) == _unplaced(new.triage.group)
        and _order(old) == _order(new)
    )


def changes(old: Configuration, new: Configuration) -> tuple[Change, ...]:
    """What differs in meaning; comments and layout do not."""
    before, after = old.settings, new.settings
    found = [
        *_by_key("inbox", _shown(old), _shown(new)),
        *_by_key("agent", old.agents, new.agents),
        *_by_key("bot", old.bots, new.bots),
        *_by_key("hours", before.hours, after.hours),
        *_by_key("skill", before.skills, after.skills),
        *_by_key("priority", before.priorities, after.priorities),
        *_by_key("group", before.groups, after.groups),
        *_by_key("code", _codes(before), _codes(after)),
        *_by_key("reply", old.replies.texts, new.replies.texts),
    ]
    for what, one, other in (
        ("languages", before.languages, after.languages),
        ("timezone", old.timezone, new.timezone),
        ("tag rules", _unplaced(before.triage.tags), _unplaced(after.triage.tags)),
        ("priority rules", _unplaced(before.triage.priority), _unplaced(after.triage.priority)),
        ("group rules", _unplaced(before.triage.group), _unplaced(after.triage.group)),
    ):
        if one != other:
            found.append(Change(what=what, how="changed"))
    return tuple(found)


def _codes(settings: Settings) -> Mapping[str, DirectCode]:
    return {code.name: code for code in settings.triage.codes}


def _shown(configuration: Configuration) -> Mapping[InboxId, str]:
    """Inboxes as they print: a secret is a mask, and whether it changed is not told."""
    return {key: repr(inbox) for key, inbox in configuration.inboxes.items()}


def _unplaced(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules without their lines: a comment above them changes nothing."""
    return tuple(replace(rule, line=0) for rule in rules)


def _order(settings: Settings) -> list[list[object]]:
    """The keys of all that is kept by key, as they stand."""
    values = (getattr(settings, field.name) for field in fields(settings))
    return [list(value) for value in values if isinstance(value, Mapping)]


def _by_key(kind: str, old: Mapping[Key, object], new: Mapping[Key, object]) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        if key not in old:
            yield Change(what=f"{kind} {key}", how="added")
        elif key not in new:
            yield Change(what=f"{kind} {key}", how="removed")
        elif old[key] != new[key]:
            yield Change(what=f"{kind} {key}", how="changed")
