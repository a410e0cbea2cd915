"""The tour of the README in Debian's Chromium, on the demo as `make run` starts it: two channels, one desk.

With ``--update`` it keeps its screenshots as the README's pictures.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, FrameLocator, Page, expect

from tests.browser.contact import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PICTURES = Path(__file__).parents[2] / "docs/pictures"
QUESTION = "我想办日本签证"
ANSWER = "您好！日本单次旅游签证需要护照、照片和在职证明，一般 5 个工作日出签。"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its own address, and those of the simulated customers and followers."""

    url: str
    simulated: str
    followers: str


@asynccontextmanager
async def demo(data: Path) -> AsyncIterator[Demo]:
    """The demo in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "gateway", "demo", "--listen", "127.0.0.1:0", "--data", str(data)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            printed = (await process.stdout.readuntil(b"Ctrl-C")).decode()
        url = re.findall(r"http://\S+?(?=/\s)", printed)[0]
        simulated, followers = (re.findall(rf"{name} +(http://\S+)", printed)[0] for name in ("Telegram", "WeChat"))
        yield Demo(url, simulated, followers)
    finally:
        process.terminate()
        async with asyncio.timeout(20):
            assert await process.wait() == 0


async def page_of(chromium: Browser, width: int, height: int) -> Page:
    """Somebody's own browser window."""
    context = await chromium.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return await context.new_page()


async def keep(page: Page, name: str, *, update: bool) -> None:
    """Take a picture; with ``update`` it becomes the README's."""
    taken = await page.screenshot()
    assert taken.startswith(PNG)
    if update:
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / name).write_bytes(taken)
    assert (PICTURES / name).read_bytes().startswith(PNG), "make docs takes the README's pictures"


async def log_in(desk: Page, demo_url: str, login: str) -> None:
    """An agent logs in and is ready."""
    await desk.goto(f"{demo_url}/desk/")
    await desk.locator("input").first.fill(login)
    await desk.locator("input[type=password]").fill(f"{login}-demo")
    await desk.keyboard.press("Enter")
    await desk.get_by_role("button", name="开始接待").click()


async def open_widget(shop: Page, demo_url: str) -> FrameLocator:
    """A visitor opens the chat in the shop's corner."""
    await shop.goto(f"{demo_url}/demo/shop")
    await shop.get_by_role("button").last.click()
    return shop.frame_locator("iframe")


async def accept(desk: Page) -> None:
    """The agent accepts what is offered."""
    await desk.get_by_role("button", name="接受").click()


async def accept_and_answer(desk: Page) -> None:
    """The agent accepts what is offered and answers it."""
    await accept(desk)
    await answer(desk)


async def answer(desk: Page) -> None:
    """The agent answers in the open conversation."""
    composer = desk.locator("textarea").first
    await composer.fill(ANSWER)
    await composer.press("Enter")
    await expect(desk.get_by_text(ANSWER).last).to_be_visible()


async def test_a_visitor_is_answered_from_the_desk(chromium: Browser, tmp_path: Path, *, update: bool) -> None:
    """A visitor asks about Japan in the widget, Li Na is offered it, answers, sees why; the visitor reads her words."""
    async with demo(tmp_path / "data") as running:
        desk, shop = await page_of(chromium, 1440, 900), await page_of(chromium, 1280, 800)
        await log_in(desk, running.url, "li.na")
        widget = await open_widget(shop, running.url)
        await widget.locator("textarea").fill(QUESTION)
        await widget.locator("textarea").press("Enter")
        await accept_and_answer(desk)
        await expect(widget.get_by_text(ANSWER)).to_be_visible()
        await desk.get_by_role("link", name="为何在此").click()
        await expect(desk.get_by_text(re.compile("Japan")).first).to_be_visible()
        await keep(shop, "widget.png", update=update)
        await keep(desk, "desk.png", update=update)


async def test_a_simulated_customer_is_answered_from_the_desk(
    chromium: Browser, tmp_path: Path, *, update: bool
) -> None:
    """A customer of another channel asks through the real webhook; the answer leaves by that channel's own calls.

    Where the channel allows only a few, the desk counts them.
    """
    async with demo(tmp_path / "data") as running:
        desk, customers = await page_of(chromium, 1440, 900), await page_of(chromium, 1280, 800)
        await log_in(desk, running.url, "li.na")
        await customers.goto(running.simulated)
        await customers.get_by_label(re.compile("第一句话")).fill(QUESTION)
        await customers.get_by_role("button", name=re.compile("开始")).click()
        await accept_and_answer(desk)
        await expect(customers.get_by_text(ANSWER).last).to_be_visible()
        await keep(customers, "simulated-customers.png", update=update)

        await desk.request.post(f"{running.followers}control/write", data={"text": QUESTION})
        await accept(desk)
        await expect(desk.locator(".composer .window")).to_have_text(re.compile("^还可发 5/5 条"))  # it is open now
        await answer(desk)
        await expect(desk.locator(".composer .window")).to_have_text(re.compile("^还可发 4/5 条，47小时后关闭$"))


async def test_the_entrance_speaks_three_languages(chromium: Browser, tmp_path: Path) -> None:
    """A newcomer reads what is here in the own language, can change it, and meets no barrier."""
    async with demo(tmp_path / "data") as running:
        entrance = await page_of(chromium, 1280, 900)
        await entrance.goto(f"{running.url}/")
        for button, heading in (
            ("English", "Try it in a minute"),
            ("繁體中文", "一分鐘體驗"),
            ("简体中文", "一分钟体验"),
        ):
            await entrance.get_by_role("button", name=button).click()
            await expect(entrance.get_by_role("heading", name=heading)).to_be_visible()
            await expect(entrance.get_by_text("li.na-demo")).to_be_visible()
            found = await Axe().run(entrance)
            assert not found["violations"], found["violations"]
