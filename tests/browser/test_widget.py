"""The widget in Debian's Chromium, on the real engine: what a contact sees, types, loses and finds again."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, WebSocketRoute, expect
from sqlalchemy import select

from adapters.site import FieldKind
from adapters.web.settings import PrechatField
from gateway.store.schema import messages, visitors
from router.message import Text
from tests.browser.contact import (
    CHAT,
    PATIENCE,
    PHONE,
    THUMB,
    Place,
    accessible,
    add_shop,
    chat,
    file,
    shop,
    stored,
    visitor,
    write,
)
from tests.gateway.images import picture
from tests.gateway.realtime.reception import Reception, open_reception
from tests.gateway.waiting import until_found

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """A widget that stands, and a page of our own that embeds it."""
    async with open_reception(tmp_path, more=add_shop) as opened:
        yield opened


async def test_conversation_travels(reception: Reception, chromium: Browser) -> None:
    """A contact writes, is told the place in the queue, is answered by name; markup stays words."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        await write(frame, "我想办日本签证")
        await expect(frame.locator(".row--mine .fate")).to_contain_text("已送达")
        await expect(frame.locator(".strip")).to_contain_text("下一位就是您")
        await reception.take()
        await reception.answer('<img src=x onerror="alert(1)"> https://example.com/a')
        theirs = frame.locator(".row--theirs")
        await expect(theirs.locator(".words")).to_have_text('<img src=x onerror="alert(1)"> https://example.com/a')
        await expect(theirs.locator("a")).to_have_attribute("rel", "noopener noreferrer nofollow")
        await expect(theirs.locator(".row__name")).to_have_text("娜娜")
        await expect(frame.locator(".header__presence")).to_contain_text("娜娜正在为您服务")
        assert await frame.locator("img").count() == 0
        await page.wait_for_function("heard.includes('received')")
        assert await page.evaluate("heard") == ["open", "ready", "sent", "received"]


async def test_page_says_how_the_contact_came(reception: Reception, chromium: Browser) -> None:
    """What the page said before the script had loaded reaches triage."""
    async with visitor(chromium) as context:
        frame = await chat(await context.new_page(), reception)
        await write(frame, "hello")
        await expect(frame.locator(".fate")).to_contain_text("已送达")
        entries = await reception.engine.inspect(lambda board: [c.entry for c in board.conversations.values()])
        assert entries == ["item-88121"]


async def test_candidate_is_not_a_message(reception: Reception, chromium: Browser) -> None:
    """The Enter that confirms a candidate sends nothing, in any of the three ways that browsers show it."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        await page.clock.install()
        await page.goto(f"{reception.origin}/widget/website/")
        field = page.locator(".composer__field")
        await field.click()
        await page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))  # "at once" takes no time, on any machine
        keyboard = await context.new_cdp_session(page)
        composing = {"text": "riben", "selectionStart": 5, "selectionEnd": 5}
        await keyboard.send("Input.imeSetComposition", composing)
        enter = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        await keyboard.send("Input.dispatchKeyEvent", enter)
        await keyboard.send("Input.imeSetComposition", composing)
        process = {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
        await keyboard.send("Input.dispatchKeyEvent", process)
        await keyboard.send("Input.insertText", {"text": "日本"})
        await field.evaluate(
            """(node) => {
                const key = {key: "Enter", bubbles: true, cancelable: true};
                node.dispatchEvent(new KeyboardEvent("keydown", {...key, keyCode: 229}));
                node.dispatchEvent(new CompositionEvent("compositionend"));
                node.dispatchEvent(new KeyboardEvent("keydown", {...key, keyCode: 13}));
            }"""
        )
        await expect(field).to_have_value(re.compile("日本"))
        assert await page.locator(".row").count() == 0
        await page.clock.run_for(100)
        await page.clock.resume()
        await field.press("Enter")
        await expect(page.locator(".row--mine")).to_have_count(1)
        await expect(field).to_have_value("")


async def test_reload_keeps_what_was_not_sent(reception: Reception, chromium: Browser) -> None:
    """Written without a line, and half-written words too: both are there after a reload, and the first is sent once."""

    async def cut(socket: WebSocketRoute) -> None:
        await socket.close()

    async with visitor(chromium) as context:
        offline = await context.new_page()
        await offline.route_web_socket(re.compile("/ws$"), cut)
        await offline.goto(f"{reception.origin}/widget/website/")
        await offline.locator(".composer__field").fill("in the tunnel")
        await offline.locator(".composer__field").press("Enter")
        await expect(offline.locator(".row--mine .fate")).to_contain_text("等待网络连接")
        await expect(offline.locator(".strip--warn")).to_be_visible()
        await offline.locator(".composer__field").fill("half a sen")
        await offline.close()

        page = await context.new_page()
        await page.goto(f"{reception.origin}/widget/website/")
        await expect(page.locator(".row--mine .fate")).to_contain_text("已送达")
        await expect(page.locator(".composer__field")).to_have_value("half a sen")
        await page.reload()
        await expect(page.locator(".row--mine")).to_have_count(1)
        assert await stored(reception) == ["in the tunnel"]


async def test_tabs_share_one_visit(reception: Reception, chromium: Browser) -> None:
    """Two tabs are one contact: what is said in one is shown in the other."""
    async with visitor(chromium) as context:
        first, second = await context.new_page(), await context.new_page()
        for page in (first, second):
            await page.goto(f"{reception.origin}/widget/website/")
        await first.locator(".composer__field").fill("from the first")
        await first.locator(".composer__field").press("Enter")
        await expect(second.locator(".words")).to_have_text(["from the first"])
        await second.locator(".composer__field").fill("from the second")
        await second.locator(".composer__field").press("Enter")
        await expect(first.locator(".words")).to_have_text(["from the first", "from the second"])
        for page in (first, second):
            await expect(page.locator(".fate").last).to_contain_text("已送达")
        hashes = await reception.store.read(lambda c: c.execute(select(visitors.c.token_hash)).all())
        assert len(hashes) == 1


async def test_answer_is_found_on_return(reception: Reception, chromium: Browser) -> None:
    """Who left finds the answer counted on the launcher, and it counts as seen once it is looked at."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        await write(frame, "日本")
        await expect(frame.locator(".fate")).to_contain_text("已送达")
        await page.close()
        await reception.take()
        await reception.answer("一", "二")

        page = await context.new_page()
        await page.goto(f"{reception.origin}/shop")
        await expect(page.locator(".unread")).to_have_text("2")
        await expect(page.locator(".launcher")).to_have_accessible_name("打开在线咨询 (2 条未读消息)")
        assert await page.evaluate("pointsman.unread") == 2
        await page.locator(".launcher").click()
        await expect(page.locator(".unread")).to_have_text("")
        states = select(messages.c.delivery).where(messages.c.direction == "out")

        async def all_are_read() -> bool:
            return set(await reception.store.read(lambda c: c.execute(states).scalars().all())) == {"read"}

        await until_found(all_are_read)


async def test_keyboard_is_enough(reception: Reception, chromium: Browser) -> None:
    """Open, write a line and a new line, send, end, close: all by keys; Escape gives the focus back."""
    async with visitor(chromium, language="en") as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/shop")
        await expect(page.locator(".launcher")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await expect(page.locator(".launcher")).to_be_focused()
        await page.keyboard.press("Enter")
        frame = page.frame_locator(CHAT)
        field = frame.locator(".composer__field")
        await expect(field).to_be_focused()
        await page.keyboard.type("Japan")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("in May")
        await page.keyboard.press("Enter")
        await expect(frame.locator(".words")).to_have_text("Japan\nin May")
        await expect(frame.locator(".strip")).to_contain_text("next in line")
        await frame.get_by_role("button", name="More").focus()
        await page.keyboard.press("Enter")
        await expect(frame.get_by_role("button", name="Sound is on")).to_be_focused()
        for _ in range(3):
            await page.keyboard.press("Tab")
        await expect(frame.get_by_role("button", name="End this chat")).to_be_focused()
        await page.keyboard.press("Enter")
        await frame.get_by_role("button", name="End chat", exact=True).press("Enter")
        await expect(frame.locator(".day--ended")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator(CHAT)).to_have_attribute("data-open", "false")
        await expect(page.locator(".launcher")).to_be_focused()
        assert await stored(reception) == ["Japan\nin May"]


async def test_file_is_sent_and_a_bad_one_is_not(reception: Reception, chromium: Browser) -> None:
    """A file goes up and becomes a message; one that cannot be sent says why and can be thrown away."""
    async with visitor(chromium, language="en") as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/widget/website/")
        picker = page.locator("input[type=file]")
        await picker.set_input_files(file("材料 清单.pdf", b"%PDF-1.7\n" + b"x" * 2_000))
        await expect(page.locator(".attachment__name")).to_have_text("材料 清单.pdf")
        await expect(page.locator(".fate")).to_contain_text("Sent")
        await picker.set_input_files(file("nothing.txt", b""))
        failed = page.locator(".fate--failed")
        await expect(failed).to_contain_text("nothing.txt is empty")
        await failed.get_by_role("button", name="Discard").click()
        await picker.set_input_files(file("invoice.exe", b"MZ"))  # a picker can be told to show everything
        await expect(failed).to_contain_text("Files of this type cannot be sent: invoice.exe")
        await failed.get_by_role("button", name="Discard").click()
        await expect(page.locator(".row")).to_have_count(1)


async def test_files_are_dropped_and_pasted(reception: Reception, chromium: Browser) -> None:
    """A file held over the chat is asked for and goes up when it is let go; a pasted picture goes up, words do not."""
    async with visitor(chromium, language="en") as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/widget/website/")
        field = page.locator(".composer__field")
        await expect(field).to_be_visible()
        held = await page.evaluate_handle(
            """() => {
                const held = new DataTransfer();
                held.items.add(new File(["%PDF-1.7 form"], "form.pdf", {type: "application/pdf"}));
                return held;
            }"""
        )
        await page.dispatch_event(".chat", "dragenter", {"dataTransfer": held})
        await expect(page.locator(".drop")).to_contain_text("Drop")
        await page.dispatch_event(".chat", "dragleave", {"dataTransfer": held})
        await expect(page.locator(".drop")).to_have_count(0)
        await page.dispatch_event(".chat", "dragenter", {"dataTransfer": held})
        await page.dispatch_event(".chat", "drop", {"dataTransfer": held})
        await expect(page.locator(".drop")).to_have_count(0)
        await expect(page.locator(".attachment__name")).to_have_text("form.pdf")
        await expect(page.locator(".fate")).to_contain_text("Sent")
        await field.focus()
        pasted = """(field, [kind, what]) => {
            const held = new DataTransfer();
            if (kind === "file") held.items.add(new File([new Uint8Array(what)], "image.png", {type: "image/png"}));
            else held.setData("text/plain", what);
            const how = {clipboardData: held, bubbles: true, cancelable: true};
            return field.dispatchEvent(new ClipboardEvent("paste", how));
        }"""
        assert await field.evaluate(pasted, ["text", "only words"]) is True
        assert await field.evaluate(pasted, ["file", [*picture(8)]]) is False
        await expect(page.locator(".row--mine")).to_have_count(2)
        await expect(page.locator(".row--mine img")).to_be_visible()


async def test_who_wants_no_motion_gets_none(reception: Reception, chromium: Browser) -> None:
    """Where the system asks for less motion nothing moves; elsewhere something does, or this would hold of anything."""
    moving = """() => [...document.querySelectorAll("*"), ...(document.querySelector("pointsman-widget")?.shadowRoot
        ?.querySelectorAll("*") ?? [])].filter((node) => {
            const style = getComputedStyle(node);
            return [style.transitionDuration, style.animationName === "none" ? "0s" : style.animationDuration]
                .flatMap((each) => each.split(",")).some((each) => parseFloat(each) > 0.001);
        }).length"""
    found = {}
    for motion in ("no-preference", "reduce"):
        async with visitor(chromium, reduced_motion=motion) as context:
            page = await context.new_page()
            await page.goto(f"{reception.origin}/shop")
            await expect(page.locator(".launcher")).to_be_visible()
            outside = await page.evaluate(moving)
            await page.goto(f"{reception.origin}/widget/website/")
            await expect(page.locator(".greeting .choice")).to_have_count(3)
            found[motion] = (outside > 0, await page.evaluate(moving) > 0)
    assert found == {"no-preference": (True, True), "reduce": (False, False)}


async def test_phone_gets_the_whole_screen(reception: Reception, chromium: Browser) -> None:
    """On a phone the chat fills the screen and everything can be hit with a thumb."""
    async with visitor(chromium, PHONE, has_touch=True, is_mobile=True) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        assert await page.locator(CHAT).bounding_box() == {"x": 0, "y": 0, **PHONE}
        for button in await frame.locator("button:visible").all():
            box = await button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= THUMB, await button.get_attribute("aria-label")
        await frame.locator(".header__button").last.click()
        await expect(page.locator(CHAT)).to_be_hidden()


async def test_site_can_steer_it(reception: Reception, chromium: Browser) -> None:
    """The page's own calls: language, words to begin with, sending, shutting down; loading twice is once."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/shop")
        await expect(page.locator("pointsman-widget")).to_have_count(1)
        await page.add_script_tag(url="/widget/loader.js?inbox=website")
        assert await page.locator("pointsman-widget").count() == 1
        await page.evaluate("pointsman.setLocale('en'); pointsman.open(); pointsman.prefill('I would like')")
        frame = page.frame_locator(CHAT)
        await expect(frame.locator(".composer__field")).to_have_value("I would like")
        await expect(frame.locator(".composer__field")).to_have_attribute("placeholder", "Write a message…")
        await page.evaluate("pointsman.setLocale('constructor')")  # no language, and a name that every object has
        await page.evaluate("pointsman.setLocale('zh-HK')")
        await expect(frame.locator(".composer__field")).to_have_attribute("placeholder", "請輸入訊息…")
        await page.evaluate("pointsman.send('hello')")
        await expect(frame.locator(".words")).to_have_text("hello")
        await page.evaluate("pointsman.shutdown()")
        await expect(page.locator("pointsman-widget")).to_have_count(0)


async def test_choice_starts_the_conversation(reception: Reception, chromium: Browser) -> None:
    """A topic of the greeting is pressed, and routed by its words."""
    async with visitor(chromium, language="en") as context:
        frame = await chat(await context.new_page(), reception)
        await frame.get_by_role("button", name="Japan · Korea").click()
        await expect(frame.locator(".row--mine .words")).to_have_text("Japan · Korea")
        await expect(frame.locator(".greeting .choice")).to_have_count(0)
        await expect(frame.locator(".fate")).to_contain_text("Sent")
        assert await stored(reception) == ["Japan · Korea"]


async def test_words_from_another_window_are_ignored(reception: Reception, chromium: Browser) -> None:
    """The frame obeys its parent alone, and the page obeys its own frame alone."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        await page.evaluate(
            """async () => {
                const stranger = document.createElement("iframe");
                stranger.src = "/widget/website/";
                document.body.append(stranger);
                await new Promise((done) => (stranger.onload = done));
                const chat = document.querySelector("pointsman-widget").shadowRoot.querySelector("iframe");
                const word = {pointsman: "send", text: "forged"};
                chat.contentWindow.dispatchEvent(
                    new MessageEvent("message", {data: word, origin: location.origin, source: stranger.contentWindow}));
                chat.contentWindow.dispatchEvent(
                    new MessageEvent("message", {data: word, origin: "https://evil.example", source: window}));
                const count = {pointsman: "unread", count: 9};
                const [ours, evil] = [location.origin, "https://evil.example"];
                window.dispatchEvent(
                    new MessageEvent("message", {data: count, origin: ours, source: stranger.contentWindow}));
                window.dispatchEvent(
                    new MessageEvent("message", {data: count, origin: evil, source: chat.contentWindow}));
            }"""
        )
        await write(frame, "mine")
        await expect(frame.locator(".words")).to_have_text(["mine"])
        assert await page.evaluate("pointsman.unread") == 0


async def test_only_named_sites_may_embed(chromium: Browser, tmp_path: Path) -> None:
    """On a named site of another origin the widget works; on any other the browser refuses the frame."""
    named, other = Place("localhost"), Place("localhost")
    origins = named.origin, other.origin
    async with open_reception(tmp_path, origins=origins[:1]) as reception:
        sites = [place.server(shop(reception.origin)) for place in (named, other)]
        await asyncio.gather(*(site.start_server() for site in sites))
        try:
            context = await chromium.new_context(locale="en")
            context.set_default_timeout(PATIENCE)
            page = await context.new_page()
            await page.goto(f"{origins[0]}/shop")
            await page.locator(".launcher").click()
            await write(page.frame_locator(CHAT), "across")
            await expect(page.frame_locator(CHAT).locator(".fate")).to_contain_text("Sent")
            async with page.expect_console_message(lambda line: "frame-ancestors" in line.text):
                await page.goto(f"{origins[1]}/shop")
                await page.locator(".launcher").click()
            await context.close()
        finally:
            await asyncio.gather(*(site.close() for site in sites))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_stands_in_the_way(reception: Reception, chromium: Browser, scheme: Any) -> None:
    """axe-core finds nothing: greeting, conversation, failure, queue and menu, light and dark; the launcher too."""
    # axe is put into the page by the test, which the page's own policy rightly forbids.
    async with visitor(chromium, color_scheme=scheme, bypass_csp=True) as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/widget/website/")
        await expect(page.locator(".greeting .choice")).to_have_count(3)
        await accessible(page)
        await page.locator(".composer__field").fill("我想办日本签证")
        await page.locator(".composer__field").press("Enter")
        await expect(page.locator(".strip")).to_be_visible()
        await page.locator("input[type=file]").set_input_files(file("空.txt", b""))
        await expect(page.locator(".fate--failed")).to_be_visible()
        await accessible(page)
        await reception.take()
        await reception.answer("您好", parts=(Text(text="https://example.com"),))
        await expect(page.locator(".row--theirs")).to_be_visible()
        await page.get_by_role("button", name="更多").click()
        await accessible(page)
        await page.goto(f"{reception.origin}/shop")
        await expect(page.locator(".launcher")).to_be_visible()
        await accessible(page)


FORM = {
    "name": PrechatField(label={"zh-CN": "称呼", "zh-TW": "稱呼", "en": "Your name"}, required=True),
    "trip": PrechatField(
        label={"zh-CN": "目的地", "zh-TW": "目的地", "en": "Where to"},
        kind=FieldKind.CHOICE,
        options={"jp": {"zh-CN": "日本", "zh-TW": "日本", "en": "Japan"}},
    ),
}


@pytest.mark.parametrize(
    ("language", "scheme", "accent"),
    [
        ("zh-CN", "light", ""),
        ("zh-CN", "dark", "#7a2f8a"),
        ("zh-TW", "light", "#7a2f8a"),
        ("zh-TW", "dark", ""),
        ("en", "light", "#a3261e"),
        ("en", "dark", "#14409a"),
    ],
)
async def test_everything_can_be_read_and_reached(
    chromium: Browser, tmp_path: Path, language: str, scheme: Any, accent: str
) -> None:
    """Form, menu, closing question, rating and thanks: axe-core finds nothing, and keys alone go all the way."""
    async with (
        open_reception(tmp_path, prechat=FORM, accent=accent) as reception,
        visitor(chromium, language=language, color_scheme=scheme, bypass_csp=True) as context,
    ):
        page = await context.new_page()
        await page.goto(f"{reception.origin}/widget/website/")
        await page.locator(".prechat input").focus()
        await accessible(page)
        await page.keyboard.type("王芳")
        await page.keyboard.press("Enter")
        await expect(page.locator(".composer__field")).to_be_focused()
        await page.keyboard.type("日本")
        await page.keyboard.press("Enter")
        await expect(page.locator(".strip")).to_be_visible()
        await reception.take()
        await reception.answer("您好")
        await expect(page.locator(".row--theirs")).to_be_visible()
        await page.locator(".menu .header__button").focus()
        await page.keyboard.press("Enter")
        await accessible(page)
        await page.locator(".menu__item").last.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".menu .button--danger")).to_be_visible()
        await accessible(page)
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(".rating__star")).to_have_count(5)
        await accessible(page)
        await page.locator(".rating input").first.focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(".rating__star--on")).to_have_count(2)
        await accessible(page)
        await page.locator(".rating__words").focus()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(".rating__thanks")).to_be_visible()
        await accessible(page)
