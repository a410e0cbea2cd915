"""The front-end libraries that we carry are the published ones, complete, and load without a build."""

import hashlib
import json
import re

import pytest

from tests.architecture.house import ROOT

VENDOR = ROOT / "gateway/web/vendor"
LIBRARIES = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))["libraries"]
IMPORT = re.compile(r"""(?:from|import)\s*["']([^"']+)["']""")


def digest(content: bytes) -> str:
    """A file's SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: str(library["file"]))
def test_library_is_as_published(library: dict[str, str]) -> None:
    """Every byte is the one that was fetched, and its licence came along."""
    content = (VENDOR / library["file"]).read_bytes()
    assert digest(content) == library["sha256"]
    assert digest(content + b" ") != library["sha256"]
    assert (VENDOR / library["licence_file"]).read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"\d+\.\d+\.\d+", library["version"])
    assert library["licence"] in {"MIT", "Apache-2.0"}


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: str(library["file"]))
def test_imports_are_in_the_import_map(library: dict[str, str]) -> None:
    """A library imports nothing but the other ones, by the names that the import map gives them."""
    known = {other["specifier"] for other in LIBRARIES}
    assert set(IMPORT.findall((VENDOR / library["file"]).read_text(encoding="utf-8"))) <= known


def test_rule_sees_imports() -> None:
    """Minified and ordinary imports are both seen."""
    assert IMPORT.findall('import{h as e}from"preact";import "./x.mjs"') == ["preact", "./x.mjs"]


def test_nothing_else_is_carried() -> None:
    """Every file is accounted for."""
    listed = {entry[key] for entry in LIBRARIES for key in ("file", "licence_file")} | {"vendor.json"}
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert present == listed
