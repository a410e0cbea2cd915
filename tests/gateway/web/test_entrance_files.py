"""The demo's entrance speaks three languages: the same sentences in each, all of them used."""

import json
import re

from tests.architecture.house import ROOT

PAGES = ROOT / "gateway" / "web" / "pages"
LANGUAGES = ("zh-CN", "zh-TW", "en")


def test_languages_are_complete_and_used() -> None:
    """Each catalogue has the same keys with the same placeholders, and the script says each of them."""
    script = (PAGES / "demo.mjs").read_text(encoding="utf-8")
    said = set(re.findall(r't\("([a-z.]+)"', script))
    said |= {f"{name}.{what}" for name in re.findall(r'name: "([a-z]+)"', script) for what in ("title", "words")}
    said |= {f"step.{step}" for step in ("one", "two", "three", "four", "five")}
    said |= {f"column.{name}" for name in ("login", "password", "who", "groups")}
    shapes = []
    for language in LANGUAGES:
        catalogue = json.loads((PAGES / "locales" / f"{language}.json").read_text(encoding="utf-8"))
        assert all(catalogue.values())
        shapes.append({key: re.findall(r"\{\w+\}", words) for key, words in catalogue.items()})
    assert set(shapes[0]) == said
    assert shapes[0] == shapes[1] == shapes[2]
