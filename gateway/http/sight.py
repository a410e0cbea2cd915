"""The conversation that a call is about, if the caller may see it; who may not, hears that there is none."""

from gateway.http.problems import not_found
from gateway.http.registry import Call
from gateway.store.read_conversations import conversation_listed, took_part
from gateway.views.conversation import ConversationView, ListedConversation, show_conversation
from gateway.views.masking import masked_conversation
from gateway.views.seeing import audience
from router.conversation import State
from router.ids import ConversationId
from skills.agent import Agent, Role


async def seen(call: Call[object, object], *, for_a_verb: bool = False) -> ListedConversation:
    """The conversation named in the path.

    ``for_a_verb`` finds it also for an agent who has had it before, so that a late answer is told who has it now.

    Raises:
        Problem: 404, there is none that the caller may see.
    """
    id_ = ConversationId(call.path["id"])
    listed = await call.tools.store.read(lambda c: conversation_listed(c, id_))
    if listed is None:
        raise not_found("conversation")
    if may_see(call.viewer, listed):
        return listed
    is_past = call.viewer.role is Role.AGENT or for_a_verb or listed.conversation.state is State.RESOLVED
    if is_past and await call.tools.store.read(lambda c: took_part(c, listed.conversation, call.viewer.id)):
        return listed
    raise not_found("conversation")


def may_see(viewer: Agent, listed: ListedConversation) -> bool:
    """Whether the conversation's present state lets this agent see it."""
    offered = [offer.agent for offer in listed.offers]
    return audience(listed.conversation, offered).includes(viewer)


def shown(call: Call[object, object], listed: ListedConversation) -> ConversationView:
    """The conversation as this caller is shown it."""
    view = show_conversation(listed, call.tools.configuration.legend)
    return masked_conversation(view) if is_outside(call) else view


def is_outside(call: Call[object, object]) -> bool:
    """Whether contact data must be masked for the caller."""
    return call.viewer.role is Role.OUTSIDE
