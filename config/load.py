"""Loading: a directory of three files to a configuration, with everything that is wrong in one pass. Never raises."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from config.bots import Bot, build_bot
from config.build import build_settings
from config.checks.bots import bot_problems
from config.checks.codes import code_problems
from config.checks.draft import Defined, Draft, names_at
from config.checks.groups import group_problems, people_problems
from config.checks.references import reference_problems
from config.checks.replies import reply_problems
from config.checks.rules import rule_problems
from config.checks.targets import target_problems
from config.checks.timetables import timetable_problems
from config.configuration import AGENTS, FILES, INBOXES, ROUTING, Configuration
from config.inbox import Channels, Connecting, Inbox, Surroundings
from config.models.people import AgentsFile
from config.models.routing import RoutingFile, TestSection
from config.positions import START, Document, Location, Node, read_document
from config.problem import Code, Problem, Severity, sorted_problems
from config.rehearsal import Rehearsed, rehearse
from config.replies import GroupWords, Replies
from config.secrets import BadReference, UnresolvedReference, is_reference, resolve
from config.timetable import zone_of
from config.validation import Validated, validate
from router.ids import InboxId, ReplyId
from skills.ids import AgentId

CHECKS = (
    reference_problems, code_problems, rule_problems, target_problems, timetable_problems, group_problems,
    reply_problems, bot_problems,
)  # fmt: skip
LARGEST_FILE = 4 * 1024 * 1024

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of loading: the configuration (None when there is an error), what is wrong, how the tests went.

    ``texts`` are the files that could be read, for showing the lines that problems speak of.
    """

    configuration: Configuration | None
    problems: tuple[Problem, ...]
    tests: tuple[Rehearsed, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        """Whether anything keeps the files from being applied."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def load(directory: Path, *, channels: Channels, environment: Mapping[str, str], at: datetime, strict: bool) -> Loaded:
    """Load the three files of a directory.

    ``environment`` is what ``${env:…}`` refers to; with ``strict`` a reference that leads nowhere is an error (to run),
    else a warning (to check). ``at`` is now, aware: it decides which years' holidays are taken.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in FILES:
        found = read_file(directory, file)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            texts[file] = found
    around = Surroundings(environment=environment, directory=directory, is_strict=strict)
    return load_texts(texts, channels=channels, surroundings=around, at=at, problems=problems)


def load_texts(
    texts: Mapping[str, str],
    *,
    channels: Channels,
    surroundings: Surroundings,
    at: datetime,
    problems: Sequence[Problem] = (),
) -> Loaded:
    """Load files whose texts are known: an applied version, or what somebody is editing."""
    reading = _Reading(texts, channels, surroundings, at)
    reading.problems.extend(problems)
    draft = reading.draft()
    for check in CHECKS:
        reading.problems.extend(check(draft))
    tests: tuple[Rehearsed, ...] = ()
    configuration = None
    if not reading.has_errors and texts.keys() >= set(FILES):
        reading.problems.extend(people_problems(draft))
        configuration = _build(draft, texts, at, reading.bots(draft))
        tests = rehearse(configuration, tuple(_placed_tests(draft)))
        reading.problems.extend(_failures(tests))
    return Loaded(
        configuration=None if reading.has_errors else configuration,
        problems=sorted_problems(reading.problems),
        tests=tests,
        texts=texts,
    )


def read_file(directory: Path, file: str) -> str | Problem:
    """The text of one of the three files, or why it cannot be read."""
    try:
        with (directory / file).open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValueError(f"larger than {LARGEST_FILE} bytes")
        return content.decode("utf-8")
    except FileNotFoundError:
        words = f"there is no {file} in {directory}"
    except (OSError, ValueError) as error:
        words = f"{file} cannot be read: {error}"
    return Problem(file=file, line=1, column=1, code=Code.NO_FILE, message=words)


class _Reading:
    """Reads and validates the texts, and collects what is wrong on the way."""

    def __init__(self, texts: Mapping[str, str], channels: Channels, surroundings: Surroundings, at: datetime) -> None:
        self._texts = texts
        self._channels = channels
        self._around = surroundings
        self._at = at
        self.problems: list[Problem] = []

    @property
    def has_errors(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def draft(self) -> Draft:
        documents = {file: self._document(file) for file in FILES}
        routing, people = documents[ROUTING], documents[AGENTS]
        about_routing = self._validated(routing, ROUTING, RoutingFile)
        about_people = self._validated(people, AGENTS, AgentsFile)
        return Draft(
            routing=about_routing.model or RoutingFile(),
            document=about_routing.document,
            written=routing or _empty(ROUTING),
            people=about_people.model or AgentsFile(),
            people_document=about_people.document,
            inboxes=self._inboxes(documents[INBOXES]),
            defined=Defined(
                hours=names_at(routing, "hours"),
                skills=names_at(routing, "skills"),
                priorities=names_at(routing, "priorities", is_needed=True),
                groups=names_at(routing, "groups", is_needed=True),
                replies=names_at(routing, "replies"),
                bots=names_at(people, "bots"),
                inboxes=names_at(documents[INBOXES], "inboxes"),
                channels=frozenset(self._channels.names),
            ),
            now=self._at,
        )

    def bots(self, draft: Draft) -> dict[AgentId, Bot]:
        """The bots, with what their sections refer to."""
        found: dict[AgentId, Bot] = {}
        for key, section in draft.people.bots.items():
            values = {
                name: self._resolved(draft.people_document, ("bots", key, name), written)
                for name, written in (("url", section.url), ("secret", section.secret))
                if written is not None
            }
            found[AgentId(key)] = build_bot(key, section, values)
        return found

    def _resolved(self, document: Document, where: Location, written: str) -> str:
        if not is_reference(written):
            return written
        try:
            return resolve(written, self._around.environment, self._around.directory)
        except BadReference as error:
            self.problems.append(document.problem(Code.BAD_FORM, where, str(error)))
        except UnresolvedReference as error:
            code = Code.UNRESOLVED_SECRET if self._around.is_strict else Code.MISSING_SECRET
            self.problems.append(document.problem(code, where, str(error)))
        return ""

    def _document(self, file: str) -> Document | None:
        text = self._texts.get(file)
        if text is None:
            return None
        read = read_document(file, text)
        if isinstance(read, Problem):
            self.problems.append(read)
            return None
        if not isinstance(read.root.content, dict):
            words = "the file is empty" if read.root.content is None else "the file must be a mapping of keys"
            self.problems.append(read.problem(Code.WRONG_TYPE, (), words))
            return None
        return read

    def _inboxes(self, document: Document | None) -> Mapping[InboxId, Inbox]:
        if document is None:
            return {}
        connecting = Connecting(document, self._channels, self._around)
        inboxes = connecting.inboxes()
        self.problems.extend(connecting.problems)
        return inboxes

    def _validated(self, document: Document | None, file: str, model: type[M]) -> Validated[M]:
        if document is None:
            return Validated(None, _empty(file), ())
        found = validate(document, model)
        self.problems.extend(found.problems)
        return found


def _empty(file: str) -> Document:
    return Document(file=file, text="", root=Node(content={}, at=START, key_at=START))


def _placed_tests(draft: Draft) -> Iterator[tuple[TestSection, int, int]]:
    for index, test in enumerate(draft.routing.tests):
        at = draft.document.position(("tests", index))
        yield test, at.line, at.column


def _failures(tests: Sequence[Rehearsed]) -> Iterator[Problem]:
    for test in tests:
        if not test.passed:
            words = f'the test "{test.name}" expected {test.wanted}, got {test.got}'
            yield Problem(file=ROUTING, line=test.line, column=test.column, code=Code.TEST_FAILED, message=words)


def _build(draft: Draft, texts: Mapping[str, str], at: datetime, bots: Mapping[AgentId, Bot]) -> Configuration:
    settings = build_settings(draft.routing, draft.people, draft.document, at.date())
    zone = zone_of(draft.routing.timezone) or ZoneInfo("UTC")
    words = {}
    for key, treatment in settings.groups.items():
        hours = settings.hours.get(treatment.group.hours) if treatment.group.hours else None
        its_zone = hours.zone if hours and isinstance(hours.zone, ZoneInfo) else zone
        words[key] = GroupWords(names=treatment.group.name, zone=its_zone, hours=hours)
    return Configuration(
        settings=settings,
        inboxes=draft.inboxes,
        agents=settings.agents,
        bots=bots,
        replies=Replies(
            texts={ReplyId(key): dict(by_language) for key, by_language in draft.routing.replies.items()},
            groups=words,
            automatic=frozenset(
                ReplyId(reply) for group in draft.routing.groups.values() for _, reply in group.replies()
            ),
        ),
        timezone=draft.routing.timezone,
        texts=dict(texts),
    )
