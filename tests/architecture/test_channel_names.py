"""No channel's name appears in code outside its folder: whoever needs to know asks a capability instead.

Comments and docstrings may give examples. A channel whose name is also an everyday word (``web``: there is
``aiohttp.web``, and our front-ends live in ``gateway/web``) is looked for only where it can mean nothing else.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.house import ROOT, channels, python_files

EVERYDAY_WORDS = frozenset({"web"})
ALLOWED: dict[str, str] = {}  # path -> why it must know a channel by name


def docstrings(tree: ast.AST) -> set[ast.expr]:
    """The strings that stand alone as statements: docstrings of modules, classes, functions, attributes."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def words(node: ast.AST) -> Iterator[str]:
    """Every piece of text that a node of the syntax tree carries: identifiers and strings."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))


def means_channel(node: ast.AST, channel: str) -> bool:
    """Whether a node compares with, imports or passes a channel whose name is also an everyday word."""
    match node:
        case ast.Compare():
            sides = [node.left, *node.comparators]
            return any(isinstance(leaf, ast.Constant) and leaf.value == channel for s in sides for leaf in ast.walk(s))
        case (
            ast.MatchValue(value=ast.Constant(value=value))
            | ast.keyword(arg="channel", value=ast.Constant(value=value))
        ):
            return bool(value == channel)
        case ast.ImportFrom(module=str(module)):
            return re.match(rf"adapters\.{channel}\b", module) is not None or (
                module == "adapters" and channel in {alias.name for alias in node.names}
            )
        case ast.Import():
            return any(re.match(rf"adapters\.{channel}\b", alias.name) for alias in node.names)
        case _:
            return False


def channel_names(source: str, known: frozenset[str]) -> list[str]:
    """The channels that a module's code names, each as ``line: channel``."""
    tree = ast.parse(source)
    silent = docstrings(tree)
    found: set[tuple[int, str]] = set()
    line = 1
    for node in ast.walk(tree):
        if node in silent:
            continue
        line = getattr(node, "lineno", line)
        for channel in known:
            if channel in EVERYDAY_WORDS:
                is_named = means_channel(node, channel)
            else:
                pattern = re.compile(rf"(?<![a-z]){channel}(?![a-z])", re.IGNORECASE)
                camel = re.compile(rf"{channel.capitalize()}(?![a-z])")
                is_named = any(pattern.search(word) or camel.search(word) for word in words(node))
            if is_named:
                found.add((line, channel))
    return [f"{line}: {channel}" for line, channel in sorted(found)]


@pytest.mark.parametrize(
    "line",
    [
        "if inbox.channel == 'web': ...",
        "if inbox.channel in ('web', 'mail'): ...",
        "match channel:\n    case 'web': ...",
        "from adapters.web import adapter",
        "from adapters import web",
        "import adapters.web.parse",
        "make(channel='web')",
        "import adapters.pigeon",
        "PIGEON_LIMIT = 4096",
        "class PigeonInbox: ...",
        "send(inbox, 'pigeon')",
        "def is_pigeon(inbox): ...",
        "settings.pigeon_token",
        "f'/hooks/pigeon/{inbox}'",
    ],
)
def test_rule_finds_a_channel(line: str) -> None:
    """Comparisons, imports, identifiers and strings give a channel away."""
    assert channel_names(line, frozenset({"web", "pigeon"})) != []


@pytest.mark.parametrize(
    "line",
    [
        "from aiohttp import web",
        "static = root / 'web' / 'widget'",
        "website = 'https://shop.example'",
        '"""A pigeon is one example."""',
        "x = 1  # as a pigeon does",
        "class Carrier:\n    name: str\n    '''As ``pigeon``.'''",
        "pigeonhole = 1",
    ],
)
def test_rule_leaves_words_alone(line: str) -> None:
    """Other libraries, folders, longer words, comments and docstrings do not."""
    assert channel_names(line, frozenset({"web", "pigeon"})) == []


def test_channels_stay_in_their_folders() -> None:
    """Outside ``adapters/`` no code knows a channel by name."""
    known = channels()
    found = {
        str(path): names
        for path in python_files("gateway", "router", "skills", "config")
        if (names := channel_names((ROOT / path).read_text(encoding="utf-8"), known))
    }
    assert {path: names for path, names in found.items() if path not in ALLOWED} == {}
    assert set(ALLOWED) <= set(found), "an exception that is no longer needed"
