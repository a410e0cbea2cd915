"""One accent makes a whole palette, legible in light and in dark."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.palette import LEGIBLE, NIGHT, WHITE, colour, contrast, tokens

PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
GRAPHICAL = 3.0
"""WCAG's least contrast of what is no text."""


@given(st.integers(0, 0xFFFFFF))
def test_palette_is_legible_or_refused(value: int) -> None:
    """What is written on the accent, and the accent as text, keep the contrast in both schemes."""
    accent = f"#{value:06x}"
    if contrast(colour(accent), WHITE) < LEGIBLE:
        with pytest.raises(ValueError, match="hard to read"):
            tokens(accent)
        return
    found = {name: (colour(light), colour(dark)) for name, light, dark in PAIR.findall(tokens(accent))}
    for ground, text in (
        ("accent", "on-accent"),
        ("accent-hover", "on-accent"),
        ("accent-soft", "on-accent-soft"),
        ("bubble-mine", "on-bubble-mine"),
        ("brand-from", "on-brand-soft"),
        ("brand-to", "on-brand-soft"),
    ):
        for one, other in zip(found[ground], found[text], strict=True):
            assert contrast(one, other) >= LEGIBLE, (ground, text)
    for surface, link in zip((WHITE, NIGHT), found["text-link"], strict=True):
        assert contrast(surface, link) >= LEGIBLE
    for surface, accent_drawn in zip((WHITE, NIGHT), found["accent"], strict=True):
        assert contrast(surface, accent_drawn) >= GRAPHICAL


def test_contrast_is_known() -> None:
    """Black on white is 21, a colour on itself is 1."""
    assert round(contrast((0, 0, 0), WHITE), 1) == 21.0
    assert contrast((9, 9, 9), (9, 9, 9)) == 1.0


@pytest.mark.parametrize("text", ["", "red", "#fff", "#gggggg", "#0c6b5d;}", "0c6b5d", "#0c6b5d\n"])
def test_only_six_digits_are_a_colour(text: str) -> None:
    """Nothing else can get into the style sheet."""
    with pytest.raises(ValueError, match="no colour"):
        tokens(text)
