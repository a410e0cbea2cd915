"""Positions: a YAML text as plain values, with the line and column of every key and value in it.

YAML 1.2 by ruamel's round-trip reader, which keeps positions and reads ``NO`` and ``22:30`` as words. Dates stay words
too: what is a date is for the models to say.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from config.problem import Code, Problem

Location = tuple[Hashable, ...]
"""A path of keys and indexes from the root, as pydantic says it."""

DEEPEST: Final = 60
MOST_NODES: Final = 200_000
"""More values than any administrator writes: aliases of aliases make as many from a few lines."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; both count from 1."""

    line: int
    column: int


START: Final = Position(1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value with its place and its key's; ``content`` is a mapping or a list of nodes, or a plain scalar.

    An element of a list has no key: both places are the element's.
    """

    content: Any
    at: Position
    key_at: Position

    def child(self, step: Hashable) -> "Node | None":
        """The node under this key or index, if there is one."""
        if isinstance(self.content, dict):
            found: Node | None = self.content.get(step)
            return found
        if isinstance(self.content, list) and isinstance(step, int) and 0 <= step < len(self.content):
            element: Node = self.content[step]
            return element
        return None

    def plain(self) -> Any:  # noqa: ANN401 - YAML is any value
        """The value alone, as models take it."""
        match self.content:
            case dict():
                return {key: node.plain() for key, node in self.content.items()}
            case list():
                return [node.plain() for node in self.content]
            case _:
                return self.content

    def without(self, location: Location) -> "Node":
        """The same value without what stands at ``location``."""
        step, rest = location[0], location[1:]
        child = self.child(step)
        if child is None:
            return self
        if isinstance(self.content, dict):
            kept = {k: n.without(rest) if k == step else n for k, n in self.content.items() if rest or k != step}
            return replace(self, content=kept)
        items = [n.without(rest) if i == step else n for i, n in enumerate(self.content) if rest or i != step]
        return replace(self, content=items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as read: its name, its text and its value with positions."""

    file: str
    text: str
    root: Node

    def depth(self, location: Location) -> int:
        """How many steps of ``location`` are there."""
        node: Node | None = self.root
        for depth, step in enumerate(location):
            node = node.child(step) if node else None
            if node is None:
                return depth
        return len(location)

    def position(self, location: Location, *, of_key: bool = False) -> Position:
        """Where the value at ``location`` stands, or its key; a missing one has its nearest parent's key's place."""
        node = self.root
        for step in location:
            child = node.child(step)
            if child is None:
                # An element of a list that was written as one word is that word.
                is_missing = isinstance(node.content, dict | list)
                return node.key_at if is_missing or of_key else node.at
            node = child
        return node.key_at if of_key or node.content is None else node.at

    def value_at(self, location: Location) -> Any:  # noqa: ANN401 - YAML is any value
        """What stands at ``location``; None when nothing does."""
        node = self.root
        for step in location:
            child = node.child(step)
            if child is None:
                return None
            node = child
        return node.plain()

    def line(self, location: Location) -> int:
        """The line on which the value at ``location`` begins."""
        return self.position(location).line

    def problem(
        self, code: Code, location: Location, message: str, *, suggestion: str = "", of_key: bool = False
    ) -> Problem:
        """A problem at a place in this file."""
        at = self.position(location, of_key=of_key)
        return Problem(
            file=self.file, line=at.line, column=at.column, code=code, message=message, suggestion=suggestion
        )

    def without(self, locations: Iterable[Location]) -> "Document":
        """The document without these values; positions of all others stay what they were."""
        root = self.root
        # Later elements first, so that taking one out does not move those still to be taken.
        for location in sorted(set(locations), key=lambda where: [str(s).rjust(9) for s in where], reverse=True):
            if location:
                root = root.without(location)
        return replace(self, root=root)


class _Constructor(RoundTripConstructor):
    """Reads what looks like a date as a word."""

    def construct_word(self, node: ScalarNode) -> Any:  # noqa: ANN401 - a kind of str that remembers its quotes
        return self.construct_scalar(node)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_word)


def read_document(file: str, text: str) -> Document | Problem:
    """Read one YAML text; what cannot be read is one problem with its place. Never raises."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    try:
        tree = yaml.load(StringIO(text))
        return Document(file=file, text=text, root=_Copier().node(tree, START, START, 0))
    except DuplicateKeyError as error:
        return _marked(file, Code.DUPLICATE_KEY, error)
    except MarkedYAMLError as error:
        return _marked(file, Code.NOT_YAML, error)
    except (
        YAMLError,
        ValueError,
        TypeError,
        LookupError,
        RecursionError,
        AttributeError,
        NotImplementedError,
    ) as error:
        # ruamel leaves some malformed texts (control characters, keys that are lists, odd tags) to plain exceptions.
        words = str(error).split("\n", maxsplit=1)[0] or type(error).__name__
        return Problem(file=file, line=1, column=1, code=Code.NOT_YAML, message=f"not YAML: {words}")


def _marked(file: str, code: Code, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    words = " ".join(str(error.problem or error.context or "not YAML").split())
    if code is Code.DUPLICATE_KEY:
        words = words.partition(" with value")[0].replace("found duplicate key", "the key is given twice:")
    elif "\\t" in words:
        words = "a tab cannot indent YAML; use spaces"
    elif error.context_mark and error.context_mark.line + 1 < line:
        words = f"{words} (in what begins on line {error.context_mark.line + 1})"
    return Problem(file=file, line=line, column=column, code=code, message=words)


class _Copier:
    """Copies a ruamel tree into nodes, and counts them."""

    def __init__(self) -> None:
        self._count = 0

    def node(self, value: object, at: Position, key_at: Position, depth: int) -> Node:
        self._count += 1
        if depth > DEEPEST or self._count > MOST_NODES:
            raise ValueError(f"nested more than {DEEPEST} levels deep, or more than {MOST_NODES} values")
        return Node(content=self._content(value, at, depth), at=at, key_at=key_at)

    def _content(self, value: object, at: Position, depth: int) -> object:
        match value:
            case CommentedMap():
                return self._mapping(value, at, depth)
            case CommentedSeq():
                places = value.lc.data or {}
                elements = []
                for index, item in enumerate(value):
                    place = Position(places[index][0] + 1, places[index][1] + 1) if index in places else at
                    elements.append(self.node(item, place, place, depth + 1))
                return elements
            case str():
                return str(value)
            case bool() | None:
                return value
            case int():
                return int(value)
            case float():
                return float(value)
            case _:
                raise ValueError(f"{type(value).__name__} has no place in these files")

    def _mapping(self, value: Mapping[Hashable, object], at: Position, depth: int) -> dict[Hashable, Node]:
        places = getattr(value, "lc").data or {}  # noqa: B009 - ruamel's types are not precise enough for mypy
        nodes = {}
        for key, item in value.items():
            # What `<<` merged in stands elsewhere: it has the place of the mapping that merged it.
            place = places.get(key)
            key_at, item_at = (
                (Position(place[0] + 1, place[1] + 1), Position(place[2] + 1, place[3] + 1)) if place else (at, at)
            )
            plain_key = str(key) if isinstance(key, str) else key
            nodes[plain_key] = self.node(item, item_at, key_at, depth + 1)
        return nodes
