"""Generated pages say what the code says."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT


@pytest.mark.parametrize("name", PAGES)
def test_page_is_what_the_code_says(name: str, *, update: bool) -> None:
    """The page in the repository is the one that the code gives now."""
    path: Path = ROOT / "docs" / name
    written = PAGES[name]()
    if update:
        path.write_text(written)
    assert written == path.read_text(), f"docs/{name} is stale: make docs"


def test_pages_leave_nothing_out() -> None:
    """Each event, effect and key that exists has its place, so an empty page would be noticed."""
    assert "### MessageReceived" in PAGES["vocabulary.md"]()
    assert "### RecordTrace" in PAGES["vocabulary.md"]()
    assert "waiting --> offered: offered" in PAGES["states.md"]()
    assert "| `reopen_window` |" in PAGES["configuration.md"]()
