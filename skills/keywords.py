"""Keywords: which of many lists of words a text contains, found in one pass over the text.

Chinese has no spaces, so its keywords are found anywhere. A keyword that begins or ends with a Latin letter or a digit
must not touch another there: "us" is in "the US visa" and in "去US玩", and not in "thus".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import ahocorasick

from skills.text import fold

LAST_LATIN = "\u024f"  # the end of Latin Extended-B
LATIN_ADDITIONAL = ("\u1e00", "\u1eff")  # Vietnamese and others

Key = TypeVar("Key")


class EmptyKeyword(ValueError):
    """A keyword of nothing but white space or unseen characters, which every text would contain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Key]):
    """One keyword in one text: whose it is, as it was written, and where ``[start, end)`` in the folded text."""

    key: Key
    keyword: str
    start: int
    end: int


class Keywords(Generic[Key]):
    """Lists of keywords, built once and asked for every message.

    Raises EmptyKeyword for a keyword that folds to nothing.
    """

    __slots__ = ("_automaton",)

    def __init__(self, lists: Mapping[Key, Iterable[str]]) -> None:
        entries: dict[str, dict[tuple[Key, str], None]] = {}
        for key, keywords in lists.items():
            for keyword in keywords:
                folded = fold(keyword)
                if not folded:
                    raise EmptyKeyword(repr(keyword))
                entries.setdefault(folded, {})[key, keyword] = None
        self._automaton = ahocorasick.Automaton() if entries else None
        if self._automaton is not None:
            for folded, owners in entries.items():
                self._automaton.add_word(folded, (len(folded), tuple(owners)))
            self._automaton.make_automaton()

    def find(self, folded: str) -> frozenset[Key]:
        """The keys whose lists have a keyword in this text, which ``skills.text.fold`` has folded."""
        found: set[Key] = set()
        if self._automaton is not None:
            for last, (length, owners) in self._automaton.iter(folded):
                if _stands_alone(folded, last + 1 - length, last + 1):
                    found.update(key for key, _ in owners)
        return frozenset(found)

    def matches(self, folded: str) -> tuple[Found[Key], ...]:
        """Every place of every keyword in a folded text, overlaps too, by where they end."""
        if self._automaton is None:
            return ()
        return tuple(
            Found(key=key, keyword=keyword, start=last + 1 - length, end=last + 1)
            for last, (length, owners) in self._automaton.iter(folded)
            if _stands_alone(folded, last + 1 - length, last + 1)
            for key, keyword in owners
        )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no Latin letter or digit at an edge touches another outside."""
    return not (_joins(text, start) or _joins(text, end))


def _joins(text: str, at: int) -> bool:
    """Whether the characters on both sides of this position belong to one Latin word or number."""
    return 0 < at < len(text) and _is_latin(text[at - 1]) and _is_latin(text[at])


def _is_latin(character: str) -> bool:
    """Whether this is a Latin letter or a digit (of any script)."""
    if character.isdecimal():
        return True
    first, last = LATIN_ADDITIONAL
    return character.isalpha() and (character <= LAST_LATIN or first <= character <= last)
