"""Logs: one JSON object a line, whoever logs; never a secret, never what was said."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from gateway.telemetry.logs import Redaction, set_up

CANARY = "canary-8f3c1d2e"


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
    structlog.reset_defaults()


def entries(stream: io.StringIO) -> list[dict[str, object]]:
    """The lines as objects."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_both_ways_of_logging(lines: io.StringIO) -> None:
    """Our own loggers and the libraries' write the same form."""
    structlog.get_logger("ours").info("started", port=1)
    logging.getLogger("theirs").warning("slow: %d", 7, extra={"inbox": "x"})
    ours, theirs = entries(lines)
    assert (ours["event"], ours["port"], ours["level"], ours["logger"]) == ("started", 1, "info", "ours")
    assert (theirs["event"], theirs["inbox"], theirs["level"]) == ("slow: 7", "x", "warning")


@pytest.mark.parametrize(
    "name", ["text", "parts", "body", "password", "token", "secret", "Authorization", "cookie", "note_text"]
)
def test_private_keys(lines: io.StringIO, name: str) -> None:
    """Values under private names are masked, nested ones too."""
    structlog.get_logger().info("x", **{name: "我的护照", "inside": {name: "我的护照"}})
    logging.getLogger("theirs").warning("y", extra={name: "我的护照"})
    assert "我的护照" not in lines.getvalue()


def test_known_secrets_wherever_they_are(lines: io.StringIO) -> None:
    """A known secret is masked in messages, values, lists, keys of errors and tracebacks, by whoever it is logged."""
    log = structlog.get_logger()
    calling = f"calling {CANARY}"
    log.info(calling, url=f"https://x/{CANARY}/y", many=[CANARY], deep={"a": {"b": CANARY}})
    logging.getLogger("theirs").error("failed %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        log.warning("broken", exc_info=True)
        log.warning("broken", error=error)
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
    structlog.get_logger().info("x", harmless="canary-harmless")
    assert "canary-harmless" in lines.getvalue()
