"""Our text as the platform's HTML (core.telegram.org/bots/api#html-style): everything escaped, links as links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.split import split

_SURROGATES = dict.fromkeys(
    range(0xD800, 0xE000), "\ufffd"
)  # half an emoji is no UTF-8: the platform would refuse it all
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"}) | _SURROGATES
_ATTRIBUTE = _TEXT | str.maketrans({'"': "&quot;"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Words of a text that lead to a page: ``at`` is their range in code points."""

    at: range
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text as the contact will see it, with its links."""

    text: str
    anchors: tuple[Anchor, ...] = ()


def escape(text: str) -> str:
    """A text that the platform shows as it is."""
    return text.translate(_TEXT)


def joined(passages: Sequence[Passage]) -> Passage:
    """One passage, a line for each."""
    text = ""
    anchors: list[Anchor] = []
    for passage in passages:
        if text:
            text += "\n"
        anchors += (Anchor(at=range(a.at.start + len(text), a.at.stop + len(text)), url=a.url) for a in passage.anchors)
        text += passage.text
    return Passage(text=text, anchors=tuple(anchors))


def render(passage: Passage, limit: int) -> Iterator[str]:
    """The passage as HTML, in pieces of at most ``limit`` visible code points; blank pieces are left out."""
    for piece in split(passage.text, limit, [anchor.at for anchor in passage.anchors]):
        if passage.text[piece.start : piece.stop].strip():
            yield _html(passage, piece)


def _html(passage: Passage, piece: range) -> str:
    pieces: list[str] = []
    at = piece.start
    for anchor in passage.anchors:
        start, stop = max(anchor.at.start, piece.start), min(anchor.at.stop, piece.stop)
        if start >= stop:
            continue
        words = escape(passage.text[start:stop])
        pieces += (escape(passage.text[at:start]), f'<a href="{anchor.url.translate(_ATTRIBUTE)}">{words}</a>')
        at = stop
    return "".join((*pieces, escape(passage.text[at : piece.stop])))
