"""``routing.yaml`` as it is written."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from config.models.code import CodeSection
from config.models.condition import PartKind, TriageSection
from config.models.group import GroupSection
from config.models.section import Duration, Id, Instant, Language, Section, Text, Texts, Word, Words
from config.models.target import TargetSection

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

INTERVAL = r"^\d{1,2}:\d{2}(:\d{2})?-\d{1,2}:\d{2}(:\d{2})?$"
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)"
DAYS = rf"^(daily|{_DAY}(-{_DAY})?(,\s*{_DAY}(-{_DAY})?)*)$"
DATE = r"^\d{4}-\d{2}-\d{2}$"

Interval = Annotated[str, StringConstraints(pattern=INTERVAL)]
"""Opening times: ``09:00-18:00``; ``22:00-06:00`` crosses midnight; the closing time is not part of it."""


def _to_intervals(value: object) -> object:
    if value == "closed":
        return []
    return [value] if isinstance(value, str) else value


_TIMES = {"type": "array", "items": {"type": "string", "pattern": INTERVAL}}

Intervals = Annotated[
    list[Interval],
    BeforeValidator(_to_intervals),
    WithJsonSchema({"anyOf": [{"const": "closed"}, {"type": "string", "pattern": INTERVAL}, _TIMES]}),
]
"""The opening times of one day, or ``closed``."""


class ExceptionSection(Section):
    """One date that differs from the week."""

    open: Intervals = []
    """Its opening times."""
    name: Word | None = None
    """What the day is called, for replies and explanations."""


def _to_exception(value: object) -> object:
    return value if isinstance(value, dict) else {"open": _to_intervals(value)}


_EXCEPTION: dict[str, Any] = {
    "anyOf": [
        {"const": "closed"},
        {"type": "string", "pattern": INTERVAL},
        _TIMES,
        {
            "type": "object",
            "properties": {"open": _TIMES, "name": {"type": "string"}},
            "additionalProperties": False,
        },
    ]
}


class HoursSection(Section):
    """A weekly timetable with its special days.

    A day is decided by the first that names it: exceptions, make-up days, holidays, the week.
    """

    weekly: dict[Annotated[str, StringConstraints(pattern=DAYS)], Intervals]
    """Days (mon, mon-fri, sat,sun, daily) and their opening times; days that are not named are closed."""
    timezone: Word | None = None
    """The zone of the times, if it is not the file's."""
    holidays: Words = []
    """Countries (CN) or their parts (US-CA): public holidays are closed, make-up working days open."""
    makeup_as: Weekday = "mon"
    """The weekday whose times apply on make-up working days."""
    exceptions: dict[
        Annotated[str, StringConstraints(pattern=DATE)],
        Annotated[ExceptionSection, BeforeValidator(_to_exception), WithJsonSchema(_EXCEPTION)],
    ] = {}
    """Dates (2026-12-31) with their own opening times, or closed."""


class PrioritySection(Section):
    """A priority tag."""

    answer_within: Duration
    """How soon a person should answer."""
    cost: Annotated[float, Field(gt=0, le=100)] = 1
    """What the units of a conversation are multiplied with (vip: 1.5)."""
    strict: bool = False
    """Before everything else, up to the ceiling of `emergency`."""


class ExpectSection(Section):
    """What a test expects; what is not named is not compared."""

    group: Id | None = None
    """The group that triage gives."""
    priority: Id | None = None
    """The priority that triage gives."""
    tags: list[Word] | None = None
    """Exactly these tags, in any order."""
    open: bool | None = None
    """Whether the group is open then."""
    requires: dict[Id, int] | None = None
    """Exactly these further skills, as the group rule asks for them."""
    agent: Id | None = None
    """The agent whom a direct code asks for."""


class TestSection(Section):
    """A message with what should become of it; `check` runs it."""

    __test__ = False  # its name is the product's word, not pytest's

    name: Word | None = None
    """What it is about."""
    say: str
    """The message's text."""
    at: Instant | None = None
    """When it arrives: 2026-11-23T10:00+08:00, or without offset in the file's zone; else a Wednesday at noon."""
    channel: Id | None = None
    """The channel it comes by; that of `inbox` when not given."""
    inbox: Id | None = None
    """The inbox it arrives in."""
    entry: str = ""
    """How the contact came."""
    language: Language | None = None
    """The contact's language; found from the text when not given."""
    contact: Literal["new", "returning"] = "new"
    """Whether the contact had a conversation before."""
    contact_tags: list[Word] = []
    """Tags of the contact."""
    attributes: dict[Word, str] = {}
    """Attributes of the contact."""
    kind: PartKind = "text"
    """What the message holds."""
    expect: ExpectSection
    """What should become of it."""


class IdleWeightSection(Section):
    """A conversation whose contact is silent weighs less on its agent."""

    after: Duration | None = None
    """How long the contact may be silent (default 10m)."""
    weight: Annotated[float, Field(ge=0, le=1)] = 0.25
    """The share of its units that it weighs then."""


class BoostsSection(Section):
    """How much earlier a conversation is due."""

    returned: Duration | None = None
    """When an agent did not answer it (default 120s)."""
    transferred: Duration | None = None
    """When it was given to a group (default 60s)."""


class EmergencySection(Section):
    """How much of an agent's work may come from the strict lane while others wait."""

    at_most: Annotated[int, Field(ge=1, le=31)] = 2
    """So many conversations."""
    of: Annotated[int, Field(ge=2, le=32)] = 5
    """Of so many that the agent gets."""


class RoutingFile(Section):
    """How conversations find their agents: the file that an administrator edits most."""

    needed = ("version", "priorities", "groups", "triage")

    version: Literal[1] = 1
    """The version of this format."""
    timezone: Word = "UTC"
    """The zone of all times, such as Asia/Shanghai."""
    languages: Annotated[list[Language], Field(min_length=1)] = ["en"]
    """The languages that contacts are answered in; the first is the default."""
    hours: dict[Id, HoursSection] = {}
    """Timetables by id."""
    skills: dict[Id, Texts] = {}
    """What agents can do: id and name."""
    priorities: dict[Id, PrioritySection] = {}
    """Priority tags and how soon a person should answer; `normal` must exist."""
    costs: dict[Id, Annotated[float, Field(gt=0, le=100)]] = {}
    """Units that an active conversation of a channel takes (default 1)."""
    idle: IdleWeightSection = IdleWeightSection()
    """What a conversation weighs whose contact is silent."""
    boosts: BoostsSection = BoostsSection()
    """How much earlier a conversation is due that comes back."""
    emergency: EmergencySection = EmergencySection()
    """The ceiling of the strict lane."""
    targets: list[TargetSection] = []
    """How soon conversations are to be answered and resolved: for each clock the first that fits decides."""
    default_hours: Id | None = None
    """The hours of groups that name none."""
    groups: dict[Id, GroupSection] = {}
    """Skill groups by id."""
    ask_for_person: Words | None = None
    """Words by which a contact asks for a person and always gets one; in place of the built-in ones."""
    codes: dict[Id, CodeSection] = {}
    """Direct codes by name: a contact brings one as the entry, or types it as `#name`; case does not matter."""
    triage: TriageSection = TriageSection()
    """The rules that give a conversation its tags, priority and group."""
    replies: dict[Id, Annotated[dict[Language, Text], Field(min_length=1)]] = {}
    """Prepared texts by id and language, with variables and conditions; what no group sends, agents choose from."""
    tests: list[TestSection] = []
    """Messages with what should become of them; files in which one fails are not applied."""


__all__ = [
    "WEEKDAYS", "ExceptionSection", "ExpectSection", "GroupSection", "HoursSection", "PrioritySection", "RoutingFile",
    "TestSection", "TriageSection",
]  # fmt: skip
