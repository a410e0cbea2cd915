"""Text folded for comparing: what looks different and means the same becomes the same.

Folding joins width (ＶＩＳＡ, visa), case, composed and decomposed accents, traditional and simplified Chinese, and
runs of white space, and drops characters that nobody sees. Messages and keywords are folded by the same function.

Positions in a folded text are not positions in the original: ß becomes ss, ㈱ becomes (株), white space shrinks. Use
them within the folded text only, never to mark the original.
"""

import re
import unicodedata

from skills.han import SIMPLIFIED

UNSEEN = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF]
)
"""Soft hyphens, zero-width and direction marks, variation selectors: copied along with text, typed by nobody."""

_has_unseen = re.compile(f"[{re.escape(''.join(map(chr, UNSEEN)))}]").search
_TRADITIONAL = frozenset(map(chr, SIMPLIFIED))

HAN_AND_KANA = r"々〇\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f"
_pieces = re.compile(rf"[{HAN_AND_KANA}]+|[^\W_{HAN_AND_KANA}]+")
_is_unspaced = re.compile(rf"[{HAN_AND_KANA}]").match


def fold(text: str) -> str:
    """The text as it is compared; folding twice changes nothing more."""
    if text.isascii():
        return " ".join(text.lower().split())
    if _has_unseen(text):  # most texts need neither translation, and looking costs a tenth of translating
        text = text.translate(UNSEEN)
    text = unicodedata.normalize("NFKC", text)
    text = unicodedata.normalize("NFKC", text.casefold())  # again: folding case can leave accents apart
    if not _TRADITIONAL.isdisjoint(text):
        text = text.translate(SIMPLIFIED)
    return " ".join(text.split())


def grams(text: str) -> tuple[str, ...]:
    """The words for searching: folded words, and for Chinese and kana, which have no spaces, each character and pair.

    In the order of the text, with repetitions; 日本签证 gives 日 本 签 证 日本 本签 签证.
    """
    words: list[str] = []
    for piece in _pieces.findall(fold(text)):
        if _is_unspaced(piece):
            words += piece
            words += (piece[i : i + 2] for i in range(len(piece) - 1))
        else:
            words.append(piece)
    return tuple(words)
