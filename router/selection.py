"""Selection: the best agent for a conversation, the best conversation for an agent, and why.

Both sides look at the same pools. Order for a conversation: the preferred agent during the head start; then those who
meet what the group only prefers; then everybody in reach, by the group's pick, ties by idle time, then id. Order for
an agent: what is kept for the agent and what waits in the own groups before what overflowed from others; in each,
earliest due first. Nothing here changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from router.bench import Bench
from router.conversation import Conversation
from router.due import BEHIND_THE_LANE, Place
from router.ids import ConversationId
from router.pool import Pool
from router.queue import Stand
from router.reason import Code, Reason
from router.seat import Seat, measured
from router.trace import Candidate, Verdict
from skills.group import Pick
from skills.ids import AgentId
from skills.matching import first_missing

if TYPE_CHECKING:
    from router.board import Board

RUNNERS_UP = 5
"""So many of the agents who came next are named in a trace."""

_PICKED_BY = {
    Pick.LONGEST_IDLE: Reason(Code.LONGEST_IDLE),
    Pick.LEAST_LOADED: Reason(Code.LEAST_LOADED),
    Pick.BEST_SKILL: Reason(Code.BEST_SKILL),
    Pick.ROUND_ROBIN: Reason(Code.ROUND_ROBIN),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A conversation and an agent who belong together now: why this agent, in which pool, who came next."""

    conversation: Conversation
    seat: Seat
    pool: Pool
    why: tuple[Reason, ...]
    runners_up: tuple[Candidate, ...] = ()


def best_agent(board: Board, conversation: Conversation, at: datetime) -> Choice | None:
    """The agent to whom this waiting conversation goes now; None when nobody can take it, or it is held or rests."""
    stand = board.queue.stands.get(conversation.id)
    if stand is None or stand.pool is None or stand.is_resting:
        return None
    if stand.keeper is not None:
        seat = board.roster.seats.get(stand.keeper)
        if seat is None or not keeps(seat, stand.pool):
            return None
        return Choice(conversation, seat, stand.pool, (_why_kept(board, conversation, seat),))
    rings = _rings(board, conversation, stand)
    excluded = _excluded(conversation, at)
    choice = _best_of(rings, stand.pool, conversation, excluded, at)
    if choice is None and _nobody_else(stand.pool, excluded):
        choice = _best_of(rings, stand.pool, conversation, _strictly_excluded(conversation, at), at)
        if choice is not None:
            choice = replace(choice, why=(*choice.why, Reason(Code.DESPITE_COOL_DOWN)))
    return choice


def _why_kept(board: Board, conversation: Conversation, seat: Seat) -> Reason:
    code = board.settings.triage.directory.named(conversation.code) if conversation.code else None
    if code is not None and code.agent == seat.id:
        return Reason(Code.BY_CODE, (code.sign,))
    answer = conversation.last_answer
    if answer is None or answer.agent == seat.id:
        return Reason(Code.STICKY)
    return Reason(Code.DEPUTY, (answer.agent,))


def keeps(seat: Seat, pool: Pool) -> bool:
    """Whether the preferred agent gets a conversation now: the own ones come while draining, too."""
    units, channel = pool.key.units, pool.key.channel
    standing = seat.standing_on(channel)
    if standing is Verdict.DRAINING:
        standing = measured(seat.presence)
    return standing is Verdict.ELIGIBLE and seat.has_room(units) and seat.has_room_on(channel)


def _rings(board: Board, conversation: Conversation, stand: Stand) -> list[Bench]:
    """Who is asked in which order: the circles from the first to the one in force, in each those with the wishes first.

    Whoever a later step added comes after those before. Benches on which nobody is free are left out.
    """
    if stand.pool is None or not stand.pool.bench.free:
        return []
    queue, units = board.queue, board.units_of(conversation)
    whole = queue.circle(conversation, units, stand.step)
    inner = range(stand.step + bool(conversation.overflowed))
    circles = [*(queue.circle(conversation, units, step, ring=True) for step in inner), whole]
    benches = (pool.bench for circle in circles for pool in (circle.first, circle.pool) if pool)
    return list(dict.fromkeys(bench for bench in benches if bench.free))


def best_conversation(board: Board, seat: Seat, at: datetime) -> Choice | None:
    """The waiting conversation that this agent gets now; None when there is none, or the agent may not receive.

    Who has had the share of the strict lane gets from it only when nothing else waits.
    """
    if seat.presence.lane_picks and seat.is_sated(board.settings.lane):
        choice = _best_conversation(board, seat, at, BEHIND_THE_LANE)
        if choice is not None:
            return choice
    return _best_conversation(board, seat, at)


def _best_conversation(board: Board, seat: Seat, at: datetime, behind: Place | None = None) -> Choice | None:
    best: tuple[bool, Place] | None = None
    found: Pool | None = None
    free = (benches for terms, benches in seat.benches.items() if seat.verdicts[terms] is Verdict.ELIGIBLE)
    for pool in chain.from_iterable(bench.pools for bench in chain.from_iterable(free)):
        if not pool.line:
            continue
        is_backup = pool.home not in seat.agent.groups
        place = _first_for(board, pool, seat, at, behind)
        if place is not None and (best is None or (is_backup, place) < best):
            best, found = (is_backup, place), pool
    kept = _first_kept(board, seat, behind)
    if kept is not None and (best is None or (False, kept) < best):
        conversation = board.conversations[ConversationId(kept[2])]
        kept_in = board.queue.stands[conversation.id].pool
        if kept_in is not None:
            return Choice(conversation, seat, kept_in, (Reason(Code.AGAIN), _why_kept(board, conversation, seat)))
    if best is None or found is None:
        return None
    conversation = board.conversations[ConversationId(best[1][2])]
    waiting = len(found.line)
    why = Reason(Code.NEXT_HELPING, (waiting, found.home)) if best[0] else Reason(Code.NEXT_OWN, (waiting,))
    return Choice(conversation, seat, found, (why,))


def all_candidates(board: Board, conversation: Conversation, at: datetime) -> tuple[Candidate, ...]:
    """Every human agent with a verdict: eligible ones first, by the pick; then the others by verdict and id."""
    units = board.units_of(conversation)
    step = board.queue.step_of(conversation, at)
    pool = board.queue.circle(conversation, units, step).pool
    groups, asked = pool.key.groups, pool.key.requirement
    excluded = _excluded(conversation, at)
    if _nobody_else(pool, excluded):
        excluded = _strictly_excluded(conversation, at)
    order = {seat.id: number for number, seat in enumerate(pool.bench.ranked(len(pool.bench.seats)))}
    pause = board.pauses.get(conversation.group)
    candidates: list[Candidate] = []
    for seat in board.roster.seats.values():
        missing = first_missing(asked, seat.agent)
        verdict = seat.verdict(units, conversation.channel)
        why: tuple[Reason, ...] = ()
        if seat.agent.groups.isdisjoint(groups):
            verdict = Verdict.NOT_IN_GROUP
        elif missing is not None:
            verdict, why = Verdict.SKILL_MISSING, (Reason(Code.LACKS, (missing.skill, missing.level)),)
        elif verdict is Verdict.FULL:
            why = (seat.fullness(units, conversation.channel),)
        elif verdict is Verdict.ELIGIBLE and pause is not None:
            verdict, why = Verdict.PAUSED, (pause.why,)
        elif verdict is Verdict.ELIGIBLE and seat.id in excluded:
            until = next(each.until for each in conversation.excluded if each.agent == seat.id)
            verdict, why = Verdict.EXCLUDED, (Reason(Code.COOLS_DOWN, (f"{until:%Y-%m-%dT%H:%M:%SZ}",)),)
        elif verdict is Verdict.ELIGIBLE and conversation.preferred_until and seat.id != conversation.preferred:
            verdict, why = Verdict.HEAD_START, (Reason(Code.BEHIND, (conversation.preferred or "",)),)
        elif verdict is Verdict.ELIGIBLE:
            why = pool.bench.rank_facts(seat, at)
        candidates.append(Candidate(agent=seat.id, verdict=verdict, why=why))
    candidates.sort(
        key=lambda each: (
            each.verdict is not Verdict.ELIGIBLE,
            order.get(each.agent, 0) if each.verdict is Verdict.ELIGIBLE else 0,
            each.verdict.value,
            each.agent,
        )
    )
    return tuple(candidates)


def _best_of(
    rings: list[Bench], whole: Pool, conversation: Conversation, excluded: frozenset[AgentId], at: datetime
) -> Choice | None:
    """The best of the first bench that has anybody; who came next may come from those behind it."""
    for number, bench in enumerate(rings):
        ranked = bench.ranked(RUNNERS_UP + 1, excluded)
        if not ranked:
            continue
        best, named = ranked[0], {seat.id: bench for seat in ranked}
        for further in rings[number + 1 :]:
            if len(named) > RUNNERS_UP:
                break
            for seat in further.ranked(RUNNERS_UP + 1, excluded | named.keys()):
                named.setdefault(seat.id, further)
        runners_up = tuple(
            Candidate(agent=agent, verdict=Verdict.ELIGIBLE, why=within.rank_facts(within.seat(agent), at))
            for agent, within in list(named.items())[1 : RUNNERS_UP + 1]
        )
        why = (_PICKED_BY[bench.pick], *bench.rank_facts(best, at))
        return Choice(conversation, best, whole, why, runners_up)
    return None


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
    bench = pool.bench
    cooling = sum(1 for seat in bench.seats_of(excluded) if bench.has_ready(seat))
    return cooling == bench.free + bench.full


def _first_for(board: Board, pool: Pool, seat: Seat, at: datetime, behind: Place | None) -> Place | None:
    """The first in line that has no cool-down for this agent (or nobody else to go to)."""
    if not pool.excluding:
        return pool.line.first if behind is None else pool.line.first_after(behind)
    for place in pool.line:
        if behind is not None and place <= behind:
            continue
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


def _first_kept(board: Board, seat: Seat, behind: Place | None) -> Place | None:
    """The first that is kept for this agent and fits."""
    for place in board.queue.kept.get(seat.id, ()):
        if behind is not None and place <= behind:
            continue
        pool = board.queue.stands[ConversationId(place[2])].pool
        if pool is not None and keeps(seat, pool):
            return place
    return None
