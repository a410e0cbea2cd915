"""What an inbox's examination finds."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a finding is: as it should be, worth a look, keeps the inbox from working."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that an inbox's examination looked at: in words, with what to do when it is not well. No secrets."""

    severity: Severity
    what: str
    advice: str = ""
