"""Anything may happen, in any order: the invariants hold after every decision, and a restart changes none."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from router.board import Board
from router.clocks import Target
from router.conversation import Conversation, OwnerKind, State
from router.decide import decide
from router.effects import DeskWord, Effect, Measure, Measurement, RecordConversation, TellDesk
from router.errors import Refused
from router.events import (
    AgentActive,
    AgentConnected,
    AgentLost,
    AgentReplied,
    AnyEvent,
    BotReplied,
    ConfigApplied,
    ContactLeft,
    ContactLost,
    ContactReturned,
    ContactsMerged,
    ContactsSplit,
    ConversationAssigned,
    ConversationBoosted,
    ConversationGivenBack,
    ConversationParked,
    ConversationReopened,
    ConversationRequeued,
    ConversationResolved,
    ConversationResumed,
    ConversationTakenOver,
    GroupAddressed,
    HandoffRequested,
    HoursOverridden,
    IntentChanged,
    NoteAdded,
    OfferAccepted,
    OfferDeclined,
    QueuePaused,
    QueueResumed,
    ReplyPromised,
    SupervisorReplied,
    Swept,
    TagsChanged,
    TimerFired,
    TimerKind,
    TransferRequested,
    WrapUpExtended,
    WrapUpFinished,
)
from router.ids import ChannelName, ContactId, EventId, MessageId, OfferId, PriorityTag, Tag, ThreadId
from router.message import Choice, Text
from router.presence import Device, Intent
from router.rules.menu import MENU
from router.settings import Settings
from router.trace import Verdict
from skills.ids import AgentId, GroupId
from tests.router import invariants, naive_clocks
from tests.router.people import People
from tests.router.rows import Rows
from tests.router.world import (
    AGENTS,
    ASIA,
    BOT,
    DESK,
    JAPAN,
    MONDAY,
    NIGHT,
    TARGETS,
    USA,
    everything,
    message,
    seconds,
)  # fmt: skip

CONTACTS = ("kim", "lee", "mo", "nia", "olu", "pia", "quy", "rui")
HELLO = (Text(text="hello"),)
FIRES_AT_ONCE = 3
"""One thing may make another overdue (an offer ran out; the contact is to be told), but not for ever."""

contacts = st.sampled_from(CONTACTS)
agents = st.sampled_from([each.id for each in AGENTS])
groups = st.sampled_from([JAPAN, ASIA, USA, NIGHT, DESK])
CODES_MET = ("CA12", "#anna", "dora", "#Spring", "robo", "old")
entries = st.sampled_from(["japan", "japan", "korea", "usa", "asia", "night", "gold", "", *CODES_MET])
picks = st.integers(min_value=0, max_value=50)


class Core(RuleBasedStateMachine):
    """The board under test, the rows that its effects wrote, and everything that was decided, for the replay."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = self.timed_by = everything()
        self.board = Board(self.settings)
        self.rows = Rows()
        self.now: datetime = MONDAY
        self.history: list[tuple[Settings, AnyEvent, tuple[Effect, ...] | None]] = []
        self.people = People()
        self.clocks = naive_clocks.Story()
        self.number = 0

    # --- Deciding, and looking ---------------------------------------------------------------------------------------

    def decide(self, make: Callable[..., AnyEvent], **facts: Any) -> tuple[Effect, ...]:
        """Decide one event and look at everything."""
        self.number += 1
        return self.apply(make(id=EventId(f"e{self.number}"), at=self.now, **facts))

    def apply(self, event: AnyEvent) -> tuple[Effect, ...]:
        """Decide this event; refused or not, everything must be right afterwards."""
        before = self.board.remembered()
        self.clocks.pass_to(self.board, self.timed_by, self.now)
        loads = dict(self.board.loads)
        epochs = {id_: (each.owner, each.epoch) for id_, each in self.board.conversations.items()}
        try:
            effects = decide(self.board, event)
        except Refused:
            assert self.board.remembered() == before, "a refused event changes nothing"
            self.history.append((self.settings, event, None))
            return ()
        self.history.append((self.settings, event, effects))
        self.rows.write(effects)
        for effect in effects:
            if isinstance(effect, RecordConversation):
                self.people.heard(effect.conversation)
        assert invariants.breaches(self.board, self.now) == []
        assert self.clocks.happened(self.board, event, effects) == []
        self.timed_by = self.settings
        self.assert_rows()
        assert invariants.overloaded(self.board, event, loads) == []
        for id_, each in self.board.conversations.items():
            assert isinstance(event, ContactsMerged | ContactsSplit) or each.contact == self.people.of(each.thread)
            owner, epoch = epochs.get(id_, (each.owner, each.epoch))
            assert (owner == each.owner) or each.epoch > epoch, "a new owner has a new epoch"
        if not isinstance(event, Swept):
            assert not any(isinstance(e, Measure) and e.what is Measurement.INVARIANT_BREACHES for e in effects)
        return effects

    def assert_rows(self) -> None:
        """What is written is what is remembered."""
        assert self.rows.conversations == self.board.conversations
        assert self.rows.offers == self.board.offers
        assert self.rows.timers == self.board.timers
        assert self.rows.pauses == self.board.pauses
        for id_, presence in self.rows.presences.items():
            assert presence == self.board.roster.seats[id_].presence
            assert abs(presence.load - self.board.loads[id_]) < 1e-9

    def one(self, pick: int, *states: State) -> Conversation | None:
        """Some open conversation in one of these states."""
        found = [each for each in self.board.conversations.values() if not states or each.state in states]
        return found[pick % len(found)] if found else None

    # --- What happens ------------------------------------------------------------------------------------------------

    @initialize(ready=st.lists(agents, unique=True))
    def begin(self, ready: list[AgentId]) -> None:
        """Some agents come to work."""
        for each in ready:
            self.decide(AgentConnected, agent=each)
            self.decide(IntentChanged, agent=each, intent=Intent.READY, by=each)

    @rule(
        contact=contacts,
        entry=entries,
        is_vip=st.booleans(),
        channel=st.sampled_from(["web", "web", "mail"]),
        pressed=st.none() | st.none() | st.sampled_from(MENU),
        budget=st.sampled_from([None, None, 0, 1, 3]),
    )
    def write(
        self, contact: str, entry: str, is_vip: bool, channel: str, pressed: str | None, budget: int | None
    ) -> None:
        """A contact writes, or presses a button of the menu."""
        self.number += 1
        thread = ThreadId(f"t-{contact}")
        previous = next((each for each in reversed(self.rows.resolved.values()) if each.thread == thread), None)
        person = self.people.of(thread)
        self.apply(
            message(
                self.number,
                contact,
                self.now,
                entry=entry,
                channel=channel,
                tags=("vip",) if is_vip else (),
                previous=previous,
                last_answer=self.people.answer(person),
                person=person,
                parts=(Choice(value=pressed),) if pressed else HELLO,
                announcements=budget,
            )
        )

    @rule(contact=contacts)
    def leave(self, contact: str) -> None:
        """A contact goes away for good."""
        self.decide(ContactLeft, thread=ThreadId(f"t-{contact}"), reason="blocked")

    @rule(contact=contacts, is_back=st.booleans())
    def break_off(self, contact: str, is_back: bool) -> None:
        """A contact's page is closed, or opened again."""
        self.decide(ContactReturned if is_back else ContactLost, thread=ThreadId(f"t-{contact}"))

    @rule(agent=agents, device=st.sampled_from(Device))
    def connect(self, agent: AgentId, device: Device) -> None:
        """A feed opens."""
        self.decide(AgentConnected, agent=agent, device=device)

    @rule(agent=agents, device=st.none() | st.sampled_from(Device))
    def lose(self, agent: AgentId, device: Device | None) -> None:
        """The last feed of a kind of device closes, or every one."""
        self.decide(AgentLost, agent=agent, device=device)

    @rule(agent=agents)
    def be_active(self, agent: AgentId) -> None:
        """A click at the desk."""
        self.decide(AgentActive, agent=agent)

    @rule(agent=agents, intent=st.sampled_from([Intent.READY, *Intent]), mask=st.sampled_from([(), ("mail",)]))
    def intend(self, agent: AgentId, intent: Intent, mask: tuple[ChannelName, ...]) -> None:
        """An agent chooses; away, mail may still come."""
        self.decide(IntentChanged, agent=agent, intent=intent, by=agent, channels=mask)

    @rule(pick=picks)
    def accept(self, pick: int) -> None:
        """An offer is accepted; or one that never was."""
        offers = list(self.board.offers.values())
        if not offers:
            self.decide(OfferAccepted, offer=OfferId("none"), agent=AGENTS[0].id)
            return
        offer = offers[pick % len(offers)]
        self.decide(OfferAccepted, offer=offer.id, agent=offer.agent)

    @rule(pick=picks)
    def decline(self, pick: int) -> None:
        """An offer is declined."""
        offers = list(self.board.offers.values())
        if offers:
            offer = offers[pick % len(offers)]
            self.decide(OfferDeclined, offer=offer.id, agent=offer.agent, reason="busy")

    @rule(pick=picks, stranger=agents, is_owner=st.booleans(), is_elsewhere=st.booleans())
    def reply(self, pick: int, stranger: AgentId, is_owner: bool, is_elsewhere: bool) -> None:
        """An agent answers: the owner, a stranger, or somebody on another surface."""
        conversation = self.one(pick)
        if conversation is None:
            return
        owns = conversation.owner.kind is OwnerKind.AGENT and is_owner
        agent = AgentId(conversation.owner.id) if owns else stranger
        epoch = None if is_elsewhere else conversation.epoch
        self.decide(
            AgentReplied,
            conversation=conversation.id,
            agent=agent,
            message=MessageId(f"r{self.number}"),
            parts=HELLO,
            epoch=epoch,
        )

    @rule(pick=picks, agent=agents, mentioned=agents)
    def note(self, pick: int, agent: AgentId, mentioned: AgentId) -> None:
        """A note changes no conversation, whomever it mentions."""
        if conversation := self.one(pick):
            self.decide(
                NoteAdded,
                conversation=conversation.id,
                agent=agent,
                message=MessageId(f"n{self.number}"),
                parts=HELLO,
                mentions=(mentioned,),
            )
            assert self.board.conversations[conversation.id] == conversation

    @rule(pick=picks, is_late=st.booleans())
    def bot_answers(self, pick: int, is_late: bool) -> None:
        """A bot answers, in time or after its owner epoch."""
        if conversation := self.one(pick, State.BOT):
            self.decide(
                BotReplied,
                conversation=conversation.id,
                bot=BOT,
                epoch=conversation.epoch - is_late,
                message=MessageId(f"b{self.number}"),
                parts=HELLO,
            )

    @rule(pick=picks, group=st.none() | groups)
    def hand_off(self, pick: int, group: GroupId | None) -> None:
        """A bot gives up."""
        if conversation := self.one(pick, State.BOT):
            self.decide(
                HandoffRequested,
                conversation=conversation.id,
                by=BOT,
                reason="asked for a person",
                group=group,
                fields={"country": "Japan"},
                epoch=conversation.epoch,
            )

    @rule(pick=picks, agent=st.none() | agents, group=groups)
    def transfer(self, pick: int, agent: AgentId | None, group: GroupId) -> None:
        """The owner gives a conversation on."""
        conversation = self.one(pick, State.ACTIVE, State.PARKED, State.WRAPPING)
        if conversation is not None:
            self.decide(
                TransferRequested,
                conversation=conversation.id,
                by=AgentId(conversation.owner.id),
                note=MessageId(f"n{self.number}"),
                note_text="please",
                to_agent=agent,
                to_group=None if agent else group,
                epoch=conversation.epoch,
            )

    @rule(pick=picks, agent=agents, by=agents, may_exceed=st.booleans())
    def assign(self, pick: int, agent: AgentId, by: AgentId, may_exceed: bool) -> None:
        """A hand assigns."""
        if conversation := self.one(pick):
            self.decide(ConversationAssigned, conversation=conversation.id, agent=agent, by=by, may_exceed=may_exceed)

    @rule(pick=picks, minutes=st.none() | st.integers(min_value=1, max_value=30))
    def park(self, pick: int, minutes: int | None) -> None:
        """The owner parks."""
        if conversation := self.one(pick, State.ACTIVE):
            until = self.now + seconds(60 * minutes) if minutes else None
            self.decide(
                ConversationParked, conversation=conversation.id, by=AgentId(conversation.owner.id), until=until
            )

    @rule(pick=picks)
    def resume(self, pick: int) -> None:
        """The owner resumes."""
        if conversation := self.one(pick, State.PARKED):
            self.decide(ConversationResumed, conversation=conversation.id, by=AgentId(conversation.owner.id))

    @rule(pick=picks, is_contact=st.booleans())
    def resolve(self, pick: int, is_contact: bool) -> None:
        """Somebody ends a conversation."""
        if conversation := self.one(pick):
            by = "" if is_contact else conversation.owner.id
            said = (
                {"disposition": "sold", "note": MessageId(f"d{self.number}"), "note_text": "sold"} if pick % 2 else {}
            )
            self.decide(ConversationResolved, conversation=conversation.id, by=by, **said)

    @rule(pick=picks, disposition=st.sampled_from(["", "sold"]), is_longer=st.booleans())
    def finish_wrap_up(self, pick: int, disposition: str, is_longer: bool) -> None:
        """Wrap-up ends early, or takes longer."""
        if conversation := self.one(pick, State.WRAPPING):
            agent = AgentId(conversation.owner.id)
            if is_longer:
                self.decide(WrapUpExtended, conversation=conversation.id, agent=agent)
                return
            note = MessageId(f"w{self.number}") if disposition else None
            self.decide(
                WrapUpFinished,
                conversation=conversation.id,
                agent=agent,
                disposition=disposition,
                note=note,
                note_text=disposition,
            )

    @rule(pick=picks)
    def promise(self, pick: int) -> None:
        """The owner says "I am on it"."""
        if conversation := self.one(pick, State.ACTIVE):
            self.decide(ReplyPromised, conversation=conversation.id, agent=AgentId(conversation.owner.id))

    @rule(pick=picks, by=agents, earlier=st.none() | st.integers(min_value=1, max_value=600))
    def boost(self, pick: int, by: AgentId, earlier: int | None) -> None:
        """Somebody moves a conversation forwards."""
        if conversation := self.one(pick):
            span = seconds(earlier) if earlier else None
            self.decide(ConversationBoosted, conversation=conversation.id, by=by, reason="asked twice", earlier=span)

    @rule(group=groups, by=agents, is_open=st.none() | st.booleans(), minutes=st.integers(min_value=-1, max_value=90))
    def override(self, group: GroupId, by: AgentId, is_open: bool | None, minutes: int) -> None:
        """Somebody opens or closes a group for a while."""
        until = self.now + seconds(60 * minutes)
        self.decide(HoursOverridden, group=group, is_open=is_open, until=until, by=by, reason="storm")

    @rule(pick=picks, by=agents)
    def take_over(self, pick: int, by: AgentId) -> None:
        """Somebody takes a conversation over."""
        if conversation := self.one(pick):
            self.decide(ConversationTakenOver, conversation=conversation.id, by=by, reason="third complaint")

    @rule(pick=picks, stranger=agents, is_owner=st.booleans(), is_requeued=st.booleans())
    def give_back(self, pick: int, stranger: AgentId, is_owner: bool, is_requeued: bool) -> None:
        """What was taken over is given back, or what somebody has is put back into the queue."""
        if conversation := self.one(pick, State.ACTIVE, State.PARKED, State.WRAPPING):
            by = AgentId(conversation.owner.id) if is_owner else stranger
            if is_requeued:
                self.decide(ConversationRequeued, conversation=conversation.id, by=by, reason="does not get on")
            else:
                self.decide(ConversationGivenBack, conversation=conversation.id, by=by)

    @rule(pick=picks, by=agents, group=groups)
    def join(self, pick: int, by: AgentId, group: GroupId) -> None:
        """Somebody answers beside the owner, who stays it; a whole group is told."""
        if conversation := self.one(pick):
            self.decide(
                SupervisorReplied,
                conversation=conversation.id,
                by=by,
                message=MessageId(f"j{self.number}"),
                parts=HELLO,
            )
            after = self.board.conversations[conversation.id]
            assert (after.owner, after.epoch) == (conversation.owner, conversation.epoch)
        self.decide(GroupAddressed, group=group, by=by, text="the prices are right again")

    @rule(group=groups, by=agents, minutes=st.none() | st.integers(min_value=-1, max_value=90))
    def pause(self, group: GroupId, by: AgentId, minutes: int | None) -> None:
        """Somebody pauses a queue, for a while or for good."""
        until = self.now + seconds(60 * minutes) if minutes is not None else None
        self.decide(QueuePaused, group=group, by=by, reason="storm", until=until)

    @precondition(lambda self: self.board.pauses)
    @rule(pick=picks, by=agents)
    def resume_queue(self, pick: int, by: AgentId) -> None:
        """A paused queue goes on."""
        paused = sorted(self.board.pauses)
        self.decide(QueueResumed, group=paused[pick % len(paused)], by=by)

    @rule(survivor=contacts, other=contacts, by=st.just("") | agents)
    def merge(self, survivor: str, other: str, by: str) -> None:
        """Two contacts turn out to be one person, unless one is part of another by now: then whoever it is."""
        one, two = self.people.of(ThreadId(f"t-{survivor}")), self.people.of(ThreadId(f"t-{other}"))
        answer = self.people.newest_answer(one, two)
        if self.decide(ContactsMerged, survivor=one, other=two, by=by, last_answer=answer):
            event = self.history[-1][1]
            assert isinstance(event, ContactsMerged)
            self.people.merged(event)
            self.assert_people()

    @rule(contact=contacts, by=agents)
    def split(self, contact: str, by: AgentId) -> None:
        """The newest merge of a contact is undone."""
        merge = self.people.undoable(ContactId(contact))
        if merge is None:
            return
        self.people.split(merge)
        self.decide(
            ContactsSplit,
            merge=merge.id,
            survivor=merge.survivor,
            other=merge.other,
            threads=merge.threads,
            by=by,
            survivor_answer=self.people.answer(merge.survivor),
            other_answer=self.people.answer(merge.other),
        )
        self.assert_people()

    def assert_people(self) -> None:
        """Every open conversation is its thread's contact's."""
        assert all(each.contact == self.people.of(each.thread) for each in self.board.conversations.values())

    @precondition(lambda self: self.rows.resolved)
    @rule(pick=picks, agent=agents)
    def reopen(self, pick: int, agent: AgentId) -> None:
        """An agent reopens."""
        resolved = list(self.rows.resolved.values())
        previous = resolved[pick % len(resolved)]
        self.decide(ConversationReopened, conversation=previous.id, by=agent, previous=previous)

    @rule(pick=picks, agent=agents, priority=st.none() | st.sampled_from(["vip", "low", "none"]))
    def tag(self, pick: int, agent: AgentId, priority: str | None) -> None:
        """Tags and priority change."""
        if conversation := self.one(pick):
            self.decide(
                TagsChanged,
                conversation=conversation.id,
                by=agent,
                add=(Tag("late"),),
                priority=PriorityTag(priority) if priority else None,
            )

    @rule(without=st.sampled_from([None, None, NIGHT, USA]), held_to=st.sampled_from([TARGETS, TARGETS[::-1], ()]))
    def configure(self, without: GroupId | None, held_to: tuple[Target, ...]) -> None:
        """Another routing version comes into force."""
        self.settings = replace(everything(self.settings.version + 1, without=without), targets=held_to)
        self.board.configure(self.settings)
        self.decide(ConfigApplied, version=self.settings.version)

    # --- Time --------------------------------------------------------------------------------------------------------

    @rule(span=st.sampled_from([1, 5, 20, 45, 60, 121, 600, 3_600, 20_000]))
    def pass_time(self, span: int) -> None:
        """Time passes; timers fire as they come due, and each is over when it has fired."""
        end = self.now + seconds(span)
        fired: Counter[tuple[str, datetime]] = Counter()
        while due := sorted((at, kind.value, subject) for (kind, subject), at in self.rows.timers.items() if at <= end):
            at, kind_name, subject = due[0]
            kind = TimerKind(kind_name)
            self.now = max(self.now, at)
            del self.rows.timers[kind, subject]
            self.decide(TimerFired, kind=kind, subject=subject)
            fired[subject, self.now] += 1
            assert fired[subject, self.now] <= FIRES_AT_ONCE, f"{subject}: a timer that fires for ever"
        self.now = end

    @rule(kind=st.sampled_from(TimerKind), pick=picks, agent=agents, group=groups)
    def fire_for_nothing(self, kind: TimerKind, pick: int, agent: AgentId, group: GroupId) -> None:
        """A timer that fires too early changes nothing but itself."""
        conversation = self.one(pick)
        if kind is not TimerKind.CONVERSATION or conversation is not None:
            subject: str = agent if conversation is None else conversation.id
            subject = {TimerKind.AGENT: agent, TimerKind.QUEUE: group}.get(kind, subject)
            if self.rows.timers.get((kind, subject), self.now + seconds(1)) <= self.now:
                return
            if kind is TimerKind.CONVERSATION and conversation is not None and self.is_deserted(conversation):
                return  # it is held as soon as somebody looks
            before = dict(self.board.conversations)
            self.decide(TimerFired, kind=kind, subject=subject)
            assert self.board.conversations == before

    def is_deserted(self, conversation: Conversation) -> bool:
        """Whether it waits for a group that is closed, and nobody who could answer is ready."""
        if conversation.state is not State.WAITING or conversation.held_until is not None:
            return False
        if self.board.doors.is_open(self.board.group(conversation.group), self.now):
            return False
        verdicts = {each.verdict for each in self.board.candidates(conversation.id, self.now)}
        return verdicts.isdisjoint({Verdict.ELIGIBLE, Verdict.FULL})

    @rule()
    def sweep(self) -> None:
        """The sweep finds nothing."""
        effects = self.decide(Swept)
        assert not any(isinstance(each, TellDesk) and each.word is DeskWord.ALARM for each in effects)
        assert not any(isinstance(each, Measure) for each in effects)

    @rule()
    def restart(self) -> None:
        """A board restored from the rows is the same board, and everything goes on with it."""
        restored = self.rows.restored(self.settings, self.now)
        assert restored.remembered() == self.board.remembered()
        self.board = restored

    def teardown(self) -> None:
        """The recorded events, decided again without any restart, have the same effects and end on the same board."""
        if not self.history:
            return
        replayed = Board(self.history[0][0])
        for in_force, event, effects in self.history:
            if isinstance(event, ConfigApplied):
                replayed.configure(in_force)
            try:
                again: tuple[Effect, ...] | None = decide(replayed, event)
            except Refused:
                again = None
            assert again == effects, f"{type(event).__name__} is decided otherwise in a replay"
        assert replayed.remembered() == self.board.remembered()


EXAMPLES = 2_000
THOROUGH = 100
"""Under ``make torture`` so many times as many, each time anew: Hypothesis remembers every story of one search."""


def test_anything_may_happen_in_any_order(effort: int) -> None:
    """Two thousand stories of up to fifty events with every feature in use; two hundred thousand under torture."""
    tried = settings(max_examples=EXAMPLES, stateful_step_count=50)
    for _ in range(1 if effort == 1 else THOROUGH):
        run_state_machine_as_test(Core, settings=tried)


def test_a_sweep_draws_circles_anew() -> None:
    """After a restart a sweep looks further than anybody has looked since, and finds nothing wrong."""
    core = Core()
    core.begin(ready=["anna", "bao", "chen", "dora", "emil"])
    core.write(budget=None, channel="web", contact="mo", entry="asia", is_vip=False, pressed=None)
    core.write(budget=None, channel="web", contact="kim", entry="japan", is_vip=True, pressed=None)
    core.pass_time(span=20_000)
    core.transfer(agent=None, group="japan-korea", pick=0)
    core.restart()
    core.sweep()


def test_a_restart_between_two_merges() -> None:
    """Whose conversations a merge joins comes in the same order after a restart: a replay finds what was decided."""
    core = Core()
    core.begin(ready=[])
    for contact in ("kim", "lee"):
        core.write(budget=None, channel="web", contact=contact, entry="japan", is_vip=False, pressed=None)
    core.merge(by="", other="kim", survivor="lee")
    core.restart()
    core.merge(by="", other="kim", survivor="mo")
    core.teardown()
