"""One batch is one transaction: lock, drop what came before, load, decide each, write everything, and only then commit.

Runs on a thread, as the store's closure. The board is touched by nobody else meanwhile. Whatever raises here rolls the
transaction back, and the board is rebuilt from rows before it is used again; an event that the core refuses does
neither, because a refusal leaves the board as it was.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.chronicle import Moment, arrival_row, event_row
from gateway.clock import Clock, micros
from gateway.correspondence import Correspondence
from gateway.crash import crash_point
from gateway.crossing import Arrival, Committed, Decide, Item, Outcome, Reconfiguration, Work
from gateway.identifiers import Identifiers
from gateway.identities import Identities
from gateway.live import Live
from gateway.recording import Recording
from gateway.store.loading import Head, Known, Loading
from gateway.store.merging import merge, split
from gateway.store.statement import Cursor
from gateway.store.writing import Diverged, Row, Rows, Writing
from gateway.telling import Renderer
from router.conversation import Conversation
from router.effects import Effect, RecordConversation, RecordMerge, RecordMessage, TellDesk
from router.errors import Refused
from router.events import (
    AgentReplied,
    AnyEvent,
    BotReplied,
    ContactsMerged,
    ContactsSplit,
    NoteAdded,
    SupervisorReplied,
    TimerFired,
)
from router.ids import ConversationId, MessageId
from router.settings import Settings

_SAID = AgentReplied | NoteAdded | SupervisorReplied
"""What people say; the same ``client_id`` again is the same message."""


class Failed(Exception):
    """The event at ``place`` made the core fail (which is not a refusal)."""

    def __init__(self, place: int, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every batch works with."""

    loading: Loading
    writing: Writing
    clock: Clock
    identifiers: Identifiers
    replies: Renderer
    decide: Decide


@dataclass(slots=True)
class _Decided:
    """One item's fate within the batch; ``is_beside`` when it only goes before another, for which somebody waits."""

    item: Item
    event: AnyEvent | None = None
    effects: tuple[Effect, ...] = ()
    refusal: Refused | None = None
    repeated: MessageId | None = None
    is_repeated: bool = False
    is_beside: bool = False


class Batch:
    """One transaction's worth of work. ``outcome`` is set when everything is written and only the commit is missing."""

    def __init__(self, items: list[Item], live: Live, tools: Tools, *, is_retry: bool = False) -> None:
        self.outcome: Outcome | None = None
        self._is_retry = is_retry
        self._items = items
        self._live = live
        self._tools = tools
        self._rows = Rows()
        self._settings: Settings | None = None

    def run(self, connection: Connection) -> Outcome:
        """Decide and write the batch.

        Raises:
            Failed: the core failed on one event; nothing is written.
            Diverged: the board was behind the rows; nothing is written.
            Exception: the driver's, when a row broke a constraint.
        """
        cursor = connection.connection.cursor()
        try:
            return self._run(connection, cursor)
        except BaseException:
            self._live.drop()
            raise
        finally:
            cursor.close()

    def _run(self, connection: Connection, cursor: Cursor) -> Outcome:
        crash_point("before_lock")
        tools, live = self._tools, self._live
        head = tools.loading.lock(cursor)
        now = tools.clock.now()
        live.refresh(cursor, head, now)
        arrivals = self._sift(cursor)
        before = self._decided_before(cursor)
        crash_point("after_load")
        identities = Identities(connection, self._rows)
        correspondence = Correspondence(arrivals, live.board, tools.loading, cursor, self._rows, identities, now)
        decided = self._decide(cursor, correspondence, identities, before, now)
        crash_point("after_decide")
        recording = Recording(live.board, tools.replies, self._rows, correspondence, micros(now))
        recording.prepare([each.effects for each in decided], tools.loading, cursor)
        outcome = self._write(cursor, head, now, decided, recording)
        for each in self._rows.identities:
            if isinstance(each, RecordMerge):
                merge(connection, each)
            else:
                split(connection, each)
        crash_point("before_commit")
        self.outcome = outcome
        return outcome

    # --- What came before -------------------------------------------------------------------------------------------

    def _sift(self, cursor: Cursor) -> list[Arrival]:
        """Give every new piece of work its event's id, and none to what came before; the arrivals that are left."""
        keys = [key for item in self._items if (key := item.delivery_key) is not None]
        before = self._tools.loading.deliveries(cursor, keys)
        seen: set[str] = set()
        arrivals = []
        for item in self._items:
            key = item.delivery_key
            if key is None:
                continue
            if key in seen or not _is_new(item, before.get(key), self._tools.identifiers):
                item.id = ""
                continue
            seen.add(key)
            if isinstance(item.work, Arrival):
                arrivals.append(item.work)
        return arrivals

    def _decided_before(self, cursor: Cursor) -> set[str]:
        """The events that an earlier try committed, whose answer was lost."""
        if not self._is_retry:
            return set()
        ids = [item.event_id for item in self._items if not isinstance(item.work, Arrival)]
        return self._tools.loading.decided(cursor, ids)

    # --- Decide -----------------------------------------------------------------------------------------------------

    def _decide(
        self,
        cursor: Cursor,
        correspondence: Correspondence,
        identities: Identities,
        before: set[str],
        now: datetime,
    ) -> list[_Decided]:
        sent = self._sent_before(cursor)
        decided: list[_Decided] = []
        for place, item in enumerate(self._items):
            each = _Decided(item)
            if item.event_id in before:
                each.is_repeated, each.repeated = True, _message_of(item.work)
                decided.append(each)
                continue
            try:
                self._prepare(each, correspondence, identities, now)
                decided += self._recognised(each, correspondence)
                self._decide_one(each, sent)
            except Refused as refusal:
                each.refusal = refusal
            except Exception as error:  # whatever it is, it is this event's: the others of the batch go on without it
                raise Failed(place, error) from error
            decided.append(each)
            if isinstance(each.event, ContactsMerged) and each.refusal is None:
                correspondence.people.merged(each.event)
            elif isinstance(each.event, ContactsSplit) and each.refusal is None:
                correspondence.people.split(each.event)
            for effect in each.effects:
                if type(effect) is RecordConversation:
                    correspondence.changed(effect.conversation)
                elif type(effect) is RecordMessage and isinstance(item.work, Arrival):
                    correspondence.recorded(item.work, effect.id, effect.conversation, effect.parts)
        return decided

    def _prepare(self, each: _Decided, correspondence: Correspondence, identities: Identities, now: datetime) -> None:
        """Make the event of it, with all that it refers to."""
        work = each.item.work
        if isinstance(work, Arrival):
            if not each.item.id:
                each.is_repeated = True
                return
            each.event = correspondence.event(work, each.item.id, now)
        elif isinstance(work, Reconfiguration):
            self._live.board.configure(work.settings)
            self._settings = work.settings
            each.event = work.event
        else:
            each.event = work
            if isinstance(work, ContactsMerged):
                each.event = identities.merging(work)
            elif isinstance(work, ContactsSplit):
                each.event = identities.splitting(work)

    def _recognised(self, each: _Decided, correspondence: Correspondence) -> list[_Decided]:
        """Decide that a contact is one that we know, before what the contact said."""
        found = []
        for event in correspondence.people.recognised():
            effects = self._tools.decide(self._live.board, event)
            found.append(_Decided(Item(event, each.item.waiter), event=event, effects=effects, is_beside=True))
            for effect in effects:
                if type(effect) is RecordConversation:
                    correspondence.changed(effect.conversation)
        return found

    def _decide_one(self, each: _Decided, sent: dict[tuple[ConversationId, str], MessageId]) -> None:
        event = each.event
        if event is None or each.is_repeated:
            return
        if isinstance(event, _SAID) and event.client_id:
            key = (event.conversation, event.client_id)
            if (earlier := sent.get(key)) is not None:
                each.repeated, each.is_repeated = earlier, True
                return
            each.effects = self._tools.decide(self._live.board, event)
            sent[key] = event.message
            return
        each.effects = self._tools.decide(self._live.board, event)

    def _sent_before(self, cursor: Cursor) -> dict[tuple[ConversationId, str], MessageId]:
        """The messages that were recorded under the client ids of this batch's answers and notes."""
        keys = [
            (item.work.conversation, item.work.client_id)
            for item in self._items
            if isinstance(item.work, _SAID) and item.work.client_id
        ]
        return self._tools.loading.by_client_id(cursor, keys)  # type: ignore[return-value]  # ids are strings there

    # --- Write ------------------------------------------------------------------------------------------------------

    def _write(
        self, cursor: Cursor, head: Head, now: datetime, decided: list[_Decided], recording: Recording
    ) -> Outcome:
        rev = head.rev + 1
        told: list[Effect] = []
        for place, each in enumerate(decided):
            if each.is_repeated:
                continue
            if each.event is not None and each.refusal is None:
                arrival = each.item.work if isinstance(each.item.work, Arrival) else None
                each.effects = recording.record(each.event, each.effects, arrival)
                told.extend(each.effects)
            if type(each.event) is TimerFired:
                self._rows.fired.append((each.event.kind.value, each.event.subject, micros(each.event.at)))
            if (row := _row(each, now, (rev, place))) is not None:
                self._rows.events.append(row)
        recording.finish()
        if not self._rows.events and not told and not self._rows.fired:
            rev = head.rev
        else:
            self._tools.writing.write(cursor, self._rows, self._live.stored, micros(now))
        feed_seq = head.feed_seq + any(type(effect) is TellDesk for effect in told)
        if rev != head.rev:
            version = head.config_version if self._settings is None else self._settings.version
            if self._tools.writing.routing.run(cursor, [(rev, feed_seq, version, head.rev)]) != 1:
                raise Diverged("another gateway routed at the same time")
        self._live.written(self._rows.conversations.values(), rev)
        return self._outcome(rev, feed_seq, decided, told, recording)

    def _outcome(
        self, rev: int, feed_seq: int, decided: list[_Decided], told: list[Effect], recording: Recording
    ) -> Outcome:
        conversations = self._rows.conversations
        results: list[Committed | Refused] = []
        nothing = Committed(rev=rev, feed_seq=feed_seq)
        for each in decided:
            if each.is_beside:
                continue
            if each.refusal is not None:
                results.append(each.refusal)
            elif isinstance(each.item.work, Arrival) or (each.is_repeated and each.repeated is None):
                results.append(nothing)
            else:
                results.append(
                    Committed(
                        rev=rev,
                        feed_seq=feed_seq,
                        effects=each.effects,
                        conversations=_touched(each.effects, conversations),
                        sequences=recording.sequences,
                        message=each.repeated or _message_of(each.event),
                    )
                )
        whole = None
        if told:
            whole = Committed(
                rev=rev,
                feed_seq=feed_seq,
                effects=tuple(told),
                conversations=conversations,
                sequences=recording.sequences,
            )
        return Outcome(results, whole, self._settings)


def _is_new(item: Item, before: Known | None, identifiers: Identifiers) -> bool:
    """Whether a delivery has no effect yet; it gets its event's id then."""
    if before is None:
        item.id = item.id or identifiers.new("evt")
        return True
    if before.state == "pending":
        item.id = before.id
        return True
    return False


def _touched(
    effects: tuple[Effect, ...], conversations: dict[ConversationId, Conversation]
) -> dict[ConversationId, Conversation]:
    return {
        effect.conversation.id: conversations[effect.conversation.id]
        for effect in effects
        if isinstance(effect, RecordConversation)
    }


def _message_of(event: Work | None) -> MessageId | None:
    return event.message if isinstance(event, _SAID | BotReplied) else None


def _row(each: _Decided, now: datetime, moment: Moment) -> Row | None:
    item = each.item
    if each.event is not None:
        return event_row(each.event, each.effects, each.refusal, item.delivery_key, moment)
    return arrival_row(item.work, item.id, now, moment) if isinstance(item.work, Arrival) else None
