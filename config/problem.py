"""Problems: what is wrong in the files, where, and what was probably meant.

A code never changes its meaning; numbers below 100 are about form, from 100 on about meaning, W ones are warnings.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """Whether a problem keeps the files from being applied."""

    ERROR = "error"
    WARNING = "warning"


class Code(Enum):
    """Every problem there is, by its stable code."""

    NO_FILE = "E001"
    NOT_YAML = "E002"
    DUPLICATE_KEY = "E003"
    UNKNOWN_KEY = "E010"
    MISSING_KEY = "E011"
    WRONG_TYPE = "E012"
    NOT_ALLOWED = "E013"
    BAD_FORM = "E014"
    CONFLICT = "E015"
    UNKNOWN_CHANNEL = "E101"
    UNKNOWN_INBOX = "E102"
    UNKNOWN_HOURS = "E103"
    UNKNOWN_GROUP = "E104"
    UNKNOWN_SKILL = "E105"
    UNKNOWN_PRIORITY = "E106"
    UNKNOWN_REPLY = "E108"
    UNKNOWN_BOT = "E109"
    UNKNOWN_LANGUAGE = "E110"
    UNKNOWN_COUNTRY = "E111"
    UNKNOWN_ZONE = "E112"
    UNKNOWN_AGENT = "E113"
    NO_NORMAL = "E120"
    NO_OTHERWISE = "E121"
    AFTER_OTHERWISE = "E122"
    OVERLAP = "E123"
    RELAX_SHRINKS = "E124"
    CIRCLE = "E125"
    DAY_TWICE = "E126"
    BACKWARD = "E127"
    CODE_TWICE = "E128"
    BAD_PATTERN = "E130"
    BAD_TEMPLATE = "E131"
    UNKNOWN_VARIABLE = "E132"
    TEMPLATE_REFUSED = "E133"
    UNRESOLVED_SECRET = "E140"  # noqa: S105 - a code, not a secret
    TEST_FAILED = "E150"
    NOBODY_IN_GROUP = "W201"
    MISSING_LANGUAGE = "W202"
    YEAR_NOT_ANNOUNCED = "W203"
    LITERAL_SECRET = "W204"  # noqa: S105 - as above
    MISSING_SECRET = "W205"  # noqa: S105 - as above
    SHADOWED_RULE = "W206"
    RELAX_ADDS_NOBODY = "W207"
    NOBODY_HAS_SKILL = "W208"
    NEVER_OPEN = "W209"
    LONG_NIGHT = "W210"
    TAG_NEVER_ADDED = "W211"
    FOREIGN_CHANNEL = "W212"
    CODE_IS_ENTRY = "W213"
    CODE_OVER = "W214"
    CODE_ASKS_NOBODY = "W215"
    KEYWORD_INSIDE = "W220"
    NO_TIME_LEFT = "W230"

    @property
    def severity(self) -> Severity:
        """Errors keep the files from being applied; the letter says which is which."""
        return Severity.ERROR if self.value.startswith("E") else Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding: ``line`` and ``column`` count from 1; ``suggestion`` is empty or says what was probably meant."""

    file: str
    line: int
    column: int
    code: Code
    message: str
    suggestion: str = ""

    @property
    def severity(self) -> Severity:
        """As its code says."""
        return self.code.severity

    def __str__(self) -> str:
        words = f"{self.message}; {self.suggestion}" if self.suggestion else self.message
        return f"{self.file}:{self.line}:{self.column} {self.code.value} {words}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean "japan-korea"?`` for the closest of the known words; empty when none is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else ""


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """In the order of the files' lines, errors before warnings of one place, each once."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.code.value, p.message)))
