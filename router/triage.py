"""Triage: the administrator's ordered rules that give a conversation its tags, priority and group.

Three stages: every matching tag rule adds its tags, in order; the first matching priority rule and the first matching group
rule decide. A condition is a tree; each leaf can say in words why it failed, which is what ``explain`` and the desk show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from router.ids import ChannelName, InboxId, PriorityTag, Tag
from router.trace import Stage
from skills.hours import Hours
from skills.ids import GroupId, SkillId
from skills.keywords import Keywords
from skills.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A condition: keys joined by *and*, values of one key by *or*; an empty one always holds.

    ``text`` is compiled keywords over folded text; ``regex`` RE2 patterns over the verbatim text; ``hours`` timetables that are
    open now; ``contact_is`` ``new`` or ``returning``; ``kinds`` kinds of message parts; ``none_of`` and ``any_of`` nest.
    """

    text: Keywords | None = None
    regex: tuple[Pattern, ...] = ()
    entry: frozenset[str] = frozenset()
    channel: frozenset[ChannelName] = frozenset()
    inbox: frozenset[InboxId] = frozenset()
    language: frozenset[str] = frozenset()
    tags: frozenset[Tag] = frozenset()
    contact_tags: frozenset[Tag] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hours: tuple[Hours, ...] = ()
    contact_is: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    none_of: tuple["When", ...] = ()
    any_of: tuple["When", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """Adds tags when it matches."""

    name: str
    line: int
    when: When
    add: tuple[Tag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRule:
    """Gives the priority when it is the first to match."""

    name: str
    line: int
    when: When
    priority: PriorityTag


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """Gives the group, and further hard needs (skill → least level), when it is the first to match."""

    name: str
    line: int
    when: When
    group: GroupId
    requires: Mapping[SkillId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The three stages; the last rule of ``priority`` and of ``group`` has an empty condition (``otherwise``)."""

    tags: tuple[TagRule, ...] = ()
    priority: tuple[PriorityRule, ...]
    group: tuple[GroupRule, ...]


__all__ = ["GroupRule", "PriorityRule", "Stage", "TagRule", "Triage", "When"]
