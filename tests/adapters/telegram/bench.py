"""Telegram, as the shared suite meets it: the simulated platform on loopback, with faults."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from adapters.contract import Adapter, Tools
from adapters.registry import channel
from adapters.secret import Secret
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import Mode, TelegramSettings
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import THROTTLED_FOR, Fault, pure_tools
from tests.fakes.clock import StandingClock
from tests.fakes.platforms.nowhere import nowhere
from tests.fakes.platforms.telegram import Answer, Hang, Reset, ScriptedPlatform, error, throttle

TOKEN = "123456789:AAxx-the-token-of-the-bot_xx"
SECRET = "the-secret-of-the-webhook_42"
CONTACT = 5_000_001
PATIENCE = 30.0
"""Seconds: how long an adapter on a stage waits for an answer that comes."""

IMPATIENCE = 1.2
"""Seconds: how long one waits for an answer that never comes."""

METHODS = (
    "sendMessage", "sendPhoto", "sendVoice", "sendVideo", "sendDocument", "sendSticker", "sendAnimation", "sendVenue",
    "sendLocation", "sendContact", "sendChatAction", "answerCallbackQuery", "getFile", "setWebhook", "deleteWebhook",
)  # fmt: skip


def settings(api_base: str = "https://api.telegram.invalid", mode: Mode = Mode.WEBHOOK) -> TelegramSettings:
    """One bot's settings."""
    return TelegramSettings(token=Secret(TOKEN), secret=Secret(SECRET), mode=mode, api_base=api_base)


def request(body: bytes, **headers: str) -> WebhookRequest:
    """A call of the webhook."""
    return WebhookRequest(method="POST", path="", query={}, headers=headers, body=body)


@dataclass
class TelegramStage:
    """The simulated platform and the adapter."""

    platform: ScriptedPlatform
    adapter: Adapter
    impatient: Adapter
    broken: Adapter
    address: str = str(CONTACT)

    def texts(self) -> Sequence[str]:
        """Texts and captions, as the contact sees them."""
        messages = self.platform.sent(CONTACT)
        return [str(text) for message in messages if (text := message.get("text") or message.get("caption"))]

    def arrived(self) -> int:
        """The number of the bot's messages."""
        return len(self.platform.sent(CONTACT))

    def expect(self, fault: Fault) -> Adapter:
        """Script the fault for whatever is called next; the adapter that meets it."""
        if fault is Fault.UNREACHABLE:
            return self.broken
        answers: dict[Fault, Answer | Hang | Reset] = {
            Fault.REFUSED: error(400, "Bad Request: something about this message"),
            Fault.CONTACT_GONE: error(403, "Forbidden: bot was blocked by the user"),
            Fault.CREDENTIALS: error(401, "Unauthorized"),
            Fault.THROTTLED: throttle(THROTTLED_FOR),
            Fault.SERVER_ERROR: Answer(502, b"<html>Bad Gateway</html>"),
            Fault.GARBAGE: Answer(200, b"<html>Welcome to the hotel</html>"),
            Fault.NO_ANSWER: Hang(),
            Fault.RESET: Reset(),
            Fault.ECHO: error(400, f"Bad Request: no such thing at /bot{TOKEN}/sendMessage or {SECRET}"),
        }
        self.platform.forget()
        for method in METHODS:
            self.platform.script(method, answers[fault])
        return self.impatient if fault is Fault.NO_ANSWER else self.adapter


@asynccontextmanager
async def stage(mode: Mode = Mode.WEBHOOK) -> AsyncIterator[TelegramStage]:
    """A platform with one contact, an adapter, and one whose platform is not there."""
    platform = ScriptedPlatform(TOKEN, StandingClock())
    api_base = await platform.start()
    platform.contact(CONTACT, "王芳")
    try:
        async with nowhere() as origin, aiohttp.ClientSession() as session:
            tools = Tools(session=session, push=pure_tools().push)
            adapter, impatient, broken = (
                TelegramAdapter(InboxId("tg"), settings(base, mode), tools, patience=patience)
                for base, patience in ((api_base, PATIENCE), (api_base, IMPATIENCE), (origin, PATIENCE))
            )
            yield TelegramStage(platform, adapter, impatient, broken)
    finally:
        await platform.stop()


class TelegramBench:
    """The channel, for the suite."""

    channel = channel("telegram")
    is_webhook = True
    answers = frozenset(Fault)
    is_replay_refused = False

    def settings(self) -> TelegramSettings:
        """With both secrets."""
        return settings()

    def secrets(self) -> Sequence[str]:
        """Token and webhook secret."""
        return (TOKEN, SECRET)

    def authentic(self, body: bytes) -> WebhookRequest:
        """With the secret's header."""
        return request(body, **{"x-telegram-bot-api-secret-token": SECRET})

    def forged(self, body: bytes) -> Mapping[str, WebhookRequest]:
        """Without it, or with another one."""
        header = "x-telegram-bot-api-secret-token"
        return {
            "no secret": request(body),
            "an empty secret": request(body, **{header: ""}),
            "another secret": request(body, **{header: SECRET[:-1] + "3"}),
            "a longer secret": request(body, **{header: SECRET + "x"}),
            "the token instead": request(body, **{header: TOKEN}),
            "no ASCII": request(body, **{header: "密钥\udcff"}),
        }

    def stage(self) -> AbstractAsyncContextManager[TelegramStage]:
        """The simulated platform."""
        return stage()


BENCH = TelegramBench()
