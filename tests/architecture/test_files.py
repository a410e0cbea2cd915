"""What a file may be called, how long it may be, and that it says what it is for."""

import ast
from pathlib import PurePath

import pytest

from tests.architecture.house import ROOMS, ROOT, python_files

LONGEST = 350
LONGER_FOR_A_REASON: dict[str, str] = {  # path -> why it reads better whole
    "gateway/store/schema.py": "all tables on one page: a reader follows keys from one to the next",
}

EMPTY_WORDS = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "service", "data", "info"}
)


def says_nothing(path: PurePath) -> bool:
    """Whether one of a path's names is a drawer for anything, or a verb where a noun belongs."""
    words = [part.removesuffix(".py") for part in path.parts]
    return any(word in EMPTY_WORDS or word.startswith("handle_") for word in words)


def line_count(source: str) -> int:
    """The number of lines, as an editor counts them."""
    return len(source.splitlines())


def is_explained(path: PurePath, source: str) -> bool:
    """Whether a module says what it is; private modules need not."""
    is_private = path.name.startswith("_") and not path.name.startswith("__")
    return is_private or bool(ast.get_docstring(ast.parse(source)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("router/utils.py", True),
        ("gateway/common/clock.py", True),
        ("gateway/handle_message.py", True),
        ("adapters/red/service.py", True),
        ("router/queue.py", False),
        ("gateway/handler.py", False),
        ("config/database.py", False),
    ],
)
def test_rule_knows_empty_names(name: str, expected: bool) -> None:
    """A name that says nothing is told from one that contains the same letters."""
    assert says_nothing(PurePath(name)) is expected


def test_names_say_something() -> None:
    """No file or folder in the house is a drawer for anything."""
    assert [str(path) for path in python_files(*ROOMS, "tests") if says_nothing(path)] == []


def test_rule_counts_lines() -> None:
    """A file of exactly the limit passes, one more line does not."""
    assert line_count("x = 1\n" * LONGEST) == LONGEST
    assert line_count("x = 1\n" * LONGEST + "y = 2") > LONGEST


def test_files_are_short() -> None:
    """One idea a file: nothing is longer than a reader's patience, unless it says why."""
    long = {
        str(path): lines
        for path in python_files(*ROOMS)
        if (lines := line_count((ROOT / path).read_text(encoding="utf-8"))) > LONGEST
    }
    assert {path: lines for path, lines in long.items() if path not in LONGER_FOR_A_REASON} == {}
    assert set(LONGER_FOR_A_REASON) <= set(long), "an exception that is no longer needed"
    assert all(LONGER_FOR_A_REASON.values()), "an exception without its reason"


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("router/queue.py", '"""Who waits, by earliest due."""\n', True),
        ("router/queue.py", "# Who waits, by earliest due.\nx = 1\n", False),
        ("router/__init__.py", "", False),
        ("router/_heap.py", "", True),
    ],
)
def test_rule_reads_docstrings(name: str, source: str, expected: bool) -> None:
    """A comment is no docstring; a package needs one too; a private module does not."""
    assert is_explained(PurePath(name), source) is expected


def test_modules_say_what_they_are() -> None:
    """Every public module of the house begins with what it is for."""
    silent = [
        str(path) for path in python_files(*ROOMS) if not is_explained(path, (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert silent == []
