"""Conditions: what a triage rule asks of a message, and why the answer was no.

A condition is tried key by key, cheap ones first. `first_failure` names the first key that does not hold; that is all
the hot path needs. `failure` takes the same answer and says what was asked and found, so that what is explained cannot
differ from what was decided.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from router.ids import ChannelName, InboxId, Tag
from router.reason import Code, Reason
from skills.hours import Hours, is_open
from skills.keywords import Keywords
from skills.patterns import Pattern
from skills.text import fold

NEW = "new"
RETURNING = "returning"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A condition: keys joined by *and*, values of one key by *or*; an empty one always holds.

    ``text`` are keywords, looked for in the folded text; ``regex`` RE2 patterns over the verbatim text; ``hours``
    timetables that are open now; ``contact_is`` ``new`` or ``returning``; ``kinds`` kinds of message parts;
    ``none_of`` and ``any_of`` nest. ``asked`` are the keys that have values, each with its test.
    """

    text: tuple[str, ...] = ()
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
    asked: tuple[tuple[str, "Test"], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note which keys are asked at all: most conditions have one."""
        asked = tuple((key, test) for key, name, test in _TESTS if getattr(self, name))
        object.__setattr__(self, "asked", asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageFacts:
    """What triage may ask about: the message, how it came, and the contact.

    ``text`` is verbatim; ``kinds`` are names of message parts; ``entry`` is how the contact came, ``code`` the same
    where it is new with this message, so that it may be a direct code; ``tags`` are those that the conversation has
    already; ``is_returning`` says whether the contact had a conversation before.
    """

    text: str = ""
    kinds: frozenset[str] = frozenset()
    entry: str = ""
    code: str = ""
    channel: ChannelName = ChannelName("")
    inbox: InboxId = InboxId("")
    language: str = ""
    tags: frozenset[Tag] = frozenset()
    contact_tags: frozenset[Tag] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_returning: bool = False


class Reading:
    """One run of triage over one set of facts: reads the text once, and grows the tags as rules add them."""

    __slots__ = ("at", "contact", "facts", "found", "tags")

    def __init__(self, facts: TriageFacts, at: datetime, keywords: Keywords[str]) -> None:
        self.facts = facts
        self.at = at
        self.contact = RETURNING if facts.is_returning else NEW
        self.tags: dict[Tag, None] = dict.fromkeys(sorted(facts.tags))
        self.found = keywords.find(fold(facts.text)) if facts.text else frozenset()


def keywords_of(conditions: Iterable[When]) -> Iterator[str]:
    """Every keyword that these conditions look for, nested ones too."""
    for when in conditions:
        yield from when.text
        yield from keywords_of(when.any_of)
        yield from keywords_of(when.none_of)


def first_failure(when: When, reading: Reading) -> str:
    """The first key of ``when`` that does not hold; empty when all hold."""
    for key, holds in when.asked:
        if not holds(when, reading):
            return key
    return ""


def _holds_language(when: When, reading: Reading) -> bool:
    """``zh`` asks for any Chinese, ``zh-TW`` for exactly that one."""
    language = reading.facts.language
    return language in when.language or language.partition("-")[0] in when.language


def _one_holds(conditions: Iterable[When], reading: Reading) -> bool:
    """Whether one of these conditions holds: a loop, because a generator costs more than most conditions."""
    for when in conditions:  # noqa: SIM110  as said above
        if not first_failure(when, reading):
            return True
    return False


def _holds_attributes(when: When, reading: Reading) -> bool:
    given = reading.facts.attributes
    return all(given.get(name) in values for name, values in when.attributes.items())


Test = Callable[[When, Reading], bool]

_TESTS: tuple[tuple[str, str, Test], ...] = (
    ("inbox", "inbox", lambda when, reading: reading.facts.inbox in when.inbox),
    ("channel", "channel", lambda when, reading: reading.facts.channel in when.channel),
    ("entry", "entry", lambda when, reading: reading.facts.entry in when.entry),
    ("language", "language", _holds_language),
    ("tags", "tags", lambda when, reading: not when.tags.isdisjoint(reading.tags)),
    (
        "contact_tags",
        "contact_tags",
        lambda when, reading: not when.contact_tags.isdisjoint(reading.facts.contact_tags),
    ),
    ("kind", "kinds", lambda when, reading: not when.kinds.isdisjoint(reading.facts.kinds)),
    ("contact", "contact_is", lambda when, reading: reading.contact in when.contact_is),
    ("attributes", "attributes", _holds_attributes),
    ("text", "text", lambda when, reading: not reading.found.isdisjoint(when.text)),
    ("regex", "regex", lambda when, reading: any(pattern.is_in(reading.facts.text) for pattern in when.regex)),
    ("hours", "hours", lambda when, reading: any(is_open(hours, reading.at) for hours in when.hours)),
    ("any", "any_of", lambda when, reading: _one_holds(when.any_of, reading)),
    ("not", "none_of", lambda when, reading: not _one_holds(when.none_of, reading)),
)
"""Every key as it is written, the field that holds its values, and its test: comparisons first, searches after."""


_COMPARED = {
    "inbox": Code.INBOX,
    "channel": Code.CHANNEL,
    "entry": Code.ENTRY,
    "language": Code.LANGUAGE,
}


def failure(when: When, key: str, reading: Reading) -> Reason:
    """What `first_failure` found: what was asked, and what was there instead. What comes from a set is in order."""
    facts = reading.facts
    match key:
        case "inbox" | "channel" | "entry" | "language":
            return Reason(_COMPARED[key], (getattr(facts, key), _ordered(getattr(when, key))))
        case "tags":
            return Reason(Code.TAGS, (_ordered(reading.tags), _ordered(when.tags)))
        case "contact_tags":
            return Reason(Code.CONTACT_TAGS, (_ordered(facts.contact_tags), _ordered(when.contact_tags)))
        case "kind":
            return Reason(Code.KIND, (_ordered(facts.kinds), _ordered(when.kinds)))
        case "contact":
            return Reason(Code.CONTACT, (reading.contact, _ordered(when.contact_is)))
        case "attributes":
            return _attribute(when, facts)
        case _:
            return _search(when, key, reading)


def _search(when: When, key: str, reading: Reading) -> Reason:
    match key:
        case "text":
            return Reason(Code.TEXT, (when.text,))
        case "regex":
            return Reason(Code.REGEX, (tuple(pattern.source for pattern in when.regex),))
        case "hours":
            return Reason(Code.HOURS, (tuple(hours.id for hours in when.hours),))
        case "any":
            failures = (failure(each, first_failure(each, reading), reading) for each in when.any_of)
            return Reason(Code.ANY, of=tuple(failures))
        case "not":
            return Reason(Code.NOT)
        case _:
            raise AssertionError(f"no condition has the key {key}")


def _attribute(when: When, facts: TriageFacts) -> Reason:
    """The first attribute that has none of its values."""
    name, values = next(each for each in when.attributes.items() if facts.attributes.get(each[0]) not in each[1])
    return Reason(Code.ATTRIBUTES, (name, facts.attributes.get(name, ""), _ordered(values)))


def _ordered(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(values))
