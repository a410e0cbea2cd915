"""Lists of conversations, and one with what stands around it."""

from enum import Enum
from http import HTTPStatus

import msgspec

from gateway.http.problems import not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import CursorWord, Limit, Page
from gateway.http.sight import is_outside, seen, shown
from gateway.store.paging import DEFAULT, read_cursor
from gateway.store.read_contacts import profile
from gateway.store.read_conversations import Wanted, page
from gateway.store.read_messages import messages_before
from gateway.views.conversation import ConversationView, show_conversation
from gateway.views.detail import ConversationDetail, in_detail
from gateway.views.masking import masked_detail
from gateway.views.message import show_message
from gateway.views.seeing import SENIOR
from router.conversation import State
from router.ids import ContactId
from skills.agent import Role
from skills.ids import GroupId

TAIL = 50
"""Messages of the thread that come with one conversation."""


class Scope(Enum):
    """Which list: the caller's own, what waits in the caller's groups (a senior's: in all), or all that may be seen.

    Or that in which notes ask the caller to look.
    """

    MINE = "mine"
    WAITING = "waiting"
    MENTIONS = "mentions"
    ALL = "all"


class ListQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Waiting lists begin with who waits longest, the others with the newest."""

    scope: Scope = Scope.ALL
    group: str = ""
    state: State | None = None
    after: CursorWord = ""
    limit: Limit = DEFAULT


async def list_conversations(call: Call[Nothing, ListQuery]) -> Page[ConversationView]:
    """One page of a list."""
    query, viewer = call.query, call.viewer
    is_asked = query.scope is Scope.MENTIONS
    wanted = Wanted(
        visible_to=None if viewer.role in SENIOR or is_asked else viewer.id,
        groups=frozenset() if viewer.role is Role.OUTSIDE else viewer.groups,
        owner=viewer.id if query.scope is Scope.MINE else None,
        is_waiting=query.scope is Scope.WAITING,
        group=GroupId(query.group) if query.group else None,
        state=query.state,
        mentioned=viewer.id if is_asked else None,
    )
    after = read_cursor(query.after)
    found, following = await call.tools.store.read(lambda c: page(c, wanted, query.limit, after))
    return Page(items=[shown(call, listed) for listed in found], next=following.word() if following else None)


async def read_conversation(call: Call[Nothing, Nothing]) -> ConversationDetail:
    """One conversation with the contact's profile and the newest messages."""
    listed = await seen(call)
    thread = listed.conversation.thread
    only = listed.conversation.id if is_outside(call) else None
    contact, tail = await call.tools.store.read(
        lambda c: (
            profile(c, ContactId(listed.conversation.contact)),
            messages_before(c, thread, None, TAIL, only),
        )
    )
    if contact is None:
        raise not_found("contact")
    legend = call.tools.configuration.legend
    messages = [show_message(stored, legend) for stored in tail]
    detail = in_detail(show_conversation(listed, legend), contact, messages)
    return masked_detail(detail) if is_outside(call) else detail


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/conversations",
        summary="Lists of conversations",
        handler=list_conversations,
        query=ListQuery,
        answers=Page[ConversationView],
    ),
    Route(
        method="GET",
        path="/api/v1/conversations/{id}",
        summary="One conversation with contact and thread tail",
        handler=read_conversation,
        answers=ConversationDetail,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
