"""Selection: the best agent for a conversation, the best conversation for an agent, and why.

Both sides look at the same pools. Order for a conversation: the preferred agent during the head start; then those who
meet what the group only prefers; then everybody in reach, by the group's pick, ties by idle time, then id. Order for
an agent: what is kept for the agent and what waits in the own groups before what overflowed from others; in each,
earliest due first. Nothing here changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from router.conversation import Conversation
from router.due import Place
from router.ids import ConversationId
from router.pool import Pool
from router.seat import Seat
from router.trace import Candidate, Verdict
from router.widening import widened
from skills.ids import AgentId
from skills.matching import first_missing

if TYPE_CHECKING:
    from router.board import Board

RUNNERS_UP = 5
"""So many of the agents who came next are named in a trace."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A conversation and an agent who belong together now: why this agent, in which pool, who came next."""

    conversation: Conversation
    seat: Seat
    pool: Pool
    because: str
    runners_up: tuple[Candidate, ...] = ()


def best_agent(board: Board, conversation: Conversation, at: datetime) -> Choice | None:
    """The agent to whom this waiting conversation goes now; None when nobody can take it, or it is held."""
    stand = board.queue.stands.get(conversation.id)
    if stand is None or stand.pool is None:
        return None
    units = stand.pool.key.units
    if stand.keeper is not None:
        seat = board.roster.seats.get(stand.keeper)
        if seat is None or seat.verdict(units) is not Verdict.ELIGIBLE:
            return None
        return Choice(conversation, seat, stand.pool, "answered this contact last")
    circle = board.queue.circle(conversation, units, stand.step)
    excluded = _excluded(conversation, at)
    if circle.first is not None and (choice := _best_in(circle.first, conversation, excluded, at)):
        return choice
    return _best_in(circle.pool, conversation, excluded, at)


def best_conversation(board: Board, seat: Seat, at: datetime) -> Choice | None:
    """The waiting conversation that this agent gets now; None when there is none, or the agent may not receive."""
    if not seat.may_receive:
        return None
    best: tuple[bool, Place] | None = None
    found: Pool | None = None
    for pool in seat.pools:
        if not pool.line or not seat.has_room(pool.key.units):
            continue
        is_backup = pool.home not in seat.agent.groups
        place = _first_for(board, pool, seat, at)
        if place is not None and (best is None or (is_backup, place) < best):
            best, found = (is_backup, place), pool
    kept = _first_kept(board, seat)
    if kept is not None and (best is None or (False, kept) < best):
        conversation = board.conversations[ConversationId(kept[2])]
        kept_in = board.queue.stands[conversation.id].pool
        if kept_in is not None:
            return Choice(conversation, seat, kept_in, "free again, and answered this contact last")
    if best is None or found is None:
        return None
    conversation = board.conversations[ConversationId(best[1][2])]
    where = f"overflow from {found.home}" if best[0] else f"own group {found.home}"
    return Choice(conversation, seat, found, f"free, earliest due of {len(found.line)} waiting ({where})")


def all_candidates(board: Board, conversation: Conversation, at: datetime) -> tuple[Candidate, ...]:
    """Every human agent with a verdict: eligible ones first, by the pick; then the others by verdict and id."""
    units = board.units_of(conversation)
    step = board.queue.step_of(conversation, at)
    pool = board.queue.circle(conversation, units, step).pool
    groups, asked = widened(board.group(conversation.group).group, conversation.requirement, step)
    excluded = _excluded(conversation, at)
    if _nobody_else(pool, excluded):
        excluded = _strictly_excluded(conversation, at)
    order = {seat.id: number for number, seat in enumerate(pool.ranked(len(pool.seats)))}
    candidates: list[Candidate] = []
    for seat in board.roster.seats.values():
        missing = first_missing(asked, seat.agent)
        verdict, detail = seat.verdict(units), ""
        if seat.agent.groups.isdisjoint(groups):
            verdict = Verdict.NOT_IN_GROUP
        elif missing is not None:
            verdict, detail = Verdict.SKILL_MISSING, f"{missing.skill}:{missing.level}"
        elif verdict is Verdict.FULL:
            detail = f"{seat.load:g}/{seat.agent.units:g}"
        elif verdict is Verdict.ELIGIBLE and seat.id in excluded:
            until = next(each.until for each in conversation.excluded if each.agent == seat.id)
            verdict, detail = Verdict.EXCLUDED, f"{until:%Y-%m-%dT%H:%M:%SZ}"
        elif verdict is Verdict.ELIGIBLE and conversation.preferred_until and seat.id != conversation.preferred:
            verdict, detail = Verdict.HEAD_START, conversation.preferred or ""
        elif verdict is Verdict.ELIGIBLE:
            detail = pool.rank_facts(seat)
        candidates.append(Candidate(agent=seat.id, verdict=verdict, detail=detail))
    candidates.sort(
        key=lambda each: (
            each.verdict is not Verdict.ELIGIBLE,
            order.get(each.agent, 0) if each.verdict is Verdict.ELIGIBLE else 0,
            each.verdict.value,
            each.agent,
        )
    )
    return tuple(candidates)


def _best_in(pool: Pool, conversation: Conversation, excluded: frozenset[AgentId], at: datetime) -> Choice | None:
    if not pool.free:
        return None
    ranked = pool.ranked(RUNNERS_UP + 1, excluded)
    because = pool.key.pick.value
    if not ranked and _nobody_else(pool, excluded):
        ranked = pool.ranked(RUNNERS_UP + 1, _strictly_excluded(conversation, at))
        because += ", despite a cool-down: nobody else"
    if not ranked:
        return None
    runners_up = tuple(
        Candidate(agent=seat.agent.id, verdict=Verdict.ELIGIBLE, detail=pool.rank_facts(seat)) for seat in ranked[1:]
    )
    return Choice(conversation, ranked[0], pool, f"{because}: {pool.rank_facts(ranked[0])}", runners_up)


def _excluded(conversation: Conversation, at: datetime) -> frozenset[AgentId]:
    if not conversation.excluded:
        return frozenset()
    return frozenset(each.agent for each in conversation.excluded if each.until > at)


def _strictly_excluded(conversation: Conversation, at: datetime) -> frozenset[AgentId]:
    return frozenset(each.agent for each in conversation.excluded if each.is_strict and each.until > at)


def _nobody_else(pool: Pool, excluded: frozenset[AgentId]) -> bool:
    """Whether every agent of the pool who may receive, full or not, is in a cool-down."""
    if not excluded:
        return False
    cooling = sum(1 for seat in pool.seats_of(excluded) if seat.may_receive)
    return cooling == pool.free + pool.full


def _first_for(board: Board, pool: Pool, seat: Seat, at: datetime) -> Place | None:
    """The first in line that has no cool-down for this agent (or nobody else to go to)."""
    if not pool.excluding:
        return pool.line.first
    for place in pool.line:
        id_ = ConversationId(place[2])
        if id_ not in pool.excluding:
            return place
        conversation = board.conversations[id_]
        excluded = _excluded(conversation, at)
        if seat.id not in excluded:
            return place
        if _nobody_else(pool, excluded) and seat.id not in _strictly_excluded(conversation, at):
            return place
    return None


def _first_kept(board: Board, seat: Seat) -> Place | None:
    """The first that is kept for this agent and fits."""
    for place in board.queue.kept.get(seat.id, ()):
        pool = board.queue.stands[ConversationId(place[2])].pool
        if pool is not None and seat.has_room(pool.key.units):
            return place
    return None
