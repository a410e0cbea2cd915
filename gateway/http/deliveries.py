"""What became of an answer, and what will: a preview before it is sent, other words, "it arrived", "send it again"."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from adapters.capabilities import Capabilities
from adapters.degrade import Piece, fit
from gateway.http.messages import LONGEST_TEXT, MOST_PARTS, parts_of, shown_message, with_present_owner
from gateway.http.problems import Problem, invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.sight import seen
from gateway.store.codec import decode_parts
from gateway.store.outgoing import keys_of
from gateway.store.read_messages import messages_by_id
from gateway.views.conversation import ListedConversation
from gateway.views.message import MessageView, StoredMessage, show_part
from router.errors import Refused
from router.events import AnyEvent, DeliverySettled, ReplyRevised, Verdict
from router.ids import EventId, MessageId
from router.message import AuthorKind, Choices, DeliveryState, Part, Text, to_plain

_UNSETTLED = frozenset({DeliveryState.UNVERIFIED.value, DeliveryState.REJECTED.value})
_ARRIVED = frozenset({DeliveryState.SENT.value, DeliveryState.DELIVERED.value, DeliveryState.READ.value})


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent is about to send: ``text``, or ``parts``, or both (the text first)."""

    text: Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)] = ""
    parts: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=MOST_PARTS)] = []


class Rewording(msgspec.Struct, frozen=True, kw_only=True):
    """Other words for an answer; what else it has stays. ``epoch`` is what the desk knew."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT)]
    epoch: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the contact will not see as it was written.

    ``kind``: split, replaced or lost; ``part`` is the part's kind, ``why`` a short code, ``detail`` words in English.
    """

    kind: str
    part: str
    why: str
    detail: str


class PieceView(msgspec.Struct, frozen=True, kw_only=True):
    """One message as the contact will see it."""

    parts: list[dict[str, Any]]


class PreviewView(msgspec.Struct, frozen=True, kw_only=True):
    """What the contact will see, message by message, and what is changed on the way."""

    pieces: list[PieceView]
    changes: list[ChangeView]


async def preview(call: Call[Sketch, Nothing]) -> PreviewView:
    """What the contact will see of a message before it is sent. Nothing is stored, nothing is sent."""
    can = _capabilities(call, await seen(call))
    fitted = fit(await parts_of(call, call.body.text, call.body.parts), can)
    changes = [
        ChangeView(kind=each.kind.value, part=each.part, why=each.why.value, detail=each.detail)
        for each in fitted.changes
    ]
    return PreviewView(pieces=[_piece(call, piece) for piece in fitted.pieces], changes=changes)


async def resend(call: Call[Nothing, Nothing]) -> MessageView:
    """Send an unverified or rejected message again; the contact may have it twice, and the caller answers for that."""
    return await _settle(call, Verdict.SEND_AGAIN, _UNSETTLED)


async def arrived(call: Call[Nothing, Nothing]) -> MessageView:
    """An unverified message has arrived: the contact said so."""
    return await _settle(call, Verdict.ARRIVED, frozenset({DeliveryState.UNVERIFIED.value}))


async def reword(call: Call[Rewording, Nothing]) -> MessageView:
    """Put other words in the place of an answer that was given, where the channel can edit."""
    listed, stored = await _answer(call)
    can = _capabilities(call, listed)
    if stored.author_kind != AuthorKind.AGENT.value or stored.delivery not in _ARRIVED | {DeliveryState.QUEUED.value}:
        raise Problem(HTTPStatus.CONFLICT, "not-editable", "only an agent's answer that is sent or waits can be edited")
    if not can.has_edits:
        raise Problem(HTTPStatus.CONFLICT, "not-editable", "this channel cannot edit what was sent")
    parts = _reworded(decode_parts(stored.parts), call.body.text)
    if stored.delivery in _ARRIVED and not can.is_pushed:
        keys = await call.tools.store.read(lambda c: keys_of(c, MessageId(stored.id)))
        if len(fit(parts, can).pieces) != len(keys):
            raise invalid("with these words it would be another number of messages; send a new one")
    tools, conversation = call.tools, listed.conversation
    return await _submit(
        call,
        listed,
        stored,
        ReplyRevised(
            id=EventId(tools.identifiers.new("evt")),
            at=tools.clock.now(),
            conversation=conversation.id,
            agent=call.viewer.id,
            message=MessageId(stored.id),
            parts=parts,
            epoch=conversation.epoch if call.body.epoch is None else call.body.epoch,
        ),
    )


async def _settle(call: Call[Nothing, Nothing], verdict: Verdict, states: frozenset[str]) -> MessageView:
    listed, stored = await _answer(call)
    if stored.delivery not in states:
        detail = f"the message is {stored.delivery}: there is nothing to settle"
        raise Problem(HTTPStatus.CONFLICT, "delivery-settled", detail)
    event = DeliverySettled(
        id=EventId(call.tools.identifiers.new("evt")),
        at=call.tools.clock.now(),
        conversation=listed.conversation.id,
        agent=call.viewer.id,
        message=MessageId(stored.id),
        verdict=verdict,
    )
    return await _submit(call, listed, stored, event)


async def _answer(call: Call[Any, Any]) -> tuple[ListedConversation, StoredMessage]:
    """The conversation, and the message of ours in it that the path names."""
    listed, id_ = await seen(call, for_a_verb=True), MessageId(call.path["message"])
    stored = (await call.tools.store.read(lambda c: messages_by_id(c, [id_]))).get(id_)
    if stored is None or stored.conversation != listed.conversation.id or stored.delivery is None:
        raise not_found("message")
    return listed, stored


async def _submit(
    call: Call[Any, Any], listed: ListedConversation, stored: StoredMessage, event: AnyEvent
) -> MessageView:
    id_ = MessageId(stored.id)
    try:
        await call.tools.engine.submit(event)
    except Refused as refused:
        raise await with_present_owner(call, refused, listed.conversation) from refused
    return shown_message(call, (await call.tools.store.read(lambda c: messages_by_id(c, [id_])))[id_])


def _capabilities(call: Call[Any, Any], listed: ListedConversation) -> Capabilities:
    can = call.tools.configuration.legend.capabilities.get(listed.conversation.inbox)
    if can is None:
        raise Problem(HTTPStatus.CONFLICT, "inbox-not-connected", "the conversation's inbox is not connected")
    return can


def _reworded(parts: tuple[Part, ...], text: str) -> tuple[Part, ...]:
    """The parts with the first words replaced, and the other words gone."""
    words = [place for place, part in enumerate(parts) if isinstance(part, Text)]
    if not words:
        raise invalid("the message has no words to replace")
    return tuple(
        Text(text=text) if place == words[0] else part
        for place, part in enumerate(parts)
        if place == words[0] or not isinstance(part, Text)
    )


def _piece(call: Call[Any, Any], piece: Piece) -> PieceView:
    legend = call.tools.configuration.legend
    parts: list[Part] = []
    if piece.thing is not None:
        parts.append(piece.thing)
    if piece.words.text:
        parts.append(Text(text=piece.words.text))
    if piece.options:
        parts.append(Choices(options=piece.options))
    return PieceView(parts=[show_part(to_plain(part), legend) for part in parts])


_MESSAGE = "/api/v1/conversations/{id}/messages/{message}"

ROUTES = (
    Route(
        method="POST",
        path="/api/v1/conversations/{id}/preview",
        summary="What the contact will see of a message before it is sent",
        handler=preview,
        body=Sketch,
        answers=PreviewView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
    Route(
        method="PATCH",
        path=_MESSAGE,
        summary="Put other words in the place of an answer",
        handler=reword,
        body=Rewording,
        answers=MessageView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
    Route(
        method="POST",
        path=f"{_MESSAGE}/resend",
        summary="Send an unverified or rejected message again",
        handler=resend,
        answers=MessageView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
    Route(
        method="POST",
        path=f"{_MESSAGE}/arrived",
        summary="Say that an unverified message has arrived",
        handler=arrived,
        answers=MessageView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
)
