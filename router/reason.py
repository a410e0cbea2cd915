"""Reasons: why something was decided, as a code and its values. Never a sentence: words are made where they are read.

The vocabulary is closed. Each code names its values, in order; `named` puts both together for programs and pages. What
a value is follows from its name: ``agent`` is an agent's id wherever it stands, ``idle`` a span in seconds, ``until``
an instant. A reason keeps no message's text; ``words`` are what an agent or administrator gave as the reason.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple, Self

Value = str | int | float | tuple[str, ...]


class Code(Enum):
    """Every reason there is, with the names of its values."""

    # Why this agent, and this conversation.
    STICKY = "chosen.sticky"
    DEPUTY = "chosen.deputy", "agent"
    BY_CODE = "chosen.by_code", "direct"
    AGAIN = "chosen.again"
    NEXT_OWN = "chosen.next_own", "count"
    NEXT_HELPING = "chosen.next_helping", "count", "group"
    LONGEST_IDLE = "chosen.longest_idle"
    LEAST_LOADED = "chosen.least_loaded"
    BEST_SKILL = "chosen.best_skill"
    ROUND_ROBIN = "chosen.round_robin"
    DESPITE_COOL_DOWN = "chosen.despite_cool_down"

    # How an agent stood: what the pick looked at, or what was in the way.
    IDLE = "stood.idle", "idle", "load", "units"
    FRESH = "stood.fresh", "load", "units"
    LEVELS = "stood.levels", "levels"
    PICKED = "stood.picked", "picked"
    NEVER_PICKED = "stood.never_picked"
    LACKS = "stood.lacks", "skill", "level"
    FULL = "stood.full", "load", "units"
    FULL_ON_CHANNEL = "stood.full_on_channel", "channel", "carried", "most"
    COOLS_DOWN = "stood.cools_down", "until"
    BEHIND = "stood.behind", "agent"
    ONE_OF = "stood.one_of", "verdicts"

    # Why it was placed or moved.
    ACCEPTED = "moved.accepted", "agent"
    DECLINED = "moved.declined", "agent", "decline"
    UNANSWERED = "moved.unanswered", "agent"
    UNAVAILABLE = "moved.unavailable", "agent", "verdict"
    LATE = "moved.late", "agent"
    SKIPPED = "moved.skipped", "agent", "verdict"
    UNREACHABLE = "moved.unreachable", "agent"
    ELSEWHERE = "moved.elsewhere", "agent"
    BY_HAND = "moved.by_hand", "by", "agent"
    TO_GROUP = "moved.to_group", "by", "group"
    TO_AGENT = "moved.to_agent", "by", "agent"
    TRANSFERRED = "moved.transferred", "by"
    HANDED_OVER = "moved.handed_over", "handoff"
    REOPENED = "moved.reopened"
    REOPENED_TO = "moved.reopened_to", "agent"
    REOPENED_BY = "moved.reopened_by", "by"
    CODE_OVER = "moved.code_over", "direct", "until"
    CODE_YIELDS = "moved.code_yields", "direct", "agent"
    CODE_ELSEWHERE = "moved.code_elsewhere", "direct", "group"
    CODE_SKIPPED = "moved.code_skipped", "direct", "agent", "verdict"
    LATER_MESSAGE = "moved.later_message"
    AGENT_GONE = "moved.agent_gone"
    NO_ROOM = "moved.no_room"
    GROUP_VANISHED = "moved.group_vanished"
    AGENT_VANISHED = "moved.agent_vanished"
    DATE_CAME = "moved.date_came"
    REVIVED = "moved.revived"
    PRIORITY_CHANGED = "moved.priority_changed"
    OPENED = "moved.opened"
    CLOSED = "moved.closed"
    CLOSES_EARLY = "moved.closes_early"
    DECLINED_CLOSED = "moved.declined_closed"
    DESERTED = "moved.deserted"
    LONG_QUEUE = "moved.long_queue", "group"
    NOBODY_SKILLED = "moved.nobody_skilled", "group"
    HELPERS = "moved.helpers", "groups"
    WISHED = "moved.wished", "wish"
    BOOSTED = "moved.boosted", "by", "words"
    PAUSED = "moved.paused", "by", "words"
    TAKEN_OVER = "moved.taken_over", "by", "words"
    TAKEN_FROM = "moved.taken_from", "by", "agent", "words"
    GIVEN_BACK = "moved.given_back", "by", "agent"
    RETURNED = "moved.returned", "by"
    REQUEUED = "moved.requeued", "by", "agent", "words"
    ENDED = "moved.ended", "ended"
    MERGED = "moved.merged"
    SPLIT = "moved.split"

    # Why somebody is nudged, and what seniors are told.
    FIRST_REPLY = "nudge.first_reply"
    DATE_IS_NOW = "nudge.date_is_now"
    TRANSFER_FAILED = "nudge.transfer_failed"
    MENTIONED = "nudge.mentioned", "by"
    ANNOUNCED = "nudge.announced", "by", "words"
    OVERLOOKED = "alarm.overlooked", "agent"
    STRAY_OFFER = "alarm.stray_offer", "agent"
    MISCOUNTED = "alarm.miscounted", "agent", "load"
    TO_AND_FRO = "alarm.to_and_fro", "groups"
    TOO_MANY_HOPS = "alarm.too_many_hops", "count"
    REPLY_BROKEN = "alarm.reply_broken", "reply", "words"
    REPLY_EMPTY = "alarm.reply_empty", "reply", "language"
    SET_ASIDE = "alarm.set_aside", "event"
    INBOX_BROKEN = "alarm.inbox_broken", "inbox", "failure"
    INBOX_WORKS = "alarm.inbox_works", "inbox"

    # What became of the clocks that people are held to.
    SLA_AT_RISK = "sla.at_risk", "clock", "due"
    SLA_BREACHED = "sla.breached", "clock", "due"
    SLA_MET = "sla.met", "clock", "due"
    SLA_MOVED = "sla.moved", "clock", "due", "former"
    SLA_BEGUN = "sla.begun", "clock", "due"
    SLA_DROPPED = "sla.dropped", "clock", "former"

    # Why a rule of triage did not match.
    INBOX = "condition.inbox", "found", "wanted"
    CHANNEL = "condition.channel", "found", "wanted"
    ENTRY = "condition.entry", "found", "wanted"
    LANGUAGE = "condition.language", "found", "wanted"
    TAGS = "condition.tags", "found", "wanted"
    CONTACT_TAGS = "condition.contact_tags", "found", "wanted"
    KIND = "condition.kind", "found", "wanted"
    CONTACT = "condition.contact", "found", "wanted"
    ATTRIBUTES = "condition.attributes", "attribute", "found", "wanted"
    TEXT = "condition.text", "wanted"
    REGEX = "condition.regex", "wanted"
    HOURS = "condition.hours", "timetables"
    ANY = "condition.any"
    NOT = "condition.not"
    NOT_REACHED = "condition.not_reached", "rule"

    # Why a group answers at an instant, or does not.
    NO_HOURS = "hours.none"
    OPEN_BY_HOURS = "hours.open", "timetable"
    CLOSED_BY_HOURS = "hours.closed", "timetable", "opens"
    CLOSED_FOR_GOOD = "hours.closed_for_good", "timetable"
    ORDINARY_DAY = "day.ordinary", "local", "zone"
    HOLIDAY = "day.holiday", "local", "zone", "holiday"
    MAKEUP_DAY = "day.makeup", "local", "zone"
    EXCEPTION = "day.exception", "local", "zone"
    NAMED_EXCEPTION = "day.named_exception", "local", "zone", "holiday"
    THEN_HOLD = "then.hold"
    THEN_FORM = "then.form"
    THEN_DECLINE = "then.decline"
    THEN_BOT = "then.bot", "group"
    THEN_REDIRECT = "then.redirect", "group"

    # As it was written before reasons were data.
    TOLD = "told.before", "words"

    names: tuple[str, ...]

    def __new__(cls, code: str, *names: str) -> Self:
        """A code as it is stored and told to programs, and what its values are called."""
        made = object.__new__(cls)
        made._value_ = code
        made.names = names
        return made


class Reason(NamedTuple):
    """One reason: its code, the values in the code's order, and the reasons that it consists of, if any.

    A named tuple, because every stored decision has a handful and a tuple is written without its names.
    """

    code: Code
    values: tuple[Value, ...] = ()
    of: tuple[Reason, ...] = ()


Named = dict[str, Any]
"""A reason for programs: ``code``, and its values by name."""


def named(reason: Reason) -> Named:
    """A reason with its values by name, such as ``{"code": "condition.entry", "found": "shop", "wanted": ("promo",)}``.

    Raises:
        ValueError: it has not as many values as its code has names.
    """
    plain: Named = {"code": reason.code.value, **dict(zip(reason.code.names, reason.values, strict=True))}
    if reason.of:
        plain["of"] = [named(each) for each in reason.of]
    return plain
