"""Effects into rows: what `decide` wants remembered, numbered and rendered, ready to be written by table."""

from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from gateway.acquaintance import storable
from gateway.clock import micros
from gateway.correspondence import Correspondence
from gateway.crossing import Arrival
from gateway.store.codec import encode_parts, only_words
from gateway.store.loading import Correspondent, Loading, Place
from gateway.store.statement import Cursor
from gateway.store.writing import Rows, delivery_rank
from gateway.telling import Renderer, told
from router.board import Board
from router.effects import (
    CancelTimer,
    Deliver,
    DeliverAgain,
    DeliverEdit,
    DeskWord,
    Direction,
    Effect,
    RecordConversation,
    RecordDelivery,
    RecordMerge,
    RecordMessage,
    RecordOffer,
    RecordOverride,
    RecordPause,
    RecordPresence,
    RecordSplit,
    RecordTrace,
    ReviseMessage,
    StartTimer,
    TellContact,
    TellDesk,
)
from router.events import AnyEvent, BotReplied, HandoffRequested
from router.ids import ConversationId, InboxId, MessageId, ThreadId
from router.message import DeliveryState, Media, Part, plain_text

_WRITTEN_TO = (RecordMessage, TellContact, Deliver)
"""The effects that concern a contact's thread."""


class Lost(LookupError):
    """A message for a conversation that exists neither on the board nor in the store."""


class Recording:
    """Collects the rows of one batch. Call `prepare` once with everything that was decided, then `record` in order."""

    def __init__(self, board: Board, replies: Renderer, rows: Rows, correspondence: Correspondence, now: int) -> None:
        self.sequences: dict[MessageId, int] = {}
        self._board = board
        self._replies = replies
        self._rows = rows
        self._correspondence = correspondence
        self._now = now
        self._places: dict[ConversationId, Place] = {}
        self._numbers: dict[ThreadId, int] = {}
        self._edited: dict[MessageId, int] = {}

    def prepare(self, decided: list[tuple[Effect, ...]], loading: Loading, cursor: Cursor) -> None:
        """Find out where messages go whose threads the batch has not met yet."""
        wanted: set[ConversationId] = set()
        for effects in decided:
            for effect in effects:
                if type(effect) is RecordConversation:
                    self._rows.conversations[effect.conversation.id] = effect.conversation
                elif isinstance(effect, _WRITTEN_TO) and self._correspondent(effect.conversation) is None:
                    wanted.add(effect.conversation)
        if wanted:
            self._places = loading.places(cursor, list(wanted))

    def record(self, event: AnyEvent, effects: tuple[Effect, ...], arrival: Arrival | None) -> tuple[Effect, ...]:
        """Turn one event's effects into rows; the effects again, with what contacts are told put into words."""
        if any(type(effect) is TellContact for effect in effects):
            effects = tuple(self._worded(effects))
        writers = self._WRITERS
        for effect in effects:
            writer = writers.get(type(effect))
            if writer is not None:
                writer(self, effect, event, arrival)
        if isinstance(event, BotReplied | HandoffRequested) and event.missed:
            self._miss(event)
        return effects

    def finish(self) -> None:
        """Write the numbers that messages have reached."""
        self._correspondence.finish()
        self._rows.numbers.extend((number, thread) for thread, number in self._numbers.items())

    def _worded(self, effects: tuple[Effect, ...]) -> Iterator[Effect]:
        for effect in effects:
            if not isinstance(effect, TellContact):
                yield effect
                continue
            said = told(effect, self._replies, self._board.settings, self._place(effect.conversation).name)
            yield said
            if isinstance(said, RecordMessage):
                yield Deliver(message=said.id, conversation=said.conversation)
                yield TellDesk(word=DeskWord.MESSAGE, subject=said.id, conversation=said.conversation)

    def _message(self, effect: RecordMessage, event: AnyEvent, arrival: Arrival | None) -> None:
        place = self._place(effect.conversation)
        number = self._number(place)
        self.sequences[effect.id] = number
        parts = effect.parts
        words = only_words(parts)
        author = effect.author
        brought = arrival if arrival is not None and effect.direction is Direction.IN else None
        self._rows.messages.append(
            (
                effect.id, place.thread, effect.conversation, number, effect.direction.value, author.kind.value,
                author.id, storable(author.name), micros(effect.at), effect.note,
                storable(plain_text(parts) if words is None else words), encode_parts(parts),
                effect.client_id or None, brought and brought.message_key, brought and brought.album,
            )
        )  # fmt: skip
        if effect.whisper:
            self._rows.edits.append(("whispered", (True, effect.id)))
        for agent in effect.mentions:
            self._rows.mentions.append((effect.id, agent, effect.conversation, micros(effect.at)))
        if brought is not None and words is None:
            self._fetch(effect.id, parts, place.inbox)

    def _revision(self, effect: ReviseMessage, event: AnyEvent, arrival: Arrival | None) -> None:
        words, parts = storable(plain_text(effect.parts)), encode_parts(effect.parts)
        if arrival is None or arrival.album is None:
            at = max(micros(event.at), self._edited.get(effect.id, 0) + 1)  # two edits at once are two revisions
            self._edited[effect.id] = at
            self._rows.edits.append(("revisions", (at, effect.id)))
            self._rows.edits.append(("revised", (words, parts, at, effect.id)))
        else:
            self._rows.edits.append(("joined", (words, parts, effect.id)))
        if arrival is not None:
            self._fetch(effect.id, effect.parts, arrival.inbox)

    def _fetch(self, message: MessageId, parts: tuple[Part, ...], inbox: InboxId) -> None:
        """Files are fetched later: the message is visible at once."""
        for index, part in enumerate(parts):
            if isinstance(part, Media) and part.ref and part.media is None:
                self._rows.fetches[message, index] = (message, index, inbox, "due", 0, self._now)

    def _delivery(self, effect: RecordDelivery, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.deliveries.append((effect.state.value, effect.reason, effect.id, delivery_rank(effect.state)))

    def _deliver(self, effect: Deliver, event: AnyEvent, arrival: Arrival | None) -> None:
        place = self._place(effect.conversation)
        state = DeliveryState.QUEUED
        self._rows.outbox.append(
            (effect.message, effect.conversation, place.thread, place.inbox, state.value, self._now)
        )
        self._rows.deliveries.append((state.value, "", effect.message, delivery_rank(state)))

    def _deliver_again(self, effect: DeliverAgain, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.edits.append(("asked_again", (self._now, self._now, effect.message)))
        self._rows.edits.append(("unsettled", (effect.message,)))

    def _deliver_edit(self, effect: DeliverEdit, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.edits.append(("rewritten", (self._now, self._now, effect.message)))

    def _answer(self, effect: RecordConversation, event: AnyEvent, arrival: Arrival | None) -> None:
        """Stickiness is earned by a reply: remember who answered this contact in this group."""
        answer = effect.conversation.last_answer
        if answer is not None and answer.at == event.at:
            contact = effect.conversation.contact
            self._rows.answers[contact, answer.group] = (contact, answer.group, answer.agent, micros(answer.at))

    def _offer(self, effect: RecordOffer, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.offers[effect.offer.id] = effect.offer

    def _presence(self, effect: RecordPresence, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.presences[effect.presence.agent] = effect

    def _override(self, effect: RecordOverride, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.overrides[effect.override.group] = effect.override

    def _pause(self, effect: RecordPause, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.pauses[effect.group] = effect.pause

    def _identity(self, effect: RecordMerge | RecordSplit, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.identities.append(effect)

    def _start(self, effect: StartTimer, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.timers[effect.kind, effect.subject] = micros(effect.at)

    def _cancel(self, effect: CancelTimer, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.timers[effect.kind, effect.subject] = None

    def _trace(self, effect: RecordTrace, event: AnyEvent, arrival: Arrival | None) -> None:
        self._rows.traces.append(effect.trace)

    # Functions, not methods of this object: those would make it a part of itself, and a batch's rows would stay in
    # memory until the garbage collector comes by.
    _WRITERS: ClassVar[Mapping[type, Callable[..., None]]] = {
        RecordMessage: _message,
        ReviseMessage: _revision,
        RecordDelivery: _delivery,
        Deliver: _deliver,
        DeliverAgain: _deliver_again,
        DeliverEdit: _deliver_edit,
        RecordOffer: _offer,
        RecordPresence: _presence,
        RecordOverride: _override,
        RecordPause: _pause,
        RecordMerge: _identity,
        RecordSplit: _identity,
        StartTimer: _start,
        CancelTimer: _cancel,
        RecordTrace: _trace,
        RecordConversation: _answer,
    }

    def _miss(self, event: BotReplied | HandoffRequested) -> None:
        """The bot had no answer: whoever writes its articles will want to read what was asked."""
        if event.to:
            is_handed_over = isinstance(event, HandoffRequested)
            bot = event.by if isinstance(event, HandoffRequested) else event.bot
            self._rows.misses.append((event.id, bot, micros(event.at), event.conversation, event.to, is_handed_over))

    def _correspondent(self, conversation: ConversationId) -> Correspondent | None:
        """The conversation's thread, if this batch has met it."""
        value = self._rows.conversations.get(conversation) or self._board.conversations.get(conversation)
        return None if value is None else self._correspondence.threads.get(value.thread)

    def _place(self, conversation: ConversationId) -> Correspondent | Place:
        known = self._correspondent(conversation) or self._places.get(conversation)
        if known is None:
            raise Lost(f"there is no conversation {conversation} to write a message into")
        return known

    def _number(self, known: Correspondent | Place) -> int:
        """The next number in the thread."""
        if isinstance(known, Correspondent):
            known.last_seq += 1
            return known.last_seq
        number = self._numbers.get(known.thread, known.last_seq) + 1
        self._numbers[known.thread] = number
        return number
