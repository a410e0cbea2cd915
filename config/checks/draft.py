"""A draft: what could be read of the three files, for the checks of meaning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from config.inbox import Inbox
from config.models.people import AgentsFile
from config.models.routing import RoutingFile
from config.positions import Document, Location
from config.problem import Code, Problem, did_you_mean
from router.ids import InboxId

Names = frozenset[str] | None
"""What is defined; None when the file that says so could not be read, and nothing can be called unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """The names that the files define, broken parts included: a reference to a broken thing is not unknown."""

    hours: Names
    skills: Names
    priorities: Names
    groups: Names
    replies: Names
    bots: Names
    inboxes: Names
    channels: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Models of what was right, the documents they were made from, and the names that the whole files define.

    ``written`` is ``routing.yaml`` with its broken parts; ``now`` is the instant of the check.
    """

    routing: RoutingFile
    document: Document
    written: Document
    people: AgentsFile
    people_document: Document
    inboxes: Mapping[InboxId, Inbox]
    defined: Defined
    now: datetime


def names_at(document: Document | None, key: str, *, is_needed: bool = False) -> Names:
    """The keys of a section of a file; None when there is no file, or not the section that it needs."""
    if document is None:
        return None
    section = document.root.child(key)
    if section is None:
        return None if is_needed else frozenset()
    if not isinstance(section.content, dict):
        return None
    return frozenset(str(name) for name in section.content)


def unknown(document: Document, where: Location, code: Code, kind: str, name: str, known: Names) -> Iterator[Problem]:
    """The problem of a name that nothing defines; ``where`` is that of the value, or of the key that is the name."""
    if known is None or name in known:
        return
    is_value = document.value_at(where) == name or document.depth(where) < len(where)
    hint = did_you_mean(name, known)
    yield document.problem(code, where, f'unknown {kind} "{name}"', suggestion=hint, of_key=not is_value)
