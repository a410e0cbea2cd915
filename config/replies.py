"""Replies: the administrator's prepared texts, rendered for one contact in one language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Template

from config.template import compiled
from config.wording import say_instant, say_range, say_span
from router.ids import ReplyId
from skills.hours import Hours, day_name
from skills.ids import GroupId
from skills.language import best_reply_language

GIVEN = frozenset({"contact", "group", "next_open", "position", "wait", "wait_most", "usually", "at"})
"""What every rendering is given; everything else is a field of the conversation."""


class UnknownReply(LookupError):
    """There is no reply of this name."""


class _Fields(dict[str, object]):
    """Fields by name; one that a conversation does not have is empty."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWords:
    """What replies say of a group: its names by language, the zone it lives in, its hours if it has any."""

    names: Mapping[str, str]
    zone: ZoneInfo
    hours: Hours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """All prepared texts: reply → language → text, and the groups that they speak of.

    ``automatic`` are those that some group sends by itself; the others are for agents to choose from.
    """

    texts: Mapping[ReplyId, Mapping[str, str]]
    groups: Mapping[GroupId, GroupWords] = field(default_factory=dict)
    automatic: frozenset[ReplyId] = frozenset()
    _templates: dict[tuple[ReplyId, str], Template] = field(default_factory=dict, repr=False, compare=False)

    @property
    def for_agents(self) -> tuple[ReplyId, ...]:
        """What agents may choose from, in the order of the file."""
        return tuple(reply for reply in self.texts if reply not in self.automatic)

    def language_of(self, reply: ReplyId, language: str) -> str:
        """The language of this reply that a reader of ``language`` reads best.

        Raises:
            UnknownReply: there is none of this name.
        """
        texts = self.texts.get(reply)
        if not texts:
            raise UnknownReply(reply)
        return best_reply_language(language, tuple(texts))

    def render(self, reply: ReplyId, language: str, variables: Mapping[str, object]) -> str:
        """The reply in the language that a reader of ``language`` reads best.

        ``variables``: ``contact`` (a mapping with its name), ``group`` (with its id), ``at`` (when it is said),
        ``next_open`` (an instant or None), ``position`` (a number or None), ``wait`` and ``wait_most`` (spans or None),
        ``usually`` (a span or None), and fields.

        Raises:
            UnknownReply: there is none of this name.
        """
        chosen = self.language_of(reply, language)
        template = self._templates.get((reply, chosen))
        if template is None:
            template = self._templates[reply, chosen] = compiled(self.texts[reply][chosen])
        return template.render(self._words(chosen, variables)).strip()

    def _words(self, language: str, variables: Mapping[str, object]) -> Mapping[str, object]:
        """The variables as a person in this language says them."""
        about_group = _mapping(variables.get("group"))
        known = self.groups.get(GroupId(str(about_group.get("id", ""))))
        usually = variables.get("usually")
        at, opens, wait = variables.get("at"), variables.get("next_open"), variables.get("wait")
        zone = known.zone if known else ZoneInfo("UTC")
        return {
            "contact": {"name": str(_mapping(variables.get("contact")).get("name") or "")},
            "group": {"name": _name(known, language) or str(about_group.get("name") or "")},
            "next_open": _said(opens, at, zone, language),
            "holiday": _holiday(known, at),
            "position": variables.get("position"),
            "wait": _wait(wait, variables.get("wait_most"), language),
            "usually": say_span(usually, language) if isinstance(usually, timedelta) else "",
            "fields": _Fields({key: value for key, value in variables.items() if key not in GIVEN}),
        }


def _wait(likely: object, most: object, language: str) -> str:
    if not isinstance(likely, timedelta):
        return ""
    return say_range(likely, most if isinstance(most, timedelta) else likely, language)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _name(group: GroupWords | None, language: str) -> str:
    return group.names[best_reply_language(language, tuple(group.names))] if group and group.names else ""


def _said(opens: object, at: object, zone: ZoneInfo, language: str) -> str:
    if not isinstance(opens, datetime):
        return ""
    return say_instant(opens, at if isinstance(at, datetime) else opens, zone, language)


def _holiday(group: GroupWords | None, at: object) -> str:
    if group is None or group.hours is None or not isinstance(at, datetime):
        return ""
    return day_name(group.hours, at.astimezone(group.hours.zone).date())
