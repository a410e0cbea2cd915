"""Slack, as the shared suite meets it: the simulated workspace on loopback, with faults."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import aiohttp

from adapters.contract import Adapter
from adapters.registry import channel
from adapters.secret import Secret
from adapters.slack.adapter import SlackAdapter
from adapters.slack.fake_platform.workspace import TEAM, seen
from adapters.slack.settings import Mode, SlackSettings
from adapters.slack.signature import sign
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import THROTTLED_FOR, Fault, pure_tools
from tests.fakes.clock import StandingClock
from tests.fakes.platforms.nowhere import nowhere
from tests.fakes.platforms.slack import Answer, Hang, Reset, ScriptedPlatform, error, html, throttle

CLIENT_SECRET = "the-secret-of-the-client"
TOKEN = "xoxb-111-222-the-token-of-the-bot"
SIGNING = "the-signing-secret-of-the-app"
APP_TOKEN = "xapp-1-A1-the-token-of-the-app"
USER = "U0WANG"
DIRECT = "D0WANG"
ADDRESS = f"{TEAM}:{USER}"
NOW = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp())
"""When the suite's requests are signed and checked."""

PATIENCE = 30.0
"""Seconds: how long an adapter on a stage waits for an answer that comes."""

IMPATIENCE = 1.2
"""Seconds: how long one waits for an answer that never comes."""

METHODS = (
    "chat.postMessage", "files.getUploadURLExternal", "upload", "files.completeUploadExternal", "conversations.open",
    "files.info", "auth.test", "users.info", "apps.connections.open",
)  # fmt: skip


def settings(api_base: str = "https://slack.invalid/api", mode: Mode = Mode.HTTP) -> SlackSettings:
    """One app's settings."""
    secrets = {"bot_token": Secret(TOKEN), "signing_secret": Secret(SIGNING), "app_token": Secret(APP_TOKEN)}
    secrets["client_secret"] = Secret(CLIENT_SECRET)
    return SlackSettings(**secrets, client_id="1.2", mode=mode, api_base=api_base)


def request(body: bytes, **headers: str) -> WebhookRequest:
    """A call of the webhook."""
    return WebhookRequest(method="POST", path="", query={}, headers=headers, body=body)


def signed(body: bytes, at: int = NOW, secret: str = SIGNING) -> WebhookRequest:
    """A call as the platform signs it."""
    headers = {"x-slack-request-timestamp": str(at), "x-slack-signature": sign(secret, at, body)}
    mime = "application/json" if body[:1] == b"{" else "application/x-www-form-urlencoded"
    return request(body, **headers, **{"content-type": mime})


class OpenVault:
    """A vault without a lock."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        """What was put."""
        return self.kept.get(name)

    async def put(self, name: str, value: bytes | None) -> None:
        """Keep or forget."""
        if value is None:
            self.kept.pop(name, None)
        else:
            self.kept[name] = value


@dataclass
class SlackStage:
    """The simulated workspace and the adapter."""

    platform: ScriptedPlatform
    adapter: Adapter
    impatient: Adapter
    broken: Adapter
    address: str = ADDRESS

    def texts(self) -> Sequence[str]:
        """Texts, as the contact sees them."""
        return [seen(message["text"]) for message in self.platform.sent(DIRECT) if message["text"]]

    def arrived(self) -> int:
        """The number of the app's messages."""
        return len(self.platform.sent(DIRECT))

    def expect(self, fault: Fault) -> Adapter:
        """Script the fault for whatever is called next; the adapter that meets it."""
        if fault is Fault.UNREACHABLE:
            return self.broken
        echo = {"messages": [f"[ERROR] no such thing with {TOKEN}, {SIGNING} or {APP_TOKEN}"]}
        answers: dict[Fault, Answer | Hang | Reset] = {
            Fault.REFUSED: error("invalid_blocks"),
            Fault.CONTACT_GONE: error("user_disabled"),
            Fault.CREDENTIALS: error("invalid_auth"),
            Fault.THROTTLED: throttle(THROTTLED_FOR),
            Fault.SERVER_ERROR: html(502),
            Fault.GARBAGE: html(),
            Fault.NO_ANSWER: Hang(),
            Fault.RESET: Reset(),
            Fault.ECHO: error("invalid_arguments", response_metadata=echo),
        }
        self.platform.forget()
        for method in METHODS:
            self.platform.script(method, answers[fault])
        return self.impatient if fault is Fault.NO_ANSWER else self.adapter


@asynccontextmanager
async def stage(mode: Mode = Mode.HTTP) -> AsyncIterator[SlackStage]:
    """A workspace with one person, an adapter, and one whose platform is not there."""
    platform = ScriptedPlatform(TOKEN, APP_TOKEN, StandingClock())
    api_base = await platform.start()
    platform.client_secret = CLIENT_SECRET
    platform.contact(USER, "王芳")
    try:
        async with nowhere() as origin, aiohttp.ClientSession() as session:
            tools = replace(pure_tools(), session=session, vault=OpenVault())
            adapter, impatient, broken = (
                SlackAdapter(InboxId("sl"), settings(base, mode), tools, patience=patience)
                for base, patience in ((api_base, PATIENCE), (api_base, IMPATIENCE), (f"{origin}/api", PATIENCE))
            )
            yield SlackStage(platform, adapter, impatient, broken)
    finally:
        await platform.stop()


class SlackBench:
    """The channel, for the suite."""

    channel = channel("slack")
    is_webhook = True
    answers = frozenset(Fault)
    is_replay_refused = True

    def settings(self) -> SlackSettings:
        """With all secrets."""
        return settings()

    def secrets(self) -> Sequence[str]:
        """Both tokens and both secrets."""
        return (TOKEN, SIGNING, APP_TOKEN, CLIENT_SECRET)

    def authentic(self, body: bytes) -> WebhookRequest:
        """Signed at the suite's instant."""
        return signed(body)

    def forged(self, body: bytes) -> Mapping[str, WebhookRequest]:
        """Not signed, signed by somebody else, at another time, or over other bytes."""
        stamp, signature = "x-slack-request-timestamp", "x-slack-signature"
        right = dict(signed(body).headers)
        return {
            "no headers": request(body),
            "no signature": request(body, **{stamp: right[stamp]}),
            "no time": request(body, **{signature: right[signature]}),
            "another secret": signed(body, secret=SIGNING + "x"),
            "too old": signed(body, NOW - 301),
            "too new": signed(body, NOW + 301),
            "another time than signed": request(body, **{**right, stamp: str(NOW + 1)}),
            "another body": replace(signed(body), body=body + b" "),
            "a time that is no number": request(body, **{**right, stamp: "now"}),
            "a time in other digits": request(body, **{**right, stamp: "١٧٦٣٨١٢٨٠٠"}),
            "a time beyond time": request(body, **{**right, stamp: "9" * 400}),
            "a signature outside ASCII": request(body, **{**right, signature: "v0=密钥\udcff"}),
            "an empty signature": request(body, **{**right, signature: ""}),
            "another version": request(body, **{**right, signature: right[signature].replace("v0", "v1")}),
            "in capitals": request(body, **{**right, signature: right[signature].upper()}),
            "by GET": replace(signed(body), method="GET"),
            "a retry without a signature": request(body, **{"x-slack-retry-num": "1"}),
        }

    def stage(self) -> AbstractAsyncContextManager[SlackStage]:
        """The simulated workspace."""
        return stage()


BENCH = SlackBench()
