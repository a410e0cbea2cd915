"""Logs: one JSON object per line (for people on a terminal: coloured lines), without secrets and without what was said.

Everybody logs through the standard library, with ``extra`` for what belongs to the words, so that a library cannot say
what we would not.
"""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog

MASK = "[redacted]"
PRIVATE = frozenset(
    {
        "text",
        "parts",
        "body",
        "files",
        "password",
        "token",
        "secret",
        "authorization",
        "cookie",
        "set-cookie",
        "password_hash",
        "note_text",
    }
)
"""Keys whose values are never logged."""

_IN_URLS = re.compile(r"(?<=[/:=])[A-Za-z0-9_-]*\d{5,}:[A-Za-z0-9_-]{20,}|(?<=token=)[^&\s\"']+|(?<=secret=)[^&\s\"']+")
"""Tokens as they stand in addresses; libraries put whole addresses into their errors."""

LEAST_LENGTH = 6
"""Shorter secrets would mask ordinary words."""


class Redaction:
    """A processor that masks private keys, and the values of known secrets wherever they appear."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def know(self, secrets: Iterable[str]) -> None:
        """These values must not appear from now on."""
        known = {secret for secret in secrets if len(secret) >= LEAST_LENGTH}
        self._secrets = tuple(sorted(known | set(self._secrets), key=len, reverse=True))

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Mask one log entry."""
        return {key: MASK if key.lower() in PRIVATE else self._clean(value) for key, value in event.items()}

    def scrub(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _IN_URLS.sub(MASK, text)

    def _clean(self, value: object) -> object:
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, dict):
            return {key: MASK if str(key).lower() in PRIVATE else self._clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item) for item in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.scrub(str(value))


def set_up(redaction: Redaction, *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send everything to standard error, in one form."""
    stream = stream or sys.stderr
    is_terminal = stream.isatty()
    chain: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redaction,
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore", "aiohttp.access", "apscheduler", "watchfiles"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
