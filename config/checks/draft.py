"""A draft: what could be read of the three files, for the checks of meaning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

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

    ``written`` is ``routing.yaml`` with its broken parts. ``are_people_known`` is False when ``agents.yaml`` could not
    be read. ``today`` is the day of the check.
    """

    routing: RoutingFile
    document: Document
    written: Document
    people: AgentsFile
    people_document: Document
    are_people_known: bool
    inboxes: Mapping[InboxId, Inbox]
    defined: Defined
    today: date


def names_at(document: Document | None, key: str) -> Names:
    """The keys of a section of a file; None when there is no file."""
    if document is None:
        return None
    section = document.root.child(key)
    if section is None or not isinstance(section.content, dict):
        return frozenset()
    return frozenset(str(name) for name in section.content)


def unknown(
    document: Document, where: Location, code: Code, kind: str, name: str, known: Names, *, of_key: bool = False
) -> Iterator[Problem]:
    """The problem of a name that nothing defines."""
    if known is None or name in known:
        return
    hint = did_you_mean(name, known)
    yield document.problem(code, where, f'unknown {kind} "{name}"', suggestion=hint, of_key=of_key)
