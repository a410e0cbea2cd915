"""Each answer of the platform becomes one of our errors."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.errors import (
    Ambiguous,
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    Moved,
    Rejected,
    Throttled,
)
from adapters.telegram.refusal import CONTACT_GONE, Conflict, NotModified, refusal
from tests.architecture.house import ROOT

CORPUS = ROOT.parent / "shared" / "corpora" / "telegram" / "errors.json"

ANSWERS: list[tuple[int, str, type[DeliveryError]]] = [
    (400, "Bad Request: message is too long", Rejected),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3', Rejected),
    (400, "Bad Request: BUTTON_DATA_INVALID", Rejected),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", Rejected),
    (400, "Bad Request: chat not found", ContactUnreachable),
    (400, "Bad Request: PEER_ID_INVALID", ContactUnreachable),
    (400, "Bad Request: group is deactivated", ContactUnreachable),
    (400, "Bad Request: not enough rights to send text messages to the chat", ContactUnreachable),
    (401, "Unauthorized", ChannelBroken),
    (404, "Not Found", ChannelBroken),
    (403, "Forbidden: bot was blocked by the user", ContactUnreachable),
    (403, "Forbidden: user is deactivated", ContactUnreachable),
    (403, "Forbidden: bot can't initiate conversation with a user", ContactUnreachable),
    (409, "Conflict: terminated by other getUpdates request", Conflict),
    (413, "Request Entity Too Large", Rejected),
    (408, "", Ambiguous),
    (500, "Internal Server Error: restart", Ambiguous),
    (502, "", Ambiguous),
    (504, "", Ambiguous),
    (302, "", ChannelBroken),
    (418, "", Rejected),
]


def answer(code: int, description: str, **parameters: float) -> bytes:
    """An answer's body."""
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return json.dumps(body).encode()


@pytest.mark.parametrize(("code", "description", "expected"), ANSWERS)
def test_answers_are_classed(code: int, description: str, expected: type[DeliveryError]) -> None:
    """Code and, among 400s, description give the class; the platform's words are kept for the agent."""
    error = refusal(code, {}, answer(code, description))
    assert type(error) is expected
    assert description in error.detail


def test_each_entry_of_the_table_is_met() -> None:
    """No description is in the table for nothing."""
    texts = [description.lower() for _, description, _ in ANSWERS] + ["bad request: user not found"]
    assert [entry for entry in CONTACT_GONE if not any(entry in text for text in texts)] == []


def test_a_moved_chat_names_its_new_address() -> None:
    """The platform says where the chat went."""
    error = refusal(400, {}, answer(400, "Bad Request: group chat was migrated", migrate_to_chat_id=-100123))
    assert isinstance(error, Moved)
    assert error.address == "-100123"


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        (answer(429, "Too Many Requests: retry after 12", retry_after=12), {}, 12),
        (answer(429, "Too Many Requests", retry_after=0.4), {}, 1),
        (answer(429, "Too Many Requests"), {"Retry-After": "9"}, 9),
        (b"<html>slow down</html>", {"Retry-After": "9"}, 9),
        (b"<html>slow down</html>", {"Retry-After": "tomorrow"}, 1),
        (b"", {}, 1),
    ],
)
def test_throttling_says_how_long(body: bytes, headers: dict[str, str], seconds: int) -> None:
    """The wait is the answer's, else the header's, and never nothing."""
    error = refusal(429, headers, body)
    assert isinstance(error, Throttled)
    assert error.wait == timedelta(seconds=seconds)


def test_a_wait_beyond_time_is_kept_for_ever() -> None:
    """A number that no calendar has does not break the sender."""
    error = refusal(429, {}, answer(429, "", retry_after=1e300))
    assert isinstance(error, Throttled)
    assert error.wait == timedelta.max


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"description": 7}', b'{"parameters": "x"}', b"\xff", b"[" * 9999]
)
@pytest.mark.parametrize("code", [400, 401, 403, 429, 500])
def test_any_body_has_a_class(code: int, body: bytes) -> None:
    """The code alone decides when the body says nothing."""
    assert type(refusal(code, {}, body)) is type(refusal(code, {}, b""))


def literal_answers(path: Path = CORPUS) -> dict[str, dict[str, object]]:
    """The collected answers where they are; the table above does not need them."""
    answers: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return answers


@pytest.mark.parametrize("name", literal_answers())
def test_literal_answers_are_classed(name: str) -> None:
    """Answers that were collected elsewhere get the class that their names suggest."""
    body = literal_answers()[name]
    expected: type[DeliveryError] = Rejected
    if name.startswith("forbidden") or any(
        word in name for word in ("chat-not-found", "peer-id", "user-not-found", "deactivated", "not-enough-rights")
    ):
        expected = ContactUnreachable
    for word, kind in (("migrated", Moved), ("too-many", Throttled), ("unauthorized", ChannelBroken)):
        expected = kind if word in name else expected
    if "not-modified" in name:
        expected = NotModified
    if name.startswith(("conflicted", "webhook-is-active")):
        expected = Conflict
    code = body["error_code"]
    assert isinstance(code, int)
    assert type(refusal(code, {}, json.dumps(body).encode())) is expected
