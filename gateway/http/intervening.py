"""A supervisor steps in: takes a conversation over, gives it back, puts it into the queue (`routing.md` §18)."""

from http import HTTPStatus

from gateway.http.registry import Call, Nothing, Route
from gateway.http.sight import seen
from gateway.http.verb_bodies import SteppingIn
from gateway.http.verbs import submit
from gateway.views.conversation import ConversationView
from router.events import ConversationGivenBack, ConversationRequeued, ConversationTakenOver


async def take_over(call: Call[SteppingIn, Nothing]) -> ConversationView:
    """Make it the own, whoever has it."""
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationTakenOver(
            id=id_, at=at, conversation=listed.conversation.id, by=call.viewer.id, reason=call.body.reason
        ),
    )


async def give_back(call: Call[Nothing, Nothing]) -> ConversationView:
    """Give what was taken over to whom it was taken from, or to the queue."""
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationGivenBack(id=id_, at=at, conversation=listed.conversation.id, by=call.viewer.id),
    )


async def requeue(call: Call[SteppingIn, Nothing]) -> ConversationView:
    """Put it back into its group's queue, from the agent who has it."""
    listed = await seen(call, for_a_verb=True)
    return await submit(
        call,
        listed,
        lambda id_, at: ConversationRequeued(
            id=id_, at=at, conversation=listed.conversation.id, by=call.viewer.id, reason=call.body.reason
        ),
    )


_VERBS = (
    ("take-over", "Take a conversation over", take_over, SteppingIn),
    ("return", "Give back what was taken over", give_back, Nothing),
    ("requeue", "Put back into the queue", requeue, SteppingIn),
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
