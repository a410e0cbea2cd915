"""Labelled points at which a test may kill the process, to prove what survives.

``POINTSMAN_CRASH_AT=before_commit`` or ``before_commit:3`` (the third time) ends the process there: no clean-up, no
last words. Without the variable a point costs one comparison.
"""

import os
import signal

_LABEL, _, _times = os.environ.get("POINTSMAN_CRASH_AT", "").partition(":")
_left = int(_times or 1)


def crash_point(label: str) -> None:
    """Die here, if this is the point that was asked for."""
    if label == _LABEL:
        _die()


def _die() -> None:
    global _left  # noqa: PLW0603  a process has one death
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
