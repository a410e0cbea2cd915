"""What this channel's platform proves: its calls, and that a browser comes back which we sent there."""

import hashlib
import hmac
from datetime import datetime, timedelta
from pathlib import Path

from adapters.errors import Forged
from adapters.slack.signature import SIGNATURE, TIMESTAMP
from adapters.wire import WebhookRequest
from tests.adapters.bench import fixtures, pure_tools
from tests.adapters.forging import INBOX, Door, at_noon, webhook
from tests.adapters.slack.bench import BENCH, CLIENT_SECRET, settings, signed


def events(_: Path) -> Door:
    """Events, buttons and commands: raw body and instant are signed, good for five minutes either way."""
    calls = [
        signed(fixture.body, at_noon(timedelta(seconds=7 * n % 60))) for n, fixture in enumerate(fixtures("slack"))
    ]
    proofs = {(call.body, call.headers[TIMESTAMP], call.headers[SIGNATURE]) for call in calls}

    def is_proven(call: WebhookRequest) -> bool:
        proof = (call.body, call.headers.get(TIMESTAMP, ""), call.headers.get(SIGNATURE, ""))
        return call.method == "POST" and proof in proofs

    stale = (timedelta(seconds=361), timedelta(seconds=-361))
    return webhook(BENCH.channel.build(INBOX, settings(), pure_tools()), calls, is_proven, stale=stale, is_sealed=True)


def installing(_: Path) -> Door:
    """A browser that comes back from the platform brings the state that it was given, for ten minutes."""
    adapter = BENCH.channel.build(INBOX, settings(), pure_tools())

    def state(instant: int) -> str:
        proof = hmac.new(CLIENT_SECRET.encode(), f"{INBOX}:{instant}".encode(), hashlib.sha256)
        return f"{instant}.{proof.hexdigest()}"

    states = [state(at_noon(timedelta(seconds=-n))) for n in range(20)]
    calls = [
        WebhookRequest(method="GET", path="/hooks/inbox/oauth", query={"state": one, "code": "1"}, headers={}, body=b"")
        for one in states
    ]

    async def knock(call: WebhookRequest, now: datetime) -> int:
        try:
            adapter.authenticate(call, now)
        except Forged:
            return 401
        return 200

    def is_proven(call: WebhookRequest) -> bool:
        return call.path.endswith("/oauth") and call.query.get("state") in states and call.method == "GET"

    return Door(calls=calls, knock=knock, is_proven=is_proven, stale=(timedelta(seconds=601), timedelta(seconds=-20)))


DOORS = {"events": events, "installing": installing}
