"""The simulated people's page, as a person uses it: with a mouse, with the keyboard, on a telephone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from adapters.slack.fake_platform.workspace import TEAM
from router.message import Text
from tests.adapters.control_page import is_for_everybody, opened
from tests.adapters.slack.bench import SlackStage
from tests.adapters.slack.test_delivery import choices, outbound

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(on_stage: SlackStage) -> AsyncIterator[Page]:
    """The page, open."""
    async with opened(on_stage.platform.address) as page:
        yield page


async def test_a_person_writes_and_presses(on_stage: SlackStage, page: Page) -> None:
    """Somebody new writes, reads the answer, presses a button and writes again with the keyboard."""
    await page.fill("#name", "<b>王</b>")
    await page.click("#newcomer button")
    await page.locator("#messages li.contact").wait_for()
    user = next(user for user, person in on_stage.platform.workspace.people.items() if person.name == "<b>王</b>")
    await on_stage.adapter.deliver(outbound(Text(text="哪个国家？ <script>"), choices(1), address=f"{TEAM}:{user}"))
    await page.locator("#messages li.bot").wait_for()
    assert "哪个国家？ <script>" in await page.locator("#messages").inner_text()
    async with page.expect_response("**/control/press") as pressed:
        await page.locator("#messages li.bot button").click()
    assert (await pressed.value).ok
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
