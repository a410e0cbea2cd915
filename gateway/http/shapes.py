"""Shapes of requests that several routes share, and of lists."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec

from gateway.store.paging import DEFAULT, MOST, BadCursor, Cursor, read_cursor

Item = TypeVar("Item")

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Reason = Annotated[str, msgspec.Meta(max_length=500)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=MOST)]
CursorWord = Annotated[str, msgspec.Meta(max_length=400)]


class Page(msgspec.Struct, Generic[Item], frozen=True, kw_only=True):
    """Some items of a list; ``next`` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None = None


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a short list: what follows a cursor, and without ``limit`` all of it."""

    after: CursorWord = ""
    limit: Limit | None = None


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of a list: behind which cursor, how many at most."""

    after: CursorWord = ""
    limit: Limit = DEFAULT


def portion(items: Sequence[Item], query: Portion, name: Callable[[Item], str]) -> Page[Item]:
    """That part of a list which is short enough to be made whole; ``name`` is what an item's cursor remembers.

    Raises:
        BadCursor: the item behind which the list should go on is not in it (any more).
    """
    start = 0
    if (cursor := read_cursor(query.after)) is not None:
        names = [name(item) for item in items]
        if cursor.id not in names:
            raise BadCursor("the list has changed; begin anew")
        start = names.index(cursor.id) + 1
    end = len(items) if query.limit is None else start + query.limit
    following = Cursor(0, name(items[end - 1])).word() if end < len(items) else None
    return Page(items=list(items[start:end]), next=following)
