"""Logs: one JSON object a line, whoever logs; never a secret, never what was said."""

import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gateway.telemetry.logs import Redaction, set_up

CANARY = "canary-8f3c1d2e"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It does not ask who reads."""
        return True


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, with the canary known as a secret; the former set-up comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream, redaction = io.StringIO(), Redaction()
    redaction.know([CANARY, ""])
    set_up(redaction, stream=stream)
    yield stream
    root.handlers, root.level = handlers, level


def entries(stream: io.StringIO) -> list[dict[str, object]]:
    """The lines as objects."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_object(lines: io.StringIO) -> None:
    """A line says what, how bad, who and when, with whatever else belongs to it."""
    before = datetime.now(UTC)
    logging.getLogger("ours").info("started", extra={"port": 1})
    logging.getLogger("theirs").warning("slow: %d", 7, extra={"inbox": "x", "of": {"a": (1, None)}})
    ours, theirs = entries(lines)
    assert (ours["event"], ours["port"], ours["level"], ours["logger"]) == ("started", 1, "info", "ours")
    assert before <= datetime.fromisoformat(str(ours["timestamp"])) <= datetime.now(UTC)
    assert (theirs["event"], theirs["inbox"], theirs["level"]) == ("slow: 7", "x", "warning")
    assert theirs["of"] == {"a": [1, None]}


def test_an_error_brings_its_traceback(lines: io.StringIO) -> None:
    """What was raised is in the line, with the place; lines without an error have no word of one."""
    try:
        raise LookupError("nobody")
    except LookupError:
        logging.getLogger("ours").exception("failed")
    logging.getLogger("ours").error("no error in hand", exc_info=True)  # noqa: LOG014  libraries do it
    failed, plain = entries(lines)
    assert "LookupError: nobody" in str(failed["exception"])
    assert "test_logs.py" in str(failed["exception"])
    assert "exception" not in plain


def test_a_terminal_gets_lines_for_people(lines: io.StringIO) -> None:
    """On a terminal a line is words, not JSON, and masked all the same; the traceback is below."""
    redaction = Redaction()
    redaction.know([CANARY])
    terminal = Terminal()
    set_up(redaction, stream=terminal)
    try:
        raise LookupError(CANARY)
    except LookupError:
        logging.getLogger("ours").exception("failed", extra={"inbox": "x", "token": "unheard-of"})
    first, *rest = terminal.getvalue().splitlines()
    assert "failed" in first
    assert re.search(r"inbox\x1b\[0m=\S*x", first)
    assert rest[-1] == "LookupError: [redacted]"
    assert CANARY not in terminal.getvalue()
    assert "unheard-of" not in terminal.getvalue()


@pytest.mark.parametrize(
    "name", ["text", "parts", "body", "password", "token", "secret", "Authorization", "cookie", "note_text"]
)
def test_private_keys(lines: io.StringIO, name: str) -> None:
    """Values under private names are masked, nested ones too."""
    logging.getLogger("ours").info("x", extra={name: "我的护照", "inside": {name: "我的护照"}})
    assert "我的护照" not in lines.getvalue()


def test_known_secrets_wherever_they_are(lines: io.StringIO) -> None:
    """A known secret is masked in messages, values, lists, keys of errors and tracebacks, by whoever it is logged."""
    log = logging.getLogger("ours")
    calling = f"calling {CANARY}"
    log.info(calling, extra={"url": f"https://x/{CANARY}/y", "many": [CANARY], "deep": {"a": {"b": CANARY}}})
    logging.getLogger("theirs").error("failed %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        log.warning("broken", exc_info=True)
        log.warning("broken", extra={"error": error})
    assert len(entries(lines)) == 4
    assert CANARY not in lines.getvalue()


def test_tokens_in_addresses(lines: io.StringIO) -> None:
    """A token in an address is masked although nobody told us of it."""
    token = "7123456789:AAHf0123456789abcdefghijklmnopqrstu"
    logging.getLogger("theirs").error("POST https://platform.example/bot%s/sendMessage failed", token)
    assert token not in lines.getvalue()
    assert "sendMessage" in lines.getvalue()


def test_the_control(lines: io.StringIO) -> None:
    """Something that is no secret is there: the tests above can fail."""
    logging.getLogger("ours").info("x", extra={"harmless": "canary-harmless"})
    assert "canary-harmless" in lines.getvalue()
