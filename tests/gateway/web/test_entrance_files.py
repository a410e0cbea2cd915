"""The demo's entrance says each of its sentences, and none that does not exist."""

import re

from tests.gateway.web.page_files import WEB, catalogue, written_in


def test_sentences_are_used_and_exist() -> None:
    """What the script says is what the catalogue has."""
    script = written_in(WEB / "pages" / "demo.mjs")
    said = set(re.findall(r't\("([a-z.]+)"', script))
    said |= {f"{name}.{what}" for name in re.findall(r'name: "([a-z]+)"', script) for what in ("title", "words")}
    said |= {f"step.{step}" for step in ("one", "two", "three", "four", "five")}
    said |= {f"column.{name}" for name in ("login", "password", "who", "groups")}
    assert set(catalogue("pages/locales")) == said
