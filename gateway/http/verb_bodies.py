"""What agents say with a verb: the bodies of the calls in ``gateway/http/verbs.py``."""

from datetime import datetime
from typing import Annotated

import msgspec

from gateway.http.shapes import Reason, Word

NoteText = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
SomeTags = Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=60)]], msgspec.Meta(max_length=50)]


class Accept(msgspec.Struct, frozen=True, kw_only=True):
    """Without ``offer``: the open offer to the caller, else the waiting conversation itself is taken."""

    offer: Word | None = None


class Decline(msgspec.Struct, frozen=True, kw_only=True):
    """A reason is for the reports; it costs nothing."""

    offer: Word | None = None
    reason: Reason = "unspecified"


class Assign(msgspec.Struct, frozen=True, kw_only=True):
    """Agents may take for themselves, seniors give to anybody, beyond units too."""

    agent: Word


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """To one agent or to one group, with a note that the receiver reads first."""

    note: NoteText
    to_agent: Word | None = None
    to_group: Word | None = None


class Park(msgspec.Struct, frozen=True, kw_only=True):
    """Until a date, or until the contact writes."""

    until: datetime | None = None


class Resolve(msgspec.Struct, frozen=True, kw_only=True):
    """Why it ends, in one word; what it is put down as, and a note, where the group requires them."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] = "resolved"
    disposition: Annotated[str, msgspec.Meta(max_length=200)] = ""
    note: Annotated[str, msgspec.Meta(max_length=4_000)] = ""


class Boost(msgspec.Struct, frozen=True, kw_only=True):
    """Why it goes forwards; by so many seconds, or to the top without them."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    seconds: Annotated[int, msgspec.Meta(ge=1, le=86_400)] | None = None


class SteppingIn(msgspec.Struct, frozen=True, kw_only=True):
    """Why a supervisor steps in."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """Tags to add and to take away; a priority to set."""

    add: SomeTags = []
    remove: SomeTags = []
    priority: Word | None = None


class Handoff(msgspec.Struct, frozen=True, kw_only=True):
    """Back to the queue: a person (or another group) is needed."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    to_group: Word | None = None
