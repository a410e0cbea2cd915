"""What this channel's platform proves, in each of the account's modes, and when its console asks who we are."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from adapters.wechat.settings import Mode
from adapters.wire import WebhookRequest
from tests.adapters.bench import fixtures, pure_tools
from tests.adapters.forging import INBOX, Door, webhook
from tests.adapters.wechat.bench import BENCH, NOW, plain, sealed, settings

STALE = (timedelta(seconds=361), timedelta(seconds=-361))


def unsealed(_: Path) -> Door:
    """Plain mode: time and nonce are signed, and what is said is not."""
    calls = _plain_calls()
    proofs = {_first(call) for call in calls}
    return webhook(
        BENCH.channel.build(INBOX, settings(mode=Mode.PLAIN), pure_tools()),
        calls,
        lambda call: _first(call) in proofs,
        stale=STALE,
    )


def question(_: Path) -> Door:
    """The console asks whether the address is ours, and gets its own words back."""
    calls = [replace(call, method="GET", body=b"", query={**call.query, "echostr": "43751"}) for call in _plain_calls()]
    proofs = {_first(call) for call in calls}
    return webhook(
        BENCH.channel.build(INBOX, settings(), pure_tools()),
        calls,
        lambda call: call.method == "GET" and _first(call) in proofs,
        stale=STALE,
        is_sealed=True,
    )


def _plain_calls() -> list[WebhookRequest]:
    return [
        plain(fixture.body, NOW + timedelta(seconds=7 * n % 60), nonce=str(1_372_623_149 + n))
        for n, fixture in enumerate(fixtures("wechat"))
    ]


def _sealed(mode: Mode, *, is_json: bool) -> Door:
    calls = [sealed(fixture.body, is_json=is_json) for fixture in fixtures("wechat")]
    firsts, proofs = {_first(call) for call in calls}, {(_first(call), _second(call)) for call in calls}

    def is_proven(call: WebhookRequest) -> bool:
        if call.method == "GET":  # as `question`: nothing of the body is read
            return _first(call) in firsts
        return call.query.get("encrypt_type") == "aes" and (_first(call), _second(call)) in proofs

    return webhook(
        BENCH.channel.build(INBOX, settings(mode=mode), pure_tools()), calls, is_proven, stale=STALE, is_sealed=True
    )


def _first(call: WebhookRequest) -> tuple[str, ...]:
    return tuple(call.query.get(name, "") for name in ("signature", "timestamp", "nonce"))


def _second(call: WebhookRequest) -> tuple[str, object]:
    """The second signature, and what it covers, read by another library than ours."""
    body = call.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        encrypted = json.loads(body)["Encrypt"] if body[:1] == b"{" else _document(body).findtext("Encrypt")
    except (ValueError, KeyError, TypeError, ET.ParseError):
        encrypted = None
    return call.query.get("msg_signature", ""), encrypted


def _document(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314  none of these is hostile to parsers


DOORS = {
    "plain": unsealed,
    "compatible": lambda _: _sealed(Mode.COMPATIBLE, is_json=False),
    "safe": lambda _: _sealed(Mode.SAFE, is_json=False),
    "safe in JSON": lambda _: _sealed(Mode.SAFE, is_json=True),
    "question": question,
}
