"""Arrival: a contact wrote. Which conversation is it, what does triage say, who has it now?"""

from dataclasses import replace
from datetime import datetime, timedelta

from router.board import queued
from router.conversation import Conversation, State, given_elsewhere
from router.effects import DeskWord, Direction, RecordMessage, ReviseMessage, TellDesk
from router.events import ContactReacted, MediaFetched, MessageEdited, MessageReceived
from router.lifecycle import ABANDONED, Move, moved
from router.message import Author, AuthorKind, part_kind, plain_text
from router.reason import Code, Reason
from router.rules.bots import help_while_waiting, is_for_the_bot, person_instead, while_with_bot
from router.rules.directing import directed, is_where_its_code_led, new_code
from router.rules.menu import choose, chosen
from router.rules.offering import with_cool_down
from router.rules.returning import revived
from router.rules.taking import take
from router.rules.waiting import requirement_of, send_back, send_to_group
from router.trace import Verdict
from router.triage import Classification, TriageFacts, classify
from router.turn import Turn
from skills.language import detect


def message_received(turn: Turn, event: MessageReceived) -> None:
    """The message joins the thread's open conversation, reopens the last one, or begins a new one."""
    conversation = turn.board.in_thread(event.thread)
    if conversation is not None:
        _record(turn, event, conversation)
        conversation = _budgeted(revived(turn, conversation), event)
        _CONTINUE[conversation.state](turn, event, conversation)
        return
    previous = event.previous
    if previous is not None and _is_reopened(turn, previous, event.at):
        _record(turn, event, previous)
        _reopen(turn, event, _budgeted(previous, event))
    else:
        _begin(turn, event)


def message_edited(turn: Turn, event: MessageEdited) -> None:
    """An edit replaces the message's parts; it does not route again."""
    turn.say(ReviseMessage(id=event.message, parts=event.parts))
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=event.conversation))


def media_fetched(turn: Turn, event: MediaFetched) -> None:
    """A file has come, and is shown; it does not route again."""
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=event.conversation))


# --- A new conversation ---------------------------------------------------------------------------------------------


def _begin(turn: Turn, event: MessageReceived) -> None:
    settings = turn.board.settings
    text = plain_text(event.parts)
    known = event.language or event.contact.language or settings.languages[0]
    language = detect(text, settings.languages, known) if text else known
    previous = event.previous
    verdict = _classified(turn, event, language=language, tags=event.tags, entry=event.entry, code=event.entry)
    verdict = directed(turn, event.new_conversation, verdict)
    turn.rules = verdict.hits
    conversation = Conversation(
        id=event.new_conversation,
        thread=event.thread,
        contact=event.contact.id,
        inbox=event.inbox,
        channel=event.channel,
        group=verdict.group,
        state=State.WAITING,
        owner=queued(verdict.group),
        epoch=0,
        priority=verdict.priority,
        created_at=event.at,
        language=language,
        tags=verdict.tags,
        entry=event.entry,
        code=verdict.code.name if verdict.code is not None else "",
        acknowledged_window=previous.acknowledged_window if previous is not None else None,
        last_answer=given_elsewhere(event.last_answer, event.at),
        unanswered_since=event.at,
        last_contact_at=event.at,
    )
    conversation = _budgeted(conversation, event)
    _record(turn, event, conversation)
    group = person_instead(turn, event, verdict)
    send_to_group(turn, conversation, group, requires=verdict.requires, message=event.message)


def _classified(
    turn: Turn, event: MessageReceived, *, language: str, tags: tuple[str, ...], entry: str, code: str
) -> Classification:
    contact = event.contact
    # What we know of the contact is not changed by what a message claims.
    attributes = {**event.attributes, **contact.attributes} if event.attributes else contact.attributes
    facts = TriageFacts(
        text=plain_text(event.parts),
        kinds=frozenset(part_kind(part) for part in event.parts),
        entry=entry,
        code=code,
        channel=event.channel,
        inbox=event.inbox,
        language=language,
        tags=frozenset(tags),  # type: ignore[arg-type]  # tags are strings with a name
        contact_tags=contact.tags,
        attributes=attributes,
        is_returning=contact.is_returning,
    )
    return classify(turn.board.settings.triage, facts, event.at)


# --- The last conversation again ------------------------------------------------------------------------------------


def _is_reopened(turn: Turn, previous: Conversation, at: datetime) -> bool:
    """Inside the group's window, a conversation that was answered by a person, or whose contact had gone away."""
    its = turn.board.settings.groups.get(previous.group)
    resolved_at = previous.resolved_at
    if its is None or resolved_at is None or at - resolved_at > its.reopen_window:
        return False
    return previous.resolved_because == ABANDONED or _was_answered(previous)


def _was_answered(conversation: Conversation) -> bool:
    answer = conversation.last_answer
    return answer is not None and answer.at >= conversation.created_at


def _reopen(turn: Turn, event: MessageReceived, previous: Conversation) -> None:
    was_abandoned = previous.resolved_because == ABANDONED
    conversation = previous.but(
        state=moved(previous.state, Move.REOPENED),
        contact=event.contact.id,
        owner=queued(previous.group),
        entered_waiting_at=previous.entered_waiting_at if was_abandoned else None,
        due_from=previous.due_from if was_abandoned else None,
        boost=timedelta(),
        hops=0,
        resolved_at=None,
        resolved_because="",
        unanswered_since=event.at,
        last_contact_at=event.at,
        reminded=False,
        last_told_at=None,
        times_told=0,
        wrap_up_until=None,
    )
    answer = conversation.last_answer
    seat = turn.board.roster.seats.get(answer.agent) if answer is not None and not was_abandoned else None
    is_there = seat is not None and seat.standing_on(conversation.channel) is Verdict.ELIGIBLE
    if seat is not None and is_there and seat.has_room(turn.board.units_of(conversation), burst=True):
        take(turn, conversation, seat, reason=Reason(Code.REOPENED_TO, (seat.id,)))
    else:
        send_back(turn, conversation, reason=Reason(Code.REOPENED))


# --- A conversation that is open ------------------------------------------------------------------------------------


def _budgeted(conversation: Conversation, event: MessageReceived) -> Conversation:
    """The channel bears so many announcements again, since the contact wrote."""
    if conversation.patience.budget == event.announcements:
        return conversation
    return conversation.but(patience=replace(conversation.patience, budget=event.announcements))


def _while_waiting(turn: Turn, event: MessageReceived, conversation: Conversation) -> None:
    if conversation.state is State.WAITING and (choice := chosen(event.parts)) is not None:
        conversation = turn.save(conversation.but(last_contact_at=event.at))
        choose(turn, conversation, choice)
        return
    verdict = _new_answer(turn, event, conversation)
    entry = event.entry or conversation.entry
    unanswered_since = conversation.unanswered_since or event.at
    if verdict is None:
        turn.save(conversation.but(last_contact_at=event.at, unanswered_since=unanswered_since, entry=entry))
        help_while_waiting(turn, event, conversation)
        return
    turn.rules = verdict.hits
    send_to_group(
        turn,
        conversation,
        verdict.group,
        requires=verdict.requires,
        reason=Reason(Code.LATER_MESSAGE),
        message=event.message,
        tags=verdict.tags,
        priority=verdict.priority,
        entry=entry,
        code=verdict.code.name if verdict.code is not None else conversation.code,
        last_contact_at=event.at,
        unanswered_since=unanswered_since,
    )


def _while_with_bot(turn: Turn, event: MessageReceived, conversation: Conversation) -> None:
    verdict = _new_answer(turn, event, conversation)
    moves = verdict is not None and verdict.group != conversation.group
    if verdict is not None and moves and (verdict.code is not None or not is_for_the_bot(conversation, event)):
        _while_waiting(turn, event, conversation)
        return
    while_with_bot(turn, event, conversation, verdict if moves else None)


def _while_offered(turn: Turn, event: MessageReceived, conversation: Conversation) -> None:
    if (choice := chosen(event.parts)) is not None:
        conversation = turn.save(conversation.but(last_contact_at=event.at))
        choose(turn, conversation, choice)
        return
    unanswered_since = conversation.unanswered_since or event.at
    turn.save(conversation.but(last_contact_at=event.at, unanswered_since=unanswered_since))


def _while_owned(turn: Turn, event: MessageReceived, conversation: Conversation) -> None:
    """It goes on with its agent when that is possible, else to the queue, its age from now."""
    board = turn.board
    seat = board.owner_seat(conversation)
    is_carried = conversation.state is not State.PARKED
    is_active = conversation.state is State.ACTIVE
    reason = Reason(Code.AGENT_GONE)
    if seat is not None and seat.is_reachable:
        more = board.units_of(conversation) - seat.carried.get(conversation.id, 0.0)
        if (is_carried and not conversation.is_idle) or seat.has_room(more, burst=True):
            turn.save(
                conversation.but(
                    state=State.ACTIVE if is_active else moved(conversation.state, Move.RESUMED),
                    last_contact_at=event.at,
                    unanswered_since=conversation.unanswered_since or event.at,
                    reminded=False,
                    is_idle=False,
                    parked_until=None,
                    wrap_up_until=None,
                )
            )
            return
        reason = Reason(Code.NO_ROOM)
        # Not kept for the same agent again: others first.
        conversation = conversation.but(excluded=with_cool_down(turn, conversation, seat.id))
    send_back(
        turn,
        conversation,
        reason=reason,
        message=event.message,
        entered_waiting_at=None,
        due_from=None,
        last_contact_at=event.at,
        unanswered_since=conversation.unanswered_since or event.at,
        reminded=False,
    )


_CONTINUE = {
    State.BOT: _while_with_bot,
    State.WAITING: _while_waiting,
    State.OFFERED: _while_offered,
    State.ACTIVE: _while_owned,
    State.PARKED: _while_owned,
    State.WRAPPING: _while_owned,
}
"""What a message means, by the state of its open conversation."""


def _new_answer(turn: Turn, event: MessageReceived, conversation: Conversation) -> Classification | None:
    """What triage says of a later message, when that changes anything; one that adds nothing keeps the group."""
    verdict = _classified(
        turn,
        event,
        language=conversation.language,
        tags=conversation.tags,
        entry=event.entry or conversation.entry,
        code=new_code(event, conversation),
    )
    if verdict.code is None and is_where_its_code_led(turn, conversation):
        needs = {need.skill: need.level for need in conversation.requirement.hard}
        verdict = replace(verdict, group=conversation.group, requires=needs)
    else:
        verdict = directed(turn, conversation.id, verdict)
    triage = turn.board.settings.triage
    otherwise = triage.group[-1]
    decided_by = verdict.hits[-1]
    if (decided_by.rule, decided_by.line) == (otherwise.name, otherwise.line):
        return None
    target = turn.board.group(verdict.group)
    is_same = verdict.group == conversation.group and (
        conversation.state is State.BOT or requirement_of(target, verdict.requires) == conversation.requirement
    )
    is_same = is_same and (verdict.code is None or verdict.code.name == conversation.code)
    if is_same and set(verdict.tags) == set(conversation.tags) and verdict.priority == conversation.priority:
        return None
    return verdict


def _record(turn: Turn, event: MessageReceived, conversation: Conversation) -> None:
    """Write the message, if it says anything (an entry alone does not), and tell the desk."""
    if not event.parts:
        return
    contact = event.contact
    turn.say(
        RecordMessage(
            id=event.message,
            conversation=conversation.id,
            direction=Direction.IN,
            author=Author(kind=AuthorKind.CONTACT, id=contact.id, name=contact.name),
            parts=event.parts,
            at=event.at,
        )
    )
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=conversation.id))


def contact_reacted(turn: Turn, event: ContactReacted) -> None:
    """A sign under a message is noted in an open conversation. It is no answer: nothing waits or wakes for it.

    Raises:
        UnknownConversation: there is no such open conversation.
    """
    conversation = turn.board.conversation(event.conversation)
    turn.say(
        RecordMessage(
            id=event.message,
            conversation=conversation.id,
            direction=Direction.IN,
            author=Author(kind=AuthorKind.CONTACT, id=event.contact, name=event.name),
            parts=event.parts,
            at=event.at,
            note=True,
        )
    )
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=conversation.id))
