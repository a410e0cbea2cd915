"""How tests behave: no mocks of our own code, nothing skipped, no sleeping and hoping."""

import ast

import pytest

from tests.architecture.house import ROOT, python_files


def dotted(node: ast.expr) -> str:
    """An attribute chain as written: ``pytest.mark.skip``."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}"
        case _:
            return ""


def bad_manners(source: str) -> list[str]:
    """What a test module does that a test should not, each as ``line: what``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module="unittest.mock") | ast.Import(names=[ast.alias(name="unittest.mock"), *_]):
                found.append(f"{node.lineno}: a mock")
            case ast.ImportFrom(module="unittest", names=names) if any(alias.name == "mock" for alias in names):
                found.append(f"{node.lineno}: a mock")
            case ast.Attribute() if dotted(node) in {
                "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.skip", "pytest.importorskip",
            }:  # fmt: skip
                found.append(f"{node.lineno}: {dotted(node)}")
            case ast.Call(func=function, args=[ast.Constant(value=0)]) if dotted(function) == "asyncio.sleep":
                pass  # lets the loop turn once, waits for nothing
            case ast.Call(func=function) if dotted(function) in {"asyncio.sleep", "time.sleep", "sleep"}:
                found.append(f"{node.lineno}: a sleep")
            case _:
                pass
    return found


@pytest.mark.parametrize(
    "line",
    [
        "from unittest.mock import Mock",
        "from unittest import mock",
        "import unittest.mock",
        "@pytest.mark.skip\ndef test_it(): ...",
        "@pytest.mark.skipif(True, reason='')\ndef test_it(): ...",
        "pytest.skip('later')",
        "time.sleep(1)",
        "await asyncio.sleep(0.1)",
    ],
)
def test_rule_finds_bad_manners(line: str) -> None:
    """Mocks, skips and sleeps are noticed."""
    assert bad_manners(line) != []


@pytest.mark.parametrize("line", ["await asyncio.sleep(0)", "monkeypatch.setenv('A', 'b')", "pytest.mark.browser"])
def test_rule_leaves_the_rest_alone(line: str) -> None:
    """Letting the loop turn, setting the environment and marking are fine."""
    assert bad_manners(line) == []


def test_tests_behave() -> None:
    """No test mocks, skips or sleeps; fakes may be slow on purpose, and waiting for a fact is their business."""
    found = {
        str(path): manners
        for path in python_files("tests")
        if path.name.startswith("test_") and (manners := bad_manners((ROOT / path).read_text(encoding="utf-8")))
    }
    assert found == {}
