"""Spans of a text. The platform counts UTF-16 code units, Python counts code points: after an emoji they differ."""

from collections.abc import Iterator, Sequence

from adapters.telegram.wire import Entity
from router.message import Link

_SHOWABLE = ("https://", "http://", "tg://")


def span(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers; ``offset`` and ``length`` in UTF-16 code units."""
    start = max(offset, 0)
    end = start + max(length, 0)
    if text.isascii():
        return text[start:end]
    return text.encode("utf-16-le", "surrogatepass")[start * 2 : end * 2].decode("utf-16-le", "replace")


def hidden_links(text: str, entities: Sequence[Entity]) -> Iterator[Link]:
    """The pages behind words of the text: the text alone would lose their addresses."""
    for entity in entities:
        if entity.type == "text_link" and entity.url.startswith(_SHOWABLE):
            yield Link(url=entity.url, title=span(text, entity.offset, entity.length))
