"""The webhook: what a bot elsewhere is told, how it knows that it is us, and which answers are answers."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from adapters.bots.question import Answer, BotUnavailable, Chosen, Question
from adapters.bots.webhook import ask
from router.ids import ConversationId, MessageId
from router.message import Choice

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUESTION = Question(
    conversation=ConversationId("cnv_1"),
    epoch=3,
    language="en",
    message=MessageId("msg_1"),
    parts=(Choice(value="jp", label="Japan"),),
    memory="m",
    fields={"name": "Kim"},
)


class Post:
    """A way to a bot that answers what it is given; remembers what was sent."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.sent: list[tuple[str, bytes, Mapping[str, str]]] = []

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], most_bytes: int) -> bytes:
        """As `adapters.bots.question.Post`."""
        assert most_bytes > 0
        self.sent.append((url, body, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def asked(answer: bytes | Exception, question: Question = QUESTION) -> tuple[Answer, Post]:
    """Ask, and get this answer."""
    post = Post(answer)
    return await ask(post, "https://bot.example/", "shared", question, NOON), post


async def test_the_call_is_signed_and_says_everything() -> None:
    """The body has message, memory and fields; the signature covers timestamp and body; the key is the question's."""
    answer, post = await asked(b'{"text": "ok"}')
    (url, body, headers) = post.sent[0]
    told: dict[str, Any] = json.loads(body)
    assert (url, answer.text) == ("https://bot.example/", "ok")
    assert told["message"] == {
        "id": "msg_1",
        "text": "Japan",
        "parts": [{"kind": "choice", "value": "jp", "label": "Japan"}],
    }
    assert (told["memory"], told["fields"], told["epoch"]) == ("m", {"name": "Kim"}, 3)
    assert headers["Pointsman-Timestamp"] == str(int(NOON.timestamp()))
    signed = hmac.new(b"shared", headers["Pointsman-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Pointsman-Signature"] == f"v1={signed}"
    assert headers["Idempotency-Key"] == "cnv_1/3/msg_1"


async def test_a_conversation_that_is_given_has_no_message() -> None:
    """After the human part the bot is told of no message, under a key of its own."""
    given = Question(
        conversation=ConversationId("cnv_1"), epoch=4, language="en", message=MessageId(""), parts=(), memory=""
    )
    _, post = await asked(b"{}", given)
    assert json.loads(post.sent[0][1])["message"] is None
    assert post.sent[0][2]["Idempotency-Key"] == "cnv_1/4/given"


async def test_a_whole_answer() -> None:
    """Text, chips, memory, fields and a handoff."""
    whole = {
        "text": "Where?",
        "choices": [{"value": "jp", "label": "Japan"}],
        "memory": "2",
        "fields": {"country": "jp"},
        "awaits": True,
        "handoff": {"reason": "done", "group": "asia", "requires": {"visa-jp": 2}, "summary": "wants Japan"},
    }
    answer, _ = await asked(json.dumps(whole).encode())
    assert answer.choices == (Chosen(value="jp", label="Japan"),)
    assert answer.handoff is not None
    assert (answer.handoff.group, answer.handoff.requires) == ("asia", {"visa-jp": 2})


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"txt": "misspelt"}',
        b'{"text": 5}',
        b'{"choices": [{"value": ""}]}',
        b'{"handoff": {"requires": {"visa-jp": 9}}}',
        b'{"text": "' + b"x" * 5000 + b'"}',
        b'{"handoff": {"to": "asia"}}',
        b"\xff",
        aiohttp.ClientConnectionError("refused"),
        ValueError("too long"),
        OSError("not public"),
    ],
)
async def test_what_is_no_answer(answer: bytes | Exception) -> None:
    """Anything else than the agreed form, or no answer at all, is a bot that is down; nothing is guessed."""
    with pytest.raises(BotUnavailable):
        await asked(answer)


async def test_lateness_is_the_callers() -> None:
    """A timeout is not turned into something else: who waits knows how long."""
    with pytest.raises(TimeoutError):
        await asked(TimeoutError())
