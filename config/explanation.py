"""Explanation: which way a message would go, with every rule, the hours, everybody who could answer, and the replies.

It asks the same triage, board and replies as the running service, on an empty board where every agent is ready,
connected and, if the hours say so, on shift. A message to a closed group is explained for the moment of its opening.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from config.configuration import Configuration
from config.rehearsal import Asked, elsewhere, facts_of
from config.wording import words_of
from router.board import Board, queued
from router.clocks import ClockKind, Target, applying
from router.conversation import Conversation, State
from router.ids import ChannelName, ContactId, ConversationId, InboxId, ReplyId, ThreadId
from router.presence import Intent, Presence, Reachability
from router.reason import Code, Reason
from router.rules.waiting import requirement_of
from router.settings import AfterHours, AfterHoursPolicy, GroupSettings
from router.trace import Candidate
from router.triage import Classification, TriedRule, classify, explain
from skills.agent import AgentKind
from skills.hours import DayKind, Hours, day_kind, day_name, is_open
from skills.ids import GroupId
from skills.opening import next_open

ELSEWHERE = frozenset({AfterHours.BOT, AfterHours.REDIRECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursDecision:
    """Whether the group answers then, when a closed one opens, and why: which day it is, and what happens."""

    open: bool
    next_open: datetime | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedReply:
    """A reply as this contact would read it in one language."""

    reply: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole way of one message. ``serving`` is the group that answers: another one when the first is closed.

    ``targets`` are those that each clock goes by there.
    """

    at: datetime
    language: str
    found: Classification
    rules: tuple[TriedRule, ...]
    hours: HoursDecision
    serving: GroupId
    candidates: tuple[Candidate, ...]
    replies: tuple[RenderedReply, ...]
    targets: tuple[tuple[ClockKind, Target], ...] = ()


def explain_message(configuration: Configuration, asked: Asked, at: datetime) -> Explanation:
    """Which way the message would go if it arrived ``at`` (aware)."""
    settings = configuration.settings
    facts = facts_of(asked, configuration)
    found = classify(settings.triage, facts, at)
    its = settings.groups[found.group]
    policy = its.after_hours
    if (otherwise := elsewhere(found)) is not None:
        policy = replace(policy, then=AfterHours.REDIRECT, to=otherwise)
    hours = _hours_decision(configuration, its, policy, at)
    is_elsewhere = not hours.open and policy.then in ELSEWHERE and policy.to is not None
    serving = policy.to if is_elsewhere and policy.to else found.group
    then = at if hours.open or is_elsewhere else hours.next_open or at
    return Explanation(
        at=at,
        language=facts.language,
        found=found,
        rules=explain(settings.triage, facts, at),
        hours=hours,
        serving=serving,
        candidates=_candidates(configuration, found, serving, facts.channel, then),
        replies=tuple(_replies(configuration, its, hours, at)),
        targets=tuple(applying(settings.targets, serving, found.priority, facts.channel)),
    )


def _hours_decision(
    configuration: Configuration, its: GroupSettings, policy: AfterHoursPolicy, at: datetime
) -> HoursDecision:
    key = its.group.hours
    if key is None:
        return HoursDecision(open=True, next_open=None, why=(Reason(Code.NO_HOURS),))
    hours = configuration.settings.hours[key]
    day = _day(hours, at)
    if is_open(hours, at):
        return HoursDecision(open=True, next_open=None, why=(Reason(Code.OPEN_BY_HOURS, (key,)), day))
    opens = next_open(hours, at)
    closed = Reason(Code.CLOSED_FOR_GOOD, (key,))
    if opens is not None:
        closed = Reason(Code.CLOSED_BY_HOURS, (key, _local(opens, hours)))
    return HoursDecision(open=False, next_open=opens, why=(closed, day, _what_then(policy)))


def _what_then(policy: AfterHoursPolicy) -> Reason:
    """What becomes of what comes to the closed group."""
    to = (policy.to or "",)
    match policy.then:
        case AfterHours.HOLD:
            return Reason(Code.THEN_HOLD)
        case AfterHours.FORM:
            return Reason(Code.THEN_FORM)
        case AfterHours.DECLINE:
            return Reason(Code.THEN_DECLINE)
        case AfterHours.BOT:
            return Reason(Code.THEN_BOT, to)
        case AfterHours.REDIRECT:
            return Reason(Code.THEN_REDIRECT, to)


def _day(hours: Hours, at: datetime) -> Reason:
    """What kind of day it is where the hours count."""
    day = at.astimezone(hours.zone).date()
    place = (_local(at, hours), str(hours.zone))
    match day_kind(hours, day):
        case DayKind.HOLIDAY:
            return Reason(Code.HOLIDAY, (*place, day_name(hours, day)))
        case DayKind.MAKEUP:
            return Reason(Code.MAKEUP_DAY, place)
        case DayKind.EXCEPTION:
            name = day_name(hours, day)
            return Reason(Code.NAMED_EXCEPTION, (*place, name)) if name else Reason(Code.EXCEPTION, place)
        case DayKind.REGULAR:
            return Reason(Code.ORDINARY_DAY, place)


def _local(at: datetime, hours: Hours) -> str:
    """The wall clock where the hours count: what their author thinks in."""
    return f"{at.astimezone(hours.zone):%Y-%m-%dT%H:%M}"


def _candidates(
    configuration: Configuration, found: Classification, serving: GroupId, channel: ChannelName, at: datetime
) -> tuple[Candidate, ...]:
    settings = configuration.settings
    moment = at.astimezone(UTC)
    extra = found.requires if serving == found.group else None
    waiting = Conversation(
        id=ConversationId("explained"),
        thread=ThreadId("explained"),
        contact=ContactId("explained"),
        inbox=InboxId(""),
        channel=channel,
        group=serving,
        state=State.WAITING,
        owner=queued(serving),
        epoch=0,
        priority=found.priority,
        created_at=moment,
        requirement=requirement_of(settings.groups[serving], extra),
        entered_waiting_at=moment,
        due_at=moment + settings.priorities[found.priority],
    )
    board = Board(settings)
    board.restore([waiting], [], _presences(configuration, at), moment)
    return board.candidates(waiting.id, moment)


def _presences(configuration: Configuration, at: datetime) -> Iterator[Presence]:
    hours = configuration.settings.hours
    for agent in configuration.agents.values():
        if agent.kind is AgentKind.HUMAN:
            yield Presence(
                agent=agent.id,
                intent=Intent.READY,
                reachability=Reachability.CONNECTED,
                on_shift=agent.shift is None or is_open(hours[agent.shift], at),
            )


def _replies(
    configuration: Configuration, its: GroupSettings, hours: HoursDecision, at: datetime
) -> Iterator[RenderedReply]:
    """What the contact is told: that the group is closed, or the place in the queue; in each language of the files."""
    reply = its.waiting.reply if hours.open else its.after_hours.reply
    if reply is None:
        return
    for language in configuration.settings.languages:
        variables: Mapping[str, object] = {
            "contact": {"name": words_of(language).sample_name},
            "group": {"id": its.group.id},
            "at": at,
            "next_open": hours.next_open,
            "position": 1,
            "wait": None,
        }
        text = configuration.replies.render(ReplyId(reply), language, variables)
        yield RenderedReply(reply=reply, language=language, text=text)
