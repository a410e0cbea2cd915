"""Reading what the platform posts: small XML or JSON documents, by a parser that does little on purpose.

A document may have 64 KB, eight levels and no DTD: nothing is expanded, nothing is fetched, and what breaks parsers is
refused before it costs anything. Leaves are texts, verbatim; numbers of a JSON push become the text that XML has.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias
from xml.parsers import expat

import msgspec

from adapters.errors import MalformedPayload

LARGEST = 64 * 1024
DEEPEST = 8

Value: TypeAlias = "str | Mapping[str, Value] | tuple[Value, ...]"

Fields: TypeAlias = Mapping[str, Value]
"""A document: names to texts, to further names, or to several of either."""


def read(body: bytes) -> Fields:
    """The fields of a document.

    Raises:
        MalformedPayload: too large, too deep, with a DTD, or neither XML nor a JSON object.
    """
    if len(body) > LARGEST:
        raise MalformedPayload("larger than 64 KB")
    start = body[:1]
    if start == b"<":
        return _Reader().read(body)
    if start == b"{":
        return _json(body)
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return _Reader().read(body.lstrip(b"\xef\xbb\xbf \t\r\n"))
    if start == b"{":
        return _json(body.lstrip(b"\xef\xbb\xbf"))
    raise MalformedPayload("neither XML nor JSON")


def words(fields: Fields, name: str) -> str:
    """A leaf's text; empty when there is none."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def below(fields: Fields, name: str) -> Fields:
    """The fields below a name; none when there are none."""
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


class _Reader:
    """Expat's events into nested fields."""

    __slots__ = ("_open", "_parser", "_root", "_text")

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, Any]]] = []
        self._text: list[str] = []
        self._root: tuple[str, Value] | None = None
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = _no_dtd
        self._parser = parser

    def read(self, body: bytes) -> Fields:
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError as error:
            raise MalformedPayload(f"not XML: {expat.ErrorString(error.code)}") from None
        finally:
            parser = (
                self._parser
            )  # the handlers and the parser hold each other: let go now, not when the collector comes
            parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
        if self._root is None or self._root[0] != "xml":
            raise MalformedPayload("not a message: the root is not <xml>")
        content = self._root[1]
        return content if isinstance(content, dict) else {}

    def _start(self, name: str, _: Mapping[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise MalformedPayload("deeper than 8 levels")
        self._text.clear()
        self._open.append((name, {}))

    def _end(self, _: str) -> None:
        name, children = self._open.pop()
        value: Value = children or "".join(self._text)
        self._text.clear()
        if not self._open:
            self._root = (name, value)
            return
        siblings = self._open[-1][1]
        if name in siblings:
            before = siblings[name]
            value = (*before, value) if isinstance(before, tuple) else (before, value)
        siblings[name] = value


def _no_dtd(*_: object) -> None:
    raise MalformedPayload("a DTD: this platform sends none")


def _json(body: bytes) -> Fields:
    try:
        plain = msgspec.json.decode(body)
        value = _value(plain, DEEPEST)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise MalformedPayload("not JSON") from None
    if not isinstance(value, dict):
        raise MalformedPayload("not an object")
    return value


def _value(plain: object, levels: int) -> Value:
    """A JSON value as XML would have said it."""
    if not levels and isinstance(plain, dict | list):
        raise MalformedPayload("deeper than 8 levels")
    match plain:
        case str():
            return plain.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in plain else plain
        case dict():
            return {_leaf(name): _value(content, levels - 1) for name, content in plain.items()}
        case list():
            return tuple(_value(content, levels - 1) for content in plain)
        case None:
            return ""
        case _:
            return str(plain)


def _leaf(name: object) -> str:
    return str(name).replace("\0", "\N{REPLACEMENT CHARACTER}")
