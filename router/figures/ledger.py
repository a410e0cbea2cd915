"""The ledger: a fold over everything that is decided. It asks nobody anything, and changes nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from router.conversation import Conversation, Owner, OwnerKind
from router.effects import (
    Direction,
    Effect,
    RecordConversation,
    RecordMessage,
    RecordOffer,
    RecordPresence,
    RecordTrace,
)
from router.events import (
    AnyEvent,
    ConversationRated,
    ConversationReopened,
    ConversationResolved,
    MessageReceived,
    TransferRequested,
)
from router.figures.history import History
from router.figures.row import Closing, Proposal, Rows, place_of
from router.figures.workday import Workday
from router.ids import ConversationId, ThreadId
from router.message import AuthorKind
from router.offer import Offer, OfferState
from router.presence import Presence
from router.settings import Settings
from router.trace import Outcome, Trace
from skills.hours import Hours
from skills.ids import AgentId, GroupId

SAME_TOPIC = timedelta(hours=72)
"""Who comes again with the same topic within this has not been helped the first time (`routing.md` §24)."""


class Ledger:
    """What was counted so far. Feed it each event with its effects, in the order in which they were decided."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._histories: dict[ConversationId, History] = {}
        self._workdays: dict[AgentId, Workday] = {}
        self._proposals: list[Proposal] = []
        self._steps: dict[ConversationId, int] = {}

    def configure(self, settings: Settings) -> None:
        """Another routing version is in force."""
        self._settings = settings

    def begin(self, conversations: Iterable[Conversation], presences: Iterable[Presence], at: datetime) -> None:
        """Begin to count in the middle: with what is open then, and who is there."""
        for each in conversations:
            self._see(each, at)
        for presence in presences:
            agent = self._settings.agents.get(presence.agent)
            units = max(presence.load, agent.units if agent is not None else 0.0)
            self._workday(presence.agent, at).see(presence, units, at)

    def note(self, event: AnyEvent, effects: Iterable[Effect]) -> None:
        """Something was decided, and this followed."""
        effects, at = tuple(effects), event.at
        self._before(event)
        for effect in effects:
            if isinstance(effect, RecordTrace):
                self._choose(effect.trace)
        for effect in effects:
            if isinstance(effect, RecordConversation):
                self._see(effect.conversation, at)
            elif isinstance(effect, RecordMessage):
                self._hear(effect, at)
            elif isinstance(effect, RecordOffer):
                self._propose(effect.offer)
            elif isinstance(effect, RecordPresence):
                self._workday(effect.presence.agent, at).see(effect.presence, effect.units, at)

    def rows(self, now: datetime) -> Rows:
        """Everything that was counted, until now."""
        histories = self._histories.values()
        return Rows(
            visits=tuple(row for each in histories for row in each.visits(now)),
            responses=tuple(row for each in histories for row in each.responses),
            tenures=tuple(row for each in histories for row in each.tenures()),
            closings=tuple(self._closings(now)),
            proposals=tuple(self._proposals),
            passings=tuple(row for each in histories for row in each.passings),
            deadlines=tuple(row for each in histories for row in each.deadlines),
            spells=tuple(spell for day in self._workdays.values() for spell in day.spells(now)),
        )

    # --- What an event means -----------------------------------------------------------------------------------------

    def _before(self, event: AnyEvent) -> None:
        """What only the event tells, or must be noted before the conversation changes."""
        match event:
            case MessageReceived(previous=previous) | ConversationReopened(previous=previous) if previous is not None:
                if previous.id not in self._histories:
                    self._see(previous, event.at)
            case TransferRequested(to_group=target, by=by) if target is not None:
                history = self._histories.get(event.conversation)
                if history is not None:
                    source = Owner(OwnerKind.QUEUE, history.now.group)
                    place = place_of(history.now)
                    history.passed(event.at, by, source, Owner(OwnerKind.QUEUE, target), place)
            case ConversationResolved(conversation=id_, by=by) if id_ in self._histories:
                self._histories[id_].ended_by = AgentId(by) if by else None
            case ConversationRated(conversation=id_, stars=stars) if id_ in self._histories:
                self._histories[id_].stars = stars
            case _:
                pass

    def _see(self, conversation: Conversation, at: datetime) -> None:
        history = self._histories.get(conversation.id)
        before = history.active_with if history is not None else None
        step = self._steps.get(conversation.id)
        if history is None:
            history = self._histories[conversation.id] = History(conversation, at, step)
        else:
            history.see(conversation, at, step)
        after = history.active_with
        if after is not None:
            self._steps.pop(conversation.id, None)
        if before == after:
            return
        if before is not None:
            self._workday(before, at).change(-1, at)
        if after is not None:
            self._workday(after, at).change(1, at)

    def _hear(self, said: RecordMessage, at: datetime) -> None:
        history = self._histories.get(said.conversation)
        if history is None or said.note:
            return
        if said.direction is Direction.IN and said.author.kind is AuthorKind.CONTACT:
            history.asked(at)
        elif said.author.kind is AuthorKind.AGENT:
            history.hear(AgentId(said.author.id), at, self._hours(history.now.group))

    def _propose(self, offer: Offer) -> None:
        history = self._histories.get(offer.conversation)
        if history is None or offer.state in {OfferState.OPEN, OfferState.AUTO}:
            return
        place = place_of(history.now)
        self._proposals.append(Proposal(place=place, at=offer.offered_at, agent=offer.agent, end=offer.state))
        if offer.from_agent is not None and offer.state is OfferState.ACCEPTED:
            source, target = Owner(OwnerKind.AGENT, offer.from_agent), Owner(OwnerKind.AGENT, offer.agent)
            history.passed(offer.offered_at, offer.from_agent, source, target, place)

    def _choose(self, trace: Trace) -> None:
        """An agent was chosen at this step; accepting later does not change it."""
        if trace.outcome is Outcome.OFFERED:
            self._steps[trace.conversation] = trace.step
        elif trace.outcome is Outcome.ASSIGNED:
            self._steps.setdefault(trace.conversation, trace.step)

    def _workday(self, agent: AgentId, at: datetime) -> Workday:
        found = self._workdays.get(agent)
        if found is None:
            found = self._workdays[agent] = Workday(agent, at)
        return found

    def _hours(self, group: GroupId) -> Hours | None:
        its = self._settings.groups.get(group)
        name = its.group.hours if its is not None else None
        return self._settings.hours.get(name) if name is not None else None

    # --- Who came again ----------------------------------------------------------------------------------------------

    def _closings(self, now: datetime) -> Iterator[Closing]:
        threads: dict[ThreadId, list[History]] = {}
        for history in self._histories.values():
            threads.setdefault(history.now.thread, []).append(history)
        for history in self._histories.values():
            closing = history.closing(came_again=_came_again(history, threads[history.now.thread], now))
            if closing is not None:
                yield closing


def _came_again(history: History, thread: Iterable[History], now: datetime) -> bool | None:
    ended_at = history.now.resolved_at
    if ended_at is None:
        return None
    until = ended_at + SAME_TOPIC
    later = (each for each in thread if ended_at <= each.now.created_at <= until and each is not history)
    if any(each.groups & history.groups for each in later):
        return True
    return None if now <= until else False
