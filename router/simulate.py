"""Simulation: arrivals through the same `decide`, in virtual time.

Nothing is modelled that the core does by itself: triage, queues, widening, offers, wrap-up, shifts and timers are the
running product's. What people do is assumed, by `Habits`: who is on shift is there and ready, accepts, answers after a
moment, and resolves when the arrival's handling time is over; who waits longer than the own patience goes away. Equal
input gives equal output, to the byte.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush

from router.board import Board
from router.conversation import Conversation, LastAnswer, OwnerKind, State
from router.decide import carry_out
from router.effects import AskBot, RecordConversation, RecordOffer, StartTimer
from router.errors import Refused
from router.events import (
    AgentConnected,
    AgentReplied,
    AnyEvent,
    ConversationResolved,
    Event,
    HandoffRequested,
    OfferAccepted,
    TimerFired,
)
from router.ids import ContactId, ConversationId, EventId, MessageId, ThreadId
from router.journey import Arrival, Fate, Habits, Journey
from router.message import Text
from router.offer import OfferState
from router.presence import Intent, Presence
from router.settings import Settings
from router.trace import Outcome, Stage
from router.turn import Turn
from skills.agent import AgentKind
from skills.ids import AgentId, GroupId

SAID = (Text(text="…"),)
"""What a simulated agent answers; nobody reads it."""

IN_QUEUE = frozenset({State.WAITING, State.OFFERED})


def simulate(settings: Settings, arrivals: Iterable[Arrival], habits: Habits | None = None) -> tuple[Journey, ...]:
    """Where each conversation goes under these settings, in the order in which they begin."""
    coming = sorted(arrivals, key=lambda arrival: (arrival.event.at, arrival.event.id))
    return _Run(settings, habits or Habits()).through(coming)


@dataclass(slots=True)
class _Progress:
    """A journey on its way."""

    arrival: Arrival
    conversation: Conversation
    rule: str = ""
    group: GroupId | None = None
    agent: AgentId | None = None
    answered_at: datetime | None = None
    waited: timedelta = timedelta()
    breached: bool = False
    started: int = -1
    is_leaving: bool = False


class _Untold(Turn):
    """A turn whose reasons nobody reads: instead of a trace it keeps the rule that gave a conversation its group."""

    __slots__ = ("ruled",)

    def __init__(self, board: Board, event: Event) -> None:
        super().__init__(board, event)
        self.ruled: dict[ConversationId, str] = {}

    def explain(self, conversation: Conversation, outcome: Outcome, **reasons: object) -> None:
        """Keep the rule, if triage was asked."""
        if self.rules and self.rules[-1].stage is Stage.GROUP:
            self.ruled[conversation.id] = self.rules[-1].rule


class _Run:
    """A board in virtual time, and what is still to happen: (instant, number, act, with what)."""

    def __init__(self, settings: Settings, habits: Habits) -> None:
        self._habits = habits
        self._settings = settings
        self._board = Board(settings)
        self._agenda: list[tuple[datetime, int, Callable[..., None], tuple[object, ...]]] = []
        self._numbers = 0
        self._journeys: dict[ConversationId, _Progress] = {}
        self._ended: dict[ThreadId, Conversation] = {}
        self._answers: dict[ContactId, LastAnswer] = {}
        self._arrival: Arrival | None = None
        self._follows: Mapping[type, Callable[..., None]] = {
            StartTimer: self._started,
            RecordOffer: self._offered,
            AskBot: self._asked,
            RecordConversation: self._changed,
        }

    def through(self, coming: list[Arrival]) -> tuple[Journey, ...]:
        if not coming:
            return ()
        begins_at, last_at = coming[0].event.at, coming[-1].event.at
        self._open(begins_at)
        for arrival in coming:
            self._until(arrival.event.at)
            self._arrive(arrival)
        end_at = last_at + self._habits.drain
        while self._board.conversations and self._agenda and self._agenda[0][0] <= end_at:
            self._next()
        return tuple(self._journey(id_, each, end_at) for id_, each in self._journeys.items())

    # --- Time -------------------------------------------------------------------------------------------------------

    def _open(self, at: datetime) -> None:
        people = [agent.id for agent in self._settings.agents.values() if agent.kind is AgentKind.HUMAN]
        self._board.restore([], [], [Presence(agent=agent, intent=Intent.READY) for agent in people], at)
        for agent in people:
            self._decide(AgentConnected(id=self._id(), at=at, agent=agent))

    def _until(self, at: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= at:
            self._next()

    def _next(self) -> None:
        at, _, act, what = heappop(self._agenda)
        act(at, *what)

    def _later(self, at: datetime, act: Callable[..., None], *what: object) -> None:
        self._numbers += 1
        heappush(self._agenda, (at, self._numbers, act, what))

    def _id(self) -> EventId:
        self._numbers += 1
        return EventId(f"v{self._numbers}")

    # --- What happens -----------------------------------------------------------------------------------------------

    def _arrive(self, arrival: Arrival) -> None:
        event = arrival.event
        previous = self._ended.get(event.thread, event.previous)
        answer = self._answers.get(event.contact.id, event.last_answer)
        if previous is not event.previous or answer is not event.last_answer:
            event = replace(event, previous=previous, last_answer=answer)
        self._arrival = arrival
        self._decide(event)
        self._arrival = None

    def _fire(self, at: datetime, effect: StartTimer) -> None:
        if self._board.timers.get((effect.kind, effect.subject)) == effect.at:
            self._decide(TimerFired(id=self._id(), at=at, kind=effect.kind, subject=effect.subject))

    def _accept(self, at: datetime, effect: RecordOffer) -> None:
        offer = effect.offer
        if offer.id in self._board.offers:
            self._decide(OfferAccepted(id=self._id(), at=at, offer=offer.id, agent=offer.agent))

    def _hand_over(self, at: datetime, effect: AskBot) -> None:
        self._decide(
            HandoffRequested(
                id=self._id(), at=at, conversation=effect.conversation, by=effect.bot, reason="", epoch=effect.epoch
            )
        )

    def _answer(self, at: datetime, id_: ConversationId, epoch: int) -> None:
        conversation = self._board.conversations.get(id_)
        if conversation is not None and conversation.epoch == epoch and conversation.state is State.ACTIVE:
            event_id, agent = self._id(), AgentId(conversation.owner.id)
            self._decide(
                AgentReplied(
                    id=event_id,
                    at=at,
                    conversation=id_,
                    agent=agent,
                    message=MessageId(event_id),
                    parts=SAID,
                    epoch=epoch,
                )
            )

    def _finish(self, at: datetime, id_: ConversationId, epoch: int) -> None:
        conversation = self._board.conversations.get(id_)
        if conversation is not None and conversation.epoch == epoch and conversation.state is State.ACTIVE:
            self._decide(ConversationResolved(id=self._id(), at=at, conversation=id_, by=conversation.owner.id))

    def _leave(self, at: datetime, id_: ConversationId) -> None:
        """Patience is at its end; it does not run while the group is closed and has said so."""
        conversation = self._board.conversations.get(id_)
        patience = self._journeys[id_].arrival.patience
        if conversation is None or conversation.state not in IN_QUEUE or patience is None:
            self._journeys[id_].is_leaving = False
            return
        since = conversation.held_until or conversation.due_from or at
        if since + patience > at:
            self._later(since + patience, self._leave, id_)
        else:
            self._decide(ConversationResolved(id=self._id(), at=at, conversation=id_, by=""))

    # --- What follows -----------------------------------------------------------------------------------------------

    def _decide(self, event: AnyEvent) -> None:
        try:
            turn = _Untold(self._board, event)
            effects = carry_out(turn, event)
        except Refused:
            return  # somebody else was faster, as it happens at real desks
        for effect in effects:
            follow = self._follows.get(type(effect))
            if follow is not None:
                follow(effect, event.at)
        for id_, rule in turn.ruled.items():
            if (progress := self._journeys.get(id_)) is not None:
                progress.rule = rule

    def _started(self, effect: StartTimer, at: datetime) -> None:
        self._later(max(effect.at, at), self._fire, effect)

    def _offered(self, effect: RecordOffer, at: datetime) -> None:
        if effect.offer.state is OfferState.OPEN:
            self._later(at + self._habits.accepts_after, self._accept, effect)

    def _asked(self, effect: AskBot, at: datetime) -> None:
        self._later(at + self._habits.bot_hands_over_after, self._hand_over, effect)

    def _changed(self, effect: RecordConversation, at: datetime) -> None:
        conversation = effect.conversation
        progress = self._journeys.get(conversation.id)
        if progress is None:
            if self._arrival is None or conversation.id != self._arrival.event.new_conversation:
                return  # one from before the run, reopened: it has no arrival of its own
            progress = self._journeys[conversation.id] = _Progress(self._arrival, conversation)
        progress.conversation = conversation
        if conversation.state in IN_QUEUE:
            self._waits(progress, conversation)
        elif conversation.state is State.ACTIVE and conversation.owner.kind is OwnerKind.AGENT:
            self._is_with_agent(progress, conversation, at)
        elif conversation.state is State.RESOLVED:
            self._ended[conversation.thread] = conversation
            if progress.answered_at is None:
                self._stop_waiting(progress, at)

    def _waits(self, progress: _Progress, conversation: Conversation) -> None:
        progress.group = conversation.group
        patience = progress.arrival.patience
        if patience is None or progress.is_leaving:
            return
        progress.is_leaving = True
        since = conversation.held_until or conversation.due_from or conversation.created_at
        self._later(since + patience, self._leave, conversation.id)

    def _is_with_agent(self, progress: _Progress, conversation: Conversation, at: datetime) -> None:
        if conversation.last_answer is not None and conversation.last_answer.at == at:
            self._answers[conversation.contact] = conversation.last_answer
        if conversation.epoch == progress.started:
            return
        progress.started = conversation.epoch
        if progress.answered_at is None:
            progress.group = conversation.group
            progress.answered_at = at
            progress.agent = AgentId(conversation.owner.id)
            self._stop_waiting(progress, at)
        handling = progress.arrival.handling
        reply = min(self._habits.replies_after, handling / 2)
        self._later(at + reply, self._answer, conversation.id, conversation.epoch)
        self._later(at + handling, self._finish, conversation.id, conversation.epoch)

    def _stop_waiting(self, progress: _Progress, at: datetime) -> None:
        conversation = progress.conversation
        if conversation.due_from is None:
            return  # with a bot all the time
        progress.waited = max(at - conversation.due_from, timedelta())
        progress.breached = progress.waited > self._settings.priorities[conversation.priority]

    def _journey(self, id_: ConversationId, progress: _Progress, end_at: datetime) -> Journey:
        conversation = progress.conversation
        fate = Fate.UNROUTED
        if progress.answered_at is not None:
            fate = Fate.ANSWERED
        elif conversation.state is State.RESOLVED:
            fate = Fate.ABANDONED if conversation.resolved_because == "abandoned" else Fate.ENDED
        else:
            self._stop_waiting(progress, end_at)
        return Journey(
            conversation=id_,
            event=progress.arrival.event.id,
            inbox=progress.arrival.event.inbox,
            at=progress.arrival.event.at,
            group=progress.group or conversation.group,
            rule=progress.rule,
            fate=fate,
            reason=conversation.resolved_because,
            agent=progress.agent,
            waited=progress.waited,
            breached=progress.breached,
        )
