"""The simulated people's page, as a person uses it: with a mouse, with the keyboard, on a telephone."""

from collections.abc import AsyncIterator

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from adapters.slack.fake_platform.workspace import TEAM
from router.message import Text
from tests.adapters.slack.bench import SlackStage
from tests.adapters.slack.test_delivery import choices, outbound

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(on_stage: SlackStage) -> AsyncIterator[Page]:
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


@pytest.mark.parametrize("width", [1100, 360])
async def test_everybody_can_use_it(on_stage: SlackStage, page: Page, width: int) -> None:
    """The checker finds nothing, wide and narrow, and nothing is wider than a telephone."""
    await page.set_viewport_size({"width": width, "height": 800})
    await page.fill("#first", "x" * 300)
    await page.click("#newcomer button")
    await page.locator("#messages li.contact").wait_for()
    found = await Axe().run(page)
    assert [violation["id"] for violation in found["violations"]] == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
