"""Inboxes: each section of ``inboxes.yaml`` as its channel's own settings, with references resolved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.contract import Channel
from config.models.inboxes import InboxesFile, InboxSection, filled, inbox_model, secret_keys
from config.positions import Document, Location, Node
from config.problem import Code, Problem, did_you_mean
from config.secrets import BadReference, UnresolvedReference, is_reference, resolve
from config.validation import validate
from router.ids import ChannelName, InboxId


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """One connected account; ``settings`` is of its channel's own settings type.

    ``give_up_after``: how long a message may wait to be sent; None is the usual patience.
    """

    id: InboxId
    channel: ChannelName
    settings: Any
    name: str = ""
    enabled: bool = True
    give_up_after: timedelta | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The channels there are: their names, and how to get one (it is imported only then)."""

    names: Sequence[str]
    find: Callable[[str], Channel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What references look into. ``is_strict``: one that leads nowhere is an error, not a warning."""

    environment: Mapping[str, str]
    directory: Path
    is_strict: bool = False


class Connecting:
    """Reads the inboxes of one document, and collects what is wrong."""

    def __init__(self, document: Document, channels: Channels, surroundings: Surroundings) -> None:
        self._document = document
        self._channels = channels
        self._around = surroundings
        self.problems: list[Problem] = []

    def inboxes(self) -> dict[InboxId, Inbox]:
        """All that could be read."""
        file = validate(self._document, InboxesFile)
        self.problems.extend(file.problems)
        if file.model is None:
            return {}
        inboxes = (self._inbox(InboxId(key), section) for key, section in file.model.inboxes.items())
        return {inbox.id: inbox for inbox in inboxes if inbox}

    def _inbox(self, key: InboxId, section: Mapping[str, object]) -> Inbox | None:
        where: Location = ("inboxes", key)
        name = section.get("channel")
        if name is None:
            self._say(Code.MISSING_KEY, (*where, "channel"), '"channel" is missing', of_key=True)
            return None
        if not isinstance(name, str) or name not in self._channels.names:
            hint = did_you_mean(str(name), self._channels.names) or f"one of: {', '.join(self._channels.names)}"
            self._say(Code.UNKNOWN_CHANNEL, (*where, "channel"), f'unknown channel "{name}"', suggestion=hint)
            return None
        kind = self._channels.find(name).settings_type
        return self._of_channel(key, kind, section, where)

    def _of_channel(self, key: InboxId, kind: type, section: Mapping[str, object], where: Location) -> Inbox | None:
        is_enabled = section.get("enabled", True) is True
        self._warn_of_literals(kind, section, where)
        reading = _Resolver(self._document, replace(self._around, is_strict=self._around.is_strict and is_enabled))
        document = reading.resolved(where)
        self.problems.extend(problem for problem in reading.problems if is_enabled or problem.code.value[0] == "E")
        found = validate(document, inbox_model(kind), under=where)
        places = {document.position(location) for location in reading.unresolved}
        self.problems.extend(
            p for p in found.problems if not any((p.line, p.column) == (a.line, a.column) for a in places)
        )
        if found.model is None:
            return None
        return self._built(key, kind, found.model, where)

    def _built(self, key: InboxId, kind: type, section: InboxSection, where: Location) -> Inbox | None:
        try:
            settings = filled(kind, section)
        except (ValueError, TypeError) as error:  # what only the channel itself can say of its settings
            if not self.problems:
                self._say(Code.BAD_FORM, where, str(error), of_key=True)
            return None
        return Inbox(
            id=key,
            channel=ChannelName(section.channel),
            settings=settings,
            name=section.name or key,
            enabled=section.enabled,
            give_up_after=section.give_up_after,
            languages=tuple(section.languages),
        )

    def _warn_of_literals(self, kind: type, section: Mapping[str, object], where: Location) -> None:
        for field in sorted(secret_keys(kind) & section.keys()):
            value = section[field]
            if isinstance(value, str) and value and not is_reference(value):
                self._say(
                    Code.LITERAL_SECRET,
                    (*where, field),
                    f'"{field}" is a secret and stands in the file',
                    suggestion="${env:NAME} or ${file:PATH} keeps it out",
                )

    def _say(self, code: Code, where: Location, words: str, *, suggestion: str = "", of_key: bool = False) -> None:
        self.problems.append(self._document.problem(code, where, words, suggestion=suggestion, of_key=of_key))


class _Resolver:
    """Replaces the references below a location by what they stand for."""

    def __init__(self, document: Document, surroundings: Surroundings) -> None:
        self._document = document
        self._around = surroundings
        self.problems: list[Problem] = []
        self.unresolved: list[Location] = []

    def resolved(self, where: Location) -> Document:
        return replace(self._document, root=self._below(self._document.root, where, ()))

    def _below(self, node: Node, wanted: Location, here: Location) -> Node:
        content = node.content
        if isinstance(content, dict):
            children = {
                key: self._below(child, wanted, (*here, key)) if _is_on_way((*here, key), wanted) else child
                for key, child in content.items()
            }
            return replace(node, content=children)
        if isinstance(content, list):
            return replace(node, content=[self._below(child, wanted, (*here, i)) for i, child in enumerate(content)])
        if isinstance(content, str) and is_reference(content):
            return replace(node, content=self._value(content, here))
        return node

    def _value(self, text: str, where: Location) -> str:
        try:
            return resolve(text, self._around.environment, self._around.directory)
        except BadReference as error:
            code, words = Code.BAD_FORM, str(error)
        except UnresolvedReference as error:
            code, words = Code.UNRESOLVED_SECRET if self._around.is_strict else Code.MISSING_SECRET, str(error)
        self.problems.append(self._document.problem(code, where, words))
        self.unresolved.append(where)
        return ""


def _is_on_way(here: Location, wanted: Location) -> bool:
    """Whether a place is on the way to the wanted one, or below it."""
    return all(a == b for a, b in zip(here, wanted, strict=False))
