"""What a bot elsewhere is asked, and what it may answer, whichever way it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Protocol

import msgspec

from router.ids import ConversationId, MessageId
from router.message import Part


class BotUnavailable(Exception):
    """The bot did not answer, or not in the form that was agreed; the message says which."""


class Post(Protocol):
    """How a bot is reached: gives the body of an answer of the kind 2xx."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], most_bytes: int) -> bytes:
        """Send, and wait for the answer.

        Raises:
            aiohttp.ClientError, TimeoutError, ValueError: it could not be reached, or did not answer so.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a bot is asked; ``message`` is empty when the conversation itself is given to it."""

    conversation: ConversationId
    epoch: int
    language: str
    message: MessageId
    parts: tuple[Part, ...]
    memory: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same question."""
        return f"{self.conversation}/{self.epoch}/{self.message or 'given'}"


_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Chosen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One button of an answer."""

    value: _Line
    label: _Line


class Giving(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People are needed."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = "asked_for_person"
    group: str | None = None
    requires: dict[str, Annotated[int, msgspec.Meta(ge=1, le=5)]] = {}
    summary: Annotated[str, msgspec.Meta(max_length=4_000)] = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bot answers; without text and handoff it has nothing to say."""

    text: Annotated[str, msgspec.Meta(max_length=4_000)] = ""
    choices: Annotated[tuple[Chosen, ...], msgspec.Meta(max_length=20)] = ()
    memory: Annotated[str, msgspec.Meta(max_length=64_000)] = ""
    fields: Annotated[
        dict[_Line, Annotated[str, msgspec.Meta(max_length=2_000)]],
        msgspec.Meta(max_length=50),
    ] = {}
    awaits: bool = False
    handoff: Giving | None = None
