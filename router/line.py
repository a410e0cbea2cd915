"""A line: places kept in order, with the first, the rank of any, and removal from the middle.

Sorted blocks of a few hundred places under a list of their last ones. Adding, removing and ranking look at one block
and at the list of blocks, so their cost hardly grows with the length; nothing is left behind by a removal, so there
is nothing to compact. (A heap with lazy removal finds the first as fast, but knows no rank and keeps its garbage.)
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from router.due import Place

BLOCK = 256
"""A block splits when it holds twice as many."""


class Line:
    """Places in order. A place is in it at most once."""

    __slots__ = ("_blocks", "_lasts", "_size")

    def __init__(self) -> None:
        self._blocks: list[list[Place]] = []
        self._lasts: list[Place] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Place]:
        for block in self._blocks:
            yield from block

    def __contains__(self, place: Place) -> bool:
        number = bisect_left(self._lasts, place)
        if number == len(self._lasts):
            return False
        block = self._blocks[number]
        return block[bisect_left(block, place)] == place

    @property
    def first(self) -> Place | None:
        """The place that is served next; None when nobody is here."""
        return self._blocks[0][0] if self._blocks else None

    def first_after(self, place: Place) -> Place | None:
        """The first that stands behind this place."""
        number = bisect_right(self._lasts, place)
        if number == len(self._lasts):
            return None
        block = self._blocks[number]
        return block[bisect_right(block, place)]

    def add(self, place: Place) -> None:
        """Put a place where it belongs."""
        self._size += 1
        if not self._blocks:
            self._blocks.append([place])
            self._lasts.append(place)
            return
        number = bisect_left(self._lasts, place)
        if number == len(self._lasts):
            number -= 1
            self._blocks[number].append(place)
            self._lasts[number] = place
        else:
            insort(self._blocks[number], place)
        block = self._blocks[number]
        if len(block) > 2 * BLOCK:
            self._blocks[number : number + 1] = [block[:BLOCK], block[BLOCK:]]
            self._lasts.insert(number, block[BLOCK - 1])

    def remove(self, place: Place) -> None:
        """Take a place out.

        Raises:
            KeyError: it is not here.
        """
        number = bisect_left(self._lasts, place)
        if number == len(self._lasts):
            raise KeyError(place)
        block = self._blocks[number]
        index = bisect_left(block, place)
        if block[index] != place:
            raise KeyError(place)
        del block[index]
        self._size -= 1
        if not block:
            del self._blocks[number], self._lasts[number]
        elif index == len(block):
            self._lasts[number] = block[-1]

    def rank(self, place: Place) -> int:
        """How many places are before this one."""
        number = bisect_left(self._lasts, place)
        before = sum(map(len, self._blocks[:number])) if number else 0
        if number == len(self._lasts):
            return before
        return before + bisect_left(self._blocks[number], place)
