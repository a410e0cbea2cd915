"""What the feed says to a desk and hears from it, as two closed unions of JSON frames.

``seq`` rises from frame to frame; it is 0 in frames that are about this moment only and never told again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from gateway.reasons import in_words
from gateway.views.agent import AgentView, MeView
from gateway.views.conversation import ContactRef, ConversationView
from gateway.views.message import MessageView
from gateway.views.queue import QueueView
from gateway.views.trace import show_reasons
from router.reason import Named, Reason

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Id = Annotated[str, msgspec.Meta(max_length=100)]


class _Frame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    seq: int = 0


class Greeting(_Frame, frozen=True, kw_only=True, tag="hello"):
    """The feed is open: go on from ``seq``."""

    agent: str
    me: MeView


class ConversationFrame(_Frame, frozen=True, kw_only=True, tag="conversation"):
    """A conversation as it is now. Those who could see it until now are told of the change that ends it, too."""

    conversation: ConversationView


class MessageFrame(_Frame, frozen=True, kw_only=True, tag="message"):
    """A message is new, edited, or has another delivery state."""

    conversation: str
    message: MessageView


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """An offer to this agent. ``mode`` is the group's: accept, auto or broadcast."""

    id: str
    conversation: str
    group: str
    contact: ContactRef
    reason: str
    expires_at: datetime | None
    mode: str


class OfferFrame(_Frame, frozen=True, kw_only=True, tag="offer"):
    """A conversation is offered to this agent."""

    offer: OfferView
    conversation: ConversationView


class OfferEndedFrame(_Frame, frozen=True, kw_only=True, tag="offer_ended"):
    """An offer to this agent has ended: accepted, auto, declined, expired or rescinded."""

    offer: str
    conversation: str
    state: str


class PresenceFrame(_Frame, frozen=True, kw_only=True, tag="presence"):
    """An agent's state: one's own; for seniors, everybody's."""

    presence: AgentView


class NudgeFrame(_Frame, frozen=True, kw_only=True, tag="nudge"):
    """The agent should look at a conversation, and ``why``: the contact still waits for the first reply, say."""

    conversation: str
    why: list[Named]


class AlarmFrame(_Frame, frozen=True, kw_only=True, tag="alarm"):
    """Something that a senior should know: ``why`` as data, ``text`` in English."""

    text: str
    why: list[Named]


class AnnouncementFrame(_Frame, frozen=True, kw_only=True, tag="announcement"):
    """A supervisor tells the whole group something."""

    group: str
    why: list[Named]


def alarm(*why: Reason) -> AlarmFrame:
    """Tells seniors these reasons."""
    return AlarmFrame(text=in_words(why), why=show_reasons(why))


class QueuesFrame(_Frame, frozen=True, kw_only=True, tag="queues"):
    """All queues, at most once a second."""

    items: list[QueueView]


class TypingFrame(_Frame, frozen=True, kw_only=True, tag="typing"):
    """Somebody types; forget it after six seconds. ``who`` is ``contact`` or an agent's login."""

    conversation: str
    who: str


class ViewingFrame(_Frame, frozen=True, kw_only=True, tag="viewing"):
    """Who has the conversation open."""

    conversation: str
    agents: Sequence[str]


class ConfigFrame(_Frame, frozen=True, kw_only=True, tag="config"):
    """Which version is in force; ``problem`` says why the files on disk are not, empty when they are."""

    version: int
    problem: str


class Resync(_Frame, frozen=True, kw_only=True, tag="resync"):
    """What was missed is not kept any more: fetch the lists again and go on from ``seq``."""


class Pong(_Frame, frozen=True, kw_only=True, tag="pong"):
    """The line is alive."""


class Trouble(_Frame, frozen=True, kw_only=True, tag="error"):
    """A frame was refused: ``code`` for programs, ``message`` for developers."""

    code: str
    message: str


ToDesk = (
    Greeting
    | ConversationFrame
    | MessageFrame
    | OfferFrame
    | OfferEndedFrame
    | PresenceFrame
    | NudgeFrame
    | AlarmFrame
    | AnnouncementFrame
    | QueuesFrame
    | TypingFrame
    | ViewingFrame
    | ConfigFrame
    | Resync
    | Pong
    | Trouble
)


class Hello(msgspec.Struct, frozen=True, tag_field="type", tag="hello"):
    """The first frame; without a token the cookie speaks, from our own pages only. A phone has a longer grace."""

    token: Annotated[str, msgspec.Meta(max_length=200)] = ""
    device: Literal["desktop", "phone"] = "desktop"


class Resume(msgspec.Struct, frozen=True, tag_field="type", tag="resume"):
    """Give me what came after ``seq``."""

    seq: Seq


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Is the line alive?"""


class Typing(msgspec.Struct, frozen=True, tag_field="type", tag="typing"):
    """The agent types in this conversation."""

    conversation: Id


class Viewing(msgspec.Struct, frozen=True, tag_field="type", tag="viewing"):
    """The agent has this conversation open, or none."""

    conversation: Id | None = None


FromDesk = Hello | Resume | Ping | Typing | Viewing

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[FromDesk] = msgspec.json.Decoder(FromDesk)


def encode(frame: ToDesk) -> bytes:
    """A frame as its JSON text."""
    return _encoder.encode(frame)


def decode(text: str) -> FromDesk:
    """A desk's frame.

    Raises:
        ValueError: it is none.
    """
    try:
        return _decoder.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
