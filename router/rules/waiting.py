"""Waiting: a conversation comes to a group, and what that means — a bot, the queue, or closed hours.

One way in for arrivals, handoffs, transfers, returns and lost agents. Age survives: ``entered_waiting_at`` and
``due_from`` stay when they are set; who wants a fresh start clears them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from router.board import queued
from router.conversation import Conversation, LastAnswer, Owner, OwnerKind
from router.due import due
from router.effects import AskBot, TellContact
from router.ids import MessageId
from router.lifecycle import Move, moved
from router.rules.offers import rescind_all
from router.settings import AfterHours, GroupSettings, Settings, Stickiness
from router.trace import Outcome
from router.turn import Turn
from skills.group import GroupKind
from skills.ids import AgentId, GroupId, SkillId
from skills.skill import Requirement, requirement

HUMAN_REPLY_IS_FRESH = timedelta(minutes=5)
"""After a person's answer no automatic after-hours reply follows for so long (`routing.md` §14)."""


def send_to_group(
    turn: Turn,
    conversation: Conversation,
    group: GroupId,
    *,
    reason: str = "",
    requires: Mapping[SkillId, int] | None = None,
    message: MessageId | None = None,
    **changes: object,
) -> Conversation:
    """Bring a conversation to a group, or to where that group sends it now; it is matched before the event ends.

    ``requires`` are needs beyond the group's own; they do not follow it to another group. ``message`` is for the bot.

    Raises:
        UnknownGroup: there is no such group.
        IllegalTransition: its state does not allow it; nothing is changed.
    """
    board, settings = turn.board, turn.board.settings
    its = board.group(group)
    moved(conversation.state, Move.QUEUED if its.group.kind is GroupKind.HUMAN else Move.GIVEN_TO_BOT)
    rescind_all(turn, conversation.id, "moved")
    wanted, seen, is_open = its, {group}, True
    while True:
        is_open = board.hours.is_open(its.group.hours, turn.at)
        onward = _onward(settings, its, is_open=is_open)
        if onward is None or onward in seen:
            break
        seen.add(onward)
        its = settings.groups[onward]
    asked = _asked(its, requires if its is wanted else None)
    if changes:
        conversation = conversation.but(**changes)
    if its.group.kind is GroupKind.BOT and _bot_of(its) is not None:
        return _to_bot(turn, conversation, its, message, reason)
    if is_open or its.group.kind is GroupKind.BOT:
        conversation = _queue(turn, conversation, its, asked, held_until=None)
        turn.queued[conversation.id] = reason
        turn.unplaced[conversation.id] = None
        return conversation
    return after_hours(turn, conversation, its, asked, reason)


def send_back(
    turn: Turn, conversation: Conversation, *, reason: str, message: MessageId | None = None, **changes: object
) -> Conversation:
    """Bring a conversation to its own group again, asking what it asked before; to other people if that has vanished.

    Raises:
        IllegalTransition: its state does not allow it; nothing is changed.
    """
    settings = turn.board.settings
    group, requires = conversation.group, {need.skill: need.level for need in conversation.requirement.hard}
    if group not in settings.groups:
        group, requires = group_of_people(settings), {}
    return send_to_group(turn, conversation, group, reason=reason, requires=requires, message=message, **changes)


def after_hours(
    turn: Turn, conversation: Conversation, its: GroupSettings, asked: Requirement, reason: str = ""
) -> Conversation:
    """The group is closed: tell the contact once per closed window, then hold until opening, or decline."""
    board, at, hours = turn.board, turn.at, its.group.hours
    if hours is None:
        raise AssertionError("a group without hours is never closed")
    opens_at = board.hours.next_open(hours, at)
    window = board.hours.closed_window(hours, at)
    if _is_to_be_told(conversation, its, window, at):
        conversation = conversation.but(acknowledged_window=window)
        tell = its.after_hours.reply
        if tell is not None:
            turn.say(
                TellContact(
                    conversation=conversation.id,
                    reply=tell,
                    message=turn.new_message_id(),
                    at=at,
                    language=conversation.language,
                    group=its.group.id,
                    next_open_at=opens_at,
                )
            )
    if its.after_hours.then is AfterHours.DECLINE:
        conversation = turn.save(
            conversation.but(
                state=moved(conversation.state, Move.RESOLVED),
                group=its.group.id,
                resolved_at=at,
                resolved_because="declined",
            )
        )
        turn.explain(conversation, Outcome.RESOLVED, reason="closed: declined")
        return conversation
    conversation = _queue(turn, conversation, its, asked, held_until=opens_at)
    turn.explain(conversation, Outcome.HELD, reason=reason or "closed")
    return conversation


def requirement_of(its: GroupSettings, extra: Mapping[SkillId, int] | None) -> Requirement:
    """The group's requirement with further hard needs; the higher level counts."""
    return _asked(its, extra)


def group_of_people(settings: Settings) -> GroupId:
    """Where people answer what belongs nowhere: ``otherwise``, where its bot hands over, or any group of people."""
    otherwise = settings.triage.group[-1].group
    its = settings.groups[otherwise]
    if its.group.kind is GroupKind.HUMAN:
        return otherwise
    if its.then is not None and its.then in settings.groups:
        return its.then
    people = (id_ for id_, each in settings.groups.items() if each.group.kind is GroupKind.HUMAN)
    return next(people, otherwise)


def head_start(turn: Turn, conversation: Conversation, its: GroupSettings) -> tuple[AgentId, datetime] | None:
    """Who is asked first and until when: the agent whose reply earned it, if that agent can be reached now (§8)."""
    answer: LastAnswer | None = conversation.last_answer
    sticky = its.sticky
    if sticky.owner is Stickiness.OFF or answer is None or answer.group != its.group.id:
        return None
    if turn.at - answer.at > sticky.window or any(each.agent == answer.agent for each in conversation.excluded):
        return None
    seat = turn.board.roster.seats.get(answer.agent)
    if seat is None or not seat.may_receive or its.group.id not in seat.agent.groups:
        return None
    lasts = sticky.wait if sticky.owner is Stickiness.SOFT else sticky.window
    return answer.agent, turn.at + lasts


def _onward(settings: Settings, its: GroupSettings, *, is_open: bool) -> GroupId | None:
    """Where the group sends what comes to it now, instead of taking it."""
    if its.group.kind is GroupKind.BOT and _bot_of(its) is None:
        target = its.then
    elif not is_open and its.after_hours.then in (AfterHours.BOT, AfterHours.REDIRECT):
        target = its.after_hours.to
    else:
        return None
    return target if target in settings.groups else None


def _bot_of(its: GroupSettings) -> AgentId | None:
    return its.group.bot


def _asked(its: GroupSettings, extra: Mapping[SkillId, int] | None) -> Requirement:
    own = its.group.requirement
    if not extra:
        return own
    hard = {need.skill: need.level for need in own.hard}
    for skill, level in extra.items():
        hard[skill] = max(level, hard.get(skill, 0))
    return requirement(hard, {need.skill: need.level for need in own.soft if need.skill not in hard})


def _queue(
    turn: Turn, conversation: Conversation, its: GroupSettings, asked: Requirement, *, held_until: datetime | None
) -> Conversation:
    at = turn.at
    was_held = conversation.held_until is not None
    due_from = held_until or (conversation.entered_waiting_at if was_held else conversation.due_from) or at
    start = head_start(turn, conversation, its) if held_until is None else None
    return turn.save(
        conversation.but(
            state=moved(conversation.state, Move.QUEUED),
            owner=queued(its.group.id),
            epoch=conversation.epoch + 1,
            group=its.group.id,
            requirement=asked,
            entered_waiting_at=conversation.entered_waiting_at or at,
            due_from=due_from,
            queued_at=held_until or at,
            due_at=due(turn.board.settings.priorities, conversation.priority, due_from, conversation.boost),
            held_until=held_until,
            preferred=start[0] if start else None,
            preferred_until=start[1] if start else None,
            excluded=tuple(each for each in conversation.excluded if each.until > at),
            assigned_at=None,
            nudged=False,
            asked_bot_at=None,
            parked_until=None,
            wrap_up_until=None,
        )
    )


def _to_bot(
    turn: Turn, conversation: Conversation, its: GroupSettings, message: MessageId | None, reason: str
) -> Conversation:
    bot = its.group.bot
    if bot is None:
        raise AssertionError("asked for a group without a bot")
    conversation = turn.save(
        conversation.but(
            state=moved(conversation.state, Move.GIVEN_TO_BOT),
            owner=Owner(OwnerKind.BOT, bot),
            epoch=conversation.epoch + 1,
            group=its.group.id,
            requirement=its.group.requirement,
            entered_waiting_at=None,
            due_from=None,
            due_at=None,
            queued_at=None,
            held_until=None,
            preferred=None,
            preferred_until=None,
            assigned_at=None,
            asked_bot_at=turn.at if message is not None else None,
            parked_until=None,
        )
    )
    turn.explain(conversation, Outcome.TO_BOT, reason=reason)
    if message is not None:
        turn.say(AskBot(conversation=conversation.id, bot=bot, epoch=conversation.epoch, message=message))
    return conversation


def _is_to_be_told(conversation: Conversation, its: GroupSettings, window: datetime | None, at: datetime) -> bool:
    """Once per closed window and thread, and not right after a person's answer."""
    answer = conversation.last_answer
    if its.after_hours.reply is None or conversation.acknowledged_window == window:
        return False
    return answer is None or at - answer.at >= HUMAN_REPLY_IS_FRESH
