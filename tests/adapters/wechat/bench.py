"""WeChat, as the shared suite meets it: the simulated Official Account on loopback, with faults."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp

from adapters.contract import Adapter, Tools
from adapters.registry import channel
from adapters.secret import Secret
from adapters.wechat.adapter import WeChatAdapter
from adapters.wechat.envelope import Envelope, signature
from adapters.wechat.fake_platform import Account
from adapters.wechat.fake_platform.followers import Action, Window
from adapters.wechat.settings import Mode, Passive, WeChatSettings
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import THROTTLED_FOR, Fault, pure_tools
from tests.fakes.clock import StandingClock
from tests.fakes.platforms.nowhere import nowhere
from tests.fakes.platforms.wechat import Answer, Hang, Reset, ScriptedPlatform, errcode

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
APP_ID = "wx5823bf96d3bd56c7"
APP_SECRET = "the-app-secret-of-the-account-0001"
TOKEN = "the-token-of-the-server-address"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
OLD_AES_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ"
CONTACT = "oIDrpjqASyTPnxRmpS9O_ruZGsfk"
PATIENCE = 30.0
"""Seconds: how long an adapter on a stage waits for an answer that comes."""

IMPATIENCE = 1.2
"""Seconds: how long one waits for an answer that never comes."""

PATHS = ("message/custom/send", "message/custom/typing", "media/upload", "media/get")


def settings(
    api_base: str = "https://api.weixin.invalid", mode: Mode = Mode.SAFE, passive: Passive = Passive.OFF
) -> WeChatSettings:
    """One account's settings."""
    return WeChatSettings(
        app_id=APP_ID,
        secret=Secret(APP_SECRET),
        token=Secret(TOKEN),
        mode=mode,
        aes_key=Secret(AES_KEY),
        aes_key_previous=Secret(OLD_AES_KEY),
        passive=passive,
        api_base=api_base,
    )


def account() -> Account:
    """The account as the platform knows it."""
    return Account(app_id=APP_ID, app_secret=APP_SECRET, token=TOKEN, aes_key=AES_KEY)


def plain(body: bytes, at: datetime = NOW, nonce: str = "1372623149") -> WebhookRequest:
    """A push that is signed, and not sealed."""
    timestamp = str(int(at.timestamp()))
    query = {"signature": signature(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    return WebhookRequest(method="POST", path="", query=query, headers={"content-type": "text/xml"}, body=body)


def sealed(body: bytes, key: str = AES_KEY, app_id: str = APP_ID, *, is_json: bool = False) -> WebhookRequest:
    """A push that is signed and sealed."""
    request = plain(b"")
    encrypted = Envelope(key, app_id).seal(body)
    outer = json.dumps({"ToUserName": "gh_1", "Encrypt": encrypted}).encode()
    if not is_json:
        outer = (
            f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
        )
    proof = signature(TOKEN, request.query["timestamp"], request.query["nonce"], encrypted)
    return replace(request, body=outer, query={**request.query, "encrypt_type": "aes", "msg_signature": proof})


@dataclass
class WeChatStage:
    """The simulated platform and the adapter."""

    platform: ScriptedPlatform
    adapter: Adapter
    impatient: Adapter
    broken: Adapter
    address: str = CONTACT

    def texts(self) -> Sequence[str]:
        """Texts, menus' heads and lines, articles' titles, as the contact sees them."""
        seen: list[str] = []
        for message in self.platform.sent(CONTACT):
            lines = (
                message["text"],
                *(option["label"] for option in message.get("options", ())),
                message.get("url", ""),
            )
            seen.append("\n".join(line for line in lines if line))
        return [text for text in seen if text]

    def arrived(self) -> int:
        """The number of the account's messages."""
        return len(self.platform.sent(CONTACT))

    def expect(self, fault: Fault) -> Adapter:
        """Script the fault for whatever is called next; the adapter that meets it."""
        if fault is Fault.UNREACHABLE:
            return self.broken
        answers: dict[Fault, Answer | Hang | Reset] = {
            Fault.REFUSED: errcode(87014, "risky content"),
            Fault.CONTACT_GONE: errcode(43004, "require subscribe"),
            Fault.CREDENTIALS: errcode(48001, "api unauthorized"),
            Fault.THROTTLED: Answer(429, b"", {"Retry-After": str(THROTTLED_FOR)}),
            Fault.SERVER_ERROR: Answer(502, b"<html>Bad Gateway</html>"),
            Fault.GARBAGE: Answer(200, b"<html>Welcome to the hotel</html>"),
            Fault.NO_ANSWER: Hang(),
            Fault.RESET: Reset(),
            Fault.ECHO: errcode(47001, f"no such thing: {APP_SECRET} {TOKEN} {AES_KEY} {OLD_AES_KEY}"),
        }
        self.platform.forget()
        for path in PATHS:
            self.platform.script(path, answers[fault])
        return self.impatient if fault is Fault.NO_ANSWER else self.adapter


@asynccontextmanager
async def stage(mode: Mode = Mode.SAFE, clock: StandingClock | None = None) -> AsyncIterator[WeChatStage]:
    """A platform with one contact who may be told much, an adapter, and one whose platform is not there."""
    clock = clock or StandingClock()
    platform = ScriptedPlatform(account(), clock)
    api_base = await platform.start()
    person = platform.follower(CONTACT, "王芳")
    person.act(Action.WROTE, clock.now())
    person.windows[Action.WROTE] = Window(10_000, clock.now() + timedelta(hours=48))
    try:
        async with nowhere() as origin, aiohttp.ClientSession() as session:
            tools = Tools(session=session, push=pure_tools().push)
            adapter, impatient, broken = (
                WeChatAdapter(InboxId("oa"), settings(base, mode), tools, patience=patience)
                for base, patience in ((api_base, PATIENCE), (api_base, IMPATIENCE), (origin, PATIENCE))
            )
            yield WeChatStage(platform, adapter, impatient, broken)
    finally:
        await platform.stop()


class WeChatBench:
    """The channel, for the suite."""

    channel = channel("wechat")
    is_webhook = True
    answers = frozenset(Fault)
    is_replay_refused = True

    def settings(self) -> WeChatSettings:
        """With every secret."""
        return settings()

    def secrets(self) -> Sequence[str]:
        """Token, AppSecret, both keys."""
        return (TOKEN, APP_SECRET, AES_KEY, OLD_AES_KEY)

    def authentic(self, body: bytes) -> WebhookRequest:
        """Signed and sealed."""
        return sealed(body)

    def forged(self, body: bytes) -> Mapping[str, WebhookRequest]:
        """Without a signature, with another one, over something else, of another time."""
        good = sealed(body)

        def but(**query: str) -> WebhookRequest:
            return replace(good, query={**good.query, **query})

        late = plain(body, NOW - timedelta(minutes=6))
        return {
            "nothing": replace(good, query={}),
            "no signature": but(signature=""),
            "another signature": but(signature="0" * 40),
            "no message signature": but(msg_signature=""),
            "another message signature": but(msg_signature="0" * 40),
            "another time": but(timestamp=str(int(NOW.timestamp()) + 1)),
            "another nonce": but(nonce="1"),
            "no number for a time": but(timestamp="²³"),
            "no ASCII": but(signature="密钥\udcff"),
            "in capitals": but(signature=good.query["signature"].upper()),
            "six minutes old": late,
            "in six minutes": plain(body, NOW + timedelta(minutes=6)),
            "not sealed": plain(body),
            "said not to be sealed": but(encrypt_type="raw"),
            "sealed again": replace(good, body=sealed(body).body),
            "another body": replace(good, body=body),
            "no body": replace(good, body=b""),
        }

    def stage(self) -> AbstractAsyncContextManager[WeChatStage]:
        """The simulated platform."""
        return stage()


BENCH = WeChatBench()
