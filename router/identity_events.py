"""Who somebody is: two contacts turn out to be one person, or not to be (`routing.md` §21)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from router.conversation import LastAnswer
from router.happening import Event
from router.ids import ContactId, EventId, ThreadId


class Side(Enum):
    """Whose value of a profile's field survives a merge: the survivor's own, or the other's."""

    THIS = "this"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What survives a merge, field by field, where somebody chose.

    Not chosen: the own name and language, the other's where there is none; the tags and attributes of both, the own
    value of an attribute that both have.
    """

    name: Side | None = None
    language: Side | None = None
    tags: Side | None = None
    attributes: Mapping[str, Side] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsMerged(Event):
    """Two contacts are one person: what is the ``other``'s is the ``survivor``'s from now on.

    The event's id is the merge's.
    ``by`` is an agent's login; empty where both have the same verified identifier, of the kind that ``because`` names.
    ``last_answer`` is the newest that either of them had.
    """

    survivor: ContactId
    other: ContactId
    by: str = ""
    because: str = ""
    keep: Keep = Keep()
    last_answer: LastAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsSplit(Event):
    """Somebody undid a merge: the ``threads`` are the ``other``'s again, with all that was said in them since.

    The answers are the newest that each of them has had without the other.
    """

    merge: EventId
    survivor: ContactId
    other: ContactId
    threads: tuple[ThreadId, ...]
    by: str
    survivor_answer: LastAnswer | None = None
    other_answer: LastAnswer | None = None
