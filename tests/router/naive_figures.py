"""Figures counted by hand: each by one pass of its own over all that happened, without anything in common."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from router.clocks import ClockStage
from router.conversation import Conversation, OwnerKind, State
from router.effects import Effect, RecordConversation, RecordMessage, RecordOffer
from router.events import AnyEvent, TransferRequested
from router.message import AuthorKind
from router.offer import Offer, OfferState
from skills.ids import AgentId

Past = Sequence[tuple[AnyEvent, tuple[Effect, ...]]]
"""What was decided, with what followed; without what was refused."""

QUEUE = frozenset({State.WAITING, State.OFFERED})


class Stretch(NamedTuple):
    """A conversation stayed so, from then until then."""

    since: datetime
    until: datetime
    conversation: Conversation


def stretches(past: Past, now: datetime | None = None) -> Iterator[Stretch]:
    """All conversations between one record of them and the next; with ``now``, from the last one on too."""
    last: dict[str, tuple[datetime, Conversation]] = {}
    for at, conversation in records(past):
        if conversation.id in last:
            since, former = last[conversation.id]
            yield Stretch(since, at, former)
        last[conversation.id] = (at, conversation)
    if now is not None:
        yield from (Stretch(since, now, conversation) for since, conversation in last.values())


def records(past: Past) -> Iterator[tuple[datetime, Conversation]]:
    """Every recorded value of every conversation."""
    for event, effects in past:
        for effect in effects:
            if isinstance(effect, RecordConversation):
                yield event.at, effect.conversation


def offered(past: Past) -> int:
    """Pairs of a conversation and a group in whose queue it was, for however short a time."""
    return len({(each.id, each.group) for at, each in records(past) if each.state in QUEUE or each.queued_at == at})


def waited(past: Past, now: datetime) -> timedelta:
    """All waiting: while in a queue, from when that began to count."""
    spans = (
        each.until - max(each.since, each.conversation.queued_at or each.since)
        for each in stretches(past, now)
        if each.conversation.state in QUEUE
    )
    return sum((span for span in spans if span > timedelta()), timedelta())


def in_hand(past: Past, state: State, agent: AgentId) -> timedelta:
    """How long conversations of an agent were in a state until they last changed, over all of them."""
    spans = (
        each.until - each.since
        for each in stretches(past)
        if each.conversation.state is state
        and each.conversation.owner.kind is OwnerKind.AGENT
        and each.conversation.owner.id == agent
    )
    return sum(spans, timedelta())


def first_responses(past: Past) -> list[timedelta]:
    """For each conversation: from when it last came to people until the first message that one of them wrote."""
    now: dict[str, Conversation] = {}
    found: dict[str, timedelta] = {}
    for event, effects in past:
        now |= {each.conversation.id: each.conversation for each in effects if isinstance(each, RecordConversation)}
        for effect in effects:
            if isinstance(effect, RecordMessage) and effect.author.kind is AuthorKind.AGENT and not effect.note:
                its = now[effect.conversation]
                found.setdefault(its.id, event.at - (its.entered_waiting_at or its.created_at))
    return sorted(found.values())


def offers(past: Past, end: OfferState) -> int:
    """Offers that ended so."""
    return sum(offer.state is end for offer in _offers(past))


def transfers(past: Past) -> int:
    """Transfers to a group, and those to an agent that were accepted."""
    to_groups = sum(isinstance(event, TransferRequested) and event.to_group is not None for event, _ in past)
    return to_groups + sum(o.from_agent is not None and o.state is OfferState.ACCEPTED for o in _offers(past))


def deadlines(past: Past) -> int:
    """Clocks by kind and start: those that were met or breached under a target, and those that have one at last."""
    ends = {ClockStage.MET, ClockStage.BREACHED}
    clocks = [((its.id, each.kind, each.started_at), each) for _, its in records(past) for each in its.clocks]
    under_target = {key: each.regime.within is not None for key, each in clocks}
    decided = {key for key, each in clocks if each.stage in ends and each.regime.within is not None}
    return len(decided | {key for key, is_under in under_target.items() if is_under})


def closed(past: Past) -> int:
    """Conversations that are closed at the end."""
    last = {each.id: each for _, each in records(past)}
    return sum(each.state is State.RESOLVED for each in last.values())


def percentile(values: Iterable[float], percent: int) -> float:
    """The smallest value that at least so many percent are not above, tried one after the other."""
    ordered = sorted(values)
    return next(v for v in ordered if 100 * sum(other <= v for other in ordered) >= percent * len(ordered))


def _offers(past: Past) -> Iterator[Offer]:
    for _, effects in past:
        yield from (each.offer for each in effects if isinstance(each, RecordOffer))
