"""The webhook: a program elsewhere is a bot, when it answers one signed POST.

We send JSON with ``conversation``, ``epoch``, ``language``, ``message`` (``id``, ``text``, ``parts``; null when the
conversation itself is given to the bot), ``fields`` and the bot's own ``memory``. Headers:

- ``Pointsman-Timestamp``: seconds since 1970,
- ``Pointsman-Signature``: ``v1=`` and the hexadecimal HMAC-SHA256 of ``timestamp.body`` under the shared secret,
- ``Idempotency-Key``: the same for the same question; after a restart of ours it may be asked again.

The answer is JSON with any of ``text``, ``choices`` (``value``, ``label``), ``memory``, ``fields``, ``awaits`` and
``handoff`` (``reason``, ``group``, ``requires``, ``summary``), and nothing else: a misspelt key is an error.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol

import aiohttp
import msgspec

from router.ids import ConversationId, MessageId
from router.message import Part, plain_text, to_plain

LONGEST_ANSWER = 256 * 1024


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


_answers = msgspec.json.Decoder(Answer)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What proves that a call is ours."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"


async def ask(post: Post, url: str, secret: str, question: Question, at: datetime) -> Answer:
    """Ask the bot; ``at`` is now, for the signature.

    Raises:
        BotUnavailable: no answer, or none of the agreed form.
        TimeoutError: it took longer than the caller waits.
    """
    body = msgspec.json.encode(_plain(question))
    timestamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Pointsman-Timestamp": timestamp,
        "Pointsman-Signature": signature(secret, timestamp, body),
        "Idempotency-Key": question.key,
    }
    try:
        return _answers.decode(await post.post(url, body, headers, LONGEST_ANSWER))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BotUnavailable(f"not an answer: {error}") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        if isinstance(error, TimeoutError):
            raise
        raise BotUnavailable(f"not reached: {error}") from error


def _plain(question: Question) -> dict[str, Any]:
    message = None
    if question.message:
        message = {
            "id": question.message,
            "text": plain_text(question.parts),
            "parts": [to_plain(part) for part in question.parts],
        }
    return {
        "conversation": question.conversation,
        "epoch": question.epoch,
        "language": question.language,
        "message": message,
        "memory": question.memory,
        "fields": dict(question.fields),
    }
