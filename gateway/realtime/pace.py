"""The pace: how long somebody at this place in a group's queue will wait, measured by those who were served before.

Nothing is said before enough was measured: a wrong number is worse than none (`routing.md` §16).
"""

from collections import deque
from datetime import datetime, timedelta

from gateway.crossing import Committed
from router.conversation import OwnerKind, State
from router.ids import ConversationId
from skills.ids import GroupId

ENOUGH = 20
"""Conversations that must have been taken lately before a wait is promised."""

LATELY = timedelta(minutes=30)
MOST = 1_000

_IN_QUEUE = frozenset({State.WAITING, State.OFFERED})


class Pace:
    """Listens to the engine: when were conversations taken out of each group's queue by somebody?"""

    def __init__(self) -> None:
        self._queued: dict[ConversationId, GroupId] = {}
        self._taken: dict[GroupId, deque[datetime]] = {}

    def on_commit(self, committed: Committed) -> None:
        """Note who came into a queue, and who was taken out of it."""
        for conversation in committed.conversations.values():
            if conversation.state in _IN_QUEUE:
                self._queued[conversation.id] = conversation.group
                continue
            group = self._queued.pop(conversation.id, None)
            is_taken = conversation.state is State.ACTIVE and conversation.owner.kind is OwnerKind.AGENT
            if group is not None and is_taken and conversation.assigned_at is not None:
                self._taken.setdefault(group, deque(maxlen=MOST)).append(conversation.assigned_at)

    def wait(self, group: GroupId, position: int | None, now: datetime) -> int | None:
        """Seconds until the one at this place (from 1) is served; None when nobody can say."""
        taken = self._taken.get(group)
        if position is None or taken is None:
            return None
        while taken and now - taken[0] > LATELY:
            taken.popleft()
        if len(taken) < ENOUGH:
            return None
        span = max(now - taken[0], timedelta(seconds=1))
        return max(round(position * span.total_seconds() / len(taken)), 1)
