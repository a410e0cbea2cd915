"""Logs: one JSON object per line (for people on a terminal: coloured lines), without secrets and without what was said.

Everybody logs through the standard library, with ``extra`` for what belongs to the words, so that a library cannot say
what we would not.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

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

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; the rest of it came as ``extra``."""

_COLOURS = {"debug": "36", "info": "32", "warning": "33", "error": "31", "critical": "31;1"}


class Redaction:
    """Masks private keys, and the values of known secrets wherever they appear."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def know(self, secrets: Iterable[str]) -> None:
        """These values must not appear from now on."""
        known = {secret for secret in secrets if len(secret) >= LEAST_LENGTH}
        self._secrets = tuple(sorted(known | set(self._secrets), key=len, reverse=True))

    def masked(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """One log entry, with nothing in it that must not be read."""
        return {key: MASK if key.lower() in PRIVATE else self._clean(value) for key, value in entry.items()}

    def scrub(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _IN_URLS.sub(MASK, text)

    def _clean(self, value: object) -> object:
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, dict):
            return self.masked({str(key): item for key, item in value.items()})
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item) for item in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.scrub(str(value))


class JsonLines(logging.Formatter):
    """A record as one JSON object."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        return json.dumps(self._entry(record), ensure_ascii=False)

    def _entry(self, record: logging.LogRecord) -> dict[str, Any]:
        entry = {
            "event": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _ORDINARY},
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry["exception"] = self.formatException(record.exc_info)
        return self._redaction.masked(entry)


class ColouredLines(JsonLines):
    """A record as somebody at a terminal reads it: when, how bad, what; an error's traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, or as many as the traceback has."""
        entry = self._entry(record)
        at, level, event, logger = (entry.pop(key) for key in ("timestamp", "level", "event", "logger"))
        exception = entry.pop("exception", "")
        details = "".join(f" \033[36m{key}\033[0m={value}" for key, value in entry.items())
        how_bad = f"\033[{_COLOURS.get(level, '0')}m{level:<8}\033[0m"
        line = f"\033[2m{at}\033[0m {how_bad} {event}{details} \033[2m{logger}\033[0m"
        return f"{line}\n{exception}" if exception else line


def set_up(redaction: Redaction, *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send everything to standard error, in one form."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ColouredLines(redaction) if stream.isatty() else JsonLines(redaction))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore", "aiohttp.access", "apscheduler", "watchfiles"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
