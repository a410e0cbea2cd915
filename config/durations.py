"""Durations as administrators write them: ``15s``, ``2m``, ``4h``, ``3d``, and joined, ``1h30m``."""

import re
from datetime import timedelta

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_PIECE = r"(\d{1,6})([dhms])"
PATTERN = rf"^({_PIECE})+$"
"""What a duration looks like, as a regular expression for the JSON Schema."""

LONGEST = timedelta(days=3650)


def parse_duration(text: str) -> timedelta:
    """The span that ``text`` says.

    Raises:
        ValueError: it is not a duration, or longer than ten years; the message says what one looks like.
    """
    if not re.fullmatch(PATTERN, text.strip(), re.ASCII):
        raise ValueError("a duration is a number with s, m, h or d, such as 15s, 2m, 1h30m")
    span = sum((int(n) * _UNITS[unit] for n, unit in re.findall(_PIECE, text)), timedelta())
    if span > LONGEST:
        raise ValueError("a duration is at most 3650d")
    return span


def format_duration(span: timedelta) -> str:
    """The shortest way to write ``span``, to whole seconds: ``1h30m``."""
    left = timedelta(seconds=int(span.total_seconds()))
    pieces = []
    for unit, size in _UNITS.items():
        count, left = divmod(left, size)
        if count:
            pieces.append(f"{count}{unit}")
    return "".join(pieces) or "0s"
