"""Nothing starves: who waits is passed only by arrivals inside the own target (`routing.md` §4)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.board import Board
from router.conversation import Conversation, State
from router.decide import decide
from router.events import AgentConnected, ConversationResolved, IntentChanged
from router.ids import EventId, PriorityTag
from router.presence import Intent
from skills.ids import AgentId
from tests.router.world import ASIA, MONDAY, VIP, company, message, seconds

EMIL = AgentId("emil")
"""Carries one at a time: whom emil serves next is the order of the queue."""

arrivals = st.lists(
    st.tuples(st.integers(min_value=0, max_value=1500), st.booleans()),
    min_size=2,
    max_size=25,
    unique_by=lambda a: a[0],
)


def served(order: list[tuple[int, bool]], service: int) -> list[Conversation]:
    """The conversations as emil was given them; each takes so many seconds; everybody stays who has come."""
    settings = company()
    calm = replace(
        settings.groups[ASIA], first_reply=replace(settings.groups[ASIA].first_reply, back=timedelta(days=1))
    )
    board = Board(replace(settings, groups={**settings.groups, ASIA: calm}))
    decide(board, AgentConnected(id=EventId("c"), at=MONDAY, agent=EMIL))
    decide(board, IntentChanged(id=EventId("i"), at=MONDAY, agent=EMIL, intent=Intent.READY))
    ahead, found, number, free_at = sorted(order), list[Conversation](), 0, 0
    while ahead or (found[-1:] != [] and board.conversations):
        if (ahead and ahead[0][0] <= free_at) or not any(
            each.state is State.ACTIVE for each in board.conversations.values()
        ):
            if not ahead:
                break
            second, is_vip = ahead.pop(0)
            number += 1
            at = MONDAY + seconds(max(second, 0))
            decide(board, message(number, f"c{number}", at, entry="asia", tags=("vip",) if is_vip else ()))
        else:
            active = next(each for each in board.conversations.values() if each.state is State.ACTIVE)
            number += 1
            ended = ConversationResolved(
                id=EventId(f"e{number}"), at=MONDAY + seconds(free_at), conversation=active.id, by=EMIL
            )
            decide(board, ended)
        for each in board.conversations.values():
            if each.state is State.ACTIVE and each.id not in {one.id for one in found}:
                found.append(each)
                assigned = each.assigned_at or MONDAY
                free_at = int((assigned - MONDAY).total_seconds()) + service
    return found


def passed_unfairly(found: list[Conversation]) -> list[tuple[str, str]]:
    """Who was served before somebody who had come so much earlier that the own target could not justify it."""
    within = company().priorities
    unfair: list[tuple[str, str]] = []
    for index, first in enumerate(found):
        for second in found[index + 1 :]:
            bound = second.created_at + within[second.priority] - within[first.priority]
            if second.created_at < (first.assigned_at or MONDAY) and first.created_at > bound:
                unfair.append((first.id, second.id))
    return unfair


@given(order=arrivals, service=st.integers(min_value=20, max_value=400))
def test_nobody_is_passed_beyond_the_bound(order: list[tuple[int, bool]], service: int) -> None:
    """Whoever is served before one that waits came before its arrival plus its target minus the own: t + W - w."""
    found = served(order, service)
    assert len(found) == len(order)
    assert passed_unfairly(found) == []


def test_bound_is_noticed_when_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """With strict classes instead of due times, somebody is passed beyond the bound."""
    order = [(0, False), (1, False), *((30 * number + 2, True) for number in range(20))]
    assert passed_unfairly(served(order, 100)) == []
    monkeypatch.setattr("router.rules.waiting.due_of", lambda _s, c, since: since - timedelta(days=c.priority == VIP))
    assert passed_unfairly(served(order, 100))
    assert PriorityTag("vip") == VIP
