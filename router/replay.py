"""Replay: what happened is decided again, to the same bytes; and one decision with the table of all candidates.

A trace names who was chosen and who came next; that is all that a decision can afford. Whoever asks later why another
agent was not chosen gets the whole table: the board is brought to where it was, and the same event is decided again.
"""

from collections.abc import Callable, Iterable, Iterator

from router.board import Board
from router.conversation import Conversation
from router.decide import carry_out, decide
from router.effects import Effect
from router.events import AnyEvent, ConfigApplied, Event
from router.ids import TraceId
from router.pool import Pool
from router.reason import Reason
from router.selection import Choice, all_candidates
from router.settings import Settings
from router.trace import Candidate, Outcome
from router.turn import Turn
from skills.ids import AgentId

SettingsOf = Callable[[int], Settings]
"""The settings of a routing version."""


def replay(board: Board, events: Iterable[AnyEvent], settings_of: SettingsOf) -> Iterator[tuple[Effect, ...]]:
    """Decide these events again, in their order: the effects of each.

    Raises:
        Refused: one of them may not happen on this board: it is not the board on which they were decided.
    """
    for event in events:
        _put_in_force(board, event, settings_of)
        yield decide(board, event)


def inquire(board: Board, event: AnyEvent, settings_of: SettingsOf) -> tuple[tuple[Effect, ...], "Tables"]:
    """Decide one event, and tell of each of its matches how all agents stood just before.

    Raises:
        Refused: as for `replay`.
    """
    _put_in_force(board, event, settings_of)
    inquiry = _Inquiry(board, event)
    return carry_out(inquiry, event), inquiry.tables


Tables = dict[TraceId, tuple[Candidate, ...]]
"""All agents by the trace of the decision in which they were compared."""


def _put_in_force(board: Board, event: AnyEvent, settings_of: SettingsOf) -> None:
    if isinstance(event, ConfigApplied):
        board.configure(settings_of(event.version))


class _Inquiry(Turn):
    """A turn that looks at everybody whenever a conversation is matched, or finds nobody."""

    __slots__ = ("tables",)

    def __init__(self, board: Board, event: Event) -> None:
        super().__init__(board, event)
        self.tables: Tables = {}

    def explain(
        self,
        conversation: Conversation,
        outcome: Outcome,
        *,
        choice: Choice | None = None,
        chosen: AgentId | None = None,
        pool: Pool | None = None,
        reasons: tuple[Reason, ...] = (),
    ) -> None:
        """Store the reasons, and the table: the offer is not made yet, and nobody's units are reserved for it."""
        is_matched = choice is not None or pool is not None
        table = all_candidates(self.board, conversation, self.at) if is_matched else ()
        super().explain(conversation, outcome, choice=choice, chosen=chosen, pool=pool, reasons=reasons)
        self.tables[TraceId(f"{self.event.id}.t{self._traces}")] = table
