"""Direct codes: what a contact brings along that says where to go (`routing.md` §19).

A code comes as the entry (a URL's parameter, a QR code's scene, a start link's payload; with or without the sign) or in
the text as ``#CA12``. Who decides, from the first to the last:

1. the contact who asks for a person,
2. the dedicated owner (a hard owner in the group where it goes),
3. the code,
4. the rules of triage,
5. their `otherwise`.

A code gives tags like a rule of the first stage and the group like a rule of the last one, so that its line stands in
the trace where theirs do. What is typed counts before how the contact came; a code that is over is as if it had never
been, but the trace says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from router.ids import Tag
from router.reason import Code, Reason
from router.trace import RuleHit, Stage
from skills.ids import AgentId, GroupId
from skills.text import fold

SIGN = "#"

_WRITTEN = re.compile(r"(?<![a-z0-9/])#([a-z0-9][a-z0-9._-]*)")
"""A code in a folded text; neither ``C#12`` nor the end of a link is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectCode:
    """Where a code leads, and what it adds.

    ``group`` None leaves the group to the rules. ``otherwise`` is where it goes while ``group`` is closed. ``agent``
    has a head start in the group, as the agent who answered last has. From ``until`` on (aware) the code is over.
    """

    name: str
    line: int = field(compare=False)
    add: tuple[Tag, ...] = ()
    group: GroupId | None = None
    otherwise: GroupId | None = None
    agent: AgentId | None = None
    until: datetime | None = None

    @property
    def sign(self) -> str:
        """The code as it is typed, and as it is called in traces."""
        return SIGN + self.name

    @property
    def adding(self) -> RuleHit:
        """What is told of its tags."""
        return RuleHit(stage=Stage.TAGS, rule=self.sign, line=self.line, gives=self.add)

    @property
    def leading(self) -> RuleHit:
        """What is told of its group."""
        return RuleHit(stage=Stage.GROUP, rule=self.sign, line=self.line, gives=(self.group,) if self.group else ())

    def why_over(self, at: datetime) -> Reason | None:
        """Why it does not count any more; None while it does."""
        if self.until is None or at < self.until:
            return None
        return Reason(Code.CODE_OVER, (self.sign, f"{self.until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"))


class Codes:
    """The codes of the file; they are met folded, like keywords."""

    __slots__ = ("_by_name",)

    def __init__(self, codes: Iterable[DirectCode]) -> None:
        self._by_name = {fold(code.name): code for code in codes}

    def named(self, name: str) -> DirectCode | None:
        """The code of this name, written in whatever case."""
        return self._by_name.get(fold(name))

    def met(self, text: str, entry: str) -> Iterator[DirectCode]:
        """The codes that a message brings, each once: those typed, in order, then the one it came by."""
        names: dict[str, None] = {}
        folded = fold(text)
        if SIGN in folded:
            for written in _WRITTEN.findall(folded):
                # The sentence that it ends may have ended in a stop.
                names[written if written in self._by_name else written.rstrip("._-")] = None
        names[fold(entry).removeprefix(SIGN)] = None
        for name in names:
            if (code := self._by_name.get(name)) is not None:
                yield code
