"""The simulated contacts' page, as a person uses it: with a mouse, with the keyboard, on a telephone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from router.message import Choices, Media, MediaKind, Option, Text
from tests.adapters.control_page import is_for_everybody, opened
from tests.adapters.telegram.bench import TelegramStage
from tests.adapters.telegram.test_delivery import message

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(on_stage: TelegramStage) -> AsyncIterator[Page]:
    """The page, open."""
    async with opened(on_stage.platform.address) as page:
        yield page


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


async def test_everybody_can_use_it(page: Page) -> None:
    """Wide and narrow, by whatever means, with a very long word on it."""
    await page.fill("#first", "x" * 300)
    await page.click("#newcomer button")
    await page.locator("#messages li.contact").wait_for()
    await is_for_everybody(page)
