"""Merging: two contacts are one person, or are not after all; what is open follows (`routing.md` §21)."""

from router.board import Board
from router.conversation import Conversation, LastAnswer, State, given_elsewhere
from router.effects import RecordMerge, RecordSplit
from router.errors import SameContact
from router.events import ContactsMerged, ContactsSplit
from router.ids import ContactId
from router.reason import Code, Reason
from router.rules.head_start import head_start
from router.turn import Turn


def contacts_merged(turn: Turn, event: ContactsMerged) -> None:
    """Open conversations are the survivor's; who waits is kept for whoever answered the person last.

    Raises:
        SameContact: it is the same contact twice.
    """
    if event.survivor == event.other:
        raise SameContact
    both = (event.survivor, event.other)
    turn.say(
        RecordMerge(
            merge=event.id,
            survivor=event.survivor,
            other=event.other,
            by=event.by,
            because=event.because,
            keep=event.keep,
            at=event.at,
        )
    )
    for conversation in _of(turn.board, *both):
        joined = conversation.but(contact=event.survivor) if conversation.contact == event.other else conversation
        if _is_newer(event.last_answer, joined):
            joined = joined.but(last_answer=given_elsewhere(event.last_answer, joined.created_at))
        if joined != conversation:
            _go_on(turn, joined, Reason(Code.MERGED))


def contacts_split(turn: Turn, event: ContactsSplit) -> None:
    """Open conversations in the other's threads are the other's; an answer to the wrong person counts no more."""
    turn.say(
        RecordSplit(
            merge=event.merge,
            survivor=event.survivor,
            other=event.other,
            threads=event.threads,
            by=event.by,
            at=event.at,
        )
    )
    for conversation in _of(turn.board, event.survivor):
        is_others = conversation.thread in event.threads
        parted = conversation.but(contact=event.other) if is_others else conversation
        if not _has_own_answer(parted):
            answer = event.other_answer if is_others else event.survivor_answer
            parted = parted.but(last_answer=given_elsewhere(answer, parted.created_at))
        if parted != conversation:
            _go_on(turn, parted, Reason(Code.SPLIT))


def _of(board: Board, *contacts: ContactId) -> list[Conversation]:
    mine = (each for each in board.conversations.values() if each.contact in contacts)
    return sorted(mine, key=lambda each: each.id)  # whatever came before: a restart forgets the order of writing


def _go_on(turn: Turn, conversation: Conversation, reason: Reason) -> None:
    """Save it; one that waits for anybody, or for somebody who is not the right one now, is matched again."""
    its = turn.board.settings.groups.get(conversation.group)
    if conversation.state is not State.WAITING or conversation.held_until is not None or its is None:
        turn.save(conversation)
        return
    former = turn.board.conversation(conversation.id)
    if former.last_answer == conversation.last_answer:
        turn.save(conversation)
        return
    start = head_start(turn, conversation, its)
    turn.save(conversation.but(preferred=start.agent, preferred_until=start.until, deputies=start.deputies))
    turn.queued[conversation.id] = (reason, *start.skipped)
    turn.unplaced[conversation.id] = None


def _has_own_answer(conversation: Conversation) -> bool:
    """Whether somebody answered in this very conversation."""
    answer = conversation.last_answer
    return answer is not None and answer.at >= conversation.created_at


def _is_newer(answer: LastAnswer | None, conversation: Conversation) -> bool:
    """Whether it is an answer that this conversation would have begun with, had it been known."""
    if answer is None or _has_own_answer(conversation):
        return False
    known = conversation.last_answer
    return known is None or known.at < answer.at
