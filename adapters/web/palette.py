"""The house's colour: from one accent all tokens that are made of it, in light and in dark, legible in both.

Contrast is WCAG's: the ratio of two relative luminances, from 1 to 21. Text wants 4.5.
"""

import re

LEGIBLE = 4.5
WHITE = (255, 255, 255)
NIGHT = (22, 27, 28)
"""The dark surface of the shared tokens, on which dark accents are drawn."""

_HEX = re.compile(r"#([0-9a-fA-F]{6})\Z")

Colour = tuple[int, int, int]


def colour(text: str) -> Colour:
    """The colour that ``#rrggbb`` names.

    Raises:
        ValueError: it names none.
    """
    match = _HEX.match(text)
    if match is None:
        raise ValueError(f'"{text}" is no colour: write #rrggbb')
    value = int(match[1], 16)
    return value >> 16, value >> 8 & 255, value & 255


def contrast(one: Colour, other: Colour) -> float:
    """How well one is read on the other: 1 not at all, 21 black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tokens(accent: str) -> str:
    """A style sheet that puts this accent in the place of ours.

    Raises:
        ValueError: it is no colour, or white cannot be read on it.
    """
    base = colour(accent)
    legible = contrast(base, WHITE)
    if legible < LEGIBLE:
        raise ValueError(
            f"white is hard to read on {accent}: the contrast is {legible:.1f}, {LEGIBLE} is needed; take a darker one"
        )
    bright = _until_legible(base, NIGHT)
    deep = _mixed(base, (0, 0, 0), 0.25)
    pairs = {
        "accent": (base, bright),
        "accent-hover": (deep, _mixed(bright, WHITE, 0.2)),
        "accent-soft": (_mixed(base, WHITE, 0.9), _mixed(bright, NIGHT, 0.82)),
        "accent-line": (_mixed(base, WHITE, 0.6), _mixed(bright, NIGHT, 0.6)),
        "on-accent": (WHITE, _mixed(base, (0, 0, 0), 0.85)),
        "on-accent-soft": (_mixed(base, (0, 0, 0), 0.3), _mixed(bright, WHITE, 0.4)),
        "brand-from": (base, _mixed(base, (0, 0, 0), 0.25)),
        "brand-to": (_mixed(base, (0, 0, 0), 0.3), _mixed(base, (0, 0, 0), 0.5)),
        "on-brand-soft": (WHITE, WHITE),
        "bubble-mine": (base, _mixed(base, (0, 0, 0), 0.2)),
        "on-bubble-mine": (WHITE, WHITE),
        "on-bubble-mine-soft": (WHITE, WHITE),
        "text-link": (_mixed(base, (0, 0, 0), 0.1), bright),
    }
    lines = [f"  --{name}: light-dark({_hex(light)}, {_hex(dark)});" for name, (light, dark) in pairs.items()]
    lines.append(f"  --accent-glow: light-dark({_hex(base)}29, {_hex(bright)}2e);")
    return ":root,\n:host {\n" + "\n".join(lines) + "\n}\n"


def _until_legible(base: Colour, ground: Colour) -> Colour:
    """The colour, as light as it must be to be read as text on a dark ground, with room for raised surfaces."""
    for step in range(20):
        lighter = _mixed(base, WHITE, step / 20)
        if contrast(lighter, ground) >= LEGIBLE * 1.6:
            return lighter
    return WHITE


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hex(value: Colour) -> str:
    return f"#{value[0]:02x}{value[1]:02x}{value[2]:02x}"


def _luminance(value: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in value)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    # sRGB's own constants (IEC 61966-2-1)
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004  as above
