"""Service level: the share that was answered in time, by three formulas that give three different numbers.

None is the right one, so the label always goes with the number.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from router.figures.row import VisitEnd


class Formula(Enum):
    """Whom a service level counts. ``strict`` is ours; the other two are what contact centres often mean."""

    STRICT = "strict"
    LEFT_QUEUE = "left_queue"
    ANSWERED = "answered"


_LABELS = {
    Formula.STRICT: "answered within {within} ÷ (answered + abandoned after {within})",
    Formula.LEFT_QUEUE: "left the queue within {within}, for any reason ÷ offered",
    Formula.ANSWERED: "answered within {within} ÷ answered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How soon a contact should be with a person, and by which formula that is counted."""

    within: timedelta = timedelta(seconds=20)
    formula: Formula = Formula.STRICT

    @property
    def label(self) -> str:
        """The formula in words."""
        return _LABELS[self.formula].format(within=f"{self.within.total_seconds():g} s")

    def is_kept(self, end: VisitEnd, waited: timedelta) -> bool | None:
        """Whether the promise was kept on a visit that ended so; None when the formula does not count it."""
        in_time = waited <= self.within
        is_answered = end is VisitEnd.ANSWERED
        match self.formula:
            case Formula.STRICT:
                is_late = end is VisitEnd.ABANDONED and not in_time
                return in_time if is_answered else (False if is_late else None)
            case Formula.LEFT_QUEUE:
                if end is VisitEnd.OPEN:
                    return None if in_time else False
                return in_time
            case Formula.ANSWERED:
                return in_time if is_answered else None
