"""Whose happening is it? Turns what an adapter understood into events of the core.

The core wants a contact, a thread and the thread's last conversation with every message; adapters know only an address.
Which thread and contact an address is, `gateway.acquaintance` knows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from adapters.contract import AnyInbound, Came, Edited, Grant, Left, Profile, Reacted, Relocated, Reported, Wrote
from gateway.acquaintance import NO_PROFILE, Acquaintance
from gateway.clock import micros
from gateway.crossing import Arrival
from gateway.identities import Identities
from gateway.store.loading import Album, Correspondent, Loading
from gateway.store.statement import Cursor
from gateway.store.windows import announcements, renewed
from gateway.store.writing import Rows
from router.board import Board
from router.conversation import Conversation, State
from router.events import (
    AnyEvent,
    ContactFacts,
    ContactLeft,
    ContactReacted,
    DeliveryReported,
    MessageEdited,
    MessageReceived,
)
from router.ids import ConversationId, EventId, MessageId, ThreadId
from router.message import Choice, Part, Text, option_named

TAKEN_BACK = "↩"
"""Stands before a sign that somebody took back: the same in every language."""


class Correspondence:
    """The happenings of one batch, and whose they are."""

    def __init__(
        self,
        arrivals: list[Arrival],
        board: Board,
        loading: Loading,
        cursor: Cursor,
        rows: Rows,
        identities: Identities,
        now: datetime,
    ) -> None:
        self._board = board
        self._rows = rows
        self._now = micros(now)
        wanted = {(arrival.inbox, arrival.inbound.address) for arrival in arrivals}
        wanted |= {(each.inbox, each.inbound.to) for each in arrivals if isinstance(each.inbound, Relocated)}
        found = loading.correspondents(cursor, wanted, board.threads)
        self.people = Acquaintance(found.values(), rows, identities, now)
        self._messages = loading.by_message_key(cursor, self._named((each, each.message_key) for each in arrivals))
        self._albums = loading.by_album(cursor, self._named((each, each.album) for each in arrivals))
        offering = {_offering(token) for token in _tokens(arrivals)}
        self._has_tokens = bool(offering)
        self._offered = loading.offered(cursor, list(offering))
        self._reported = loading.conversations_of(
            cursor, [each.inbound.message for each in arrivals if isinstance(each.inbound, Reported)]
        )

    def event(self, arrival: Arrival, id: str, at: datetime) -> AnyEvent | None:
        """The event that this happening is; None when it concerns nothing that we know, and only its key is kept."""
        inbound = arrival.inbound
        if inbound.is_aside and (arrival.inbox, inbound.address) not in self.people.known:
            return None
        if type(inbound) is Wrote:
            event = self._received(arrival, inbound, inbound.profile, inbound.parts, inbound.entry, id, at)
        else:
            event = self._rarer(arrival, inbound, id, at)
        if isinstance(inbound, (Wrote, Came)) and inbound.grant is not None:
            self._granted(arrival, inbound.grant, min(inbound.at or at, at))
        return event

    def recorded(
        self, arrival: Arrival, message: MessageId, conversation: ConversationId, parts: tuple[Part, ...]
    ) -> None:
        """This happening's message is recorded: edits and the rest of its album find it within this batch too."""
        thread = self.people.known[arrival.inbox, arrival.inbound.address].thread
        if (key := arrival.message_key) is not None:
            self._messages[thread, key] = (message, conversation)
        if (name := arrival.album) is not None:
            self._albums[thread, name] = Album(message, conversation, parts)

    def changed(self, conversation: Conversation) -> None:
        """A conversation was decided upon: the next message of its thread in this batch must know."""
        thread = self.people.threads.get(conversation.thread)
        if thread is not None:
            thread.episodes = max(thread.episodes, 1)
            thread.newest = conversation if conversation.state is State.RESOLVED else None
            thread.last_answer = conversation.last_answer or thread.last_answer

    @property
    def threads(self) -> Mapping[ThreadId, Correspondent]:
        """The threads of this batch, with the numbers that their messages have reached."""
        return self.people.threads

    def finish(self) -> None:
        """Write the new threads and the numbers that messages have reached."""
        self.people.finish()

    def _named(self, arrivals: Iterable[tuple[Arrival, str | None]]) -> list[tuple[str, str]]:
        """The (thread, name) of those arrivals that have a name and a known thread."""
        named: list[tuple[str, str]] = []
        for arrival, name in arrivals:
            if (
                name is not None
                and (known := self.people.known.get((arrival.inbox, arrival.inbound.address))) is not None
            ):
                named.append((known.thread, name))
        return named

    def _received(
        self,
        arrival: Arrival,
        inbound: Wrote | Edited | Came,
        profile: Profile,
        parts: tuple[Part, ...],
        entry: str,
        id: str,
        at: datetime,
    ) -> AnyEvent | None:
        known = self.people.correspondent(arrival, profile, id)
        if known.left_because:
            known.left_because = ""
            self._rows.threads.append((known.profile, "", known.thread))
        key = arrival.message_key
        if key is not None and (known.thread, key) in self._messages:
            return None  # the same message by another way, or after its own edit
        if (name := arrival.album) is not None and (first := self._albums.get((known.thread, name))):
            return self._joined(known.thread, name, first, parts, EventId(id), at)
        if self._has_tokens:
            parts = tuple(self._valued(part, known.thread) for part in parts)
        if isinstance(inbound, (Wrote, Came)) and inbound.grant is not None:
            known.window = renewed(known.window, inbound.grant, min(inbound.at or at, at), at)
        suffix = id.partition("_")[2]
        return MessageReceived(
            id=EventId(id),
            at=at,
            thread=known.thread,
            contact=ContactFacts(
                id=known.contact,
                name=known.name,
                language=known.language,
                tags=known.tags,
                attributes=known.attributes,
                is_returning=known.episodes > (known.thread in self._board.threads),
            ),
            inbox=arrival.inbox,
            channel=arrival.channel,
            message=MessageId(f"msg_{suffix}"),
            parts=parts,
            new_conversation=ConversationId(f"cnv_{suffix}"),
            entry=entry,
            language=profile.language,
            attributes=inbound.attributes if type(inbound) is Wrote else {},
            tags=inbound.tags if type(inbound) is Wrote else (),  # type: ignore[arg-type]  # tags are strings with a name
            previous=known.newest,
            last_answer=known.last_answer,
            announcements=announcements(known.window, at),
        )

    def _joined(
        self, thread: ThreadId, name: str, first: Album, parts: tuple[Part, ...], id: EventId, at: datetime
    ) -> MessageEdited:
        """Another picture of an album: the contact sent one message, so it becomes a part of that one."""
        whole = (*first.parts, *parts)
        self._albums[thread, name] = first._replace(parts=whole)
        return MessageEdited(id=id, at=at, conversation=first.conversation, message=first.message, parts=whole)

    def _rarer(self, arrival: Arrival, inbound: AnyInbound, id: str, at: datetime) -> AnyEvent | None:
        match inbound:
            case Came(profile=profile, entry=entry):
                return self._came(arrival, inbound, profile, entry, id, at)
            case Edited(parts=parts):
                return self._edited(arrival, inbound, parts, id, at)
            case Left(reason=reason):
                return self._left(arrival, reason, id, at)
            case Reported(message=message, state=state):
                conversation = self._reported.get(message)
                if conversation is None:
                    return None
                return DeliveryReported(id=EventId(id), at=at, conversation=conversation, message=message, state=state)
            case Reacted():
                return self._reacted(arrival, inbound, id, at)
            case Relocated(to=to):
                self._relocate(arrival, to)
                return None
            case _:  # Wrote
                return None

    def _granted(self, arrival: Arrival, grant: Grant, at: datetime) -> None:
        """What the contact did lets us send: it counts from when it was done."""
        thread = self.people.known[arrival.inbox, arrival.inbound.address].thread
        until = micros(at + grant.lasts)
        self._rows.windows.append((grant.sends, grant.sends, until, thread, self._now, grant.sends, until))

    def _came(
        self, arrival: Arrival, inbound: Came, profile: Profile, entry: str, id: str, at: datetime
    ) -> AnyEvent | None:
        if entry:
            return self._received(arrival, inbound, profile, (), entry, id, at)
        known = self.people.correspondent(arrival, profile, id)
        if known.left_because:
            known.left_because = ""
            self._rows.threads.append((known.profile, "", known.thread))
        return None

    def _edited(
        self, arrival: Arrival, inbound: Edited, parts: tuple[Part, ...], id: str, at: datetime
    ) -> AnyEvent | None:
        known = self.people.known.get((arrival.inbox, arrival.inbound.address))
        original = None if known is None else self._messages.get((known.thread, inbound.message_key))
        if original is None and inbound.is_aside:
            return None
        if original is None:
            # It overtook its original, or edits what was said before our time: then it is what was said.
            return self._received(arrival, inbound, NO_PROFILE, parts, "", id, at)
        message, conversation = original
        return MessageEdited(id=EventId(id), at=at, conversation=conversation, message=message, parts=parts)

    def _left(self, arrival: Arrival, reason: str, id: str, at: datetime) -> AnyEvent | None:
        known = self.people.known.get((arrival.inbox, arrival.inbound.address))
        if known is None:
            return None
        known.left_because = reason or "left"
        self._rows.threads.append((known.profile, known.left_because, known.thread))
        return ContactLeft(id=EventId(id), at=at, thread=known.thread, reason=reason)

    def _reacted(self, arrival: Arrival, inbound: Reacted, id: str, at: datetime) -> AnyEvent | None:
        """A sign in a conversation that is open; in one that is over it means nothing to anybody."""
        known = self.people.known.get((arrival.inbox, inbound.address))
        conversation = None if known is None else self._board.threads.get(known.thread)
        if known is None or conversation is None:
            return None
        return ContactReacted(
            id=EventId(id),
            at=at,
            conversation=conversation,
            contact=known.contact,
            message=MessageId(f"msg_{id.partition('_')[2]}"),
            name=inbound.name or known.name,
            parts=(Text(text=f"{TAKEN_BACK} {inbound.emoji}" if inbound.is_taken_back else inbound.emoji),),
        )

    def _relocate(self, arrival: Arrival, to: str) -> None:
        """The thread goes on at another address, unless one has begun there."""
        known = self.people.known.get((arrival.inbox, arrival.inbound.address))
        if known is None or (arrival.inbox, to) in self.people.known:
            return
        del self.people.known[arrival.inbox, known.address]
        known.address = to
        self.people.known[arrival.inbox, to] = known
        self._rows.relocations.append((to, known.thread))

    def _valued(self, part: Part, thread: ThreadId) -> Part:
        """A pressed button with its value, where the channel had carried only what names it."""
        if not isinstance(part, Choice) or not part.token:
            return part
        message = _offering(part.token)
        of, parts = self._offered.get(message, (None, ()))
        option = option_named(part.token, message, parts) if of == thread else None
        if option is None:
            return replace(part, value=part.label or part.token, token="")
        return replace(part, value=option.value, label=option.label, token="")


def _tokens(arrivals: list[Arrival]) -> Iterator[str]:
    for arrival in arrivals:
        if type(arrival.inbound) is Wrote:
            for part in arrival.inbound.parts:
                if type(part) is Choice and part.token:
                    yield part.token


def _offering(token: str) -> MessageId:
    """The message whose option a token names."""
    return MessageId(token.rpartition("/")[0])
