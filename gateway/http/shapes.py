"""Shapes of requests that several routes share, and of lists."""

from typing import Annotated, Generic, TypeVar

import msgspec

from gateway.store.paging import DEFAULT, MOST

Item = TypeVar("Item")

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Reason = Annotated[str, msgspec.Meta(max_length=500)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=MOST)]
CursorWord = Annotated[str, msgspec.Meta(max_length=400)]


class Page(msgspec.Struct, Generic[Item], frozen=True, kw_only=True):
    """Some items of a list; ``next`` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None = None


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of a list: behind which cursor, how many at most."""

    after: CursorWord = ""
    limit: Limit = DEFAULT
