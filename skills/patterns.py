"""Patterns: an administrator's regular expressions, by RE2.

RE2 takes time in proportion to the text, whatever the expression: no pattern in a routing file can hold the gateway.
It has no look-around and no back-references, and refuses them when the file is read.
"""

from dataclasses import dataclass, field
from typing import Any

import re2

_quiet = re2.Options()
_quiet.log_errors = False  # a bad pattern is the file's error with its line, not a line on stderr


class BadPattern(ValueError):
    """A regular expression that RE2 does not read; the message says where it fails."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled expression; equal when its source is."""

    source: str
    _compiled: Any = field(repr=False, compare=False)  # re2 publishes no types

    def is_in(self, text: str) -> bool:
        """Whether the expression matches anywhere in the text, which is taken as it is (``(?i)`` ignores case)."""
        # Half a surrogate pair, which JSON can carry, has no UTF-8 and becomes a question mark.
        return self._compiled.search(text.encode("utf-8", "replace")) is not None


def compile_pattern(source: str) -> Pattern:
    """Compile an expression. Raises BadPattern with RE2's reason, also for the empty one, which is in every text."""
    if not source:
        raise BadPattern("an empty pattern matches everything")
    try:
        return Pattern(source, re2.compile(source, options=_quiet))
    except re2.error as error:
        (reason,) = error.args
        raise BadPattern(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from error
    except UnicodeEncodeError as error:
        raise BadPattern("the pattern is not valid Unicode text") from error
