"""What a page says beside the contact's words: where it is, what it knows of the contact, how it went."""

import msgspec
from sqlalchemy import Connection

from adapters.site import Visited
from adapters.visit import UNPROVEN, Rate, Situate, Transcript, WantTranscript
from gateway.clock import Clock
from gateway.engine import Engine
from gateway.identifiers import Identifiers
from gateway.inboxes import Inbox
from gateway.realtime.line import Line
from gateway.realtime.refusal import Refusal
from gateway.realtime.transcript import Transcripts
from gateway.realtime.visits import Visit, Visits, encode
from gateway.store import Store
from gateway.store.ratings import keep_rating, rateable
from gateway.store.read_contacts import change_profile
from gateway.store.visits import contact_of
from gateway.views.contact import ProfileView
from router.events import ConversationRated, TagsChanged
from router.ids import EventId, MessageId, Tag, ThreadId
from skills.ids import AgentId

MOST_CONTEXT = 20
"""Facts that a page may tell of itself, and of the contact."""


class Asides:
    """Does what such frames ask for. Whoever calls it answers what it raises."""

    def __init__(
        self,
        *,
        visits: Visits,
        store: Store,
        engine: Engine,
        clock: Clock,
        identifiers: Identifiers,
        transcripts: Transcripts,
    ) -> None:
        self._visits = visits
        self._store = store
        self._engine = engine
        self._clock = clock
        self._identifiers = identifiers
        self._transcripts = transcripts

    async def hear(self, visit: Visit, line: Line, inbox: Inbox, frame: Situate | Rate | WantTranscript) -> None:
        """Do what a frame says.

        Raises:
            Refusal: it cannot be done.
            StoreUnavailable: it is not durable.
        """
        match frame:
            case Situate():
                await self._situate(visit, inbox, frame)
            case Rate():
                await self._rate(visit, inbox, frame)
            case WantTranscript(zone=zone):
                await self._transcribe(visit, line, zone)

    async def _situate(self, visit: Visit, inbox: Inbox, frame: Situate) -> None:
        """The page says something of itself or of the contact; what is taken back is taken from the profile too."""
        visit.language = frame.language or visit.language
        visit.name = frame.name or visit.name
        visit.context = _newest({**visit.context, **frame.context})
        kept = {key: value for key, value in {**visit.attributes, **frame.attributes}.items() if key not in frame.drop}
        visit.attributes = _newest(kept)
        if frame.drop and visit.thread is not None:
            await self._drop(visit.thread, {f"{UNPROVEN}{key}" for key in frame.drop})
        if frame.tags or frame.untag:
            await self._tag(visit, inbox, frame)

    async def _drop(self, thread: ThreadId, keys: set[str]) -> None:
        now = self._clock.now()

        def drop(connection: Connection) -> None:
            contact = contact_of(connection, thread)
            if contact is not None:
                change_profile(connection, contact, lambda known: _without(known, keys), now)

        await self._store.write(drop)

    async def _tag(self, visit: Visit, inbox: Inbox, frame: Situate) -> None:
        """Tags for triage; an open conversation gets or loses them now.

        Raises:
            Refusal: the inbox does not allow one of them to its pages; the others are taken.
        """
        allowed = frozenset(inbox.adapter.site.visitor_tags) if isinstance(inbox.adapter, Visited) else frozenset()
        add, remove = allowed.intersection(frame.tags), allowed.intersection(frame.untag)
        visit.tags = (visit.tags | add) - remove
        if visit.conversation is not None and (add or remove):
            event = TagsChanged(
                id=EventId(self._identifiers.new("evt")),
                at=self._clock.now(),
                conversation=visit.conversation,
                by=AgentId(""),
                add=tuple(map(Tag, sorted(add))),
                remove=tuple(map(Tag, sorted(remove))),
            )
            await self._engine.submit(event)
        if refused := sorted({*frame.tags, *frame.untag} - allowed):
            raise Refusal("tag_not_allowed", f"not among the inbox's visitor_tags: {', '.join(refused)}")

    async def _rate(self, visit: Visit, inbox: Inbox, frame: Rate) -> None:
        """The contact says how it went: first the row, then the line for the desk."""
        now, thread = self._clock.now(), visit.thread
        if isinstance(inbox.adapter, Visited) and not inbox.adapter.site.rating:
            raise Refusal("nothing_to_rate", "this inbox does not ask for ratings")
        found = None if thread is None else await self._store.read(lambda c: rateable(c, thread, now))
        if found is None:
            raise Refusal("nothing_to_rate", "no conversation has ended lately in which somebody answered")
        line = MessageId(self._identifiers.new("msg"))
        text = frame.text.strip()
        message, is_again = await self._store.write(
            lambda c: keep_rating(c, found.conversation, line, frame.stars, text, now)
        )
        event = ConversationRated(
            id=EventId(self._identifiers.new("evt")),
            at=now,
            conversation=found.conversation,
            message=message,
            stars=frame.stars,
            text=text,
            is_again=is_again,
        )
        await self._engine.submit(event)
        self._visits.move(visit)

    async def _transcribe(self, visit: Visit, line: Line, zone: str) -> None:
        if visit.thread is None:
            raise Refusal("nothing_said", "nothing was said yet")
        url = self._transcripts.sign(
            inbox=visit.inbox, thread=visit.thread, seq=visit.last_seq, zone=zone, language=visit.language
        )
        await line.send(encode(Transcript(url=url)))


def _newest(facts: dict[str, str]) -> dict[str, str]:
    return dict(list(facts.items())[-MOST_CONTEXT:])


def _without(known: ProfileView, keys: set[str]) -> ProfileView:
    """The profile without these attributes."""
    kept = {key: value for key, value in known.attributes.items() if key not in keys}
    return msgspec.structs.replace(known, attributes=kept)
