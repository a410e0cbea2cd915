"""One conversation with what stands around it."""

from gateway.views.contact import ProfileView
from gateway.views.conversation import ConversationView
from gateway.views.message import MessageView


class ConversationDetail(ConversationView, frozen=True, kw_only=True):
    """A conversation with the contact's profile and the thread's newest messages, oldest first."""

    contact: ProfileView
    messages: list[MessageView]


def in_detail(view: ConversationView, contact: ProfileView, messages: list[MessageView]) -> ConversationDetail:
    """The listed conversation, opened."""
    fields = {name: getattr(view, name) for name in view.__struct_fields__}
    return ConversationDetail(**{**fields, "contact": contact, "messages": messages})
