"""Without a line: what is written waits, in order, in every tab, over reloads."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.contact import add_shop, stored, visitor
from tests.browser.tunnel import Tunnel
from tests.gateway.realtime.reception import Reception, open_reception

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WRITTEN = [f"message {number}" for number in range(20)]


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """A widget that stands."""
    async with open_reception(tmp_path, more=add_shop) as opened:
        yield opened


async def test_twenty_messages_wait_for_five_minutes(reception: Reception, chromium: Browser) -> None:
    """Twenty are written without a line; after five minutes and a reload all arrive once, in order."""
    tunnel = Tunnel()
    async with visitor(chromium, language="en") as context:
        page = await context.new_page()
        await page.clock.install()
        await page.route_web_socket(re.compile("/ws$"), tunnel.route)
        await page.goto(f"{reception.origin}/widget/website/")
        await expect(page.locator(".greeting")).to_be_visible()
        await page.locator(".composer__field").fill("before")
        await page.locator(".composer__field").press("Enter")
        await expect(page.locator(".fate")).to_contain_text("Sent")
        await tunnel.enter()
        for words in WRITTEN[:10]:
            await send(page, words)
        await expect(page.locator(".row--mine .fate").last).to_contain_text("Waiting for a connection")
        await page.reload()
        for words in WRITTEN[10:]:
            await send(page, words)
        await expect(page.locator(".words")).to_have_count(20)
        for _ in range(30):
            await page.clock.run_for(10_000)
        assert await stored(reception) == ["before"]
        assert 10 < tunnel.attempts < 200  # it tries on, and does not hurry
        await tunnel.leave_by(connect_now(page))
        await expect(page.locator(".row--mine .fate").last).to_contain_text("Sent")
        await expect(page.locator(".words")).to_have_text(["before", *WRITTEN])
        assert await stored(reception) == ["before", *WRITTEN]


async def test_other_tab_sends_what_this_one_cannot(reception: Reception, chromium: Browser) -> None:
    """What a tab without a line has written is shown in the others; the first that has one sends it, once."""
    blind, seeing = Tunnel(), Tunnel()
    blind.is_inside = seeing.is_inside = True
    async with visitor(chromium, language="en") as context:
        one, other = await context.new_page(), await context.new_page()
        for page, tunnel in ((one, blind), (other, seeing)):
            await page.clock.install()
            await page.route_web_socket(re.compile("/ws$"), tunnel.route)
            await page.goto(f"{reception.origin}/widget/website/")
        await send(one, "from the first")
        await expect(other.locator(".words")).to_have_text(["from the first"])
        await send(other, "from the second")
        await expect(one.locator(".words")).to_have_text(["from the first", "from the second"])
        await seeing.leave_by(connect_now(other))
        await expect(other.locator(".fate").last).to_contain_text("Sent")
        assert await stored(reception) == ["from the first", "from the second"]
        await blind.leave(one)
        await expect(one.locator(".fate").last).to_contain_text("Sent")
        assert await stored(reception) == ["from the first", "from the second"]


def connect_now(page: Page) -> Locator:
    """What dials at once."""
    return page.get_by_role("button", name="Connect now")


async def send(page: Page, text: str) -> None:
    """Type and send."""
    await page.locator(".composer__field").fill(text)
    await page.locator(".composer__field").press("Enter")


async def test_chat_that_ends_in_the_tunnel_is_over_behind_it(reception: Reception, chromium: Browser) -> None:
    """Who writes and ends it without a line is heard in that order once there is one."""
    tunnel = Tunnel()
    async with visitor(chromium, language="en") as context:
        page = await context.new_page()
        await page.clock.install()
        await page.route_web_socket(re.compile("/ws$"), tunnel.route)
        await page.goto(f"{reception.origin}/widget/website/")
        await send(page, "Japan")
        await expect(page.locator(".strip")).to_contain_text("next in line")
        await tunnel.enter()
        await send(page, "thank you, bye")
        await page.get_by_role("button", name="More").click()
        await page.get_by_role("button", name="End this chat").click()
        await page.get_by_role("button", name="End chat", exact=True).click()
        await expect(page.locator(".fate").last).to_contain_text("Waiting for a connection")
        await tunnel.leave_by(connect_now(page))
        await expect(page.locator(".day--ended")).to_be_visible()
        assert await stored(reception) == ["Japan", "thank you, bye"]
