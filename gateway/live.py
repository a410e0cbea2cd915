"""The board in memory, as long as it mirrors the rows."""

from collections.abc import Iterable
from datetime import datetime

from gateway.store.loading import Head, board_rows
from gateway.store.statement import Cursor
from router.board import Board
from router.conversation import Conversation, State
from router.ids import ConversationId


class Live:
    """The board and the revision of the rows that it mirrors; unknown after a failure.

    ``settings`` are the committed ones, under which the board is rebuilt. ``stored`` are the open conversations as
    their rows are; ``version`` is that of the settings under which they were decided, when the board was rebuilt.
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        self.settings = board.settings
        self.rev: int | None = None
        self.version = 0
        self.stored: dict[ConversationId, Conversation] = {}

    def drop(self) -> None:
        """Trust the board no longer."""
        self.rev = None

    def refresh(self, cursor: Cursor, head: Head, now: datetime) -> None:
        """Make the board mirror the rows, if somebody else wrote since (or a transaction of ours failed)."""
        if self.rev == head.rev:
            return
        self.rev = None
        board = Board(self.settings)
        rows = board_rows(cursor)
        board.restore(rows.conversations, rows.offers, rows.presences, now, rows.timers, rows.overrides, rows.pauses)
        self.board = board
        self.stored = {each.id: each for each in rows.conversations}
        self.rev = head.rev
        self.version = head.config_version

    def written(self, conversations: Iterable[Conversation], rev: int) -> None:
        """These rows have been written, and only the commit is missing."""
        for each in conversations:
            if each.state is State.RESOLVED:
                self.stored.pop(each.id, None)
            else:
                self.stored[each.id] = each
        self.rev = rev
