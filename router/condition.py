"""Conditions: what a triage rule asks of a message, and in words why the answer was no.

A condition is tried key by key, cheap keys first. `first_failure` names the first key that does not hold; that is all
the hot path needs. `failure_in_words` takes the same answer and says it to a person, so that what is explained cannot
differ from what was decided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from router.ids import ChannelName, InboxId, Tag
from skills.hours import Hours, is_open
from skills.keywords import Keywords
from skills.patterns import Pattern
from skills.text import fold

NEW = "new"
RETURNING = "returning"

SHOWN = 8
"""How many values a sentence lists before it says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A condition: keys joined by *and*, values of one key by *or*; an empty one always holds.

    ``text`` are keywords, looked for in the folded text; ``regex`` RE2 patterns over the verbatim text; ``hours``
    timetables that are open now; ``contact_is`` ``new`` or ``returning``; ``kinds`` kinds of message parts;
    ``none_of`` and ``any_of`` nest.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageFacts:
    """What triage may ask about: the message, how it came, and the contact.

    ``text`` is verbatim; ``kinds`` are names of message parts; ``entry`` is how the contact came; ``tags`` are those
    that the conversation has already; ``is_returning`` says whether the contact had a conversation before.
    """

    text: str = ""
    kinds: frozenset[str] = frozenset()
    entry: str = ""
    channel: ChannelName = ChannelName("")
    inbox: InboxId = InboxId("")
    language: str = ""
    tags: frozenset[Tag] = frozenset()
    contact_tags: frozenset[Tag] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_returning: bool = False


class Reading:
    """One run of triage over one set of facts: reads the text once, and grows the tags as rules add them."""

    __slots__ = ("at", "facts", "found", "tags")

    def __init__(self, facts: TriageFacts, at: datetime, keywords: Keywords[str]) -> None:
        self.facts = facts
        self.at = at
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
    return _fact_failure(when, reading) or _open_failure(when, reading) or _nested_failure(when, reading)


def _fact_failure(when: When, reading: Reading) -> str:
    """Keys that are compared with the facts as they are."""
    facts = reading.facts
    if when.inbox and facts.inbox not in when.inbox:
        return "inbox"
    if when.channel and facts.channel not in when.channel:
        return "channel"
    if when.entry and facts.entry not in when.entry:
        return "entry"
    if when.language and not _speaks(when.language, facts.language):
        return "language"
    return _set_failure(when, reading)


def _set_failure(when: When, reading: Reading) -> str:
    facts = reading.facts
    if when.tags and when.tags.isdisjoint(reading.tags):
        return "tags"
    if when.contact_tags and when.contact_tags.isdisjoint(facts.contact_tags):
        return "contact_tags"
    if when.kinds and when.kinds.isdisjoint(facts.kinds):
        return "kind"
    if when.contact_is and (RETURNING if facts.is_returning else NEW) not in when.contact_is:
        return "contact"
    for name, values in when.attributes.items():
        if facts.attributes.get(name) not in values:
            return "attributes"
    return ""


def _open_failure(when: When, reading: Reading) -> str:
    """Keys that cost a search: keywords, patterns, timetables."""
    if when.text and reading.found.isdisjoint(when.text):
        return "text"
    if when.regex and not any(pattern.is_in(reading.facts.text) for pattern in when.regex):
        return "regex"
    if when.hours and not any(is_open(hours, reading.at) for hours in when.hours):
        return "hours"
    return ""


def _nested_failure(when: When, reading: Reading) -> str:
    if when.any_of and all(first_failure(nested, reading) for nested in when.any_of):
        return "any"
    if when.none_of and not all(first_failure(nested, reading) for nested in when.none_of):
        return "not"
    return ""


def _speaks(wanted: frozenset[str], language: str) -> bool:
    """``zh`` asks for any Chinese, ``zh-TW`` for exactly that one."""
    return language in wanted or language.partition("-")[0] in wanted


def failure_in_words(when: When, key: str, reading: Reading) -> str:
    """What `first_failure` found, for a person: what was asked, and what was there instead."""
    facts = reading.facts
    match key:
        case "inbox" | "channel" | "entry" | "language":
            return f"{key} is {_quoted(getattr(facts, key))}, not {_one_of(getattr(when, key))}"
        case "tags":
            return f"tags are {_listed(reading.tags)}, without {_one_of(when.tags)}"
        case "contact_tags":
            return f"the contact's tags are {_listed(facts.contact_tags)}, without {_one_of(when.contact_tags)}"
        case "kind":
            return f"the message has {_listed(facts.kinds)}, not {_one_of(when.kinds)}"
        case "contact":
            return f"the contact is {RETURNING if facts.is_returning else NEW}, not {_one_of(when.contact_is)}"
        case "attributes":
            return _attribute_in_words(when, facts)
        case _:
            return _search_in_words(when, key, reading)


def _search_in_words(when: When, key: str, reading: Reading) -> str:
    match key:
        case "text":
            return f"the text has none of {_listed(when.text, sort=False, last='or')}"
        case "regex":
            return f"the text does not match {_listed((p.source for p in when.regex), sort=False, last='or')}"
        case "hours":
            return f"{_listed((hours.id for hours in when.hours), sort=False)} {_is_or_are(when.hours)} closed then"
        case "any":
            failures = (failure_in_words(each, first_failure(each, reading), reading) for each in when.any_of)
            return f"none of `any` holds: {'; '.join(failures)}"
        case "not":
            return "what `not` excludes holds"
        case _:
            return ""


def _attribute_in_words(when: When, facts: TriageFacts) -> str:
    for name, values in when.attributes.items():
        actual = facts.attributes.get(name)
        if actual not in values:
            return f"attribute {name} is {_quoted(actual or '')}, not {_one_of(values)}"
    return ""


def _is_or_are(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"


def _quoted(value: str) -> str:
    return f'"{value}"' if value else "empty"


def _one_of(values: Iterable[str]) -> str:
    return _listed(values, last="or")


def _listed(values: Iterable[str], *, sort: bool = True, last: str = "and") -> str:
    """The values for a person, at most eight of them; in order when they come from a set."""
    known = sorted(values) if sort else list(values)
    if not known:
        return "none"
    shown = known[:SHOWN]
    if len(known) > SHOWN:
        return f"{', '.join(shown)} {last} {len(known) - SHOWN} more"
    return f" {last} ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)
