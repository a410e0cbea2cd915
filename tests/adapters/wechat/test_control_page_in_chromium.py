"""The simulated followers' page, as a person uses it: with a mouse, with the keyboard, on a telephone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from router.message import Choices, Option, Text
from tests.adapters.control_page import is_for_everybody, opened
from tests.adapters.suite import outbound
from tests.adapters.wechat.bench import WeChatStage

pytestmark = pytest.mark.browser

ASKED = Choices(options=(Option(value="jp", label="日本"), Option(value="us", label="美国")))


@pytest.fixture
async def page(on_stage: WeChatStage) -> AsyncIterator[Page]:
    """The page, open."""
    async with opened(on_stage.platform.address) as page:
        yield page


async def test_a_follower_writes_taps_scans_and_leaves(on_stage: WeChatStage, page: Page) -> None:
    """A new follower writes, reads the answer and how much may still be said, taps a line, scans, unfollows."""
    await page.fill("#name", "<b>赵</b>")
    await page.click("#newcomer button")
    await expect(page.locator("#messages li.contact")).to_have_count(1)
    await expect(page.locator("#window")).to_contain_text("5")
    (person,) = (each for each in on_stage.platform.people.followers.values() if each.name == "<b>赵</b>")
    await on_stage.adapter.deliver(outbound(person.openid, Text(text="哪个国家？ <script>"), ASKED))
    await expect(page.locator("#messages li.account")).to_contain_text("哪个国家？ <script>")
    await expect(page.locator("#window")).to_contain_text("4")
    await page.locator("#messages li.account button").first.click()
    await expect(page.locator("#messages li.contact")).to_have_count(2)
    await page.fill("#text", "谢谢")
    await page.keyboard.press("Enter")
    await expect(page.locator("#messages li.contact")).to_have_count(3)
    assert await page.input_value("#text") == ""
    async with page.expect_response("**/control/happen") as scanned:
        await page.click("#scanner button:not(#following)")
    assert (await scanned.value).ok
    await page.click("#following")
    await expect(page.locator("#following")).to_contain_text("Follow")
    assert not person.is_following

    await page.fill("#text", "x" * 300)
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_have_value("")
    await is_for_everybody(page)
