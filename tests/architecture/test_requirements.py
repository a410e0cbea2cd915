"""What is installed is what was chosen: every requirement is pinned and hashed, whoever serves it."""

import re

import pytest

from tests.architecture.house import ROOT

PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*])?==(?P<version>[^\s;]+)")


def complaints(lock: str) -> list[str]:
    """What is wrong with a lock file, one line each."""
    found = []
    for line in re.sub(r"\\\n\s*", " ", lock).splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        if text.startswith("-") or "://" in text:
            found.append(f"an option or an address: {text[:60]}")
        elif not PINNED.match(text):
            found.append(f"not pinned: {text[:60]}")
        elif "--hash=sha256:" not in text:
            found.append(f"not hashed: {text[:60]}")
    return found


def versions(lock: str) -> dict[str, str]:
    """Name → version of everything that a lock file pins."""
    return {match["name"].lower(): match["version"] for match in PINNED.finditer(lock)}


def read(name: str) -> str:
    """A file at the root."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_lock_is_complete(name: str) -> None:
    """Every line is a pinned, hashed package; none says where to fetch it."""
    assert complaints(read(name)) == []
    assert versions(read(name))


@pytest.mark.parametrize(
    "line",
    [
        "aiohttp==3.14.5",
        "aiohttp>=3 \\\n    --hash=sha256:00",
        "--index-url https://pypi.example/simple",
        "aiohttp @ https://pypi.example/aiohttp.whl --hash=sha256:00",
        "-e .",
    ],
)
def test_rule_finds_loose_ends(line: str) -> None:
    """A missing hash, a range, an index, an address and a folder are all noticed."""
    assert complaints(line) != []


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_lock_follows_what_was_asked_for(name: str) -> None:
    """Each package that is asked for by name is in the lock: nobody forgot `make lock`."""
    asked = {
        re.split(r"[\[<>=!;\s]", line, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")
        for line in read(f"{name}.in").splitlines()
        if line and not line.startswith(("#", "-r"))
    }
    assert asked <= {package.replace("_", "-").replace(".", "-") for package in versions(read(f"{name}.txt"))}


def test_tests_run_against_what_is_shipped() -> None:
    """The test environment has the same version of everything that the service gets."""
    assert versions(read("requirements.txt")).items() <= versions(read("requirements-test.txt")).items()
