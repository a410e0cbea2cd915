"""Writes what a batch decided: by table, in an order that the constraints allow, many rows to a call.

What changes several times within a batch (a conversation, a timer) is written once, as it is at the end. Ended
conversations and offers go before open ones, so that "one open per thread" holds at every step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Table,
    bindparam,
    case,
    delete,
    literal_column,
    select,
    update,
)

from gateway.clock import micros
from gateway.crash import crash_point
from gateway.store import identities, requests, schema, windows
from gateway.store.codec import encode
from gateway.store.statement import Cursor, Statement, compiled, in_order, insert, literal, upsert
from router.conversation import Conversation, State
from router.door import Override
from router.effects import RecordMerge, RecordPresence, RecordSplit
from router.events import TimerKind
from router.ids import ConversationId, OfferId
from router.message import DeliveryState
from router.offer import Offer, OfferState
from router.pause import Pause
from router.trace import Trace
from skills.ids import AgentId, GroupId

Row = tuple[Any, ...]


class Diverged(Exception):
    """The rows are not what the board believes: somebody else changed them. The board must be rebuilt."""


@dataclass(slots=True)
class Rows:
    """What a batch wants written. Rows are tuples in the order of the `Writing` statement of the same name.

    ``edits`` name their statement themselves: a message that is edited twice keeps both earlier texts.
    """

    events: list[Row] = field(default_factory=list)
    new_contacts: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    new_threads: list[Row] = field(default_factory=list)
    identifiers: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    threads: list[Row] = field(default_factory=list)
    relocations: list[Row] = field(default_factory=list)
    numbers: list[Row] = field(default_factory=list)
    windows: list[Row] = field(default_factory=list)
    conversations: dict[ConversationId, Conversation] = field(default_factory=dict)
    messages: list[Row] = field(default_factory=list)
    edits: list[tuple[str, Row]] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)
    outbox: list[Row] = field(default_factory=list)
    fetches: dict[tuple[str, int], Row] = field(default_factory=dict)
    offers: dict[OfferId, Offer] = field(default_factory=dict)
    presences: dict[AgentId, RecordPresence] = field(default_factory=dict)
    overrides: dict[GroupId, Override] = field(default_factory=dict)
    pauses: dict[GroupId, Pause | None] = field(default_factory=dict)
    answers: dict[tuple[str, str], Row] = field(default_factory=dict)
    fired: list[Row] = field(default_factory=list)
    timers: dict[tuple[TimerKind, str], int | None] = field(default_factory=dict)
    traces: list[Trace] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    misses: list[Row] = field(default_factory=list)
    identities: list[RecordMerge | RecordSplit] = field(default_factory=list)


class Writing:
    """The statements of one database, built once."""

    def __init__(self, dialect: str) -> None:
        self.events = upsert(
            dialect,
            schema.events,
            ("id", "delivery_key", "kind", "at", "conversation", "body", "state", "problem", "rev", "place"),
            keep=frozenset({"delivery_key"}),
            only_if=_is_pending,
        )
        self.attempts = upsert(
            dialect,
            schema.events,
            ("id", "delivery_key", "kind", "at", "body", "state", "attempts", "problem"),
            keep=frozenset({"delivery_key", "kind", "at", "body"}),
            only_if=_is_pending,
        )
        self.new_contacts = insert(
            dialect, schema.contacts, ("id", "name", "language", "attributes", "created_at", "updated_at")
        )
        self.contacts = _update(dialect, schema.contacts, ("name", "language", "attributes", "updated_at"))
        self.new_threads = insert(
            dialect,
            schema.threads,
            ("id", "inbox", "channel", "address", "contact", "profile", "last_seq", "created_at"),
        )
        self.identifiers = identities.noted(dialect)
        self.threads = _update(dialect, schema.threads, ("profile", "left_because"))
        self.relocations = _update(dialect, schema.threads, ("address",))
        self.numbers = _update(dialect, schema.threads, ("last_seq",))
        self.windows = windows.grant(dialect)
        self.conversations = upsert(
            dialect,
            schema.conversations,
            _CONVERSATION,
            keep=frozenset({"thread", "contact", "inbox", "channel", "created_at"}),
            only_if=lambda new: schema.conversations.c.epoch <= new.epoch,
        )
        self.continued = _continued(dialect)
        self.messages = insert(dialect, schema.messages, _MESSAGE)
        self.revisions = _revisions(dialect)
        self.revised = _update(dialect, schema.messages, ("text", "parts", "edited_at"))
        self.whispered = _update(dialect, schema.messages, ("whisper",))
        self.joined = _update(dialect, schema.messages, ("text", "parts"))
        self.deliveries = _deliveries(dialect)
        self.outbox = insert(dialect, schema.outbox, ("message", "conversation", "thread", "inbox", "state", "next_at"))
        self.asked_again = requests.asked_again(dialect)
        self.unsettled = requests.unsettled(dialect)
        self.rewritten = requests.rewritten(dialect)
        self.fetches = upsert(dialect, schema.fetches, ("message", "part", "inbox", "state", "attempts", "next_at"))
        self.offers = upsert(
            dialect, schema.offers, ("id", "conversation", "agent", "state", "offered_at", "expires_at", "body")
        )
        self.presences = upsert(
            dialect, schema.presences, ("agent", "intent", "reachability", "load", "ceiling", "changed_at", "body")
        )
        self.overrides = upsert(dialect, schema.overrides, ("group", "until", "body"))
        self.pauses = upsert(dialect, schema.pauses, ("group", "body"))
        self.no_pauses = compiled(dialect, delete(schema.pauses).where(schema.pauses.c.group == bindparam("g")))
        self.answers = upsert(dialect, schema.answers, ("contact", "group", "agent", "at"))
        self.fired = _fired(dialect)
        self.timers = upsert(dialect, schema.timers, ("kind", "subject", "at"))
        self.no_timers = compiled(
            dialect,
            delete(schema.timers).where(
                schema.timers.c.kind == bindparam("k"), schema.timers.c.subject == bindparam("s")
            ),
        )
        self.traces = insert(dialect, schema.traces, ("id", "conversation", "at", "body"))
        self.mentions = insert(dialect, schema.mentions, ("message", "agent", "conversation", "at"))
        self.misses = insert(dialect, schema.misses, ("event", "bot", "at", "conversation", "message", "handed_over"))
        self.routing = compiled(
            dialect,
            update(schema.routing)
            .where(schema.routing.c.rev == bindparam("before"))
            .values(rev=bindparam("r"), feed_seq=bindparam("f"), config_version=bindparam("v")),
        )

    def write(self, cursor: Cursor, rows: Rows, stored: Mapping[ConversationId, Conversation], changed_at: int) -> None:
        """Write everything but the routing row. ``stored`` are the open conversations as their rows are.

        Raises:
            Diverged: a stored conversation has a newer epoch, or an event is there already.
            Exception: the driver's own, when a constraint does not hold.
        """
        if self.events.run(cursor, rows.events) != len(rows.events):
            raise Diverged("an event of this batch was decided before")
        crash_point("after_events")
        for name in ("new_contacts", "contacts", "new_threads", "threads", "relocations", "numbers", "windows"):
            statement: Statement = getattr(self, name)
            statement.run(cursor, getattr(rows, name))
        self.identifiers.run(cursor, list(rows.identifiers.values()))
        self._write_conversations(cursor, rows, stored, changed_at)
        self.messages.run(cursor, rows.messages)
        for name, edit in rows.edits:
            statement = getattr(self, name)
            statement.run(cursor, [edit])
        self.outbox.run(cursor, rows.outbox)
        self.deliveries.run(cursor, rows.deliveries)
        self.fetches.run(cursor, list(rows.fetches.values()))
        crash_point("after_messages")
        self._write_agents(cursor, rows, changed_at)
        self._write_timers(cursor, rows)
        self.traces.run(
            cursor, [(trace.id, trace.conversation, micros(trace.at), encode(trace)) for trace in rows.traces]
        )
        self.mentions.run(cursor, rows.mentions)
        self.misses.run(cursor, rows.misses)
        crash_point("after_rows")

    def _write_conversations(
        self, cursor: Cursor, rows: Rows, stored: Mapping[ConversationId, Conversation], changed_at: int
    ) -> None:
        moved: list[Conversation] = []
        continued: list[Row] = []
        for each in rows.conversations.values():
            if _is_where_it_was(each, stored.get(each.id)):
                continued.append(_continuation(each, changed_at))
            else:
                moved.append(each)
        moved.sort(key=lambda each: each.state is not State.RESOLVED)
        written = self.conversations.run(cursor, [_conversation(each, changed_at) for each in moved])
        written += self.continued.run(cursor, continued)
        if written != len(rows.conversations):
            raise Diverged("a stored conversation has a newer epoch")
        self.answers.run(cursor, list(rows.answers.values()))

    def _write_agents(self, cursor: Cursor, rows: Rows, changed_at: int) -> None:
        offers = sorted(rows.offers.values(), key=lambda each: each.state is OfferState.OPEN)
        self.offers.run(cursor, [_offer(each) for each in offers])
        self.presences.run(cursor, [_presence(each, changed_at) for each in rows.presences.values()])
        self.overrides.run(cursor, [(each.group, micros(each.until), encode(each)) for each in rows.overrides.values()])
        running = [(group, encode(each)) for group, each in rows.pauses.items() if each is not None]
        self.pauses.run(cursor, running)
        self.no_pauses.run(cursor, [(group,) for group, each in rows.pauses.items() if each is None])

    def _write_timers(self, cursor: Cursor, rows: Rows) -> None:
        self.fired.run(cursor, rows.fired)
        running = [(kind.value, subject, at) for (kind, subject), at in rows.timers.items() if at is not None]
        ended = [(kind.value, subject) for (kind, subject), at in rows.timers.items() if at is None]
        self.timers.run(cursor, running)
        self.no_timers.run(cursor, ended)


_CONVERSATION = (
    "id", "thread", "contact", "inbox", "channel", "group", "state", "owner_kind", "owner", "epoch", "priority",
    "created_at", "entered_waiting_at", "due_at", "held_until", "resolved_at", "changed_at", "body",
)  # fmt: skip
_MESSAGE = (
    "id", "thread", "conversation", "seq", "direction", "author_kind", "author", "author_name", "at", "note",
    "text", "parts", "client_id", "message_key", "album",
)  # fmt: skip


def _conversation(value: Conversation, changed_at: int) -> Row:
    waiting, due, held, resolved = value.entered_waiting_at, value.due_at, value.held_until, value.resolved_at
    return (
        value.id, value.thread, value.contact, value.inbox, value.channel, value.group, value.state.value,
        value.owner.kind.value, value.owner.id, value.epoch, value.priority, micros(value.created_at),
        None if waiting is None else micros(waiting), None if due is None else micros(due),
        None if held is None else micros(held), None if resolved is None else micros(resolved), changed_at,
        encode(value),
    )  # fmt: skip


def _is_where_it_was(value: Conversation, former: Conversation | None) -> bool:
    """Whether no indexed column changes: most messages only continue a conversation."""
    return (
        former is not None
        and former.state is value.state
        and former.owner == value.owner
        and former.group == value.group
        and former.priority == value.priority
    )


def _continuation(value: Conversation, changed_at: int) -> Row:
    waiting, due, held = value.entered_waiting_at, value.due_at, value.held_until
    return (
        value.epoch, None if waiting is None else micros(waiting), None if due is None else micros(due),
        None if held is None else micros(held), changed_at, encode(value), value.id, value.epoch,
    )  # fmt: skip


def _offer(value: Offer) -> Row:
    expires_at = None if value.expires_at is None else micros(value.expires_at)
    return (
        value.id, value.conversation, value.agent, value.state.value, micros(value.offered_at), expires_at,
        encode(value),
    )  # fmt: skip


def _presence(record: RecordPresence, changed_at: int) -> Row:
    value = record.presence
    return (
        value.agent, value.intent.value, value.reachability.value, value.load, record.units, changed_at, encode(value)
    )  # fmt: skip


def _is_pending(_new: object) -> ColumnElement[bool]:
    return schema.events.c.state == literal("pending")


def _update(dialect: str, table: Table, names: tuple[str, ...]) -> Statement:
    """Set these columns, then the id."""
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = compiled(dialect, update(table).where(table.c.id == bindparam("of")).values(new))
    return in_order(statement, (*(f"new_{name}" for name in names), "of"))


def _continued(dialect: str) -> Statement:
    """Write a conversation that stays where it is: the columns without an index, its id, its epoch."""
    table = schema.conversations
    names = ("epoch", "entered_waiting_at", "due_at", "held_until", "changed_at", "body")
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(table).where(table.c.id == bindparam("of"), table.c.epoch <= bindparam("at_most")).values(new)
    return in_order(compiled(dialect, statement), (*(f"new_{name}" for name in names), "of", "at_most"))


def _revisions(dialect: str) -> Statement:
    """Keep a message's present parts under the instant of the edit: the instant, then the message."""
    messages = schema.messages
    present = select(messages.c.id, bindparam("at", type_=BigInteger), messages.c.parts).where(
        messages.c.id == bindparam("of")
    )
    return in_order(
        compiled(dialect, schema.revisions.insert().from_select(["message", "at", "parts"], present)), ("at", "of")
    )


_RANKS = {
    DeliveryState.QUEUED: 0,
    DeliveryState.UNVERIFIED: 1,
    DeliveryState.REJECTED: 2,
    DeliveryState.SENT: 3,
    DeliveryState.DELIVERED: 4,
    DeliveryState.READ: 5,
}


def delivery_rank(state: DeliveryState) -> int:
    """How far a message got: a report of less than what is known changes nothing."""
    return _RANKS[state]


def _deliveries(dialect: str) -> Statement:
    """Set a message's delivery, unless it is known to have got further: state, reason, id, rank."""
    column = schema.messages.c.delivery
    ranks: Any = ((column == literal(state.value), literal_column(str(rank))) for state, rank in _RANKS.items())
    known = case(*ranks, else_=literal_column("-1"))
    statement = (
        update(schema.messages)
        .where(schema.messages.c.id == bindparam("of"), known <= bindparam("rank", type_=Integer))
        .values(delivery=bindparam("d"), delivery_reason=bindparam("r"))
    )
    return in_order(compiled(dialect, statement), ("d", "r", "of", "rank"))


def _fired(dialect: str) -> Statement:
    """Forget a timer that fired, unless it has been set anew: kind, subject, the instant of the event."""
    timers = schema.timers
    return compiled(
        dialect,
        delete(timers).where(
            timers.c.kind == bindparam("k"), timers.c.subject == bindparam("s"), timers.c.at <= bindparam("fired_at")
        ),
    )
