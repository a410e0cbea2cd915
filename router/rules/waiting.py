"""Waiting: a conversation comes to a group, and what that means — a bot, the queue, or closed hours.

One way in for arrivals, handoffs, transfers, returns and lost agents. Age survives: ``entered_waiting_at`` and
``due_from`` stay when they are set; who wants a fresh start clears them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from router.board import Board, queued
from router.conversation import Conversation, Owner, OwnerKind, Patience
from router.due import due_of, is_urgent
from router.effects import TellContact
from router.forecast import Range, forecast
from router.ids import MessageId, ReplyId
from router.lifecycle import Move, moved
from router.reason import Code, Reason
from router.rules.asking import ask, is_worn_out
from router.rules.head_start import HeadStart, head_start
from router.rules.offers import rescind_all
from router.rules.returning import unlost
from router.settings import AfterHours, GroupSettings, Settings
from router.trace import Outcome
from router.turn import Turn
from router.widening import conditions
from skills.group import GroupKind, OverflowWhen
from skills.ids import AgentId, GroupId, SkillId
from skills.skill import Requirement, requirement

HUMAN_REPLY_IS_FRESH = timedelta(minutes=5)
"""After a person's answer no automatic after-hours reply follows for so long (`routing.md` §14)."""


def send_to_group(
    turn: Turn,
    conversation: Conversation,
    group: GroupId,
    *,
    reason: Reason | None = None,
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
        is_open = board.doors.is_open(its, turn.at)
        onward = _onward(settings, conversation, its, is_open=is_open)
        if onward is None or onward in seen:
            break
        seen.add(onward)
        its = settings.groups[onward]
    asked = requirement_of(its, requires if its is wanted else None)
    if changes:
        conversation = conversation.but(**changes)
    reasons = () if reason is None else (reason,)
    if its.group.kind is GroupKind.BOT and _bot_of(its) is not None:
        return _to_bot(turn, conversation, its, message, reasons)
    is_taken = its.group.kind is GroupKind.BOT or (is_open and not _closes_before(turn, conversation, its, asked))
    helpers = () if is_taken else open_helpers(board, its, turn.at)
    if is_taken or helpers:
        if helpers:
            reasons = (*reasons, Reason(Code.HELPERS, (helpers,)))
        return _queue(turn, conversation, its, asked, helpers=helpers, reasons=reasons)
    return after_hours(turn, conversation, its, asked, reason or Reason(Code.CLOSES_EARLY if is_open else Code.CLOSED))


def send_back(
    turn: Turn, conversation: Conversation, *, reason: Reason, message: MessageId | None = None, **changes: object
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
    turn: Turn, conversation: Conversation, its: GroupSettings, asked: Requirement, reason: Reason
) -> Conversation:
    """The group is closed: tell the contact once per closed window, then hold until opening, or decline."""
    doors, at = turn.board.doors, turn.at
    if doors.is_open(its, at):
        opens_at = doors.opens_after_closing(its, at) or at
        window: datetime | None = doors.next_change(its, at)
    else:
        opens_at, window = doors.next_open(its, at), doors.closed_window(its, at)
    if _is_to_be_told(conversation, its, window, at):
        conversation = conversation.but(acknowledged_window=window)
        conversation = tell(turn, conversation, its.after_hours.reply, group=its.group.id, next_open_at=opens_at)
    if its.after_hours.then is AfterHours.DECLINE:
        conversation = turn.save(
            conversation.but(
                state=moved(conversation.state, Move.RESOLVED),
                group=its.group.id,
                resolved_at=at,
                resolved_because="declined",
            )
        )
        turn.explain(conversation, Outcome.RESOLVED, reasons=(Reason(Code.DECLINED_CLOSED),))
        return conversation
    conversation = _queue(turn, conversation, its, asked, held_until=opens_at)
    turn.explain(conversation, Outcome.HELD, reasons=(reason,))
    return conversation


def requirement_of(its: GroupSettings, extra: Mapping[SkillId, int] | None) -> Requirement:
    """The group's requirement with further hard needs; the higher level counts."""
    own = its.group.requirement
    if not extra:
        return own
    hard = {need.skill: need.level for need in own.hard}
    for skill, level in extra.items():
        hard[skill] = max(level, hard.get(skill, 0))
    return requirement(hard, {need.skill: need.level for need in own.soft if need.skill not in hard})


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


def tell(  # noqa: PLR0913 - one for each thing that a reply may say
    turn: Turn,
    conversation: Conversation,
    reply: ReplyId | None,
    *,
    group: GroupId | None = None,
    next_open_at: datetime | None = None,
    position: int | None = None,
    wait: Range | None = None,
    choices: tuple[str, ...] = (),
) -> Conversation:
    """Tell the contact a prepared reply, as long as the channel bears one more; returns what is left of that."""
    patience = conversation.patience
    if reply is None or patience.budget == 0:
        return conversation
    its = turn.board.settings.groups.get(conversation.group)
    turn.say(
        TellContact(
            conversation=conversation.id,
            reply=reply,
            message=turn.new_message_id(),
            at=turn.at,
            language=conversation.language,
            group=group or conversation.group,
            next_open_at=next_open_at,
            position=position,
            wait=wait.likely if wait is not None else None,
            wait_most=wait.most if wait is not None else None,
            usually=turn.board.settings.priorities.get(conversation.priority) if its is not None else None,
            choices=choices,
        )
    )
    if patience.budget is None:
        return conversation
    return conversation.but(patience=replace(patience, budget=patience.budget - 1))


def wait_of(
    turn: Turn, conversation: Conversation, its: GroupSettings, asked: Requirement, position: int | None
) -> Range | None:
    """How long it would wait from now at this position (the last, when it has none), as far as it was measured."""
    board = turn.board
    stand = board.queue.stands.get(conversation.id)
    pool = stand.pool if stand is not None else None
    if pool is None:
        probe = conversation.but(group=its.group.id, requirement=asked)
        pool = board.queue.circle(probe, board.units_of(probe), 0).pool
    completions = chain.from_iterable(seat.presence.completed for seat in pool.bench.seats)
    return forecast(completions, position or len(pool.line) + len(pool.resting) + 1, turn.at)


def _closes_before(turn: Turn, conversation: Conversation, its: GroupSettings, asked: Requirement) -> bool:
    """Whether the group closes soon, and before this one's turn would come (`routing.md` §13)."""
    closes_at = turn.board.doors.next_change(its, turn.at) if its.closing_soon is not None else None
    if its.closing_soon is None or closes_at is None or closes_at - turn.at > its.closing_soon:
        return False
    probe = conversation.but(group=its.group.id, requirement=asked)
    if turn.board.queue.circle(probe, turn.board.units_of(probe), 0).pool.bench.free:
        return False
    wait = wait_of(turn, conversation, its, asked, turn.board.position(conversation.id))
    return wait is not None and turn.at + wait.likely > closes_at


def open_helpers(board: Board, its: GroupSettings, at: datetime) -> tuple[GroupId, ...]:
    """The open groups of people that help while this one is closed."""
    groups = board.settings.groups
    found = (
        groups.get(step.to)
        for step in board.queue.conditions(its.group.id)
        if step.when is OverflowWhen.CLOSED and step.to
    )
    return tuple(
        each.group.id
        for each in found
        if each is not None and each.group.kind is GroupKind.HUMAN and board.doors.is_open(each, at)
    )


def added(groups: tuple[GroupId, ...], more: tuple[GroupId, ...]) -> tuple[GroupId, ...]:
    """These groups and more, each once."""
    return tuple(dict.fromkeys((*groups, *more)))


def _onward(settings: Settings, conversation: Conversation, its: GroupSettings, *, is_open: bool) -> GroupId | None:
    """Where the group sends what comes to it now, instead of taking it."""
    if its.group.kind is GroupKind.BOT and (_bot_of(its) is None or is_worn_out(conversation, its)):
        target = its.then or group_of_people(settings)
    elif not is_open and its.after_hours.then in (AfterHours.BOT, AfterHours.REDIRECT):
        if its.after_hours.to is None:
            return None
        target = its.after_hours.to
    else:
        return None
    return target if target in settings.groups else None


_LEADING_ON = (AfterHours.BOT, AfterHours.FORM, AfterHours.REDIRECT)


def _closed_to_bot(settings: Settings, its: GroupSettings) -> GroupId | None:
    """The bot's group to which a closed group overflows."""
    for step in conditions(its.group):
        target = settings.groups.get(step.to) if step.to is not None else None
        if step.when is OverflowWhen.CLOSED and target is not None and target.group.kind is GroupKind.BOT:
            return step.to
    return None


def _bot_of(its: GroupSettings) -> AgentId | None:
    return its.group.bot


def _queue(
    turn: Turn,
    conversation: Conversation,
    its: GroupSettings,
    asked: Requirement,
    *,
    held_until: datetime | None = None,
    helpers: tuple[GroupId, ...] = (),
    reasons: tuple[Reason, ...] = (),
) -> Conversation:
    at, settings = turn.at, turn.board.settings
    is_at_home = conversation.group == its.group.id
    was_held = conversation.held_until is not None
    due_from = held_until or (conversation.entered_waiting_at if was_held else conversation.due_from) or at
    conversation = conversation.but(
        state=moved(conversation.state, Move.QUEUED),
        owner=queued(its.group.id),
        epoch=conversation.epoch + 1,
        group=its.group.id,
        requirement=asked,
        entered_waiting_at=conversation.entered_waiting_at or at,
        due_from=due_from,
        queued_at=held_until or at,
        held_until=held_until,
        excluded=tuple(each for each in conversation.excluded if each.until > at),
        overflowed=added(conversation.overflowed if is_at_home else (), helpers),
        assigned_at=None,
        nudged=False,
        promised_at=None,
        is_idle=False,
        asked_bot_at=None,
        parked_until=None,
        wrap_up_until=None,
        wrap_up_extended=False,
        patience=conversation.patience if held_until is None else unlost(conversation.patience),
    )
    start = head_start(turn, conversation, its) if held_until is None else HeadStart()
    conversation = turn.save(
        conversation.but(
            due_at=due_of(settings, conversation, due_from),
            is_urgent=is_urgent(settings, conversation),
            preferred=start.agent,
            preferred_until=start.until,
            deputies=start.deputies,
        )
    )
    if held_until is None:
        turn.queued[conversation.id] = (*reasons, *start.skipped)
        turn.unplaced[conversation.id] = None
    return conversation


def _to_bot(
    turn: Turn, conversation: Conversation, its: GroupSettings, message: MessageId | None, reasons: tuple[Reason, ...]
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
            deputies=(),
            overflowed=(),
            patience=Patience(budget=conversation.patience.budget),
            is_urgent=False,
            assigned_at=None,
            asked_bot_at=None,
            parked_until=None,
        )
    )
    turn.explain(conversation, Outcome.TO_BOT, reasons=reasons)
    return ask(turn, conversation, bot, message)


def _is_to_be_told(conversation: Conversation, its: GroupSettings, window: datetime | None, at: datetime) -> bool:
    """Once per closed window and thread, and not right after a person's answer."""
    answer = conversation.last_answer
    if its.after_hours.reply is None or conversation.acknowledged_window == window:
        return False
    return answer is None or at - answer.at >= HUMAN_REPLY_IS_FRESH
