"""The board: all that the core remembers of what is open. Mutable and private; its values are frozen.

What is true of it after every decision:

1. A conversation on the board is open (not resolved), and is its thread's only one.
2. What an agent carries is derived, never counted: the conversations that the agent owns and that are active or
   wrapping, and the agent's open offers. Load is the sum; only a hand with permission, an answer typed elsewhere, or a
   conversation that comes back to its agent (one unit of burst) makes it exceed the agent's units.
3. A conversation stands in the queue if and only if its state is waiting; see ``router/queue.py`` for where.
4. A conversation has state offered if and only if it has an open offer and no owner yet; at most one per agent. An
   owned one may have one open offer: its transfer to another agent.
5. No conversation waits (not held, not resting, not kept for one agent) while an agent is free who may answer it.
6. ``timers`` holds the instant that was last asked for per subject; what waits always has one.

Rules change conversations only through `put` and `take`, and offers through `open` and `close`: everything else here
follows from those. Nothing below knows why anything happens; that is in ``router/rules``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from router.conversation import Conversation, Owner, OwnerKind, State
from router.door import Doors, Override
from router.errors import UnknownConversation, UnknownGroup
from router.events import TimerKind
from router.ids import ConversationId, OfferId, ThreadId
from router.offer import Offer
from router.pause import Pause
from router.presence import Presence
from router.queue import Queue
from router.roster import Roster
from router.seat import Seat
from router.selection import all_candidates
from router.settings import GroupSettings, Settings
from router.timetable import Timetable
from router.trace import Candidate
from skills.ids import AgentId, GroupId

Timers = Mapping[tuple[TimerKind, str], datetime]

CARRIED = frozenset({State.ACTIVE, State.WRAPPING})
"""The states in which a conversation uses its owner's units; a parked one uses none."""


class Board:
    """Conversations, offers, seats and the queue, under one version of the settings."""

    __slots__ = (
        "conversations", "doors", "hours", "offers", "offers_of", "pauses", "queue", "roster", "settings", "threads",
        "timers",
    )  # fmt: skip

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.conversations: dict[ConversationId, Conversation] = {}
        self.threads: dict[ThreadId, ConversationId] = {}
        self.offers: dict[OfferId, Offer] = {}
        self.offers_of: dict[ConversationId, dict[AgentId, OfferId]] = {}
        self.timers: dict[tuple[TimerKind, str], datetime] = {}
        self.hours = Timetable(settings.hours)
        self.doors = Doors(self.hours)
        self.pauses: dict[GroupId, Pause] = {}
        self.roster = Roster(settings.agents, ())
        self.queue = Queue(settings, self.roster, self.pauses)

    # --- The whole --------------------------------------------------------------------------------------------------

    def restore(
        self,
        conversations: Iterable[Conversation],
        offers: Iterable[Offer],
        presences: Iterable[Presence],
        now: datetime,
        timers: Timers | None = None,
        overrides: Iterable[Override] = (),
        pauses: Iterable[Pause] = (),
    ) -> None:
        """Remember exactly this and nothing else: the rows that the effects wrote.

        ``timers`` are the rows of timers; without them every timer is asked for again when its subject is next touched.
        Conversations whose group is unknown to the settings stay out of the queue until `ConfigApplied` moves them.
        """
        self.conversations = {}
        self.threads = {}
        self.offers = {}
        self.offers_of = {}
        self.timers = dict(timers or {})
        self.doors = Doors(self.hours, overrides)
        self.pauses = {each.group: each for each in pauses}
        self._seat(presences)
        for conversation in conversations:
            self.put(conversation, now)
        for offer in offers:
            self.open(offer)

    def configure(self, settings: Settings) -> None:
        """Put other settings in force. `ConfigApplied`, decided right after, draws the consequences."""
        presences = [seat.written() for seat in self.roster.seats.values()]
        self.settings = settings
        self.hours = Timetable(settings.hours)
        self.doors = Doors(self.hours, self.doors.overrides.values())
        self._seat(presences)
        for conversation in self.conversations.values():
            # Without any step in force: `ConfigApplied` brings the instant and puts everybody in place.
            self._index(None, conversation, conversation.due_from or conversation.created_at)
        for offer in self.offers.values():
            self._carry_offer(offer)

    def _seat(self, presences: Iterable[Presence]) -> None:
        self.roster = Roster(self.settings.agents, presences)
        self.queue = Queue(self.settings, self.roster, self.pauses)

    def remembered(self) -> tuple[object, ...]:
        """All of it as one comparable value; what is derived is left out, except load and places in the queue."""
        return (
            dict(self.conversations),
            dict(self.offers),
            {seat.id: (seat.presence, seat.standing, dict(seat.carried)) for seat in self.roster.seats.values()},
            {
                id_: (stand.place, stand.pool and stand.pool.key, stand.keeper, stand.is_resting)
                for id_, stand in self.queue.stands.items()
            },
            dict(self.timers),
            dict(self.doors.overrides),
            dict(self.pauses),
        )

    # --- Conversations ----------------------------------------------------------------------------------------------

    def conversation(self, id_: ConversationId) -> Conversation:
        """The open conversation.

        Raises:
            UnknownConversation: it does not exist, or is resolved.
        """
        try:
            return self.conversations[id_]
        except KeyError:
            raise UnknownConversation(f"there is no open conversation {id_}") from None

    def in_thread(self, thread: ThreadId) -> Conversation | None:
        """The thread's open conversation."""
        id_ = self.threads.get(thread)
        return None if id_ is None else self.conversations[id_]

    def group(self, group: GroupId) -> GroupSettings:
        """The group's settings.

        Raises:
            UnknownGroup: there is none of this name.
        """
        try:
            return self.settings.groups[group]
        except KeyError:
            raise UnknownGroup(f"there is no group {group}") from None

    def units_of(self, conversation: Conversation) -> float:
        """What the conversation costs an agent who takes it: its channel's cost times its priority's factor."""
        settings = self.settings
        cost = settings.costs.get(conversation.channel, 1.0)
        return cost * settings.factors.get(conversation.priority, 1.0) if settings.factors else cost

    def weight_of(self, conversation: Conversation) -> float:
        """What the conversation weighs on its owner now: less while the contact is silent."""
        units = self.units_of(conversation)
        return units * self.settings.idleness.weight if conversation.is_idle else units

    def put(self, conversation: Conversation, at: datetime) -> None:
        """Remember this value of a conversation in place of the former one."""
        former = self.conversations.get(conversation.id)
        self.conversations[conversation.id] = conversation
        if former is None:
            self.threads[conversation.thread] = conversation.id
        self._index(former, conversation, at)

    def take(self, conversation: Conversation) -> None:
        """Forget a conversation: it is resolved, as this last value of it says."""
        former = self.conversations.pop(conversation.id, None)
        if former is None:
            return
        del self.threads[former.thread]
        self.queue.remove(conversation.id)
        if seat := self._carrier(former):
            self.roster.drop(seat, former.id)
        self._index_parked(former, None)

    def _index(self, former: Conversation | None, conversation: Conversation, at: datetime) -> None:
        if conversation.state is State.WAITING and conversation.group in self.settings.groups:
            self.queue.put(conversation, self.units_of(conversation), at)
        elif former is not None and former.state is State.WAITING:
            self.queue.remove(conversation.id)
        if former is not None and _weighs_the_same(former, conversation):
            return
        before = self._carrier(former) if former is not None else None
        after = self._carrier(conversation)
        if before is not None and before is not after:
            self.roster.drop(before, conversation.id)
        if after is not None:
            weight = self.weight_of(conversation)
            if after.carried.get(conversation.id) != weight:
                self.roster.carry(after, conversation.id, weight, conversation.channel)
        self._index_parked(former, conversation)

    def _index_parked(self, former: Conversation | None, conversation: Conversation | None) -> None:
        for each, is_there in ((former, False), (conversation, True)):
            if each is not None and each.state is State.PARKED and (seat := self.owner_seat(each)) is not None:
                (seat.parked.add if is_there else seat.parked.discard)(each.id)

    def _carrier(self, conversation: Conversation) -> Seat | None:
        if conversation.state in CARRIED and conversation.owner.kind is OwnerKind.AGENT:
            return self.roster.seats.get(AgentId(conversation.owner.id))
        return None

    # --- Offers -----------------------------------------------------------------------------------------------------

    def open(self, offer: Offer) -> None:
        """An offer is open from now on; its units are reserved."""
        self.offers[offer.id] = offer
        self.offers_of.setdefault(offer.conversation, {})[offer.agent] = offer.id
        self._carry_offer(offer)

    def close(self, offer: Offer) -> None:
        """An offer has ended, however it did."""
        del self.offers[offer.id]
        of_conversation = self.offers_of[offer.conversation]
        del of_conversation[offer.agent]
        if not of_conversation:
            del self.offers_of[offer.conversation]
        if seat := self.roster.seats.get(offer.agent):
            self.roster.drop(seat, offer.id)

    def open_offers(self, conversation: ConversationId) -> list[Offer]:
        """The conversation's open offers, in the order of their ids."""
        its = self.offers_of.get(conversation)
        return [self.offers[id_] for id_ in sorted(its.values())] if its else []

    def _carry_offer(self, offer: Offer) -> None:
        if seat := self.roster.seats.get(offer.agent):
            conversation = self.conversations.get(offer.conversation)
            self.roster.carry(seat, offer.id, offer.units, conversation.channel if conversation is not None else "")

    def counted(self) -> dict[AgentId, dict[str, float]]:
        """What every agent carries, counted anew from the conversations and offers: what the seats must say, too."""
        found: dict[AgentId, dict[str, float]] = {}
        for conversation in self.conversations.values():
            if conversation.state in CARRIED and (seat := self._carrier(conversation)) is not None:
                found.setdefault(seat.id, {})[conversation.id] = self.weight_of(conversation)
        for offer in self.offers.values():
            found.setdefault(offer.agent, {})[offer.id] = offer.units
        return found

    def recount(self, seat: Seat, carried: Mapping[str, float]) -> None:
        """Let a seat carry exactly this."""
        for what in list(seat.carried):
            self.roster.drop(seat, what)
        for what, units in carried.items():
            offer = self.offers.get(OfferId(what))
            id_ = offer.conversation if offer is not None else ConversationId(what)
            conversation = self.conversations.get(id_)
            self.roster.carry(seat, what, units, conversation.channel if conversation is not None else "")

    # --- Questions from outside -------------------------------------------------------------------------------------

    @property
    def loads(self) -> Mapping[AgentId, float]:
        """What every human agent carries now, in units."""
        return {seat.id: seat.load for seat in self.roster.seats.values()}

    def waiting(self, group: GroupId) -> tuple[Conversation, ...]:
        """The group's conversations that may be answered now and are not, earliest due first; held ones follow."""
        line = self.queue.groups.get(group, ())
        ready = [self.conversations[ConversationId(place[2])] for place in line]
        held = sorted(
            (stand.place, id_)
            for id_, stand in self.queue.stands.items()
            if stand.group == group and stand.pool is None
        )
        return (*ready, *(self.conversations[id_] for _, id_ in held))

    def held(self, group: GroupId) -> list[Conversation]:
        """The group's conversations that wait for its opening, earliest due first."""
        stands = ((stand.place, id_) for id_, stand in self.queue.stands.items() if stand.group == group)
        found = [self.conversations[id_] for _, id_ in sorted(stands)]
        return [each for each in found if each.held_until is not None]

    def position(self, conversation: ConversationId) -> int | None:
        """How many are served before it by those who could answer it, plus one; None when it does not wait, or is held.

        Those who wait for none of the same agents are not before it, whatever their group (`routing.md` §16).
        """
        return self.queue.position(conversation)

    def candidates(self, conversation: ConversationId, at: datetime) -> tuple[Candidate, ...]:
        """Every agent with a verdict for this conversation, eligible ones first and in the order of the pick."""
        return all_candidates(self, self.conversation(conversation), at)

    def owner_seat(self, conversation: Conversation) -> Seat | None:
        """The owning agent's seat; None when no agent owns it, or the agent is no longer known."""
        if conversation.owner.kind is not OwnerKind.AGENT:
            return None
        return self.roster.seats.get(AgentId(conversation.owner.id))


def _weighs_the_same(former: Conversation, conversation: Conversation) -> bool:
    return (
        former.owner == conversation.owner
        and former.state is conversation.state
        and former.is_idle is conversation.is_idle
        and former.priority == conversation.priority
    )


def queued(group: GroupId) -> Owner:
    """The owner of what waits in a group."""
    return Owner(OwnerKind.QUEUE, group)
