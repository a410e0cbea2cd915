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
from datetime import datetime
from typing import Any

import aiohttp
import msgspec

from adapters.bots.question import Answer, BotUnavailable, Post, Question
from router.message import plain_text, to_plain

LONGEST_ANSWER = 256 * 1024


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
