"""What this channel's platform proves: that it knows the secret we gave it. Neither body nor time is signed."""

from pathlib import Path

from adapters.telegram.adapter import SECRET_HEADER
from adapters.wire import WebhookRequest
from tests.adapters.bench import fixtures, pure_tools
from tests.adapters.forging import INBOX, Door, webhook
from tests.adapters.telegram.bench import BENCH, SECRET, settings


def updates(_: Path) -> Door:
    """The header's value, letter for letter."""

    def is_proven(call: WebhookRequest) -> bool:
        return call.headers.get(SECRET_HEADER) == SECRET

    calls = [BENCH.authentic(fixture.body) for fixture in fixtures("telegram")]
    return webhook(BENCH.channel.build(INBOX, settings(), pure_tools()), calls, is_proven)


DOORS = {"updates": updates}
