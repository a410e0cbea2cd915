"""The platforms on loopback, each with many people, behind their real adapters and the real outbox."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp

from adapters.contract import Tools
from adapters.secret import Secret
from adapters.slack.fake_platform.workspace import TEAM, seen
from adapters.slack.settings import SlackSettings
from adapters.telegram.settings import Mode, TelegramSettings
from adapters.wechat.fake_platform import Account
from adapters.wechat.fake_platform.followers import Action, Window
from adapters.wechat.settings import WeChatSettings
from gateway.clock import SystemClock
from gateway.delivery import DEADLINE, Delivery
from gateway.identifiers import RandomIdentifiers
from gateway.inboxes import InboxPlan, connect
from gateway.outbox import Outbox
from gateway.platform_client import open_client
from gateway.signals.contract import PLENTY, Limits, Rates, Room, Send
from router.ids import ChannelName, InboxId
from tests.fakes.platforms import slack, telegram, wechat
from tests.fakes.platforms.faults import Answer
from tests.gateway.outbox.bench import Bench, nobody

TELEGRAM_TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
SLACK_TOKEN = "xoxb-111-222-the-token-of-the-bot"
APP_ID = "wx5823bf96d3bd56c7"
APP_SECRET = "the-app-secret-of-the-account-0001"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"

SILENCE = 10.0
"""Seconds after which no answer is none where silence is skipped: before an adapter's own patience is at its end."""

PEOPLE = 100
FIRST = 2001

Platform = slack.ScriptedPlatform | telegram.ScriptedPlatform | wechat.ScriptedPlatform


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A simulated platform with people, and what a test has to know to use it.

    ``call`` is the name of the call that carries a text; ``refused`` its answer to what it will never take.
    """

    channel: ChannelName
    platform: Platform
    call: str
    settings: Callable[[str], Any]
    address: Callable[[int], str]
    read: Callable[[int], Sequence[str]]
    refused: Answer

    @property
    def inbox(self) -> InboxId:
        """Its inbox has its name."""
        return InboxId(self.channel)

    def arrived(self) -> list[str]:
        """What all people together have on their screens."""
        return [text for number in range(PEOPLE) for text in self.read(number)]


def telegram_stage() -> Stage:
    """A bot and the people who have started it."""
    platform = telegram.ScriptedPlatform(TELEGRAM_TOKEN, SystemClock())
    for number in range(PEOPLE):
        platform.contact(FIRST + number, f"{number}")
    return Stage(
        channel=ChannelName("telegram"),
        platform=platform,
        call="sendMessage",
        settings=lambda base: TelegramSettings(token=Secret(TELEGRAM_TOKEN), mode=Mode.POLLING, api_base=base),
        address=lambda number: str(FIRST + number),
        read=lambda number: [message["text"] for message in platform.sent(FIRST + number)],
        refused=telegram.error(400, "Bad Request: can't parse entities"),
    )


def slack_stage() -> Stage:
    """An app and the people of its workspace."""
    platform = slack.ScriptedPlatform(SLACK_TOKEN, "xapp-1-A1-the-token-of-the-app", SystemClock())
    direct = [platform.contact(f"U{FIRST + number}", f"{number}").channel for number in range(PEOPLE)]
    return Stage(
        channel=ChannelName("slack"),
        platform=platform,
        call="chat.postMessage",
        settings=lambda base: SlackSettings(
            bot_token=Secret(SLACK_TOKEN), signing_secret=Secret("the-signing-secret-of-the-app"), api_base=base
        ),
        address=lambda number: f"{TEAM}:U{FIRST + number}",
        read=lambda number: [seen(message["text"]) for message in platform.sent(direct[number])],
        refused=slack.error("invalid_blocks"),
    )


def wechat_stage() -> Stage:
    """An account and its followers, who may be told much."""
    account = Account(app_id=APP_ID, app_secret=APP_SECRET, token="token-of-the-address", aes_key=AES_KEY)
    platform = wechat.ScriptedPlatform(account, SystemClock())
    for number in range(PEOPLE):
        follower = platform.follower(f"o{FIRST + number}")
        follower.windows[Action.WROTE] = Window(PLENTY, SystemClock().now() + timedelta(days=1))
    return Stage(
        channel=ChannelName("wechat"),
        platform=platform,
        call="message/custom/send",
        settings=lambda base: WeChatSettings(
            app_id=APP_ID,
            secret=Secret(APP_SECRET),
            token=Secret("token-of-the-address"),
            aes_key=Secret(AES_KEY),
            api_base=base,
        ),
        address=lambda number: f"o{FIRST + number}",
        read=lambda number: [message["text"] for message in platform.sent(f"o{FIRST + number}")],
        refused=wechat.errcode(87014, "risky content"),
    )


STAGES: Mapping[str, Callable[[], Stage]] = {
    "telegram": telegram_stage,
    "slack": slack_stage,
    "wechat": wechat_stage,
}


class Unhurried(Rates):
    """Nobody counts: for tests that want to be through."""

    async def rooms(self, limits: Mapping[InboxId, Limits], now: float) -> Mapping[InboxId, Room]:
        """As much as anybody likes."""
        return {inbox: Room(count=PLENTY) for inbox in limits}

    async def take(self, limits: Mapping[InboxId, Limits], sends: Sequence[Send], now: float) -> Sequence[float]:
        """All go."""
        return [0.0] * len(sends)

    async def pause(self, inbox: InboxId, seconds: float, now: float) -> None:
        """Nobody rests."""

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def sending(
    bench: Bench,
    *stages: Stage,
    deadline: float = DEADLINE,
    rates: Rates | None = None,
    client: aiohttp.ClientSession | None = None,
    is_silence_skipped: bool = False,
) -> AsyncIterator[Outbox]:
    """The outbox at work for these platforms. ``is_silence_skipped``: as `_skip_silence` does."""
    async with AsyncExitStack() as stack:
        bases = {}
        for stage in stages:
            bases[stage.inbox] = await stage.platform.start()
            stack.push_async_callback(stage.platform.stop)
        session = await stack.enter_async_context(client or open_client())

        async def push(_inbox: InboxId, _address: str, _frame: object) -> bool:
            return False

        plans = [
            InboxPlan(id=stage.inbox, channel=stage.channel, settings=stage.settings(bases[stage.inbox]))
            for stage in stages
        ]
        outbox = Outbox(
            bench.store,
            connect(plans, Tools(session=session, push=push)),
            bench.ears,
            Delivery(bench.shelf, nobody, deadline=SILENCE if is_silence_skipped else deadline),
            SystemClock(),
            RandomIdentifiers(),
            rates=rates,
            poll=0.05,
        )
        work = asyncio.create_task(outbox.run())
        skipping = asyncio.create_task(_skip_silence(stages)) if is_silence_skipped else None
        try:
            yield outbox
        finally:
            if skipping is not None:
                skipping.cancel()
            await outbox.stop(within=0.2)
            await work


async def _skip_silence(stages: Sequence[Stage]) -> None:
    """Put the loop's clock forward whenever nothing but silence is under way, until cancelled.

    So nobody has to wait for a silence to end, and no answer that a slow machine gives late is taken for one.
    """
    loop, skipped, over = asyncio.get_running_loop(), 0.0, 0
    true_time = loop.time

    def time() -> float:
        return true_time() + skipped

    loop.time = time  # type: ignore[method-assign]  # a clock that can be put forward
    while True:
        await asyncio.sleep(0.01)
        under_way = sum(task.get_name().startswith("deliver ") for task in asyncio.all_tasks())
        silences = sum(stage.platform.silences for stage in stages) - over
        if silences and silences == under_way:
            skipped, over = skipped + SILENCE, over + silences
