"""A pool: conversations that wait with the same needs, and the bench of those who can answer them.

The two sides meet here. On one side stands a line of waiting conversations, by due. On the other sit the agents who
may receive and have room, by the group's pick. As long as the matching is right, one side is empty (exclusions aside).
"""

from dataclasses import dataclass

from router.bench import Bench
from router.due import Place
from router.ids import ConversationId
from router.line import Line
from router.seat import Terms
from router.trace import Verdict
from skills.group import Pick
from skills.ids import GroupId
from skills.skill import Requirement


@dataclass(frozen=True, slots=True)
class Key:
    """What makes conversations equal for matching: who may answer, what is asked, what it costs, how is picked."""

    groups: tuple[GroupId, ...]
    requirement: Requirement
    units: float
    pick: Pick
    channel: str = ""

    @property
    def terms(self) -> Terms:
        """What a conversation asks of an agent besides skills."""
        return (self.units, self.channel)


class Pool:
    """The waiting side of one `Key`, and its ``bench``.

    ``resting`` are those whose queue is paused: they keep their places beside the line. ``elsewhere`` counts agents by
    why they are not on the bench at all. ``excluding`` are the waiting conversations that have a cool-down for some
    agent.
    """

    __slots__ = ("bench", "elsewhere", "excluding", "key", "line", "resting")

    def __init__(self, key: Key, bench: Bench, elsewhere: dict[Verdict, int]) -> None:
        self.key = key
        self.bench = bench
        self.line = Line()
        self.resting = Line()
        self.excluding: dict[ConversationId, None] = {}
        self.elsewhere = elsewhere

    @property
    def home(self) -> GroupId:
        """The group whose conversations wait here."""
        return self.key.groups[0]

    def counts(self, free: Verdict = Verdict.ELIGIBLE) -> tuple[tuple[str, int], ...]:
        """How many agents have which verdict, for a trace; ``free`` is that of those who are."""
        counts = {verdict.value: number for verdict, number in self.elsewhere.items() if number}
        counts.update((verdict.value, number) for verdict, number in self.bench.standings.items() if number)
        if self.bench.free:
            counts[free.value] = self.bench.free
        if self.bench.full:
            counts[Verdict.FULL.value] = self.bench.full
        return tuple(sorted(counts.items()))

    def put(self, conversation: ConversationId, place: Place, *, is_excluding: bool) -> None:
        """A conversation waits here from now on."""
        self.line.add(place)
        if is_excluding:
            self.excluding[conversation] = None

    def take(self, conversation: ConversationId, place: Place) -> None:
        """A conversation waits here no more."""
        self.line.remove(place)
        self.excluding.pop(conversation, None)
