"""Stories: scenario files that a reader of `routing.md` understands, played on a real board.

A file has a ``sentence`` (what is true), a ``setup`` and steps. Before a step, every timer that came due is fired, as
the shell would. What follows is told in lines, and compared with the ``expect`` of the step; ``--update`` writes them.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.build import Rules, build_codes
from config.models.code import CodeSection
from config.models.condition import TriageSection
from config.models.group import GroupSection
from config.models.routing import PrioritySection
from config.models.target import TargetSection
from config.positions import START, Document, Node
from config.treatment import build_group, build_target
from gateway.reasons import in_words
from router.board import Board
from router.conversation import Conversation, OwnerKind
from router.decide import decide
from router.effects import (
    AskBot,
    Deliver,
    DeskWord,
    Effect,
    Measure,
    RecordConversation,
    RecordMessage,
    RecordOffer,
    RecordPause,
    RecordPresence,
    RecordTrace,
    ReviseMessage,
    TellContact,
    TellDesk,
)
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
    ConversationRated,
    ConversationReopened,
    ConversationRequeued,
    ConversationResolved,
    ConversationResumed,
    ConversationTakenOver,
    GroupAddressed,
    HandoffRequested,
    HoursOverridden,
    IntentChanged,
    MessageEdited,
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
from router.figures.ledger import Ledger
from router.figures.name import Name
from router.figures.report import By, Question, report
from router.figures.service_level import Formula, Promise
from router.figures.telling import told
from router.ids import ChannelName, ContactId, EventId, MessageId, PriorityTag, ReplyId, Tag, ThreadId
from router.message import Choice, Text, plain_text
from router.presence import Device, Intent
from router.settings import AfterHours, AfterHoursPolicy, BotPolicy, Lane, OfferMode, OfferPolicy, Settings
from router.trace import Trace
from skills.ids import AgentId, GroupId
from tests.router import invariants
from tests.router.people import People
from tests.router.rows import Rows
from tests.router.why import why_here, why_nothing, why_still
from tests.router.world import BOT, MONDAY, company, message, seconds

Step = dict[str, Any]


@dataclass
class Stage:
    """The board on which a story is played, and what the shell would know."""

    settings: Settings
    board: Board = field(init=False)
    rows: Rows = field(default_factory=Rows)
    people: People = field(default_factory=People)
    names: dict[str, str] = field(default_factory=dict)
    traces: list[Trace] = field(default_factory=list)
    wrote: dict[str, MessageId] = field(default_factory=dict)
    now: datetime = MONDAY - timedelta(days=1)
    number: int = 0
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        """An empty board under the story's settings."""
        self.board = Board(self.settings)
        self.ledger = Ledger(self.settings)

    def play(self, step: Step) -> list[str]:
        """Fire what is due, let the step happen, and tell what followed."""
        at = instant(step["at"])
        lines: list[str] = []
        while due := sorted((when, key[0].value, key[1]) for key, when in self.rows.timers.items() if when <= at):
            when, kind, subject = due[0]
            del self.rows.timers[TimerKind(kind), subject]
            self.now = max(self.now, when)
            fired = TimerFired(id=self.event_id(), at=self.now, kind=TimerKind(kind), subject=subject)
            lines += self._decided(fired)
        self.now = at
        if step["does"] in _QUESTIONS:
            lines += _QUESTIONS[step["does"]](self, step)
        elif step["does"] != "waits":
            for event in _events(self, step, at):
                lines += self._decided(event)
        assert invariants.breaches(self.board, at) == []
        return lines

    def of(self, contact: str) -> Conversation:
        """The contact's conversation, open or the last."""
        known = (*self.rows.resolved.values(), *self.rows.conversations.values())
        return [each for each in known if each.thread == f"t-{contact}"][-1]

    def last_resolved(self, contact: str) -> Conversation | None:
        """The contact's last conversation that has ended."""
        return next((each for each in reversed(self.rows.resolved.values()) if each.thread == f"t-{contact}"), None)

    def event_id(self) -> EventId:
        """The next event's id."""
        self.number += 1
        return EventId(f"e{self.number}")

    def _decided(self, event: AnyEvent) -> list[str]:
        clock = _clock(event.at)
        try:
            effects = decide(self.board, event)
        except Refused as refusal:
            return [f"{clock} refused: {refusal}"]
        self.rows.write(effects)
        self.ledger.note(event, effects)
        self.traces += [effect.trace for effect in effects if isinstance(effect, RecordTrace)]
        for effect in effects:
            if isinstance(effect, RecordConversation):
                self.people.heard(effect.conversation)
                self.names[effect.conversation.id] = _who(effect.conversation)
        return [f"{clock} {line}" for line in map(self._told, effects) if line]

    def _told(self, effect: Effect) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each effect
        match effect:
            case RecordConversation(conversation=each):
                return _conversation(each)
            case RecordMessage(author=author, note=note, parts=parts, whisper=whisper):
                words = plain_text(parts).replace("\n", " / ")
                kind = "whisper" if whisper else "note" if note else "message"
                return f'{kind} of {author.kind.value} {author.id}: "{words}"'
            case ReviseMessage(parts=parts):
                return f'message now: "{plain_text(parts)}"'
            case Deliver(conversation=id_):
                return f"deliver to {self.names[id_]}"
            case TellContact():
                return self._tell_contact(effect)
            case RecordOffer(offer=offer):
                until = (
                    f" until {offer.expires_at:%H:%M:%S}" if offer.expires_at and offer.state.value == "open" else ""
                )
                reason = f" ({offer.reason})" if offer.reason else ""
                return f"offer of {self.names[offer.conversation]} to {offer.agent}: {offer.state.value}{until}{reason}"
            case RecordPresence(presence=presence, units=units):
                misses = f", misses {presence.misses}" if presence.misses else ""
                shift = "" if presence.on_shift else ", off shift"
                state = f"{presence.intent.value}, {presence.reachability.value}"
                return f"{presence.agent} is {state}, {presence.load:g} of {units:g}{misses}{shift}"
            case RecordPause(group=group, pause=pause):
                until = f" until {pause.until:%H:%M:%S}" if pause and pause.until else ""
                return (
                    f"queue of {group} paused by {pause.by}{until}: {pause.reason}"
                    if pause
                    else f"queue of {group} goes on"
                )
            case AskBot(conversation=id_, bot=bot, epoch=epoch):
                return f"ask {bot} for {self.names[id_]}, epoch {epoch}"
            case TellDesk(word=DeskWord.ANNOUNCEMENT, subject=group, why=why):
                return f"announcement to {group}: {in_words(why)}"
            case TellDesk(word=DeskWord.NUDGE | DeskWord.ALARM as word, conversation=id_, agent=agent, why=why):
                whom = f" {agent}" if agent else ""
                return f"{word.value}{whom}: {self.names.get(str(id_), id_)}, {in_words(why)}"
            case RecordTrace(trace=trace):
                words = in_words((*trace.why, *trace.reasons))
                whom = f" to {trace.chosen}" if trace.chosen else ""
                steps = f", step {trace.step} of {', '.join(trace.groups)}" if trace.step else ""
                return f"because {trace.outcome.value}{whom}{steps}: {words}" if words or whom else ""
            case Measure(what=what, label=label, value=value, further=further):
                return " ".join(("measure", what.value, label, *further, f"{value:g}"))
            case _:
                return ""

    def _tell_contact(self, effect: TellContact) -> str:
        opens = f", opens {effect.next_open_at:%a %H:%M}" if effect.next_open_at else ""
        position = f", position {effect.position}" if effect.position else ""
        wait = f", wait {effect.wait} to {effect.wait_most}" if effect.wait else ""
        menu = f", buttons {', '.join(effect.choices)}" if effect.choices else ""
        return (
            f"tell {self.names[effect.conversation]}: {effect.reply} ({effect.language}){opens}{position}{wait}{menu}"
        )


def _conversation(each: Conversation) -> str:
    held = f", held until {each.held_until:%a %H:%M}" if each.held_until else ""
    due = f", due {each.due_at:%H:%M:%S}" if each.due_at and each.state.value == "waiting" and not held else ""
    priority = f", {each.priority}" if each.priority != "normal" else ""
    owner = "" if each.owner.kind is OwnerKind.QUEUE else f" with {each.owner.id}"
    because = f" ({each.resolved_because})" if each.state.value == "resolved" else ""
    kept = f", kept for {each.preferred}" if each.preferred_until else ""
    where = f"{each.state.value}{because}{owner} in {each.group}"
    return f"{_who(each)} is {where}, epoch {each.epoch}{priority}{due}{held}{kept}{_clocks(each)}"


def _clocks(conversation: Conversation) -> str:
    """What is still owed, and by when."""
    owed = [clock for clock in conversation.clocks if clock.ended_at is None and clock.regime.within is not None]
    told = (
        f"{clock.kind.value} rests" if clock.due_at is None else f"{clock.kind.value} by {_clock(clock.due_at)}"
        for clock in owed
    )
    return f"; {', '.join(told)}" if owed else ""


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.date() == MONDAY.date() else f"{at:%a %H:%M:%S}"


def _who(each: Conversation) -> str:
    """The contact; and whose thread it is by name, when the contact has it from a merge."""
    began_as = each.thread.removeprefix("t-")
    return each.contact if each.contact == began_as else f"{each.contact} (as {began_as})"


def instant(text: str) -> datetime:
    """``10:00:20`` on the Monday; ``tue 09:00`` on the Tuesday after."""
    day, _, clock = text.rpartition(" ")
    hours, minutes, secs = (*map(int, clock.split(":")), 0)[:3]
    offset = ("", "tue", "wed", "thu").index(day)
    return MONDAY.replace(hour=hours, minute=minutes, second=secs) + timedelta(days=offset)


# --- What can happen in a story -------------------------------------------------------------------------------------


def _events(stage: Stage, step: Step, at: datetime) -> Iterator[AnyEvent]:
    """The events that a step stands for."""
    if step["does"] == "is configured":
        stage.settings = company(stage.settings.version + 1, without=GroupId(step["without"]))
        stage.board.configure(stage.settings)
        stage.ledger.configure(stage.settings)
        yield ConfigApplied(id=stage.event_id(), at=at, version=stage.settings.version)
        return
    for verb in _VERBS[step["does"]]:
        yield verb(stage, step, {"id": stage.event_id(), "at": at})


def _writes(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    contact = step["who"]
    stage.wrote[contact] = MessageId(f"m{stage.number}")
    person = stage.people.of(ThreadId(f"t-{contact}"))
    text = step.get("text", "hello")
    return message(
        stage.number,
        contact,
        head["at"],
        entry=step.get("entry", ""),
        channel=step.get("channel", "web"),
        tags=tuple(step.get("contact_tags", ())),
        parts=(Choice(value=step["presses"]),) if "presses" in step else (Text(text=text),) if text else (),
        announcements=step.get("announcements"),
        previous=stage.last_resolved(contact),
        last_answer=stage.people.answer(person),
        person=person,
    )


def _merges(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    """By an agent; or by nobody, where both have the same verified identifier."""
    survivor, other = ContactId(step["into"]), ContactId(step["whom"])
    event = ContactsMerged(
        **head,
        survivor=survivor,
        other=other,
        by=step.get("who", ""),
        because=step.get("because", ""),
        last_answer=stage.people.newest_answer(survivor, other),
    )
    if survivor != other:
        stage.people.merged(event)
    return event


def _splits(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    merge = stage.people.undoable(ContactId(step["whom"]))
    assert merge is not None, "there is nothing to undo"
    stage.people.split(merge)
    return ContactsSplit(
        **head,
        merge=merge.id,
        survivor=merge.survivor,
        other=merge.other,
        threads=merge.threads,
        by=step["who"],
        survivor_answer=stage.people.answer(merge.survivor),
        other_answer=stage.people.answer(merge.other),
    )


def _edits(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    """The last message that the contact wrote says something else now."""
    conversation = stage.of(step["who"])
    parts = (Text(text=step["text"]),)
    return MessageEdited(**head, conversation=conversation.id, message=stage.wrote[conversation.contact], parts=parts)


def _boosts(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    return ConversationBoosted(
        **head,
        conversation=stage.of(step["whom"]).id,
        by=AgentId(step["who"]),
        reason=step.get("reason", ""),
        earlier=seconds(step["earlier"]) if "earlier" in step else None,
    )


def _overrides(is_open: bool | None) -> Callable[[Stage, Step, dict[str, Any]], AnyEvent]:
    return lambda _, step, head: HoursOverridden(
        **head,
        group=GroupId(step["group"]),
        is_open=is_open,
        until=instant(step["until"]),
        by=AgentId(step["who"]),
        reason=step.get("reason", ""),
    )


def _pauses(_: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    return QueuePaused(
        **head,
        group=GroupId(step["group"]),
        by=AgentId(step["who"]),
        reason=step.get("reason", ""),
        until=instant(step["until"]) if "until" in step else None,
    )


def _finishes(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    return WrapUpFinished(
        **head,
        conversation=stage.of(step["whom"]).id,
        agent=AgentId(step["who"]),
        disposition=step.get("disposition", ""),
        note=MessageId(f"w{stage.number}") if "note" in step else None,
        note_text=step.get("note", ""),
    )


def _device(kind: type[AgentConnected | AgentLost]) -> Callable[[Stage, Step, dict[str, Any]], AnyEvent]:
    return lambda _, step, head: kind(**head, agent=AgentId(step["who"]), device=Device(step.get("device", "desktop")))


def _intent(intent: Intent) -> Callable[[Stage, Step, dict[str, Any]], AnyEvent]:
    return lambda _, step, head: IntentChanged(
        **head,
        agent=AgentId(step["who"]),
        intent=intent,
        by=step["who"],
        channels=tuple(ChannelName(channel) for channel in step.get("channels", ())),
    )


def _agent(kind: type[AgentConnected | AgentLost | AgentActive]) -> Callable[[Stage, Step, dict[str, Any]], AnyEvent]:
    return lambda _, step, head: kind(**head, agent=AgentId(step["who"]))


def _offer(stage: Stage, step: Step) -> dict[str, Any]:
    conversation = stage.of(step["whom"])
    found = [each for each in stage.board.open_offers(conversation.id) if each.agent == step["who"]]
    return {"offer": found[0].id if found else "none", "agent": AgentId(step["who"])}


def _said(stage: Stage, step: Step) -> dict[str, Any]:
    return {
        "conversation": stage.of(step["whom"]).id,
        "message": MessageId(f"r{stage.number}"),
        "parts": (Text(text=step.get("text", "hello")),),
    }


def _replies(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    epoch = None if step.get("elsewhere") else step.get("epoch", stage.of(step["whom"]).epoch)
    return AgentReplied(**head, **_said(stage, step), agent=AgentId(step["who"]), epoch=epoch)


def _transfers(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    to = step["to"]
    is_group = to in stage.settings.groups
    return TransferRequested(
        **head,
        conversation=stage.of(step["whom"]).id,
        by=AgentId(step["who"]),
        note=MessageId(f"n{stage.number}"),
        note_text=step.get("note", ""),
        to_group=GroupId(to) if is_group else None,
        to_agent=None if is_group else AgentId(to),
        epoch=stage.of(step["whom"]).epoch,
    )


def _hands_over(stage: Stage, step: Step, head: dict[str, Any]) -> AnyEvent:
    return HandoffRequested(
        **head,
        conversation=stage.of(step["whom"]).id,
        by=step.get("who", BOT),
        reason=step.get("reason", "asked for a person"),
        group=GroupId(step["to"]) if "to" in step else None,
        fields=step.get("fields", {}),
        epoch=stage.of(step["whom"]).epoch,
    )


_VERBS: dict[str, list[Callable[[Stage, Step, dict[str, Any]], AnyEvent]]] = {
    "writes": [_writes],
    "edits": [_edits],
    "leaves": [lambda _, s, h: ContactLeft(**h, thread=ThreadId(f"t-{s['who']}"), reason="blocked")],
    "closes the page": [lambda _, s, h: ContactLost(**h, thread=ThreadId(f"t-{s['who']}"))],
    "opens the page": [lambda _, s, h: ContactReturned(**h, thread=ThreadId(f"t-{s['who']}"))],
    "boosts": [_boosts],
    "merges": [_merges],
    "splits": [_splits],
    "closes": [_overrides(False)],
    "opens": [_overrides(True)],
    "pauses": [_pauses],
    "takes over": [
        lambda g, s, h: ConversationTakenOver(
            **h, conversation=g.of(s["whom"]).id, by=AgentId(s["who"]), reason=s.get("reason", "")
        )
    ],
    "gives back": [lambda g, s, h: ConversationGivenBack(**h, conversation=g.of(s["whom"]).id, by=AgentId(s["who"]))],
    "puts back": [
        lambda g, s, h: ConversationRequeued(
            **h, conversation=g.of(s["whom"]).id, by=AgentId(s["who"]), reason=s.get("reason", "")
        )
    ],
    "joins": [lambda g, s, h: SupervisorReplied(**h, **_said(g, s), by=AgentId(s["who"]))],
    "announces": [
        lambda _, s, h: GroupAddressed(**h, group=GroupId(s["group"]), by=AgentId(s["who"]), text=s.get("text", ""))
    ],
    "lets it go on": [lambda _, s, h: QueueResumed(**h, group=GroupId(s["group"]), by=AgentId(s["who"]))],
    "is on it": [lambda g, s, h: ReplyPromised(**h, conversation=g.of(s["whom"]).id, agent=AgentId(s["who"]))],
    "extends": [lambda g, s, h: WrapUpExtended(**h, conversation=g.of(s["whom"]).id, agent=AgentId(s["who"]))],
    "comes": [_agent(AgentConnected), _intent(Intent.READY)],
    "connects": [_device(AgentConnected)],
    "loses": [_device(AgentLost)],
    "is lost": [_agent(AgentLost)],
    "acts": [_agent(AgentActive)],
    "is ready": [_intent(Intent.READY)],
    "is away": [_intent(Intent.AWAY)],
    "drains": [_intent(Intent.DRAINING)],
    "is off": [_intent(Intent.OFF)],
    "accepts": [lambda g, s, h: OfferAccepted(**h, **_offer(g, s))],
    "declines": [lambda g, s, h: OfferDeclined(**h, **_offer(g, s), reason=s.get("reason", "busy"))],
    "replies": [_replies],
    "notes": [
        lambda g, s, h: NoteAdded(
            **h, **_said(g, s), agent=AgentId(s["who"]), mentions=tuple(map(AgentId, s.get("mentions", ())))
        )
    ],
    "whispers": [lambda g, s, h: NoteAdded(**h, **_said(g, s), agent=AgentId(s["who"]), whisper=True)],
    "answers": [
        lambda g, s, h: BotReplied(
            **h,
            **_said(g, s),
            bot=BOT,
            epoch=s.get("epoch", g.of(s["whom"]).epoch),
            awaits=s.get("awaits", False),
            fields=s.get("fields", {}),
        )
    ],
    "hands over": [_hands_over],
    "transfers": [_transfers],
    "assigns": [
        lambda g, s, h: ConversationAssigned(
            **h,
            conversation=g.of(s["whom"]).id,
            agent=AgentId(s["to"]),
            by=AgentId(s["who"]),
            may_exceed=s.get("may_exceed", False),
        )
    ],
    "parks": [
        lambda g, s, h: ConversationParked(
            **h,
            conversation=g.of(s["whom"]).id,
            by=AgentId(s["who"]),
            until=instant(s["until"]) if "until" in s else None,
        )
    ],
    "resumes": [lambda g, s, h: ConversationResumed(**h, conversation=g.of(s["whom"]).id, by=AgentId(s["who"]))],
    "resolves": [lambda g, s, h: ConversationResolved(**h, conversation=g.of(s["whom"]).id, by=s["who"])],
    "ends": [lambda g, s, h: ConversationResolved(**h, conversation=g.of(s["who"]).id, by="")],
    "finishes": [_finishes],
    "reopens": [
        lambda g, s, h: ConversationReopened(
            **h, conversation=g.of(s["whom"]).id, by=AgentId(s["who"]), previous=g.of(s["whom"])
        )
    ],
    "tags": [
        lambda g, s, h: TagsChanged(
            **h,
            conversation=g.of(s["whom"]).id,
            by=AgentId(s["who"]),
            add=tuple(Tag(tag) for tag in s.get("add", ())),
            priority=PriorityTag(s["priority"]) if "priority" in s else None,
        )
    ],
    "rates": [
        lambda g, s, h: ConversationRated(
            **h, conversation=g.of(s["who"]).id, message=MessageId(f"s{g.number}"), stars=s["stars"]
        )
    ],
    "sweeps": [lambda _, __, h: Swept(**h)],
}


_QUESTIONS: dict[str, Callable[[Stage, Step], Iterator[str]]] = {
    "asks why here": lambda g, s: why_here([each for each in g.traces if each.conversation == g.of(s["whom"]).id][-1]),
    "asks why still": lambda g, s: why_still(g.board, g.of(s["whom"]), g.now),
    "asks why nothing": lambda g, s: why_nothing(g.board, g.traces, g.settings.agents[AgentId(s["who"])]),
}
"""What the desk answers without that anything happens."""


# --- Files ----------------------------------------------------------------------------------------------------------


def settings_of(setup: dict[str, Any]) -> Settings:
    """The company, with what the story needs otherwise."""
    settings = company()
    groups = dict(settings.groups)
    for group, mode in setup.get("offer", {}).items():
        its = groups[GroupId(group)]
        groups[GroupId(group)] = replace(its, offer=OfferPolicy(mode=OfferMode(mode), within=seconds(20)))
    for group, then in setup.get("after_hours", {}).items():
        its = groups[GroupId(group)]
        policy = AfterHoursPolicy(reply=ReplyId("closed"), then=AfterHours(then), to=its.after_hours.to)
        groups[GroupId(group)] = replace(its, after_hours=policy)
    for group, policy in setup.get("bots", {}).items():
        its = groups[GroupId(group)]
        groups[GroupId(group)] = replace(its, bot=BotPolicy(**policy))
    if "file" not in setup:
        return replace(settings, groups=groups)
    return _as_in_the_file(replace(settings, groups=groups), setup["file"])


def _as_in_the_file(settings: Settings, written: dict[str, Any]) -> Settings:
    """The company with keys of the routing file and of the agents' file, as an administrator writes them."""
    groups, agents = dict(settings.groups), dict(settings.agents)
    for group, keys in written.get("groups", {}).items():
        its = groups[GroupId(group)]
        section = GroupSection.model_validate({"name": group, "pick": its.group.pick.value, **keys})
        built = build_group(group, section, "en")
        changes = {key: getattr(built, key) for key in keys if key not in _OF_THE_GROUP}
        if "wrap_up" in keys:
            changes["wrap_up_requires"] = built.wrap_up_requires
        if "grace" in keys:
            changes["grace_phone"] = built.grace_phone
        own = [_OF_THE_GROUP[key] for key in keys if key in _OF_THE_GROUP]
        of_the_group = {name: getattr(built.group, name) for name in own}
        groups[GroupId(group)] = replace(its, group=replace(its.group, **of_the_group), **changes)
    for agent, keys in written.get("agents", {}).items():
        known = agents[AgentId(agent)]
        changes = {key: tuple(map(AgentId, value)) if key == "deputies" else value for key, value in keys.items()}
        agents[AgentId(agent)] = replace(known, **changes)
    document = Document(file="routing.yaml", text="", root=Node(content={}, at=START, key_at=START))
    triage = settings.triage
    if "codes" in written:
        codes = {name: CodeSection.model_validate(keys) for name, keys in written["codes"].items()}
        triage = replace(triage, codes=build_codes(codes, document, ZoneInfo("UTC")))
    if "triage" in written:
        rules = Rules(settings.hours, document).triage(TriageSection.model_validate(written["triage"]))
        triage = replace(rules, codes=triage.codes)
    classes = written.get("priorities", {}).items()
    priorities = {PriorityTag(tag): PrioritySection.model_validate(keys) for tag, keys in classes}
    return replace(
        settings,
        groups=groups,
        agents=agents,
        triage=triage,
        priorities={**settings.priorities, **{tag: section.answer_within for tag, section in priorities.items()}},
        factors={tag: section.cost for tag, section in priorities.items()},
        strict=frozenset(tag for tag, section in priorities.items() if section.strict),
        lane=Lane(**written["emergency"]) if "emergency" in written else settings.lane,
        targets=tuple(build_target(TargetSection.model_validate(each)) for each in written.get("targets", ())),
    )


_OF_THE_GROUP = {"relax": "relax", "overflow": "overflow", "pick": "pick", "requires": "requirement", "hours": "hours"}


def read(path: Path) -> dict[str, Any]:
    """A story as its file says it."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def played(story: dict[str, Any]) -> dict[str, Any]:
    """The same story with what really follows in its steps."""
    stage = Stage(settings_of(story.get("setup", {})))
    happened = {**story, "step": [{**step, "expect": stage.play(step)} for step in story["step"]]}
    if "figures" in story:
        happened["figures"] = {**story["figures"], "expect": _figures(stage, story["figures"])}
    return happened


def _figures(stage: Stage, asked: dict[str, Any]) -> list[str]:
    """What the named figures come to when the story ends; the service level by each formula that is asked for."""
    lines: list[str] = []
    for formula in map(Formula, asked.get("formula", ["strict"])):
        promise = Promise(within=seconds(asked.get("within", 20)), formula=formula)
        question = Question(
            since=MONDAY - timedelta(days=2),
            until=stage.now + timedelta(seconds=1),
            zone=UTC,
            by=By(asked["by"]) if "by" in asked else None,
            promise=promise,
        )
        for line in report(stage.ledger.rows(stage.now), question):
            for each in line.figures:
                words = f"{line.of}: {told(each)}" if line.of else told(each)
                label = f", {promise.label}" if each.name is Name.SERVICE_LEVEL else ""
                if each.name.value in asked["of"] and words + label not in lines:
                    lines.append(words + label)
    return lines


def written(story: dict[str, Any]) -> str:
    """A story as a file."""
    lines = [f"sentence = {_toml(story['sentence'])}", ""]
    if "setup" in story:
        lines += ["[setup]", *(f"{key} = {_toml(value)}" for key, value in story["setup"].items()), ""]
    for step in story["step"]:
        lines.append("[[step]]")
        lines += [f"{key} = {_toml(value)}" for key, value in step.items() if key != "expect"]
        lines += ["expect = [", *(f"  {_toml(line)}," for line in step["expect"]), "]", ""]
    if "figures" in story:
        lines.append("[figures]")
        lines += [f"{key} = {_toml(value)}" for key, value in story["figures"].items() if key != "expect"]
        lines += ["expect = [", *(f"  {_toml(line)}," for line in story["figures"]["expect"]), "]", ""]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value + "'" if '"' in value else f'"{value}"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value)
