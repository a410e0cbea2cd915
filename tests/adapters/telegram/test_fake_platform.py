"""The simulated platform is held to account by python-telegram-bot's own client, over its own HTTP stack."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.adapters.telegram.bench import CONTACT, TOKEN
from tests.fakes.clock import StandingClock
from tests.fakes.platforms.telegram import ScriptedPlatform, throttle


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own switch: waits are spans, not numbers."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> StandingClock:
    """Time stands still."""
    return StandingClock()


@pytest.fixture
async def platform(clock: StandingClock) -> AsyncIterator[ScriptedPlatform]:
    """A platform with one contact."""
    ready = ScriptedPlatform(TOKEN, clock)
    ready.address = await ready.start()
    ready.contact(CONTACT, "王芳")
    yield ready
    await ready.stop()


@pytest.fixture
async def bot(platform: ScriptedPlatform) -> AsyncIterator[telegram.Bot]:
    """The library's client, as its users have it."""
    async with client(platform) as ready:
        yield ready


def client(platform: ScriptedPlatform, token: str = TOKEN) -> telegram.Bot:
    """A client of the platform."""
    return telegram.Bot(token, base_url=f"{platform.address}/bot", base_file_url=f"{platform.address}/file/bot")


async def test_the_bot_is_somebody(bot: telegram.Bot) -> None:
    """Starting asks who the bot is."""
    assert bot.bot.is_bot
    assert bot.id == int(TOKEN.partition(":")[0])


async def test_what_is_sent_is_read_back(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """The library understands each answer, and the transcript has each message."""
    message = await bot.send_message(CONTACT, "<b>您好</b> &amp; 欢迎", parse_mode="HTML")
    assert (message.text, message.entities[0].type, message.chat_id) == ("您好 & 欢迎", "bold", CONTACT)
    photo = await bot.send_photo(CONTACT, b"png", caption="图")
    assert photo.photo[-1].file_size == 3
    await bot.send_document(CONTACT, b"pdf", filename="a.pdf")
    await bot.send_voice(CONTACT, b"ogg")
    await bot.send_video(CONTACT, b"mp4")
    await bot.send_audio(CONTACT, b"mp3")
    await bot.send_animation(CONTACT, b"gif")
    await bot.send_sticker(CONTACT, b"webp")
    await bot.send_location(CONTACT, 1.5, 2.5)
    await bot.send_venue(CONTACT, 1.5, 2.5, "title", "address")
    await bot.send_contact(CONTACT, "+86", "李")
    await bot.send_chat_action(CONTACT, "typing")
    assert [message["message_id"] for message in platform.sent(CONTACT)] == list(range(1, 12))


async def test_a_file_is_downloaded(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """By its id, its path, its bytes."""
    file = await bot.get_file(platform.keep(b"jpeg", "image/jpeg", "x.jpg"))
    assert bytes(await file.download_as_bytearray()) == b"jpeg"


Call = Callable[[telegram.Bot], Coroutine[Any, Any, Any]]
KEYBOARD = telegram.InlineKeyboardMarkup
BUTTON = telegram.InlineKeyboardButton


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda bot: bot.send_message(CONTACT, "x" * 4097), "message is too long"),
        (lambda bot: bot.send_message(CONTACT, "👍" * 4097), "message is too long"),
        (lambda bot: bot.send_message(CONTACT, " \n"), "text is empty"),
        (lambda bot: bot.send_message(CONTACT, "<b> </b>", parse_mode="HTML"), "text is empty"),
        (lambda bot: bot.send_message(CONTACT, "<p>x</p>", parse_mode="HTML"), 'unsupported start tag "p"'),
        (lambda bot: bot.send_message(CONTACT, "1 < 2", parse_mode="HTML"), "unsupported start tag"),
        (lambda bot: bot.send_message(CONTACT, "<b>x", parse_mode="HTML"), "can't find end tag"),
        (lambda bot: bot.send_message(CONTACT, "x</b>", parse_mode="HTML"), "unmatched end tag"),
        (lambda bot: bot.send_message(CONTACT, "x", parse_mode="YAML"), "parse_mode"),
        (lambda bot: bot.send_message(404, "x"), "chat not found"),
        (lambda bot: bot.send_photo(CONTACT, b"x", caption="x" * 1025), "caption is too long"),
        (lambda bot: bot.send_photo(CONTACT, b"x" * (10 * 1024 * 1024 + 1)), "too big for a photo"),
        (lambda bot: bot.send_photo(CONTACT, "https://shop.example/x.png"), "no photo"),
        (lambda bot: bot.send_document(CONTACT, b""), "non-empty"),
        (lambda bot: bot.get_file("unknown"), "invalid file_id"),
        (lambda bot: bot.answer_callback_query("unknown"), "query is too old"),
        (lambda bot: bot.set_webhook("ftp://x"), "bad webhook"),
        (lambda bot: bot.set_webhook("https://x.example", secret_token="a b"), "unallowed characters"),
        (
            lambda bot: bot.send_message(CONTACT, "x", reply_parameters=telegram.ReplyParameters(404)),
            "message to be replied not found",
        ),
        (
            lambda bot: bot.send_message(CONTACT, "x", reply_markup=KEYBOARD([[BUTTON("x", callback_data="签" * 22)]])),
            "button_data_invalid",
        ),
        (
            lambda bot: bot.send_message(CONTACT, "x", reply_markup=KEYBOARD([[BUTTON(" ", callback_data="x")]])),
            "non-empty",
        ),
        (
            lambda bot: bot.send_message(
                CONTACT, "x", reply_markup=KEYBOARD([[BUTTON("x", callback_data="x")] for _ in range(101)])
            ),
            "too long",
        ),
    ],
)
async def test_it_refuses_what_the_platform_refuses(bot: telegram.Bot, call: Call, words: str) -> None:
    """With a 400 whose words the library knows."""
    with pytest.raises(BadRequest) as caught:
        await call(bot)
    assert words in caught.value.message.lower()


async def test_limits_are_counted_as_the_contact_sees_them(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """4,096 characters after the markup was read are fine, however long the markup."""
    await bot.send_message(CONTACT, "<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
    assert platform.sent(CONTACT)[0]["text"] == "&" * 4096


@pytest.mark.parametrize("token", ["1:wrong", f"{TOKEN}x", "nonsense"])
async def test_only_its_token_opens_it(platform: ScriptedPlatform, token: str) -> None:
    """Another token is unauthorized, a malformed one is not found; the library calls both invalid."""
    with pytest.raises(InvalidToken):
        async with client(platform, token):
            pass


async def test_a_method_that_does_not_exist(bot: telegram.Bot) -> None:
    """It is not found."""
    with pytest.raises(telegram.error.EndPointNotFound):
        await bot.do_api_request("inventTheFuture")


async def test_a_blocked_bot_is_forbidden(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """Until the contact takes it back; the bot is told of both."""
    await platform.block(CONTACT)
    with pytest.raises(Forbidden):
        await bot.send_message(CONTACT, "x")
    await platform.block(CONTACT, is_blocked=False)
    await bot.send_message(CONTACT, "x")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_scripted_faults_come_in_order(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """Then the truth again; what was not met is known."""
    platform.script("sendMessage", throttle(5), throttle(6))
    for seconds in (5, 6):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(CONTACT, "x")
        assert caught.value.retry_after == timedelta(seconds=seconds)
        assert sum(platform.unused().values()) == 6 - seconds
    await bot.send_message(CONTACT, "x")


# --- updates ---


async def test_updates_are_asked_for_and_confirmed(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """Text, edit and press, each as the library knows it; the offset confirms."""
    written = await platform.write(CONTACT, "一")
    await platform.edit(CONTACT, written["message"]["message_id"], "二")
    sent = await bot.send_message(CONTACT, "?", reply_markup=KEYBOARD([[BUTTON("x", callback_data="x")]]))
    await platform.press(CONTACT, sent.message_id, "x")
    text, edit, press = await bot.get_updates()
    assert text.message is not None
    assert (text.message.text, text.message.from_user and text.message.from_user.language_code) == ("一", "zh-hans")
    assert edit.edited_message is not None
    assert edit.edited_message.text == "二"
    assert press.callback_query is not None
    assert press.callback_query.data == "x"
    assert await bot.get_updates(offset=edit.update_id) == (edit, press)
    await press.callback_query.answer()
    assert await bot.get_updates(offset=press.update_id + 1) == ()


async def test_asking_waits_for_news(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """A question is held open until something is written, or its time is over."""
    assert await bot.get_updates(timeout=1) == ()
    asking = asyncio.ensure_future(bot.get_updates(timeout=50_000))
    await platform.until(lambda: len(platform.calls) == 3)
    await platform.write(CONTACT, "新闻")
    assert len(await asking) == 1


async def test_only_one_may_ask(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """The later question ends the earlier one; a webhook ends all."""
    platform.mailbox.pace = 60
    first = asyncio.ensure_future(bot.get_updates(timeout=10))
    await platform.until(lambda: platform.mailbox.is_asked)
    async with client(platform) as other:
        await other.get_updates(timeout=0)
    with pytest.raises(Conflict):
        await first
    await bot.set_webhook("https://gateway.example/hooks/tg")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://gateway.example/hooks/tg"
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_only_wanted_kinds_are_delivered(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """The wish stays until it is changed."""
    await bot.get_updates(allowed_updates=["callback_query"])
    await platform.write(CONTACT, "unwanted")
    assert await bot.get_updates() == ()


class Hook:
    """A webhook that answers as it is told, then well."""

    def __init__(self, *answers: tuple[int, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.got: list[tuple[int, str]] = []

    async def receive(self, request: web.Request) -> web.Response:
        """One call."""
        update = await request.json()
        self.got.append((update["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")))
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        return web.Response(status=status, headers=headers)


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Hook], Coroutine[Any, Any, str]]]:
    """Give a hook an address."""
    runners: list[web.AppRunner] = []

    async def start(hook: Hook) -> str:
        app = web.Application()
        app.router.add_post("/", hook.receive)
        runner = web.AppRunner(app)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/"

    yield start
    for runner in runners:
        await runner.cleanup()


Serve = Callable[[Hook], Coroutine[Any, Any, str]]


async def test_what_waited_goes_to_the_webhook(platform: ScriptedPlatform, bot: telegram.Bot, serve: Serve) -> None:
    """With the secret that was given; delivered again only when it is put in again."""
    hook = Hook()
    update = await platform.write(CONTACT, "waits")
    await bot.set_webhook(await serve(hook), secret_token="s3cret")
    await platform.until(platform.mailbox.is_empty)
    await platform.deliver(update)
    await platform.until(platform.mailbox.is_empty)
    assert hook.got == [(update["update_id"], "s3cret")] * 2


async def test_held_updates_come_in_any_order(platform: ScriptedPlatform, bot: telegram.Bot, serve: Serve) -> None:
    """For tests of what overtakes what."""
    hook = Hook()
    await bot.set_webhook(await serve(hook))
    first, second = [await platform.write(CONTACT, text, is_held=True) for text in ("one", "two")]
    await platform.deliver(second)
    await platform.deliver(first)
    await platform.until(platform.mailbox.is_empty)
    assert [number for number, _ in hook.got] == [second["update_id"], first["update_id"]]


async def test_chats_do_not_wait_for_each_other(platform: ScriptedPlatform, bot: telegram.Bot, serve: Serve) -> None:
    """One contact's failing update holds up that contact only; presses have their own queue."""
    platform.mailbox.pace = 60
    platform.contact(7, "Erin")
    hook = Hook((500, {}), (500, {}))
    await bot.set_webhook(await serve(hook))
    stuck = await platform.write(CONTACT, "stuck")
    await platform.until(lambda: len(platform.mailbox.attempts) == 2)
    behind = await platform.write(CONTACT, "behind")
    free = await platform.write(7, "free")
    await platform.until(lambda: len(platform.mailbox.attempts) == 3)
    assert [number for number, _ in hook.got] == [stuck["update_id"]] * 2 + [free["update_id"]]
    assert behind["update_id"] not in {number for number, _ in hook.got}


@pytest.mark.parametrize(("kind", "kept_for"), [("text", timedelta(hours=24)), ("press", timedelta(seconds=150))])
async def test_old_updates_are_given_up(
    platform: ScriptedPlatform, bot: telegram.Bot, serve: Serve, clock: StandingClock, kind: str, kept_for: timedelta
) -> None:
    """A day for words, 150 seconds for a press."""
    sent = await bot.send_message(CONTACT, "?", reply_markup=KEYBOARD([[BUTTON("x", callback_data="x")]]))
    await (platform.write(CONTACT, "x") if kind == "text" else platform.press(CONTACT, sent.message_id, "x"))
    hook = Hook(*[(500, {})] * 9999)
    clock.move(kept_for)
    await bot.set_webhook(await serve(hook))
    await platform.until(lambda: len(platform.mailbox.attempts) == 3)
    assert not platform.mailbox.is_empty()
    clock.move(timedelta(seconds=1))
    await platform.until(platform.mailbox.is_empty)


async def test_a_webhook_may_ask_for_time(platform: ScriptedPlatform, bot: telegram.Bot, serve: Serve) -> None:
    """``Retry-After`` on a refusal is honoured instead of the platform's own waiting."""
    platform.mailbox.pace = 0.0001
    hook = Hook((503, {"Retry-After": "100"}))
    await bot.set_webhook(await serve(hook))
    began = asyncio.get_running_loop().time()
    await platform.write(CONTACT, "x")
    await platform.until(platform.mailbox.is_empty)
    assert asyncio.get_running_loop().time() - began >= 0.01
    assert len(hook.got) == 2


async def test_a_platform_that_is_gone(platform: ScriptedPlatform, bot: telegram.Bot) -> None:
    """Stopped, it lets go of everybody who waits."""
    platform.mailbox.pace = 60
    asking = asyncio.ensure_future(bot.get_updates(timeout=10))
    await platform.until(lambda: platform.mailbox.is_asked)
    await platform.stop()
    with pytest.raises((NetworkError, Conflict)):
        await asking
