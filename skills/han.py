"""Chinese characters in their two scripts, one character at a time.

Characters are mapped alone and never by phrase. Phrases read better (乾坤 keeps its 乾) but depend on what stands
beside: then a keyword folded alone would not be found in a sentence folded whole. The tables are OpenCC's.
"""

from opencc import OpenCC

UNIFIED_IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2FA1F))
"""First and last code points of the ideographs that OpenCC knows."""

SEPARATOR = "\n"  # keeps OpenCC from seeing a phrase in two neighbours of the table


def _changed_by(conversion: str) -> dict[str, str]:
    """Which characters a conversion changes, and into which."""
    characters = [chr(code) for first, last in UNIFIED_IDEOGRAPHS for code in range(first, last + 1)]
    converted = OpenCC(conversion).convert(SEPARATOR.join(characters)).split(SEPARATOR)
    return {was: now for was, now in zip(characters, converted, strict=True) if was != now}


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


_to_simplified = _changed_by("t2s")

SIMPLIFIED = _to_the_end(_to_simplified)
"""Traditional → simplified, a table for ``str.translate``; each character becomes exactly one."""

TRADITIONAL_ONLY = frozenset(_to_simplified)
"""Characters that simplified Chinese writes differently: 簽 證 灣."""

SIMPLIFIED_ONLY = frozenset(was for was in _changed_by("s2t") if not _is_in_big5(was))
"""Characters that only simplified Chinese writes: 签 证 湾.

Not 台 里 后 干: OpenCC changes them, but traditional texts write them too, as the traditional character set Big5 shows.
"""
