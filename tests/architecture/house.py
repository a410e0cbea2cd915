"""The house as the rules see it: its rooms, their files, the channels it has."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("gateway", "config", "adapters", "router", "skills")


def python_files(*folders: str) -> Iterator[Path]:
    """All Python files below these folders, as paths relative to the root, in order."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT)


def channels() -> frozenset[str]:
    """The channels: the folders under ``adapters/`` that have an adapter."""
    return frozenset(path.parent.name for path in (ROOT / "adapters").glob("*/adapter.py"))
