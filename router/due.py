"""Due: the instant by which a person should answer, and the order of every queue (`routing.md` §4).

``due = from + answer_within[priority] − boost``: the earliest due is served first, ties by age, then by id. Boosts and
promises aside, a conversation can only be passed by arrivals inside its own target, so nothing starves.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from router.conversation import Conversation
from router.ids import PriorityTag

NORMAL = PriorityTag("normal")

LAST = datetime.max.replace(tzinfo=UTC)
"""The place in line of whatever has no due time."""

Place = tuple[datetime, datetime, str]
"""Where a conversation stands: due, age, id."""


def due(
    priorities: Mapping[PriorityTag, timedelta], priority: PriorityTag, since: datetime, boost: timedelta = timedelta()
) -> datetime:
    """When somebody who waits ``since`` then should be answered; an unknown priority counts as normal."""
    within = priorities.get(priority)
    return since + (priorities[NORMAL] if within is None else within) - boost


def place(conversation: Conversation) -> Place:
    """The conversation's place in line."""
    return (conversation.due_at or LAST, conversation.entered_waiting_at or LAST, conversation.id)
