"""Reads what a batch needs: one statement per kind of thing, however long the batch.

Keys travel as one parameter (a JSON array on SQLite, arrays on PostgreSQL), so that each text is prepared once.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from gateway.clock import instant
from gateway.store.codec import decode, decode_parts
from gateway.store.statement import Cursor
from gateway.store.windows import Window
from router.conversation import Conversation, LastAnswer
from router.door import Override
from router.events import TimerKind
from router.ids import ChannelName, ContactId, ConversationId, InboxId, MessageId, Tag, ThreadId
from router.message import Part
from router.offer import Offer
from router.pause import Pause
from router.presence import Presence
from skills.ids import AgentId, GroupId

_KEYS = {"sqlite": "json_each(?) AS k", "postgresql": "unnest(%s::text[]) AS k(value)"}
_PAIRS = {
    "sqlite": ("(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS b FROM json_each(?)) AS k"),
    "postgresql": "unnest(%s::text[], %s::text[]) AS k(a, b)",
}
_LOCK = {
    "sqlite": "SELECT rev, feed_seq, config_version FROM routing",
    "postgresql": "SELECT rev, feed_seq, config_version FROM routing FOR NO KEY UPDATE",
}
"""SQLite's lock is its BEGIN IMMEDIATE. ``FOR UPDATE`` would make inserts wait that refer to the row."""

_DELIVERIES = "SELECT e.delivery_key, e.id, e.state FROM {keys} CROSS JOIN events e WHERE e.delivery_key = k.value"
_EVENTS = "SELECT e.id FROM {keys} CROSS JOIN events e WHERE e.id = k.value AND e.state <> 'pending'"
_THREADS = """
SELECT t.id, t.inbox, t.address, t.contact, t.channel, t.profile, t.last_seq, t.left_because,
       p.name, p.language, p.tags, p.attributes, t.window_of, t.window_left, t.window_until,
       (SELECT count(*) FROM (SELECT 1 FROM conversations n WHERE n.contact = t.contact LIMIT 2) AS few)
FROM {pairs} CROSS JOIN threads t JOIN contacts p ON p.id = t.contact
WHERE t.inbox = k.a AND t.address = k.b
"""
_NEWEST = """
SELECT c.thread, c.body
FROM {keys} JOIN conversations c ON c.id = (
    SELECT n.id FROM conversations n WHERE n.thread = k.value ORDER BY n.created_at DESC, n.id DESC LIMIT 1
)
"""
_PLACES = """
SELECT c.id, t.id, t.inbox, t.last_seq, p.name
FROM {keys} CROSS JOIN conversations c JOIN threads t ON t.id = c.thread JOIN contacts p ON p.id = t.contact
WHERE c.id = k.value
"""
_ANSWERS = """
SELECT a.contact, a.agent, a."group", a.at
FROM {keys} CROSS JOIN answers a WHERE a.contact = k.value ORDER BY a.at
"""
_BY_KEY = """
SELECT m.thread, m.message_key, m.id, m.conversation
FROM {pairs} CROSS JOIN messages m WHERE m.thread = k.a AND m.message_key = k.b ORDER BY m.seq
"""
_BY_CLIENT = """
SELECT c.id, m.client_id, m.id
FROM {pairs} CROSS JOIN conversations c JOIN messages m ON m.thread = c.thread
WHERE c.id = k.a AND m.client_id = k.b
"""
_BY_ALBUM = """
SELECT m.thread, m.album, m.id, m.conversation, m.parts
FROM {pairs} CROSS JOIN messages m WHERE m.thread = k.a AND m.album = k.b {lock}
"""
_BY_ID = "SELECT m.id, m.conversation FROM {keys} CROSS JOIN messages m WHERE m.id = k.value"
_OFFERED = (
    "SELECT m.id, m.thread, m.parts FROM {keys} CROSS JOIN messages m WHERE m.id = k.value AND m.direction = 'out'"
)
_NEVER_RESOLVED = "SELECT body FROM conversations WHERE state <> 'resolved'"


class Head(NamedTuple):
    """The routing row."""

    rev: int
    feed_seq: int
    config_version: int


class Known(NamedTuple):
    """A delivery that is in the store already."""

    id: str
    state: str


class Place(NamedTuple):
    """Where a conversation's messages go."""

    thread: ThreadId
    inbox: InboxId
    last_seq: int
    name: str


class Album(NamedTuple):
    """The message that an album's pictures become parts of."""

    message: MessageId
    conversation: ConversationId
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Correspondent:
    """A thread with its contact, as a batch knows and changes them.

    ``newest`` is the thread's last conversation, if that has ended. ``episodes`` counts the contact's conversations,
    and not beyond two. ``window`` is what still may be sent, where somebody counts.
    """

    thread: ThreadId
    inbox: InboxId
    channel: ChannelName
    address: str
    contact: ContactId
    name: str
    language: str
    tags: frozenset[Tag]
    attributes: dict[str, str]
    profile: str
    last_seq: int
    left_because: str
    episodes: int
    newest: Conversation | None
    last_answer: LastAnswer | None = None
    window: Window | None = None


class Loading:
    """The reading statements of one database."""

    def __init__(self, dialect: str) -> None:
        self._is_sqlite = dialect == "sqlite"
        self._lock = _LOCK[dialect]
        texts = (
            _DELIVERIES,
            _EVENTS,
            _THREADS,
            _NEWEST,
            _PLACES,
            _ANSWERS,
            _BY_KEY,
            _BY_CLIENT,
            _BY_ALBUM,
            _BY_ID,
            _OFFERED,
        )
        lock = "" if self._is_sqlite else "FOR UPDATE OF m"  # a fetched file may be noted in the parts meanwhile
        self._texts = {
            text: text.replace("{keys}", _KEYS[dialect]).replace("{pairs}", _PAIRS[dialect]).replace("{lock}", lock)
            for text in texts
        }

    def lock(self, cursor: Cursor) -> Head:
        """Take the routing row until the transaction ends: who has it may route."""
        return Head(*cursor.execute(self._lock).fetchone())

    def deliveries(self, cursor: Cursor, keys: Sequence[str]) -> dict[str, Known]:
        """Which of these deliveries came before."""
        return {key: Known(id, state) for key, id, state in self._by_keys(cursor, _DELIVERIES, keys)}

    def decided(self, cursor: Cursor, ids: Sequence[str]) -> set[str]:
        """Which of these events have been decided already."""
        return {row[0] for row in self._by_keys(cursor, _EVENTS, ids)}

    def correspondents(
        self, cursor: Cursor, addresses: Iterable[tuple[str, str]], busy: Container[ThreadId]
    ) -> dict[tuple[str, str], Correspondent]:
        """The threads with these (inbox, address) that exist.

        Those that are not ``busy`` with an open conversation come with their last one, and with the last answer.
        """
        found: dict[tuple[str, str], Correspondent] = {}
        for row in self._by_pairs(cursor, _THREADS, list(addresses)):
            found[row[1], row[2]] = _correspondent(row)
        quiet = [each for each in found.values() if each.thread not in busy]
        if quiet:
            newest = dict(self._by_keys(cursor, _NEWEST, [each.thread for each in quiet]))
            answers = self.last_answers(cursor, list({each.contact for each in quiet}))
            for each in quiet:
                body = newest.get(each.thread)
                each.newest = None if body is None else decode(Conversation, body)
                each.last_answer = answers.get(each.contact)
        return found

    def last_answers(self, cursor: Cursor, contacts: Sequence[ContactId]) -> dict[ContactId, LastAnswer]:
        """Who answered each of these contacts last."""
        return {
            contact: LastAnswer(agent=AgentId(agent), group=GroupId(group), at=instant(at))
            for contact, agent, group, at in self._by_keys(cursor, _ANSWERS, contacts)
        }

    def places(self, cursor: Cursor, conversations: Sequence[str]) -> dict[ConversationId, Place]:
        """Where the messages of these conversations go."""
        return {row[0]: Place(*row[1:]) for row in self._by_keys(cursor, _PLACES, conversations)}

    def by_message_key(
        self, cursor: Cursor, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[MessageId, ConversationId]]:
        """The messages that have these (thread, platform's key)."""
        return {(row[0], row[1]): (row[2], row[3]) for row in self._by_pairs(cursor, _BY_KEY, keys)}

    def by_album(self, cursor: Cursor, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Album]:
        """The messages that hold these (thread, album) so far."""
        return {
            (row[0], row[1]): Album(row[2], row[3], decode_parts(row[4]))
            for row in self._by_pairs(cursor, _BY_ALBUM, names)
        }

    def by_client_id(self, cursor: Cursor, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], MessageId]:
        """The messages that were sent under these (conversation, client id)."""
        return {(row[0], row[1]): row[2] for row in self._by_pairs(cursor, _BY_CLIENT, keys)}

    def conversations_of(self, cursor: Cursor, messages: Sequence[str]) -> dict[MessageId, ConversationId]:
        """The conversations of these messages."""
        return dict(self._by_keys(cursor, _BY_ID, messages))

    def offered(self, cursor: Cursor, messages: Sequence[str]) -> dict[MessageId, tuple[ThreadId, tuple[Part, ...]]]:
        """The threads and parts of these messages of ours, whose buttons were pressed."""
        return {row[0]: (row[1], decode_parts(row[2])) for row in self._by_keys(cursor, _OFFERED, messages)}

    def _by_keys(self, cursor: Cursor, text: str, keys: Sequence[str]) -> Iterable[Any]:
        if not keys:
            return ()
        values = (_json(keys),) if self._is_sqlite else (list(keys),)
        return cursor.execute(self._texts[text], values)  # type: ignore[no-any-return]  # a driver's cursor

    def _by_pairs(self, cursor: Cursor, text: str, pairs: Sequence[tuple[str, str]]) -> Iterable[Any]:
        if not pairs:
            return ()
        values = (_json(pairs),) if self._is_sqlite else ([a for a, _ in pairs], [b for _, b in pairs])
        return cursor.execute(self._texts[text], values)  # type: ignore[no-any-return]  # a driver's cursor


class Waking(NamedTuple):
    """What a board is rebuilt from."""

    timers: dict[tuple[TimerKind, str], datetime]
    conversations: list[Conversation]
    offers: list[Offer]
    presences: list[Presence]
    overrides: list[Override]
    pauses: list[Pause]


def age(conversation: Conversation) -> tuple[datetime, str]:
    """The order in which a board gets its conversations: oldest first."""
    return conversation.created_at, conversation.id


def board_rows(cursor: Cursor) -> Waking:
    """Everything that is open, as it was last committed."""
    conversations = [decode(Conversation, row[0]) for row in cursor.execute(_NEVER_RESOLVED)]
    conversations.sort(key=age)  # here, because SQLite would hold every body in memory to sort them
    offers = [
        decode(Offer, row[0]) for row in cursor.execute("SELECT body FROM offers WHERE state = 'open' ORDER BY id")
    ]
    presences = [decode(Presence, row[0]) for row in cursor.execute("SELECT body FROM presences ORDER BY agent")]
    overrides = [decode(Override, row[0]) for row in cursor.execute('SELECT body FROM overrides ORDER BY "group"')]
    pauses = [decode(Pause, row[0]) for row in cursor.execute('SELECT body FROM pauses ORDER BY "group"')]
    timers = {
        (TimerKind(kind), subject): instant(at)
        for kind, subject, at in cursor.execute("SELECT kind, subject, at FROM timers")
    }
    return Waking(timers, conversations, offers, presences, overrides, pauses)


class PendingEvent(NamedTuple):
    """An event that was made durable after it failed, and not decided since."""

    id: str
    delivery_key: str | None
    kind: str
    at: datetime
    body: str
    attempts: int


def pending(cursor: Cursor) -> list[PendingEvent]:
    """The events that still wait for a decision, oldest first."""
    rows = cursor.execute(
        "SELECT id, delivery_key, kind, at, body, attempts FROM events WHERE state = 'pending' ORDER BY at, id"
    )
    return [PendingEvent(row[0], row[1], row[2], instant(row[3]), row[4], row[5]) for row in rows]


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()


def _correspondent(row: Sequence[Any]) -> Correspondent:
    return Correspondent(
        thread=row[0],
        inbox=row[1],
        channel=row[4],
        address=row[2],
        contact=row[3],
        name=row[8],
        language=row[9],
        tags=frozenset() if row[10] == "[]" else frozenset(decode(list[Tag], row[10])),
        attributes={} if row[11] == "{}" else decode(dict[str, str], row[11]),
        profile=row[5],
        last_seq=row[6],
        left_because=row[7],
        episodes=row[15],
        newest=None,
        window=None if row[14] is None else Window(of=row[12], left=row[13], until=instant(row[14])),
    )
