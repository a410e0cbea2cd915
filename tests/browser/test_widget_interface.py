"""What a site may ask of the widget, and what the widget tells it: every call and every event, in Chromium."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from adapters.secret import Secret
from adapters.site import FieldKind
from adapters.web.identity import hash_of
from adapters.web.settings import PrechatField
from gateway.store.schema import contacts, messages, threads
from tests.browser.contact import CHAT, PATIENCE, add_shop, chat, visitor, write
from tests.browser.tunnel import Tunnel
from tests.gateway.realtime.reception import Reception, open_reception
from tests.gateway.waiting import until_found

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KEY = "secret-of-the-shop's-server"
CALLS = (
    "boot", "shutdown", "open", "close", "toggle", "showLauncher", "identify", "logout", "setAttributes",
    "unsetAttribute", "setContext", "addTag", "removeTag", "prefill", "send", "setLocale", "setTheme", "consent", "on",
)  # fmt: skip
EVENTS = "ready open close unread message:sent message:received typing queue assigned ended prechat csat status error"

LISTEN = f"""
window.told = [];
for (const name of "{EVENTS}".split(" ")) pointsman.on(name, (detail) => told.push([name, detail]));
null; // else the last listener's end would be called: an expression that is a function is
"""


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """A widget whose site can prove who its contacts are."""
    async with open_reception(tmp_path, more=add_shop, identity_secret=Secret(KEY), visitor_tags=("promo",)) as opened:
        yield opened


async def told(page: Page, name: str, **like: str) -> Any:
    """What the page was last told of an event that has these values; waits for it."""
    async with asyncio.timeout(PATIENCE / 1000):
        while True:
            all_told = await page.evaluate("told")
            those = [detail for event, detail in all_told if event == name]
            found = [detail for detail in those if all(detail[key] == value for key, value in like.items())]
            if found:
                return found[-1]
            await page.evaluate("new Promise(requestAnimationFrame)")


async def column(reception: Reception, column: Any) -> list[Any]:
    """A column of a table."""
    return list(await reception.store.read(lambda connection: connection.execute(select(column)).scalars()))


async def is_rated(reception: Reception, words: str) -> bool:
    """Whether these stars and words were written down; the contact is thanked before."""
    return words in await column(reception, messages.c.text)


async def test_every_call_exists_and_none_throws(reception: Reception, chromium: Browser) -> None:
    """Each call may be made with anything, before the chat was opened and after; what is wrong is an event."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/shop")
        await page.evaluate(LISTEN)
        missing = "names => names.filter((name) => typeof pointsman[name] !== 'function')"
        assert await page.evaluate(missing, list(CALLS)) == []
        assert await page.evaluate("[pointsman.unread, pointsman.status]") == [0, "offline"]
        odd = "[undefined, null, 7, {}, [], () => 1, Symbol('x')]"
        broken = "{get name() { throw new Error('a page\\'s own mistake'); }}"
        for name in CALLS:
            if name not in {"on", "shutdown", "consent", "boot"}:
                await page.evaluate(f"{odd}.forEach((value) => pointsman[{name!r}](value))")
        await page.evaluate(f"pointsman.identify('42', {broken})")
        await told(page, "error", code="failed")


async def test_site_is_told_what_happens(reception: Reception, chromium: Browser) -> None:
    """The whole story as events: ready, open, sent, queue, assigned, typing, received, unread, ended, csat, status."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/shop")
        await page.evaluate(LISTEN)
        await page.evaluate("document.title = 'Shop'")
        await page.locator(".launcher").click()
        frame = page.frame_locator(CHAT)
        await write(frame, "日本")
        await told(page, "status", status="online")
        assert (await told(page, "queue"))["position"] == 1
        await reception.take()
        assert (await told(page, "assigned"))["name"] == "娜娜"
        (visit,) = reception.visits
        await reception.visits.push(visit.inbox, visit.address, {"type": "typing", "name": ""})
        assert (await told(page, "typing"))["name"] == "娜娜"
        await page.evaluate("pointsman.close()")
        await reception.answer("您好")
        assert (await told(page, "unread"))["count"] == 1
        await expect(page).to_have_title("(1) Shop")
        await page.evaluate("pointsman.toggle()")
        await expect(page).to_have_title("Shop")
        await frame.get_by_role("button", name="更多").click()
        await frame.get_by_role("button", name="结束本次咨询").click()
        await frame.get_by_role("button", name="结束咨询", exact=True).click()
        await told(page, "ended")
        await frame.locator(".rating__star").nth(4).click()
        await frame.locator(".rating__words").fill("很好")
        await frame.locator(".rating .button").click()
        assert await told(page, "csat") == {"stars": 5, "text": "很好"}
        await expect(frame.locator(".rating__thanks")).to_be_visible()
        await until_found(lambda: is_rated(reception, "★★★★★ 很好"))
        names = {name for name, _ in await page.evaluate("told")}
        assert {"ready", "open", "close", "message:sent", "message:received"} <= names


async def test_calls_before_loading_are_all_kept(reception: Reception, chromium: Browser) -> None:
    """Identity, attributes, tags and context said before the script had come are there with the first word."""
    hashed = hash_of("42", KEY)
    async with visitor(chromium) as context:
        await context.add_init_script(
            f"""window.early = [
              ["identify", "42", {{name: "王芳", email: "f@shop.example", hash: "{hashed}"}}],
              ["setAttributes", {{plan: "gold", seats: 3}}], ["unsetAttribute", "seats"],
              ["addTag", "promo"], ["setTheme", "dark"], ["setLocale", "en"], ["prefill", "I would like"]];"""
        )
        page = await context.new_page()
        await page.route("**/shop.js", lambda route: route.fulfill(body="window.pointsman = {calls: window.early}"))
        frame = await chat(page, reception)
        await expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
        await expect(frame.locator(".composer__field")).to_have_value("I would like")
        await frame.locator(".composer__field").press("Enter")
        await expect(frame.locator(".fate")).to_contain_text("Sent")
        assert await column(reception, threads.c.address) == ["id:42"]
        (attributes,) = await column(reception, contacts.c.attributes)
        assert '"site:plan":"gold"' in attributes
        assert "seats" not in attributes
        assert '"user_id":"42"' in attributes
        tags = await reception.engine.inspect(lambda board: [c.tags for c in board.conversations.values()])
        assert "promo" in tags[0]


async def test_person_is_found_again_elsewhere_and_leaves(reception: Reception, chromium: Browser) -> None:
    """On another device the same person finds the thread; after a logout nothing of it is left on the page."""
    me = f"pointsman.identify('42', {{hash: '{hash_of('42', KEY)}'}})"
    async with visitor(chromium) as phone:
        page = await phone.new_page()
        frame = await chat(page, reception)
        await page.evaluate(me)
        await write(frame, "from the phone")
        await expect(frame.locator(".fate")).to_contain_text("已送达")
    async with visitor(chromium) as laptop:
        page, other = await laptop.new_page(), await laptop.new_page()
        tunnel = Tunnel()
        await other.route_web_socket(re.compile("/ws$"), tunnel.route)
        frame = await chat(page, reception)
        second = await chat(other, reception)
        await page.evaluate(me)
        await expect(frame.locator(".words")).to_have_text("from the phone")
        await expect(second.locator(".words")).to_have_text("from the phone")
        await tunnel.enter()  # it learns of it late, when the next one has said as much as the one before
        await page.evaluate("pointsman.logout()")
        await expect(frame.locator(".row")).to_have_count(0)
        await write(frame, "somebody else")
        await expect(frame.locator(".fate")).to_contain_text("已送达")
        await tunnel.leave(other)
        for seen in (frame, second):
            await expect(seen.locator(".words")).to_have_text(["somebody else"])
        assert len(await column(reception, threads.c.address)) == 2


async def test_forged_identity_is_an_event(reception: Reception, chromium: Browser) -> None:
    """The site's developer is told what is wrong with the proof."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        await page.evaluate(LISTEN)
        await page.evaluate("pointsman.identify('42', {hash: '0'.repeat(64)})")
        assert (await told(page, "error"))["code"] == "not_identified"
        await write(frame, "still here")
        await expect(frame.locator(".fate")).to_contain_text("已送达")


async def test_without_consent_nothing_is_kept(reception: Reception, chromium: Browser) -> None:
    """Consent that is taken back empties the storage and hides the widget; given again, it begins anew."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        await page.evaluate(LISTEN)
        await write(frame, "日本")
        await told(page, "message:sent")
        await page.evaluate("pointsman.consent(false)")
        await expect(page.locator("pointsman-widget")).to_have_count(0)
        assert await page.evaluate("Object.keys(localStorage)") == []
        await page.evaluate("pointsman.open()")
        assert (await told(page, "error"))["code"] == "no_consent"
        await page.evaluate("pointsman.consent(true); pointsman.open()")
        await expect(page.frame_locator(CHAT).locator(".greeting")).to_be_visible()
        await expect(page.frame_locator(CHAT).locator(".row")).to_have_count(0)


async def test_launcher_can_be_the_sites_own(reception: Reception, chromium: Browser) -> None:
    """Without our button the site opens the chat by its own."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/shop")
        await page.evaluate("pointsman.showLauncher(false)")
        await expect(page.locator(".launcher")).to_be_hidden()
        await page.evaluate("pointsman.open()")
        await expect(page.frame_locator(CHAT).locator(".composer__field")).to_be_focused()
        await page.evaluate("pointsman.showLauncher(true)")
        await expect(page.locator(".launcher")).to_be_visible()


async def test_form_comes_before_the_first_word(chromium: Browser, tmp_path: Path) -> None:
    """What is asked is answered once, reaches the contact as said and not proven, and is told to the site."""
    asked = {
        "name": PrechatField(label={"zh-CN": "称呼", "en": "Your name"}, required=True),
        "email": PrechatField(label={"zh-CN": "邮箱"}, kind=FieldKind.EMAIL),
        "trip": PrechatField(label={"zh-CN": "目的地"}, kind=FieldKind.CHOICE, options={"jp": {"zh-CN": "日本"}}),
    }
    async with open_reception(tmp_path, more=add_shop, prechat=asked) as reception, visitor(chromium) as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/shop")
        await page.evaluate(LISTEN)
        await page.locator(".launcher").click()
        frame = page.frame_locator(CHAT)
        await frame.get_by_role("button", name="开始咨询").click()
        await expect(frame.get_by_label("称呼")).to_be_focused()  # it is required
        await frame.get_by_label("称呼").fill("王芳")
        await frame.get_by_label("目的地").select_option("jp")
        await frame.get_by_role("button", name="开始咨询").click()
        assert await told(page, "prechat") == {"answers": {"name": "王芳", "trip": "jp"}}
        await expect(frame.locator(".composer__field")).to_be_focused()
        await page.reload()
        await page.locator(".launcher").click()
        await write(frame, "hello")
        await expect(frame.locator(".fate")).to_contain_text("已送达")
        assert await column(reception, contacts.c.name) == ["王芳"]
        assert '"site:trip":"jp"' in (await column(reception, contacts.c.attributes))[0]


async def test_transcript_is_saved(reception: Reception, chromium: Browser) -> None:
    """The menu gives what was said as a file."""
    async with visitor(chromium) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        await write(frame, "我想办日本签证")
        await expect(frame.locator(".fate")).to_contain_text("已送达")
        await frame.get_by_role("button", name="更多").click()
        async with page.expect_download() as saving:
            await frame.get_by_role("button", name="保存聊天记录").click()
        saved = await saving.value
        assert saved.suggested_filename == "chat.txt"
        assert "我想办日本签证" in Path(await saved.path()).read_text(encoding="utf-8")


async def test_sound_is_muted_everywhere(reception: Reception, chromium: Browser) -> None:
    """Muted in one tab is muted in the others, and after a reload."""
    async with visitor(chromium, language="en") as context:
        one, other = await context.new_page(), await context.new_page()
        for page in (one, other):
            await page.goto(f"{reception.origin}/widget/website/")
        await one.get_by_role("button", name="More").click()
        await one.get_by_role("button", name="Sound is on").click()
        await other.get_by_role("button", name="More").click()
        await expect(other.get_by_role("button", name="Sound is off")).to_be_visible()
        await one.reload()
        await one.get_by_role("button", name="More").click()
        await expect(one.get_by_role("button", name="Sound is off")).to_be_visible()


async def test_earlier_messages_can_be_had(
    reception: Reception, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long thread begins with its end; what was before comes when it is asked for, and nothing jumps."""
    monkeypatch.setattr("gateway.realtime.visits.BACKLOG", 12)
    monkeypatch.setattr("gateway.realtime.visits.PAGE", 12)
    async with visitor(chromium, language="en") as context:
        page = await context.new_page()
        await page.goto(f"{reception.origin}/widget/website/")
        for number in range(30):
            await page.locator(".composer__field").fill(f"message {number}")
            await page.locator(".composer__field").press("Enter")
        await expect(page.locator(".row--mine .fate").last).to_contain_text("Sent")
        await expect(page.locator(".row--mine .fate")).to_have_count(1)
        await page.reload()
        await expect(page.locator(".words")).to_have_count(12)
        await page.get_by_role("button", name="Earlier messages").click()
        await expect(page.locator(".words")).to_have_count(24)
        await page.get_by_role("button", name="Earlier messages").click()
        await expect(page.locator(".words")).to_have_count(30)
        await expect(page.get_by_role("button", name="Earlier messages")).to_have_count(0)
        assert await page.locator(".words").all_text_contents() == [f"message {number}" for number in range(30)]
