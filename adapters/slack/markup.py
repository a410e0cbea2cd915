"""The platform's markup (docs.slack.dev/messaging/formatting-message-text): what people wrote as we show it, and back.

Out: only ``& < >`` are escaped, so that an agent's ``*bold*`` looks as it does everywhere else there.
In: rich text is exact where the message has it; else the marks that people see stay, and what stands in angle
brackets is turned into words. Our own mention is how we are called, not something that was said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from adapters.passage import Passage
from adapters.slack.reading import UNREADABLE
from adapters.slack.wire import Block, Element
from router.message import Link

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"}) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_BRACKETS = re.compile(r"<([^<>\s][^<>]*)>")
_MARKED = re.compile(r"[*_~`<&:]")
_PAGES = ("https://", "http://")
_LINK_END = str.maketrans({"&": "&amp;", "<": "%3C", ">": "%3E", "|": "%7C", " ": "%20", "\n": "%0A", "\r": "%0D"})

_decode_elements = msgspec.json.Decoder(tuple[Element, ...]).decode


@dataclass(slots=True)
class Said:
    """Words as people see them, and the pages behind some of them."""

    text: str = ""
    links: list[Link] = field(default_factory=list)


def escape(text: str) -> str:
    """A text that the platform shows as it is."""
    return text.translate(_ESCAPES)


def unescape(text: str) -> str:
    """What people see of an escaped text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def render(passage: Passage) -> str:
    """A text with its links, as the platform shows it; the words of a link stay on one line there."""
    pieces: list[str] = []
    at = 0
    for link in passage.anchors:
        words = escape(passage.text[link.at.start : link.at.stop])
        pieces += (escape(passage.text[at : link.at.start]), _linked(link.url, words))
        at = link.at.stop
    return "".join((*pieces, escape(passage.text[at:])))


def _linked(url: str, words: str) -> str:
    if not url.startswith(_PAGES):
        return words
    return f"<{url.translate(_LINK_END)}|{words.replace('|', '¦').replace(chr(10), ' ')}>"


def said(text: str, blocks: Sequence[Block], us: str) -> Said:
    """What somebody said; ``us`` is our own user, whose mention is left out."""
    if _MARKED.search(text) is None and text:
        return Said(text)
    rich = [block for block in blocks if block.type == "rich_text"]
    if rich:
        found = Said()
        try:
            found.text = "\n".join(_rich(_decode_elements(block.elements), us, found.links) for block in rich)
        except UNREADABLE:
            return _marked(text, us)
        found.text = found.text.strip() if us else found.text
        return found
    return _marked(text, us)


def mentions(text: str, user: str) -> bool:
    """Whether a text calls this user."""
    return bool(user) and (f"<@{user}>" in text or f"<@{user}|" in text)


def _marked(text: str, us: str) -> Said:
    found = Said()
    text = _BRACKETS.sub(lambda bracket: _words(bracket[1], us, found.links), text)
    found.text = unescape(text.strip() if us else text)
    return found


def _words(inside: str, us: str, links: list[Link]) -> str:
    """What people see instead of a pair of angle brackets, still escaped."""
    target, _, label = inside.partition("|")
    sign, rest = target[:1], target[1:]
    match sign:
        case "@" if rest == us:
            return ""
        case "@" | "#":
            return f"{sign}{label or rest}"
        case "!":
            kind, _, _ = rest.partition("^")
            return label or f"@{kind}"
        case _:
            return _link(unescape(target), unescape(label), links).translate(_ESCAPES)


def _link(url: str, label: str, links: list[Link]) -> str:
    """The words of a link; the page is kept beside them when they do not say it."""
    plain = url.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in {url, plain} or f"https://{label}".rstrip("/") == url.rstrip("/"):
        return plain
    if url.startswith(_PAGES):
        links.append(Link(url=url, title=label))
    return label


def _rich(elements: Sequence[Element], us: str, links: list[Link]) -> str:
    return "\n".join(_section(element, us, links) for element in elements)


def _section(element: Element, us: str, links: list[Link]) -> str:
    match element.type:
        case "rich_text_list":
            indent = "  " * min(max(element.indent, 0), 8)
            return "\n".join(f"{indent}• {_section(item, us, links)}" for item in element.elements)
        case "rich_text_quote":
            words = "".join(_pieces(element.elements, us, links))
            return "\n".join(f"> {line}" for line in words.split("\n"))
        case _:
            return "".join(_pieces(element.elements, us, links)).removesuffix("\n")


def _pieces(elements: Sequence[Element], us: str, links: list[Link]) -> Iterator[str]:
    for element in elements:
        match element.type:
            case "link":
                yield _link(element.url, element.text, links)
            case "user":
                yield "" if element.user_id == us else f"@{element.user_id}"
            case "channel":
                yield f"#{element.channel_id}"
            case "usergroup":
                yield f"@{element.usergroup_id}"
            case "broadcast":
                yield f"@{element.range}"
            case "emoji":
                yield _emoji(element)
            case _:
                yield element.text or element.fallback or _rich(element.elements, us, links)


def _emoji(element: Element) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in element.unicode.split("-"))
    except (ValueError, OverflowError):
        return f":{element.name}:"
