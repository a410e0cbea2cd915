"""Each answer of the Web API is judged by its status and its code, never by the words around it."""

import json
from datetime import timedelta

import pytest

from adapters.errors import Ambiguous, ChannelBroken, ContactUnreachable, DeliveryError, Rejected, Throttled, Whose
from adapters.slack.refusal import BLAMES, Blame, refusal

KINDS: dict[Blame, type[DeliveryError]] = {
    Blame.INSTALLATION: ChannelBroken,
    Blame.PLACE: ContactUnreachable,
    Blame.MESSAGE: Rejected,
    Blame.LATER: Throttled,
    Blame.UNKNOWN: Ambiguous,
}


def said(code: str, **more: object) -> bytes:
    """An answer's body."""
    return json.dumps({"ok": False, "error": code, **more}).encode()


@pytest.mark.parametrize(("code", "blame"), BLAMES.items())
def test_each_code_has_its_class(code: str, blame: Blame) -> None:
    """What a code is about decides the error's type."""
    assert type(refusal(200, {}, said(code))) is KINDS[blame]


@pytest.mark.parametrize(
    ("code", "blame"),
    [
        ("invalid_auth", Blame.INSTALLATION), ("token_revoked", Blame.INSTALLATION),
        ("missing_scope", Blame.INSTALLATION), ("account_inactive", Blame.INSTALLATION),
        ("channel_not_found", Blame.PLACE), ("is_archived", Blame.PLACE), ("not_in_channel", Blame.PLACE),
        ("messages_tab_disabled", Blame.PLACE), ("restricted_action_thread_locked", Blame.PLACE),
        ("msg_too_long", Blame.MESSAGE), ("invalid_blocks", Blame.MESSAGE), ("no_text", Blame.MESSAGE),
        ("ratelimited", Blame.LATER), ("rate_limited", Blame.LATER), ("service_unavailable", Blame.LATER),
        ("team_added_to_org", Blame.LATER), ("fatal_error", Blame.UNKNOWN), ("internal_error", Blame.UNKNOWN),
    ],
)  # fmt: skip
def test_the_table_says_what_the_platform_says(code: str, blame: Blame) -> None:
    """A sample of the table, written down a second time."""
    assert BLAMES[code] is blame


def test_an_unknown_code_is_about_the_message() -> None:
    """A code that nobody has seen condemns neither the inbox nor the contact."""
    assert type(refusal(200, {}, said("hologram_too_bright"))) is Rejected


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind", "wait"),
    [
        (429, {"Retry-After": "12"}, b"", Throttled, 12),
        (429, {}, b"<html>", Throttled, 10),
        (429, {"Retry-After": "0"}, b"", Throttled, 1),
        (429, {"Retry-After": "soon"}, b"", Throttled, 10),
        (200, {"Retry-After": "30"}, said("ratelimited"), Throttled, 30),
        (200, {}, said("message_limit_exceeded"), Throttled, 600),
        (429, {"Retry-After": "9" * 30}, b"", Throttled, timedelta.max.total_seconds()),
    ],
)  # fmt: skip
def test_slow_down_in_each_form(
    status: int, headers: dict[str, str], body: bytes, kind: type[Throttled], wait: float
) -> None:
    """429 with and without a header, and 200 with a code, are one thing: wait."""
    error = refusal(status, headers, body)
    assert isinstance(error, kind)
    assert error.wait.total_seconds() == wait


@pytest.mark.parametrize(
    ("method", "status", "body", "whose"),
    [
        ("chat.postMessage", 429, b"", Whose.UNSAID),
        ("chat.postMessage", 200, said("ratelimited"), Whose.UNSAID),
        ("files.getUploadURLExternal", 429, b"", Whose.INBOX),
        ("files.completeUploadExternal", 200, said("rate_limited"), Whose.INBOX),
        ("chat.postMessage", 200, said("message_limit_exceeded"), Whose.CONTACT),
        ("files.completeUploadExternal", 200, said("team_added_to_org"), Whose.CONTACT),
        ("files.completeUploadExternal", 200, said("service_unavailable"), Whose.UNSAID),
    ],
)
def test_whose_limit_it_was(method: str, status: int, body: bytes, whose: Whose) -> None:
    """A text's limit is the channel's or the workspace's, which is not said; other methods have the app's."""
    error = refusal(status, {}, body, method)
    assert isinstance(error, Throttled)
    assert error.whose is whose


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>Welcome</html>", Ambiguous), (200, b"", Ambiguous), (200, b"[]", Ambiguous),
        (200, b"\xff", Ambiguous), (500, said("invalid_auth"), Ambiguous), (503, b"", Ambiguous),
        (408, b"", Ambiguous), (302, b"", ChannelBroken), (404, b"<html>", ChannelBroken),
        (400, said("invalid_arguments"), Rejected),
        (200, said("invalid_blocks", response_metadata="odd"), Rejected),
        (200, said("missing_scope", needed="files:write"), ChannelBroken),
    ],
)  # fmt: skip
def test_each_form_of_answer(status: int, body: bytes, kind: type[DeliveryError]) -> None:
    """Pages, redirects, server errors: whoever cannot know says so."""
    assert type(refusal(status, {}, body)) is kind


def test_a_missing_scope_is_named() -> None:
    """The administrator reads which permission is missing."""
    error = refusal(200, {}, said("missing_scope", needed="files:write", provided="chat:write"))
    assert error is not None
    assert "needs files:write" in error.detail


def test_success_is_no_refusal() -> None:
    """A yes is a yes, with whatever beside it."""
    assert refusal(200, {}, b'{"ok":true,"warning":"missing_charset","response_metadata":{"warnings":[]}}') is None
