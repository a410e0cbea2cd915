"""Due: the instant by which a person should answer, and the order of every queue (`routing.md` §4).

``due = min(from + answer_within[priority], the first answer's due) − boost``, the latter where the file has a target:
the earliest due is served first, ties by age, then by id. Boosts, promises and targets aside, a conversation can only
be passed by arrivals inside its own target, so nothing starves.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from router.clocks import first_due
from router.conversation import Conversation
from router.ids import PriorityTag
from router.settings import Settings

NORMAL = PriorityTag("normal")

FIRST = datetime.min.replace(tzinfo=UTC)
"""The due of whatever stands in the strict lane: before everything else, by age."""

LAST = datetime.max.replace(tzinfo=UTC)
"""The place in line of whatever has no due time."""

Place = tuple[datetime, datetime, str]
"""Where a conversation stands: due, age, id."""


BEHIND_THE_LANE: Place = (FIRST, LAST, chr(0x10FFFF))
"""Where the strict lane ends and everything else begins."""


def due(
    priorities: Mapping[PriorityTag, timedelta], priority: PriorityTag, since: datetime, boost: timedelta = timedelta()
) -> datetime:
    """When somebody who waits ``since`` then should be answered; an unknown priority counts as normal."""
    within = priorities.get(priority)
    return since + (priorities[NORMAL] if within is None else within) - boost


def due_of(settings: Settings, conversation: Conversation, since: datetime) -> datetime:
    """When this conversation should be answered if it waits ``since`` then; a wish has an instant of its own."""
    wished = conversation.patience.wish_due_at
    if wished is not None:
        return wished
    by_priority = due(settings.priorities, conversation.priority, since, conversation.boost)
    first = first_due(conversation.clocks) if conversation.clocks else None
    return by_priority if first is None else min(by_priority, first - conversation.boost)


def is_urgent(settings: Settings, conversation: Conversation) -> bool:
    """Whether it belongs into the strict lane: by its priority, or because too many agents let it go stale."""
    its = settings.groups.get(conversation.group)
    is_stale = its is not None and 0 < its.first_reply.hops <= conversation.hops
    return is_stale or conversation.priority in settings.strict


def place(conversation: Conversation) -> Place:
    """The conversation's place in line."""
    if conversation.is_urgent:
        return (FIRST, conversation.entered_waiting_at or LAST, conversation.id)
    return (conversation.due_at or LAST, conversation.entered_waiting_at or LAST, conversation.id)
