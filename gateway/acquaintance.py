"""Acquaintance: the threads and contacts of one batch, known, met for the first time, or recognised as somebody's.

Those that a batch meets for the first time are made here and written with it. Who brings a verified identifier that a
contact has already is that contact from then on (`routing.md` §21).
"""

from collections.abc import Iterable
from datetime import datetime

from adapters.contract import Profile
from gateway.clock import micros
from gateway.crossing import Arrival
from gateway.identities import Identities, recognition
from gateway.store.codec import decode, encode
from gateway.store.loading import Correspondent
from gateway.store.merging import Fields, joined
from gateway.store.writing import Rows
from router.events import ContactsMerged, ContactsSplit
from router.ids import ContactId, Tag, ThreadId

NO_PROFILE = Profile()
"""What is told of somebody about whom nothing new is told."""


class Acquaintance:
    """Who writes in one batch, by address (``known``) and by thread."""

    def __init__(self, found: Iterable[Correspondent], rows: Rows, identities: Identities, now: datetime) -> None:
        self.known = {(each.inbox, each.address): each for each in found}
        self.threads = {each.thread: each for each in self.known.values()}
        self._rows = rows
        self._identities = identities
        self._at = now
        self._now = micros(now)
        self._numbers = {each.thread: each.last_seq for each in self.known.values()}
        self._new: list[tuple[Correspondent, ContactId]] = []
        self._recognised: list[ContactsMerged] = []

    def correspondent(self, arrival: Arrival, profile: Profile, id: str) -> Correspondent:
        """The thread of this address, made when it is new, its profile brought up to date."""
        address = arrival.inbound.address
        known = self.known.get((arrival.inbox, address))
        if known is None:
            known = self._introduce(arrival, profile, id)
        elif profile is not NO_PROFILE:
            written = encode(profile)
            if written != known.profile:
                self._renew(known, profile, written, id)
        return known

    def recognised(self) -> list[ContactsMerged]:
        """Whom the last happening showed to be a contact that we know; to be decided before it."""
        found, self._recognised = self._recognised, []
        return found

    def merged(self, event: ContactsMerged) -> None:
        """Two contacts are one: the next message of either in this batch must know."""
        self._identities.merged(event)
        whole = joined(self._fields(event.survivor), self._fields(event.other), event.keep)
        both = (event.survivor, event.other)
        theirs = [each for each in self.threads.values() if each.contact in both]
        episodes = self._identities.episodes(*both)
        for each in theirs:
            each.contact, each.name, each.language = event.survivor, whole.name, whole.language
            each.tags, each.attributes = frozenset(map(Tag, whole.tags)), whole.attributes
            each.last_answer, each.episodes = event.last_answer or each.last_answer, max(each.episodes, episodes)

    def split(self, event: ContactsSplit) -> None:
        """They are two again."""
        for each in self.threads.values():
            if each.thread in event.threads:
                fields = self._identities.profile(event.other)
                each.contact, each.name, each.language = event.other, fields.name, fields.language
                each.tags, each.attributes = frozenset(map(Tag, fields.tags)), fields.attributes
                each.last_answer = event.other_answer

    def finish(self) -> None:
        """Write the new threads and the numbers that messages have reached."""
        for each, contact in self._new:  # as it began: who is merged at once is merged as a row, too
            self._rows.new_threads.append(
                (each.thread, each.inbox, each.channel, each.address, contact, each.profile, each.last_seq, self._now)
            )
        for thread, number in self._numbers.items():
            reached = self.threads[thread].last_seq
            if reached != number:
                self._rows.numbers.append((reached, thread))

    def _introduce(self, arrival: Arrival, profile: Profile, id: str) -> Correspondent:
        suffix = id.partition("_")[2]
        known = Correspondent(
            thread=ThreadId(f"thr_{suffix}"),
            inbox=arrival.inbox,
            channel=arrival.channel,
            address=arrival.inbound.address,
            contact=ContactId(f"ctc_{suffix}"),
            name=_name(profile),
            language=profile.language,
            tags=frozenset(),
            attributes=dict(profile.attributes),
            profile=encode(profile),
            last_seq=0,
            left_because="",
            episodes=0,
            newest=None,
        )
        self.known[arrival.inbox, known.address] = self.threads[known.thread] = known
        attributes = encode(known.attributes) if known.attributes else "{}"
        self._rows.new_contacts.append((known.contact, known.name, known.language, attributes, self._now, self._now))
        self._new.append((known, known.contact))
        if profile.identifiers:
            self._recognise(known, profile, id)
        return known

    def _renew(self, known: Correspondent, profile: Profile, written: str, id: str) -> None:
        """Follow the platform, except where somebody here gave the contact another name."""
        former = known.profile
        known.profile = written
        self._rows.threads.append((written, known.left_because, known.thread))
        if known.name in {"", _name(decode(Profile, former))}:
            known.name = _name(profile) or known.name
        known.language = known.language or profile.language
        known.attributes = {**known.attributes, **profile.attributes}
        self._rows.contacts.append((known.name, known.language, encode(known.attributes), self._now, known.contact))
        if profile.identifiers and profile.identifiers != decode(Profile, former).identifiers:
            self._recognise(known, profile, id)

    def _recognise(self, known: Correspondent, profile: Profile, id: str) -> None:
        """Write down by what the contact is known; who has the same, verified, is the same person."""
        same = self._identities.noted(known.thread, known.contact, profile.identifiers)
        if same is None:
            return
        survivor, kind = same
        answer = self._identities.last_answer(survivor, known.contact)
        event = recognition(id, self._at, survivor=survivor, other=known.contact, kind=kind, last_answer=answer)
        self._recognised.append(event)
        self.merged(event)

    def _fields(self, contact: ContactId) -> Fields:
        """What is known of a contact now: what this batch has, before what the rows say."""
        for each in self.threads.values():
            if each.contact == contact:
                return Fields(
                    name=each.name, language=each.language, tags=sorted(each.tags), attributes=each.attributes
                )
        return self._identities.profile(contact)


def _name(profile: Profile) -> str:
    return storable(profile.name or profile.username)


def storable(text: str) -> str:
    """The text without NUL, which PostgreSQL keeps in no column."""
    return text.replace("\x00", "") if "\x00" in text else text
