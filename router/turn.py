"""A turn: one event being decided. It collects the effects and remembers which rows they must write.

A rule changes conversations and seats through the turn; at its end every changed row is recorded once, with its
timer, however often it changed. Rows come before what refers to them.
"""

from datetime import datetime
from itertools import chain

from router.agenda import agent_timer, conversation_timer
from router.board import Board
from router.conversation import Conversation, State
from router.effects import (
    CancelTimer,
    DeskWord,
    Effect,
    Measure,
    Measurement,
    RecordConversation,
    RecordOffer,
    RecordPresence,
    RecordTrace,
    StartTimer,
    TellDesk,
)
from router.events import Event, TimerKind
from router.forecast import with_completion
from router.ids import ConversationId, MessageId, OfferId, TraceId
from router.offer import Offer, OfferState
from router.pool import Pool
from router.reason import Reason
from router.seat import Seat
from router.selection import Choice
from router.ticking import Tick, ticked
from router.trace import Outcome, RuleHit, Trace, Verdict
from skills.ids import AgentId, GroupId
from skills.skill import Requirement

LANE_MEMORY = (1 << 31) - 1
"""So many picks are remembered, as bits."""


class Turn:
    """The board, the event, its instant, and the consequences so far.

    Before it ends, ``unplaced`` waiting conversations and ``unserved`` agents who may have become free are matched.
    ``queued`` are conversations that came into the queue now, with the reasons; ``rules`` is the path through triage;
    ``ticks`` are what became of clocks; ``remarks`` go with the next decision about a conversation, whatever it is.
    """

    __slots__ = (
        "_changed",
        "_looked",
        "_messages",
        "_offers",
        "_seats",
        "_traces",
        "at",
        "board",
        "effects",
        "event",
        "queued",
        "remarks",
        "rules",
        "ticks",
        "unplaced",
        "unserved",
    )

    def __init__(self, board: Board, event: Event) -> None:
        self.board = board
        self.event = event
        self.at: datetime = event.at
        self.effects: list[Effect] = []
        self.unplaced: dict[ConversationId, None] = {}
        self.unserved: dict[AgentId, None] = {}
        self.queued: dict[ConversationId, tuple[Reason, ...]] = {}
        self.rules: tuple[RuleHit, ...] = ()
        self.ticks: list[tuple[Conversation, Tick]] = []
        self.remarks: dict[ConversationId, tuple[Reason, ...]] = {}
        self._changed: dict[ConversationId, Conversation] = {}
        self._looked: dict[ConversationId, Conversation] = {}
        self._seats: dict[AgentId, Seat] = {}
        self._offers = 0
        self._messages = 0
        self._traces = 0

    # --- Ids: made from the event's, so that a replay makes the same ------------------------------------------------

    def new_offer_id(self) -> OfferId:
        """An id for an offer."""
        self._offers += 1
        return OfferId(f"{self.event.id}.o{self._offers}")

    def new_message_id(self) -> MessageId:
        """An id for a message that the core itself causes."""
        self._messages += 1
        return MessageId(f"{self.event.id}.m{self._messages}")

    # --- Changes ----------------------------------------------------------------------------------------------------

    def say(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def save(self, conversation: Conversation) -> Conversation:
        """Put this value on the board; a resolved one leaves it. Who carries less now is served afterwards.

        The value that is there already is put in its place again, and its timer set; nothing is recorded.
        """
        board = self.board
        former = board.conversations.get(conversation.id)
        if board.settings.targets or conversation.clocks:
            conversation = self._with_clocks(former, conversation)
        carrier = board.owner_seat(former) if former is not None else None
        before = carrier.load if carrier is not None else 0.0
        if conversation.state is State.RESOLVED:
            board.take(conversation)
        else:
            board.put(conversation, self.at)
        if conversation is former:
            self._looked[conversation.id] = conversation
        else:
            self._changed[conversation.id] = conversation
        if carrier is not None and carrier.load != before:
            self.work_changed(carrier)
        if (owner := board.owner_seat(conversation)) is not None and owner is not carrier:
            self.work_changed(owner)
        return conversation

    def _with_clocks(self, former: Conversation | None, conversation: Conversation) -> Conversation:
        """The same conversation with its clocks as they are now; what became of them is told at the end."""
        conversation, ticks = ticked(self.board, self.event, former, conversation)
        self.ticks.extend((conversation, tick) for tick in ticks)
        return conversation

    def show(self, conversation: Conversation) -> None:
        """Record it and tell the desk, although the conversation itself has not changed: its offers have."""
        self._changed[conversation.id] = conversation

    def work_changed(self, seat: Seat) -> None:
        """The agent has just got or finished work: idle from now, and perhaps free."""
        if seat.presence.idle_since != self.at:
            self.board.roster.note(seat, idle_since=self.at)
        self._seats[seat.id] = seat
        self.unserved[seat.id] = None

    def change_seat(self, seat: Seat, **parts: object) -> None:
        """Change parts of an agent's presence."""
        self.board.roster.change(seat, **parts)
        self._seats[seat.id] = seat
        self.unserved[seat.id] = None
        if not seat.may_receive:
            self._recheck(seat)

    def pick(self, seat: Seat) -> None:
        """The agent gets work, or is asked to: at the end of the others by idle time, and by turn."""
        self.board.roster.note(seat, idle_since=self.at, picked_at=self.at)
        self._seats[seat.id] = seat

    def note_lane(self, seat: Seat, *, is_urgent: bool) -> None:
        """One pick more, from the strict lane or not; nothing to note while there is no such lane."""
        picks = seat.presence.lane_picks
        if picks or is_urgent:
            self.board.roster.note(seat, lane_picks=(picks << 1 | is_urgent) & LANE_MEMORY)
            self._seats[seat.id] = seat

    def note_completion(self, seat: Seat) -> None:
        """The agent ended a conversation."""
        self.board.roster.note(seat, completed=with_completion(seat.presence.completed, self.at))
        self._seats[seat.id] = seat

    def wake_queue(self, group: GroupId, at: datetime | None) -> None:
        """Let the group's paused queue be looked at then; None: not at all."""
        self._set_timer(self.effects, TimerKind.QUEUE, group, at)

    def touch(self, seat: Seat) -> None:
        """Record the agent's presence and timer, changed or not."""
        self._seats[seat.id] = seat

    def _recheck(self, seat: Seat) -> None:
        """With one agent less, a cool-down may stand in nobody else's place any more, or nobody be at work at all."""
        benches = chain.from_iterable(seat.benches.values())
        for pool in chain.from_iterable(bench.pools for bench in benches):
            if pool.excluding:
                self.unplaced.update(dict.fromkeys(pool.excluding))
            if pool.line and not pool.bench.at_work and self.board.queue.conditions(pool.home):
                self.unplaced.update(dict.fromkeys(ConversationId(place[2]) for place in pool.line))

    # --- Offers -----------------------------------------------------------------------------------------------------

    def open_offer(self, offer: Offer) -> None:
        """An offer is made: units are reserved, the agent's desk learns of it."""
        self.board.open(offer)
        seat = self.board.roster.seat(offer.agent)
        self.pick(seat)
        self.say(RecordOffer(offer=offer))
        self.say(TellDesk(word=DeskWord.OFFER, subject=offer.id, conversation=offer.conversation, agent=offer.agent))

    def end_offer(self, offer: Offer) -> None:
        """An offer has ended as its state says: units are free again, the desk learns of it."""
        self.board.close(offer)
        if (seat := self.board.roster.seats.get(offer.agent)) is not None:
            self._seats[seat.id] = seat
            self.unserved[seat.id] = None
        self.say(RecordOffer(offer=offer))
        self.say(
            TellDesk(
                word=DeskWord.OFFER_ENDED,
                subject=offer.id,
                conversation=offer.conversation,
                agent=offer.agent,
                text=offer.state.value,
            )
        )
        if offer.state is not OfferState.OPEN:
            self.say(Measure(what=Measurement.OFFERS, label=offer.state.value))

    # --- Reasons ----------------------------------------------------------------------------------------------------

    def explain(
        self,
        conversation: Conversation,
        outcome: Outcome,
        *,
        choice: Choice | None = None,
        chosen: AgentId | None = None,
        pool: Pool | None = None,
        reasons: tuple[Reason, ...] = (),
    ) -> None:
        """Store why a conversation was placed or moved."""
        board = self.board
        pool = choice.pool if choice is not None else pool
        step = board.queue.step_of(conversation, self.at)
        is_resting = outcome is Outcome.WAITS and conversation.group in board.pauses
        self._traces += 1
        self.say(
            RecordTrace(
                trace=Trace(
                    id=TraceId(f"{self.event.id}.t{self._traces}"),
                    conversation=conversation.id,
                    event=self.event.id,
                    at=self.at,
                    trigger=type(self.event).__name__,
                    config_version=board.settings.version,
                    outcome=outcome,
                    group=conversation.group,
                    groups=pool.key.groups if pool is not None else (conversation.group,),
                    priority=conversation.priority,
                    tags=conversation.tags,
                    rules=self.rules,
                    requirement=pool.key.requirement if pool is not None else Requirement(),
                    step=step,
                    due_at=conversation.due_at,
                    held_until=conversation.held_until,
                    chosen=choice.seat.id if choice is not None else chosen,
                    why=choice.why if choice is not None else (),
                    runners_up=choice.runners_up if choice is not None else (),
                    counts=pool.counts(Verdict.PAUSED if is_resting else Verdict.ELIGIBLE) if pool is not None else (),
                    next_step_at=self.timer_of(conversation) if outcome is Outcome.WAITS else None,
                    reasons=(*self.remarks.pop(conversation.id, ()), *reasons) if self.remarks else reasons,
                )
            )
        )

    def remark(self, conversation: ConversationId, *reasons: Reason) -> None:
        """Tell this with the next decision about the conversation."""
        if reasons:
            self.remarks[conversation] = tuple(dict.fromkeys((*self.remarks.get(conversation, ()), *reasons)))

    def alarm(self, why: Reason, conversation: ConversationId) -> None:
        """Tell every supervisor."""
        self.say(TellDesk(word=DeskWord.ALARM, subject=conversation, conversation=conversation, why=(why,)))

    def timer_of(self, conversation: Conversation) -> datetime | None:
        """The earliest thing to come for a conversation."""
        return conversation_timer(self.board, conversation, self.at)

    # --- The end ----------------------------------------------------------------------------------------------------

    def finish(self) -> tuple[Effect, ...]:
        """All effects: rows first, then what happened in order, then presences, the desk and the timers."""
        rows: list[Effect] = [RecordConversation(conversation=each) for each in self._changed.values()]
        rows += self.effects
        for seat in self._seats.values():
            ceiling = max(seat.agent.units, seat.load)
            rows.append(RecordPresence(presence=seat.written(), units=ceiling))
            rows.append(TellDesk(word=DeskWord.PRESENCE, subject=seat.id, agent=seat.id))
            self._set_timer(rows, TimerKind.AGENT, seat.id, agent_timer(self.board, seat, self.at))
        for conversation in self._looked.values():
            if conversation.id not in self._changed:
                self._set_timer(rows, TimerKind.CONVERSATION, conversation.id, self.timer_of(conversation))
        for conversation in self._changed.values():
            rows.append(TellDesk(word=DeskWord.CONVERSATION, subject=conversation.id, conversation=conversation.id))
            at = None if conversation.state is State.RESOLVED else self.timer_of(conversation)
            if at is None and conversation.state is State.RESOLVED:
                self.board.timers.pop((TimerKind.CONVERSATION, conversation.id), None)
                rows.append(CancelTimer(kind=TimerKind.CONVERSATION, subject=conversation.id))
            else:
                self._set_timer(rows, TimerKind.CONVERSATION, conversation.id, at)
        return tuple(rows)

    def _set_timer(self, rows: list[Effect], kind: TimerKind, subject: str, at: datetime | None) -> None:
        timers = self.board.timers
        former = timers.get((kind, subject))
        if at is not None and at != former:
            timers[kind, subject] = at
            rows.append(StartTimer(kind=kind, subject=subject, at=at))
        elif at is None and former is not None:
            del timers[kind, subject]
            rows.append(CancelTimer(kind=kind, subject=subject))
