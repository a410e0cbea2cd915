"""What agents do with a conversation. Each answers it as it is afterwards; a refusal says who has it now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from gateway.http.messages import with_present_owner
from gateway.http.problems import Problem, invalid
from gateway.http.registry import Call, Nothing, Route
from gateway.http.sight import seen, shown
from gateway.http.verb_bodies import Accept, Assign, Boost, Decline, Handoff, Park, Resolve, Tags, Transfer
from gateway.store.read_conversations import conversation_listed
from gateway.views.conversation import ConversationView, ListedConversation
from gateway.views.seeing import SENIOR, may_act
from router.conversation import State
from router.errors import NotOwner, Refused, UnknownOffer
from router.events import (
    AnyEvent,
    ConversationAssigned,
    ConversationBoosted,
    ConversationParked,
    ConversationReopened,
    ConversationResolved,
    ConversationResumed,
    HandoffRequested,
    OfferAccepted,
    OfferDeclined,
    ReplyPromised,
    TagsChanged,
    TransferRequested,
    WrapUpExtended,
    WrapUpFinished,
)
from router.ids import EventId, MessageId, OfferId, PriorityTag, Tag
from skills.agent import Role
from skills.ids import AgentId, GroupId


async def accept(call: Call[Accept, Nothing]) -> ConversationView:
    """Take what was offered, or pull from the waiting list."""
    listed = await seen(call, for_a_verb=True)
    offer = _offer(call, listed, call.body.offer)
    if offer is not None:
        return await submit(
            call, listed, lambda id_, at: OfferAccepted(id=id_, at=at, offer=offer, agent=call.viewer.id)
        )
    if call.viewer.role is Role.OUTSIDE:
        raise await with_present_owner(call, UnknownOffer(), listed.conversation)
    await _require_say(call, listed)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationAssigned(
            id=id_, at=at, conversation=listed.conversation.id, agent=call.viewer.id, by=call.viewer.id
        ),
    )


async def decline(call: Call[Decline, Nothing]) -> ConversationView:
    """Leave it to somebody else."""
    listed = await seen(call, for_a_verb=True)
    offer = _offer(call, listed, call.body.offer)
    if offer is None:
        raise await with_present_owner(call, UnknownOffer(), listed.conversation)
    return await submit(
        call,
        listed,
        lambda id_, at: OfferDeclined(id=id_, at=at, offer=offer, agent=call.viewer.id, reason=call.body.reason),
    )


async def assign(call: Call[Assign, Nothing]) -> ConversationView:
    """Give it to an agent directly."""
    agent, is_senior = AgentId(call.body.agent), call.viewer.role in SENIOR
    if agent != call.viewer.id and not is_senior:
        raise Problem(HTTPStatus.FORBIDDEN, "forbidden", "only a supervisor gives a conversation to somebody else")
    listed = await seen(call, for_a_verb=True)
    await _require_say(call, listed)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationAssigned(
            id=id_,
            at=at,
            conversation=listed.conversation.id,
            agent=agent,
            by=call.viewer.id,
            may_exceed=is_senior,
        ),
    )


async def transfer(call: Call[Transfer, Nothing]) -> ConversationView:
    """Give it on, with a note."""
    body, tools = call.body, call.tools
    if (body.to_agent is None) == (body.to_group is None):
        raise invalid("name one of to_agent and to_group")
    listed = await seen(call, for_a_verb=True)
    note = MessageId(tools.identifiers.new("msg"))
    return await submit(
        call,
        listed,
        lambda id_, at: TransferRequested(
            id=id_,
            at=at,
            conversation=listed.conversation.id,
            by=call.viewer.id,
            note=note,
            note_text=body.note,
            to_agent=AgentId(body.to_agent) if body.to_agent is not None else None,
            to_group=GroupId(body.to_group) if body.to_group is not None else None,
        ),
    )


async def park(call: Call[Park, Nothing]) -> ConversationView:
    """Wait for the contact or for a date."""
    until = call.body.until
    if until is not None and (until.tzinfo is None or until <= call.tools.clock.now()):
        raise invalid("park until a later instant, with its offset")
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationParked(
            id=id_, at=at, conversation=listed.conversation.id, by=call.viewer.id, until=until
        ),
    )


async def resume(call: Call[Nothing, Nothing]) -> ConversationView:
    """Take a parked conversation up again."""
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationResumed(id=id_, at=at, conversation=listed.conversation.id, by=call.viewer.id),
    )


async def resolve(call: Call[Resolve, Nothing]) -> ConversationView:
    """End it; in wrap-up, end that."""
    listed = await seen(call, for_a_verb=True)
    await _require_say(call, listed)
    conversation, body = listed.conversation.id, call.body
    note = MessageId(call.tools.identifiers.new("msg")) if body.note else None
    if listed.conversation.state is State.WRAPPING:
        return await submit(
            call,
            listed,
            lambda id_, at: WrapUpFinished(
                id=id_,
                at=at,
                conversation=conversation,
                agent=call.viewer.id,
                disposition=body.disposition,
                note=note,
                note_text=body.note,
            ),
        )
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationResolved(
            id=id_,
            at=at,
            conversation=conversation,
            by=call.viewer.id,
            reason=body.reason,
            disposition=body.disposition,
            note=note,
            note_text=body.note,
        ),
    )


async def extend(call: Call[Nothing, Nothing]) -> ConversationView:
    """Take the time for wrap-up once more."""
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: WrapUpExtended(id=id_, at=at, conversation=listed.conversation.id, agent=call.viewer.id),
    )


async def promise(call: Call[Nothing, Nothing]) -> ConversationView:
    """Say "I am on it": the first-reply guard stops."""
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: ReplyPromised(id=id_, at=at, conversation=listed.conversation.id, agent=call.viewer.id),
    )


async def boost(call: Call[Boost, Nothing]) -> ConversationView:
    """Move a waiting conversation forwards; supervisors do."""
    listed, body = await seen(call, for_a_verb=True), call.body
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationBoosted(
            id=id_,
            at=at,
            conversation=listed.conversation.id,
            by=call.viewer.id,
            reason=body.reason,
            earlier=timedelta(seconds=body.seconds) if body.seconds is not None else None,
        ),
    )


async def reopen(call: Call[Nothing, Nothing]) -> ConversationView:
    """Take a resolved conversation up again."""
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationReopened(
            id=id_,
            at=at,
            conversation=listed.conversation.id,
            by=call.viewer.id,
            previous=listed.conversation,
        ),
    )


async def tags(call: Call[Tags, Nothing]) -> ConversationView:
    """Change tags or priority."""
    body = call.body
    if body.priority is not None and body.priority not in call.tools.configuration.settings.priorities:
        raise invalid(f"there is no priority {body.priority}")
    listed = await seen(call, for_a_verb=True)
    await _require_say(call, listed)
    return await submit(
        call,
        listed,
        lambda id_, at: TagsChanged(
            id=id_,
            at=at,
            conversation=listed.conversation.id,
            by=call.viewer.id,
            add=tuple(map(Tag, body.add)),
            remove=tuple(map(Tag, body.remove)),
            priority=PriorityTag(body.priority) if body.priority is not None else None,
        ),
    )


async def handoff(call: Call[Handoff, Nothing]) -> ConversationView:
    """Ask for another person, or a person at all."""
    listed = await seen(call, for_a_verb=True)
    await _require_say(call, listed)
    to_group = call.body.to_group
    return await submit(
        call,
        listed,
        lambda id_, at: HandoffRequested(
            id=id_,
            at=at,
            conversation=listed.conversation.id,
            by=call.viewer.id,
            reason=call.body.reason,
            epoch=listed.conversation.epoch,
            group=GroupId(to_group) if to_group is not None else None,
        ),
    )


async def _require_say(call: Call[Any, Any], listed: ListedConversation) -> None:
    """The caller has a say in this conversation now.

    Raises:
        Problem: 409, it is somebody else's.
    """
    conversation = listed.conversation
    if not may_act(call.viewer, conversation):
        refused = NotOwner(conversation.owner, conversation.epoch)
        raise await with_present_owner(call, refused, conversation)


def _offer(call: Call[Any, Any], listed: ListedConversation, named: str | None) -> OfferId | None:
    if named is not None:
        return OfferId(named)
    return next((offer.id for offer in listed.offers if offer.agent == call.viewer.id), None)


async def submit(
    call: Call[Any, Any], listed: ListedConversation, event: Callable[[EventId, datetime], AnyEvent]
) -> ConversationView:
    """Let an event happen to a conversation; how the conversation is afterwards, for the caller.

    Raises:
        Problem: the core refused; it says who has the conversation now.
    """
    tools = call.tools
    try:
        await tools.engine.submit(event(EventId(tools.identifiers.new("evt")), tools.clock.now()))
    except Refused as refused:
        raise await with_present_owner(call, refused, listed.conversation) from refused
    id_ = listed.conversation.id
    after = await tools.store.read(lambda c: conversation_listed(c, id_))
    return shown(call, after or listed)


_VERBS = (
    ("accept", "Accept an offer, or take from the waiting list", accept, Accept),
    ("decline", "Decline an offer", decline, Decline),
    ("assign", "Give to an agent", assign, Assign),
    ("transfer", "Give on to an agent or a group, with a note", transfer, Transfer),
    ("park", "Wait for the contact or for a date", park, Park),
    ("resume", "Take up what was parked", resume, Nothing),
    ("resolve", "End the conversation", resolve, Resolve),
    ("extend", "Take the time for wrap-up once more", extend, Nothing),
    ("promise", "Say that an answer is coming", promise, Nothing),
    ("boost", "Move a waiting conversation forwards", boost, Boost),
    ("reopen", "Take up what was resolved", reopen, Nothing),
    ("tags", "Change tags and priority", tags, Tags),
    ("handoff", "Ask for another person", handoff, Handoff),
)

ROUTES = tuple(
    Route(
        method="POST",
        path=f"/api/v1/conversations/{{id}}/{name}",
        summary=summary,
        handler=handler,
        body=body,
        answers=ConversationView,
        refuses=(HTTPStatus.CONFLICT,),
    )
    for name, summary, handler, body in _VERBS
)
