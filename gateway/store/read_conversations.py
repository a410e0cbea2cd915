"""Conversations with what stands beside them: the contact's name, the last words, open offers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from gateway.clock import instant
from gateway.store.codec import decode
from gateway.store.paging import Cursor
from gateway.store.schema import contacts, conversations, mentions, messages, offers, threads
from gateway.views.conversation import LastMessage, ListedConversation, WindowView
from router.conversation import Conversation, OwnerKind, State
from router.effects import Direction
from router.ids import ContactId, ConversationId
from router.offer import Offer, OfferState
from skills.ids import AgentId, GroupId

_UNANSWERED = (State.BOT.value, State.WAITING.value, State.OFFERED.value)
_TAKEN = (OfferState.ACCEPTED.value, OfferState.AUTO.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which conversations a list shows. ``visible_to`` None shows all; else that agent's own and these groups' unowned.

    ``is_waiting`` lists those that wait or are offered, the longest waiting first; other lists have the newest first.
    ``mentioned`` is whom notes in them ask to look.
    """

    visible_to: AgentId | None = None
    groups: frozenset[GroupId] = frozenset()
    owner: AgentId | None = None
    is_waiting: bool = False
    group: GroupId | None = None
    state: State | None = None
    contact: ContactId | None = None
    mentioned: AgentId | None = None


_last = messages.alias("last")
_asked = messages.alias("asked")


def _statement() -> Select[Any]:
    newest = messages.alias("newest")
    said = messages.alias("said")
    last_id = (
        select(newest.c.id)
        .where(newest.c.thread == conversations.c.thread, newest.c.conversation == conversations.c.id, ~newest.c.note)
        .order_by(newest.c.seq.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )
    asked_id = (
        select(said.c.id)
        .where(
            said.c.thread == conversations.c.thread,
            said.c.conversation == conversations.c.id,
            said.c.direction == Direction.IN.value,
        )
        .order_by(said.c.seq.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )
    return (
        select(
            conversations.c.id,
            conversations.c.body,
            conversations.c.created_at,
            conversations.c.entered_waiting_at,
            contacts.c.name.label("contact_name"),
            threads.c.last_seq,
            threads.c.left_because,
            threads.c.window_of,
            threads.c.window_left,
            threads.c.window_until,
            _last.c.text.label("last_text"),
            _last.c.at.label("last_at"),
            _last.c.author_kind.label("last_author"),
            _asked.c.text.label("asked"),
        )
        .select_from(conversations)
        .join(threads, threads.c.id == conversations.c.thread)
        .join(contacts, contacts.c.id == conversations.c.contact)
        .outerjoin(_last, _last.c.id == last_id)
        .outerjoin(_asked, _asked.c.id == asked_id)
    )


_LISTED = _statement()
_BY_ID = _LISTED.where(conversations.c.id.in_(bindparam("ids", expanding=True)))
_OFFERS = select(offers.c.conversation, offers.c.body).where(
    offers.c.state == OfferState.OPEN.value, offers.c.conversation.in_(bindparam("ids", expanding=True))
)
_TOOK_PART = select(func.count()).where(
    offers.c.conversation == bindparam("conversation"), offers.c.agent == bindparam("agent"), offers.c.state.in_(_TAKEN)
)
_SPOKE = (
    select(messages.c.id)
    .where(
        messages.c.conversation == bindparam("conversation"),
        messages.c.thread == bindparam("thread"),
        messages.c.author == bindparam("agent"),
    )
    .limit(1)
)


_MENTIONED = (
    select(mentions.c.message)
    .where(mentions.c.agent == bindparam("agent"), mentions.c.conversation == bindparam("conversation"))
    .limit(1)
)


def listed(connection: Connection, ids: Iterable[ConversationId]) -> dict[ConversationId, ListedConversation]:
    """These conversations, those that exist."""
    rows = connection.execute(_BY_ID, {"ids": list(ids)}).all()
    return {found.conversation.id: found for found in _with_offers(connection, rows)}


def conversation_listed(connection: Connection, id_: ConversationId) -> ListedConversation | None:
    """One conversation; None when there is none."""
    return listed(connection, [id_]).get(id_)


def page(
    connection: Connection, wanted: Wanted, limit: int, after: Cursor | None
) -> tuple[list[ListedConversation], Cursor | None]:
    """One page of a list, and where the next begins; None at the end."""
    sort = (
        func.coalesce(conversations.c.entered_waiting_at, conversations.c.created_at)
        if wanted.is_waiting
        else conversations.c.created_at
    )
    query = _LISTED.where(*_conditions(wanted)).limit(limit + 1)
    if wanted.is_waiting:
        query = query.order_by(sort, conversations.c.id)
        beyond = or_(sort > after.value, and_(sort == after.value, conversations.c.id > after.id)) if after else None
    else:
        query = query.order_by(sort.desc(), conversations.c.id.desc())
        beyond = or_(sort < after.value, and_(sort == after.value, conversations.c.id < after.id)) if after else None
    rows = connection.execute(query if beyond is None else query.where(beyond)).all()
    found = _with_offers(connection, rows[:limit])
    if len(rows) <= limit:
        return found, None
    last = rows[limit - 1]
    is_since_waiting = wanted.is_waiting and last.entered_waiting_at is not None
    return found, Cursor(last.entered_waiting_at if is_since_waiting else last.created_at, last.id)


def took_part(connection: Connection, conversation: Conversation, agent: AgentId) -> bool:
    """Whether the agent has had this conversation before: took an offer of it, spoke in it, or was asked to look."""
    which = {"conversation": conversation.id, "agent": agent}
    if connection.execute(_TOOK_PART, which).scalar_one():
        return True
    if connection.execute(_MENTIONED, which).first() is not None:
        return True
    return connection.execute(_SPOKE, {**which, "thread": conversation.thread}).first() is not None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    column = conversations.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.visible_to is not None:
        conditions.append(_visible(wanted.visible_to, wanted.groups))
    if wanted.owner is not None:
        is_open = column.state != State.RESOLVED.value
        conditions += [column.owner_kind == OwnerKind.AGENT.value, column.owner == wanted.owner, is_open]
    if wanted.is_waiting:
        conditions.append(column.state.in_((State.WAITING.value, State.OFFERED.value)))
    if wanted.group is not None:
        conditions.append(column.group == wanted.group)
    if wanted.state is not None:
        conditions.append(column.state == wanted.state.value)
    if wanted.contact is not None:
        conditions.append(column.contact == wanted.contact)
    if wanted.mentioned is not None:
        conditions.append(column.id.in_(select(mentions.c.conversation).where(mentions.c.agent == wanted.mentioned)))
    return conditions


def _visible(agent: AgentId, groups: frozenset[GroupId]) -> ColumnElement[bool]:
    column = conversations.c
    is_own = and_(column.owner_kind == OwnerKind.AGENT.value, column.owner == agent)
    is_unowned = or_(column.state == State.RESOLVED.value, column.state.in_(_UNANSWERED))
    is_offered = column.id.in_(
        select(offers.c.conversation).where(offers.c.agent == agent, offers.c.state == OfferState.OPEN.value)
    )
    return or_(is_own, is_offered, and_(column.group.in_(sorted(groups)), is_unowned))


def _with_offers(connection: Connection, rows: Sequence[Any]) -> list[ListedConversation]:
    if not rows:
        return []
    open_offers: dict[str, list[Offer]] = defaultdict(list)
    for offer in connection.execute(_OFFERS, {"ids": [row.id for row in rows]}):
        open_offers[offer.conversation].append(decode(Offer, offer.body))
    return [
        ListedConversation(
            conversation=decode(Conversation, row.body),
            contact_name=row.contact_name,
            last_seq=row.last_seq,
            left_because=row.left_because,
            offers=tuple(open_offers[row.id]),
            last_message=None
            if row.last_at is None
            else LastMessage(text=row.last_text, at=instant(row.last_at), author=row.last_author),
            excerpt=row.asked or "",
            window=None
            if row.window_until is None
            else WindowView(left=row.window_left, of=row.window_of, until=instant(row.window_until)),
        )
        for row in rows
    ]
