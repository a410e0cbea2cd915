"""Cutting a text into pieces that a platform takes.

Lengths are counted in the platform's unit (`measure`). A cut falls after a paragraph, else a line, a sentence, a
space, else between two characters as people see them; never inside an emoji, an accent, a flag or a protected range
(the words of a link). Only a single character longer than the limit is cut.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile

from adapters.capabilities import TextUnit

_BREAKS = (
    re.compile(r"\n[ \t]*+\n\s*+"),
    re.compile(r"\n\s*+"),
    re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+\s++|[。！？；…]++[」』”’）]*+\s*+"),
    re.compile(r"\s++|[，、,]"),
)
"""Where a reader would pause, best first; a cut falls behind the match. None of them goes back: time is linear."""

_WORTH = 0.25  # a better kind of break is taken only when the piece stays at least this full

_LOOK_AHEAD = 64  # the space behind a sentence belongs to it, within reason

_ZERO_WIDTH_JOINER = "\u200d"
_JOINERS = frozenset({_ZERO_WIDTH_JOINER, "\u200c"})
_EXTENDING = frozenset({"Mn", "Me", "Mc"})


def measure(text: str, unit: TextUnit) -> int:
    """How long a text is for a platform that counts in this unit."""
    match unit:
        case TextUnit.CODE_POINTS:
            return len(text)
        case TextUnit.CHARACTERS:
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case TextUnit.UTF8_BYTES:
            return len(text.encode("utf-8", "surrogatepass"))


def split(text: str, limit: int, keep: Sequence[range] = (), unit: TextUnit = TextUnit.CODE_POINTS) -> list[range]:
    """The pieces of a text, as ranges of code points that follow each other without a gap; each at most ``limit``.

    ``keep`` are ranges that no cut may enter, unless they are longer than the limit themselves.
    """
    pieces: list[range] = []
    start = 0
    while start < (end := _reach(text, start, limit, unit)):
        if end < len(text):
            end = _cut(text, start, end, keep)
        pieces.append(range(start, end))
        start = end
    return pieces


def _reach(text: str, start: int, limit: int, unit: TextUnit) -> int:
    """How far a piece that begins at ``start`` may go; one code point at least, or nothing would ever arrive."""
    longest = text[start : start + limit]
    if unit is TextUnit.CODE_POINTS or not longest:
        return start + len(longest)
    encoding, width = ("utf-8", 1) if unit is TextUnit.UTF8_BYTES else ("utf-16-le", 2)
    encoded = longest.encode(encoding, "surrogatepass")
    end = limit * width
    if len(encoded) <= end:
        return start + len(longest)
    while end > 0 and _is_inside(encoded, end, unit):
        end -= width
    return start + max(1, len(encoded[:end].decode(encoding, "surrogatepass")))


def _is_inside(encoded: bytes, at: int, unit: TextUnit) -> bool:
    """Whether a code point's bytes go on at this place."""
    if unit is TextUnit.UTF8_BYTES:
        return encoded[at] & 0xC0 == 0x80  # noqa: PLR2004  UTF-8's mark of a byte that continues
    return encoded[at + 1] & 0xFC == 0xDC and encoded[at - 1] & 0xFC == 0xD8  # noqa: PLR2004  halves of a pair


def _cut(text: str, start: int, last: int, keep: Sequence[range]) -> int:
    least = start + (last - start) * _WORTH
    for pattern in _BREAKS:
        found = (match.end() for match in pattern.finditer(text, start, last + _LOOK_AHEAD))
        ends = [end for end in found if least <= end <= last and _is_allowed(text, end, keep, start)]
        if ends:
            return ends[-1]
    for end in range(last, start, -1):
        if _is_allowed(text, end, keep, start):
            return end
    for end in range(last, start, -1):
        if is_boundary(text, end, start):
            return end
    return last


def _is_allowed(text: str, at: int, keep: Sequence[range], since: int) -> bool:
    return is_boundary(text, at, since) and not any(kept.start < at < kept.stop for kept in keep)


def is_boundary(text: str, at: int, since: int = 0) -> bool:
    """Whether a text may be cut before its code point ``at`` without cutting a character that people see as one.

    ``since`` is a boundary before it that is known: nothing needs to be looked at beyond.

    The rules of Unicode's annex 29 (grapheme clusters) that the standard library has the properties for.
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if after < "\u0300" and before < "\u0300":
        return not (before == "\r" and after == "\n")
    if before == _ZERO_WIDTH_JOINER or _extends(after):
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, at, since) % 2 == 0
    return not _continues_syllable(before, after)


def _extends(char: str) -> bool:
    return (
        char in _JOINERS
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # the tags in the flags of regions
        or "\uff9e" <= char <= "\uff9f"  # half-width voicing marks
        or unicodedata.category(char) in _EXTENDING
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int, since: int) -> int:
    letters: Iterator[int] = iter(range(at - 1, since - 1, -1))
    return sum(1 for _ in takewhile(lambda index: _is_flag_letter(text[index]), letters))


def _continues_syllable(before: str, after: str) -> bool:
    """Whether two Hangul pieces belong to one syllable: leading, vowel, trailing."""
    if "\u1160" <= after <= "\u11a7":  # a vowel, after a leading consonant, a vowel or an open syllable
        return "\u1100" <= before <= "\u11a7" or _is_open_syllable(before)
    if "\u11a8" <= after <= "\u11ff":  # a trailing consonant
        return "\u1160" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3"
    if "\u1100" <= after <= "\u115f" or "\uac00" <= after <= "\ud7a3":
        return "\u1100" <= before <= "\u115f"
    return False


def _is_open_syllable(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3" and (ord(char) - 0xAC00) % 28 == 0
