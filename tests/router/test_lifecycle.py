"""The lifecycle tables: every state with every move, and that nothing else changes a state."""

import ast
from itertools import product

import pytest

from router.conversation import State
from router.errors import IllegalTransition
from router.lifecycle import CONVERSATION, OFFER, Move, ended, moved
from router.offer import OfferState
from tests.architecture.house import ROOT, python_files


@pytest.mark.parametrize(("state", "move"), list(product(State, Move)))
def test_move_is_in_the_table_or_illegal(state: State, move: Move) -> None:
    """A move leads where the table says, or is refused with both names."""
    if (state, move) in CONVERSATION:
        assert moved(state, move) is CONVERSATION[state, move]
        return
    with pytest.raises(IllegalTransition, match=rf"{state.value} cannot be {move.value}"):
        moved(state, move)


def test_resolved_leads_only_to_reopening() -> None:
    """What is resolved stays so, until it is reopened."""
    assert [move for state, move in CONVERSATION if state is State.RESOLVED] == [Move.REOPENED]


def test_everything_open_can_end() -> None:
    """No open conversation is caught: each can be resolved, and taken by a person."""
    for state in set(State) - {State.RESOLVED}:
        assert moved(state, Move.RESOLVED) is State.RESOLVED
        assert moved(state, Move.TAKEN) is State.ACTIVE


def test_every_state_can_be_reached() -> None:
    """From a new conversation, waiting, the moves lead to every state."""
    reached = {State.WAITING}
    while more := {to for (state, _), to in CONVERSATION.items() if state in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_what_may_be_queued_may_be_given_to_a_bot() -> None:
    """A group may send on to a bot's group: a way to the queue without a way to a bot would fail half-way."""
    queued = {state for state, move in CONVERSATION if move is Move.QUEUED}
    assert queued == {state for state, move in CONVERSATION if move is Move.GIVEN_TO_BOT}


@pytest.mark.parametrize(("state", "end"), list(product(OfferState, OfferState)))
def test_offer_ends_once(state: OfferState, end: OfferState) -> None:
    """Only an open offer ends, and never as open or as one that was never open."""
    if (state, end) in OFFER:
        assert ended(state, end) is end
        return
    with pytest.raises(IllegalTransition):
        ended(state, end)


def states_set_directly(source: str) -> list[int]:
    """The lines of a module where ``state=State.…`` or ``state=OfferState.…`` is written instead of asked for."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "but"):
            continue
        found += [
            node.lineno
            for keyword in node.keywords
            if keyword.arg == "state" and isinstance(keyword.value, ast.Attribute)
        ]
    return found


def test_no_rule_sets_a_state_by_itself() -> None:
    """States change only through the tables."""
    found = {
        str(path): lines
        for path in python_files("router")
        if (lines := states_set_directly((ROOT / path).read_text(encoding="utf-8")))
    }
    assert found == {}


def test_rule_about_states_notices() -> None:
    """The check finds a state that is set directly."""
    assert states_set_directly("c.but(state=State.ACTIVE)") == [1]
    assert states_set_directly("c.but(state=moved(c.state, Move.TAKEN))") == []
