"""Rehearsal: the tests that an administrator wrote into ``routing.yaml``, run by the same triage as real messages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.configuration import Configuration
from config.models.routing import ExpectSection, TestSection
from router.ids import ChannelName, InboxId, Tag
from router.triage import Classification, TriageFacts, classify
from skills.hours import is_open
from skills.ids import GroupId
from skills.language import detect

ORDINARY = "2026-06-03T12:00"
"""When a test happens that does not say: an ordinary Wednesday at noon, so that it passes on every day or on none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One test: where it stands, whether it passed, what became of the message, and what should have."""

    line: int
    column: int
    name: str
    passed: bool
    got: str
    wanted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message to try, as a test or a person gives it; what is empty is found out as for a real one."""

    text: str
    channel: str = ""
    inbox: str = ""
    entry: str = ""
    language: str = ""
    kind: str = "text"
    contact_tags: Sequence[str] = ()
    is_returning: bool = False
    attributes: Sequence[tuple[str, str]] = ()


def facts_of(asked: Asked, configuration: Configuration) -> TriageFacts:
    """The facts that triage would have of this message."""
    inbox = configuration.inboxes.get(InboxId(asked.inbox))
    languages = (inbox.languages if inbox else ()) or configuration.settings.languages
    return TriageFacts(
        text=asked.text,
        kinds=frozenset({asked.kind}) if asked.text or asked.kind != "text" else frozenset(),
        entry=asked.entry,
        code=asked.entry,
        channel=ChannelName(asked.channel or (inbox.channel if inbox else "")),
        inbox=InboxId(asked.inbox),
        language=asked.language or detect(asked.text, languages, languages[0]),
        contact_tags=frozenset(Tag(tag) for tag in asked.contact_tags),
        attributes=dict(asked.attributes),
        is_returning=asked.is_returning,
    )


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """The instant that ``2026-11-23T10:00+08:00`` names; without an offset it is in ``zone``.

    Raises:
        ValueError: it is no instant.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no instant such as 2026-11-23T10:00+08:00') from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def rehearse(configuration: Configuration, tests: Sequence[tuple[TestSection, int, int]]) -> tuple[Rehearsed, ...]:
    """Run the tests, each with its line and column."""
    return tuple(_run(configuration, test, (line, column)) for test, line, column in tests)


def _run(configuration: Configuration, test: TestSection, place: tuple[int, int]) -> Rehearsed:
    at = instant_of(test.at or ORDINARY, ZoneInfo(configuration.timezone))
    asked = Asked(
        text=test.say,
        channel=test.channel or "",
        inbox=test.inbox or "",
        entry=test.entry,
        language=test.language or "",
        kind=test.kind,
        contact_tags=test.contact_tags,
        is_returning=test.contact == "returning",
        attributes=tuple(test.attributes.items()),
    )
    found = _placed(configuration, classify(configuration.settings.triage, facts_of(asked, configuration), at), at)
    compared = tuple(_compared(configuration, test.expect, found, at))
    return Rehearsed(
        line=place[0],
        column=place[1],
        name=test.name or test.say,
        passed=all(wanted == got for _, wanted, got in compared),
        got=", ".join(f"{what} {got}" for what, _, got in compared),
        wanted=", ".join(f"{what} {wanted}" for what, wanted, got in compared if wanted != got),
    )


def _compared(
    configuration: Configuration, expect: ExpectSection, found: Classification, at: datetime
) -> Iterator[tuple[str, str, str]]:
    """What is compared, with what was wanted and what came, in words."""
    if expect.group is not None:
        yield "group", expect.group, found.group
    if expect.priority is not None:
        yield "priority", expect.priority, found.priority
    if expect.tags is not None:
        yield "tags", _listed(expect.tags), _listed(found.tags)
    if expect.requires is not None:
        yield "requires", _levels(expect.requires.items()), _levels(found.requires.items())
    if expect.agent is not None:
        yield "agent", expect.agent, (found.code.agent if found.code is not None else None) or "nobody"
    if expect.open is not None:
        yield "hours", _open(expect.open), _open(is_group_open(configuration, found.group, at))


def _placed(configuration: Configuration, found: Classification, at: datetime) -> Classification:
    """What was found, with the other group of a direct code whose own is closed."""
    otherwise = elsewhere(found)
    is_open = otherwise is None or is_group_open(configuration, found.group, at)
    return found if otherwise is None or is_open else replace(found, group=otherwise)


def elsewhere(found: Classification) -> GroupId | None:
    """Where a direct code leads while its group is closed."""
    return found.code.otherwise if found.code is not None else None


def is_group_open(configuration: Configuration, group: GroupId, at: datetime) -> bool:
    """Whether the group answers at this instant; one without hours always does."""
    hours = configuration.settings.groups[group].group.hours
    return hours is None or is_open(configuration.settings.hours[hours], at)


def _open(answer: bool) -> str:  # noqa: FBT001 - the answer is the whole argument
    return "open" if answer else "closed"


def _listed(values: Sequence[str]) -> str:
    return f"[{', '.join(sorted(values))}]"


def _levels(items: object) -> str:
    return str(dict(sorted(items))) if items else "{}"  # type: ignore[call-overload]  # items of a mapping
