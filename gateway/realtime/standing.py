"""Where a contact's conversation stands, in words that a contact may hear; read from the board."""

from collections.abc import Iterable
from datetime import datetime

from adapters.visit import Status
from gateway.views.legend import name_in
from router.board import Board
from router.conversation import Conversation, OwnerKind, State
from router.ids import ThreadId
from router.message import AuthorKind
from router.settings import Settings
from skills.group import GroupKind
from skills.ids import AgentId, GroupId

NONE = "none"
"""The state of a contact who has no open conversation."""


def standing(board: Board, thread: ThreadId | None, language: str, seen_seq: int, now: datetime) -> Status:
    """How it stands for the contact of a thread (None: nothing was said yet), who has read up to ``seen_seq``."""
    conversation = board.in_thread(thread) if thread is not None else None
    if conversation is None:
        is_open, next_open = _house(board, now)
        return Status(state=NONE, open=is_open, next_open=_written(next_open), seen_seq=seen_seq)
    is_open, next_open = _hours(board, conversation.group, now)
    is_held = conversation.state is State.WAITING and conversation.held_until is not None
    return Status(
        state=conversation.state.value,
        open=is_open and not is_held,
        next_open=_written(conversation.held_until if is_held else next_open),
        position=board.position(conversation.id),
        agent=_answerer(board.settings, conversation, language),
        seen_seq=seen_seq,
    )


def public_name(settings: Settings, kind: str, author: str, group: GroupId, language: str) -> str:
    """Under which name a contact sees who wrote: the public name, else the group's, never a login; none for us."""
    if kind not in {AuthorKind.AGENT.value, AuthorKind.BOT.value}:
        return ""
    agent = settings.agents.get(AgentId(author))
    if agent is not None and agent.public_name:
        return agent.public_name
    place = settings.groups.get(group)
    return "" if place is None else name_in(place.group.name, (language, *settings.languages), "")


def _answerer(settings: Settings, conversation: Conversation, language: str) -> str:
    """Who answers now, when it is a person who has taken it."""
    if conversation.owner.kind is not OwnerKind.AGENT or conversation.state is not State.ACTIVE:
        return ""
    return public_name(settings, AuthorKind.AGENT.value, conversation.owner.id, conversation.group, language)


def _house(board: Board, now: datetime) -> tuple[bool, datetime | None]:
    """Whether anybody is in, when nobody knows yet who will be asked; else when the first comes."""
    people = [id_ for id_, its in board.settings.groups.items() if its.group.kind is GroupKind.HUMAN]
    hours = [_hours(board, group, now) for group in people]
    if not hours or any(is_open for is_open, _ in hours):
        return True, None
    return False, _earliest(next_open for _, next_open in hours)


def _hours(board: Board, group: GroupId, now: datetime) -> tuple[bool, datetime | None]:
    place = board.settings.groups.get(group)
    if place is None or board.doors.is_open(place, now):
        return True, None
    return False, board.doors.next_open(place, now)


def _earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
