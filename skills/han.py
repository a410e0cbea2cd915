"""Chinese characters in their two scripts, one character at a time.

Characters are mapped alone and never by phrase. Phrases read better (乾坤 keeps its 乾) but depend on what stands
beside: then a keyword folded alone would not be found in a sentence folded whole. The tables are OpenCC's.
"""

from collections.abc import Iterator

from opencc import OpenCC

UNIFIED_IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2FA1F))
"""First and last code points of the ideographs that OpenCC knows."""

BLOCK = 1 << 12
SEPARATOR = "\n"  # keeps OpenCC from seeing a phrase in two neighbours of the table


def _simplified() -> dict[str, str]:
    """The characters that simplified Chinese writes differently, and how."""
    converter, changes = OpenCC("t2s"), {}
    for block in _blocks():
        converted = converter.convert(SEPARATOR.join(block)).split(SEPARATOR)
        changes.update({was: now for was, now in zip(block, converted, strict=True) if was != now})
    return changes


def _blocks() -> Iterator[str]:
    """All ideographs, few enough at a time that their lists take no memory for good."""
    for first, last in UNIFIED_IDEOGRAPHS:
        for start in range(first, last + 1, BLOCK):
            yield "".join(map(chr, range(start, min(start + BLOCK, last + 1))))


def _to_the_end(changes: dict[str, str]) -> dict[int, str]:
    """Follow 薴 → 苧 → 苎, so that converting twice changes nothing more."""
    ends = {}
    for was, now in changes.items():
        end = now
        while end in changes:
            end = changes[end]
        ends[ord(was)] = end
    return ends


def _is_in_big5(character: str) -> bool:
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


_to_simplified = _simplified()

SIMPLIFIED = _to_the_end(_to_simplified)
"""Traditional → simplified, a table for ``str.translate``; each character becomes exactly one."""

TRADITIONAL_ONLY = frozenset(_to_simplified)
"""Characters that simplified Chinese writes differently: 簽 證 灣."""

SIMPLIFIED_ONLY = frozenset(now for now in SIMPLIFIED.values() if not _is_in_big5(now))
"""Characters that only simplified Chinese writes: 签 证 湾.

Not 台 里 后 干: simplifying leads to them, but traditional texts write them too, as the traditional character set Big5
shows. Taken from the same table backwards: OpenCC's other direction adds 400 rare ones and 28 MiB of memory.
"""
