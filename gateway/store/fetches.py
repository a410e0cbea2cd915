"""The rows of files that are still to be fetched, and the parts of messages that they become."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from gateway.clock import micros
from gateway.store.codec import decode_parts, encode_parts
from gateway.store.schema import fetches, messages, routing
from router.ids import ConversationId, InboxId, MessageId
from router.message import Media, Part

_LOOKED_AT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One file to fetch: part ``index`` of ``message``, as it stands there; None when an edit took it away."""

    message: MessageId
    index: int
    conversation: ConversationId
    inbox: InboxId
    attempts: int
    media: Media | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it: the part to show, or the words that say why there is none."""

    media: Media | None = None
    problem: str = ""


_due = (
    select(
        fetches.c.message,
        fetches.c.part,
        fetches.c.inbox,
        fetches.c.attempts,
        messages.c.conversation,
        messages.c.parts,
    )
    .join(messages, messages.c.id == fetches.c.message)
    .where(fetches.c.state == "due", fetches.c.next_at <= bindparam("now"))
    .order_by(fetches.c.next_at)
    .limit(_LOOKED_AT)
)
_this = (fetches.c.message == bindparam("of_message"), fetches.c.part == bindparam("of_part"))
_postpone = update(fetches).where(*_this).values(attempts=fetches.c.attempts + 1, next_at=bindparam("not_before"))
_finished = delete(fetches).where(*_this)
_parts = select(messages.c.parts).where(messages.c.id == bindparam("of_message")).with_for_update()
_routing = select(routing.c.rev).with_for_update(key_share=True)
_completed = update(messages).where(messages.c.id == bindparam("of_message")).values(parts=bindparam("whole"))


def due(connection: Connection, now: datetime, running: Collection[tuple[str, int]], each: int, room: int) -> list[Due]:
    """What may be begun now besides what is ``running``: at most ``room``, and ``each`` of one inbox."""
    found: list[Due] = []
    busy: Counter[str] = Counter()
    for row in connection.execute(_due, {"now": micros(now)}):
        if (row.message, row.part) in running:
            busy[row.inbox] += 1
            continue
        if len(found) >= room or busy[row.inbox] >= each:
            continue
        busy[row.inbox] += 1
        found.append(
            Due(
                message=MessageId(row.message),
                index=row.part,
                conversation=ConversationId(row.conversation),
                inbox=InboxId(row.inbox),
                attempts=row.attempts,
                media=_missing(decode_parts(row.parts), row.part),
            )
        )
    return found


def postpone(connection: Connection, due: Due, not_before: datetime) -> None:
    """Try again then."""
    row = {"of_message": due.message, "of_part": due.index, "not_before": micros(not_before)}
    connection.execute(_postpone, row)


def finish(connection: Connection, due: Due, result: Result) -> bool:
    """Write the file (or why there is none) into its message; whether the message changed by it.

    It takes the routing row first, as the engine does: a batch that adds to the same album must not overwrite it.
    """
    connection.execute(_routing)
    connection.execute(_finished, {"of_message": due.message, "of_part": due.index})
    parts = decode_parts(connection.execute(_parts, {"of_message": due.message}).scalar_one())
    present = _missing(parts, due.index)
    if present is None or due.media is None or present.ref != due.media.ref:
        return False
    part = result.media or replace(present, problem=result.problem)
    whole = (*parts[: due.index], part, *parts[due.index + 1 :])
    connection.execute(_completed, {"of_message": due.message, "whole": encode_parts(whole)})
    return True


def _missing(parts: tuple[Part, ...], index: int) -> Media | None:
    """The part there, if it is a file that is still to be fetched."""
    part = parts[index] if index < len(parts) else None
    return part if isinstance(part, Media) and part.ref and part.media is None else None
