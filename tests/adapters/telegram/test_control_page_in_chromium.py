"""The simulated contacts' page, as a person uses it: with a mouse, with the keyboard, on a telephone."""

from collections.abc import AsyncIterator

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from router.message import Choices, Media, MediaKind, Option, Text
from tests.adapters.telegram.bench import TelegramStage
from tests.adapters.telegram.test_delivery import message

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(on_stage: TelegramStage) -> AsyncIterator[Page]:
    """The page, open; whatever its console says fails the test."""
    said: list[str] = []
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        opened = await chromium.new_page()
        opened.on("console", lambda line: said.append(line.text))
        opened.on("pageerror", lambda problem: said.append(str(problem)))
        await opened.goto(on_stage.platform.address)
        yield opened
        await chromium.close()
    assert said == []


async def test_a_person_writes_and_presses(on_stage: TelegramStage, page: Page) -> None:
    """A new customer writes, reads the answer, presses a button and writes again with the keyboard."""
    await page.fill("#name", "<b>王</b>")
    await page.click("#newcomer button")
    await page.locator("#messages li.contact").wait_for()
    number = max(on_stage.platform.chats.chats)
    assert on_stage.platform.chats.chats[number].first_name == "<b>王</b>"
    await on_stage.adapter.deliver(
        message(
            Text(text="哪个国家？ <script>"),
            Choices(options=(Option(value="jp", label="日本"),)),
            Media(kind=MediaKind.FILE, name="表格.pdf"),
            address=str(number),
        )
    )
    await page.locator("#messages li.bot").nth(1).wait_for()
    assert "哪个国家？ <script>" in await page.locator("#messages").inner_text()
    await page.locator("#messages li.bot button").click()
    await on_stage.platform.until(lambda: bool(on_stage.platform.chats.acknowledged))
    await page.fill("#text", "谢谢")
    await page.keyboard.press("Enter")
    await page.locator("#messages li.contact").nth(1).wait_for()
    assert await page.input_value("#text") == ""


@pytest.mark.parametrize("width", [1100, 360])
async def test_everybody_can_use_it(on_stage: TelegramStage, page: Page, width: int) -> None:
    """The checker finds nothing, wide and narrow, and nothing is wider than a telephone."""
    await page.set_viewport_size({"width": width, "height": 800})
    await page.fill("#first", "x" * 300)
    await page.click("#newcomer button")
    await page.locator("#messages li.contact").wait_for()
    found = await Axe().run(page)
    assert [violation["id"] for violation in found["violations"]] == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
