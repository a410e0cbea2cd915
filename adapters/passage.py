"""Words with links: what a message's texts become before a channel puts its own markup around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.capabilities import TextUnit
from adapters.split import split


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Words of a text that lead to a page: ``at`` is their range in code points."""

    at: range
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text as the contact will see it, with its links in their order."""

    text: str = ""
    anchors: tuple[Anchor, ...] = ()


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


def cut(passage: Passage, limit: int, unit: TextUnit = TextUnit.CODE_POINTS) -> Iterator[Passage]:
    """The passage in pieces of at most ``limit``; blank pieces are left out, a link that is cut leads from each."""
    for piece in split(passage.text, limit, [anchor.at for anchor in passage.anchors], unit):
        if passage.text[piece.start : piece.stop].strip():
            yield _between(passage, piece)


def _between(passage: Passage, piece: range) -> Passage:
    anchors = []
    for anchor in passage.anchors:
        start, stop = max(anchor.at.start, piece.start), min(anchor.at.stop, piece.stop)
        if start < stop:
            anchors.append(Anchor(at=range(start - piece.start, stop - piece.start), url=anchor.url))
    return Passage(text=passage.text[piece.start : piece.stop], anchors=tuple(anchors))
