"""Reading a conversation's thread, and answering in it."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from gateway.http.problems import Problem, invalid, of_refusal
from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import Page
from gateway.http.sight import is_outside, seen
from gateway.store.paging import DEFAULT, MOST
from gateway.store.read_conversations import conversation_listed
from gateway.store.read_messages import messages_after, messages_before, messages_by_id
from gateway.views.conversation import show_owner
from gateway.views.masking import masked_message
from gateway.views.message import MessageView, StoredMessage, show_message
from gateway.views.seeing import SENIOR
from router.conversation import Conversation
from router.errors import Refused
from router.events import AgentReplied, NoteAdded, SupervisorReplied
from router.ids import EventId, MessageId
from router.message import Choices, ContactCard, Link, Location, Media, MediaKind, Part, Text, from_plain
from skills.ids import AgentId

LONGEST_TEXT = 20_000
"""Characters that an agent may send at once; the outbox splits them to what the channel carries."""

MOST_PARTS = 10
MOST_MENTIONS = 20
_SENDABLE = (Text, Media, Location, Link, ContactCard, Choices)

ClientId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
AgentWord = Annotated[str, msgspec.Meta(max_length=100)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What the agent wrote: ``text``, or ``parts``, or both (the text first). ``note`` is for agents only.

    ``client_id`` is the desk's own name for it: sent twice, it is one message. ``epoch`` is what the desk knew.
    ``mentions`` are colleagues whom a note asks to look: they are told, and may see the conversation.
    Supervisors may ``whisper`` a note to the owner, and ``join``: answer in a conversation that stays its owner's.
    """

    client_id: ClientId
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)] = ""
    parts: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=MOST_PARTS)] = []
    note: bool = False
    whisper: bool = False
    join: bool = False
    mentions: Annotated[list[AgentWord], msgspec.Meta(max_length=MOST_MENTIONS)] = []
    epoch: Seq | None = None


class MessagesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """``after_seq`` reads on, ``before_seq`` back, neither gives the newest. In a page the oldest comes first."""

    after_seq: Seq | None = None
    before_seq: Seq | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = DEFAULT


async def list_messages(call: Call[Nothing, MessagesQuery]) -> Page[MessageView]:
    """Messages of the conversation's thread; ``next`` is the ``seq`` to go on from in the same direction."""
    listed, query = await seen(call), call.query
    thread = listed.conversation.thread
    only = listed.conversation.id if is_outside(call) else None
    after = query.after_seq
    if after is not None:
        found = await call.tools.store.read(lambda c: messages_after(c, thread, after, query.limit + 1, only))
        items, edge = found[: query.limit], -1
    else:
        found = await call.tools.store.read(
            lambda c: messages_before(c, thread, query.before_seq, query.limit + 1, only)
        )
        items, edge = found[-query.limit :], 0
    following = str(items[edge].seq) if len(found) > query.limit else None
    return Page(items=[shown_message(call, stored) for stored in items], next=following)


async def send_message(call: Call[Draft, Nothing]) -> MessageView:
    """Answer the contact, or leave a note. The same ``client_id`` again gives the same message."""
    tools = call.tools
    parts = await parts_of(call, call.body.text, call.body.parts)
    if call.body.mentions and not call.body.note:
        raise invalid("only a note mentions colleagues")
    if call.body.whisper and not call.body.note:
        raise invalid("only a note is whispered")
    if call.body.join and call.body.note:
        raise invalid("a note needs no joining")
    if (call.body.whisper or call.body.join) and call.viewer.role not in SENIOR:
        raise Problem(HTTPStatus.FORBIDDEN, "forbidden", "only a supervisor whispers, or joins")
    listed = await seen(call, for_a_verb=True)
    event = _event(call, listed.conversation, parts)
    try:
        committed = await tools.engine.submit(event)
    except Refused as refused:
        raise await with_present_owner(call, refused, listed.conversation) from refused
    id_ = committed.message or event.message
    stored = (await tools.store.read(lambda c: messages_by_id(c, [id_])))[id_]
    return shown_message(call, stored)


def _event(
    call: Call[Draft, Nothing], conversation: Conversation, parts: tuple[Part, ...]
) -> AgentReplied | NoteAdded | SupervisorReplied:
    draft, tools = call.body, call.tools
    common: dict[str, Any] = {
        "id": EventId(tools.identifiers.new("evt")),
        "at": tools.clock.now(),
        "conversation": conversation.id,
        "message": MessageId(tools.identifiers.new("msg")),
        "parts": parts,
        "client_id": draft.client_id,
    }
    if draft.note:
        mentions = tuple(map(AgentId, draft.mentions))
        return NoteAdded(**common, agent=call.viewer.id, mentions=mentions, whisper=draft.whisper)
    if draft.join:
        return SupervisorReplied(**common, by=call.viewer.id)
    epoch = conversation.epoch if draft.epoch is None else draft.epoch
    return AgentReplied(**common, agent=call.viewer.id, epoch=epoch)


async def with_present_owner(call: Call[Any, Any], refused: Refused, conversation: Conversation) -> Problem:
    """The refusal as a problem that says who has the conversation now."""
    problem = of_refusal(refused)
    listed = await call.tools.store.read(lambda c: conversation_listed(c, conversation.id))
    now = listed.conversation if listed else conversation
    owner = show_owner(now, call.tools.configuration.legend)
    more = {"owner": msgspec.to_builtins(owner), "epoch": now.epoch, "state": now.state.value}
    return Problem(problem.status, problem.kind, problem.detail, more)


async def parts_of(call: Call[Any, Any], text: str, plain: list[dict[str, Any]]) -> tuple[Part, ...]:
    """What an agent wants to send as parts, the text first.

    Raises:
        Problem: 422, there is nothing in it, or something that an agent cannot send.
    """
    parts: list[Part] = [Text(text=text)] if text else []
    parts += [await _part(call, each) for each in plain]
    if not parts:
        raise invalid("a message needs a text or parts")
    return tuple(parts)


async def _part(call: Call[Any, Any], plain: dict[str, Any]) -> Part:
    if plain.get("kind") in {kind.value for kind in MediaKind}:
        return await _file(call, plain)
    try:
        part = from_plain({key: value for key, value in plain.items() if key != "url" or plain.get("kind") == "link"})
        msgspec.convert(msgspec.to_builtins(part), type(part))
    except (ValueError, TypeError) as error:
        raise invalid(f"not a message part: {error}") from error
    if not isinstance(part, _SENDABLE):
        raise invalid("an agent cannot send a part of this kind")
    if isinstance(part, Text) and not 0 < len(part.text) <= LONGEST_TEXT:
        raise invalid(f"a text has 1 to {LONGEST_TEXT} characters")
    return part


async def _file(call: Call[Any, Any], plain: dict[str, Any]) -> Media:
    stored = await call.tools.media.find(plain["media"]) if isinstance(plain.get("media"), str) else None
    if stored is None:
        raise invalid("a file must be uploaded first; its part carries the id as `media`")
    name = plain.get("name", "")
    if not isinstance(name, str):
        raise invalid("a file's name is a text")
    return Media(kind=MediaKind(plain["kind"]), media=stored.id, name=name[:200], mime=stored.mime, size=stored.size)


def shown_message(call: Call[Any, Any], stored: StoredMessage) -> MessageView:
    """A message as this caller is shown it."""
    view = show_message(stored, call.tools.configuration.legend)
    return masked_message(view) if is_outside(call) else view


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/conversations/{id}/messages",
        summary="The thread's messages",
        handler=list_messages,
        query=MessagesQuery,
        answers=Page[MessageView],
    ),
    Route(
        method="POST",
        path="/api/v1/conversations/{id}/messages",
        summary="Answer, or leave a note",
        handler=send_message,
        body=Draft,
        answers=MessageView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
)
