"""The chat in a window of its own: the same visit, although the browser keeps the memories of the two apart."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from gateway.store.schema import threads
from tests.browser.contact import CHAT, PATIENCE, stored, visitor, write
from tests.browser.test_widget_walls import opened, shop_and_stranger

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def test_window_goes_on_with_the_visit(tmp_path: Path, chromium: Browser) -> None:
    """From another site's page the chat moves out with its words and its draft; a reload keeps it, a logout ends it."""
    async with shop_and_stranger(tmp_path) as (reception, shop, _), visitor(chromium, language="en") as context:
        page = await context.new_page()
        frame = await opened(page, shop)
        await page.evaluate("pointsman.setTheme('dark'); pointsman.setContext({entry: 'item-88121'})")
        await write(frame, "in the page")
        await expect(frame.locator(".fate")).to_contain_text("Sent")
        await frame.locator(".composer__field").fill("half a sen")
        async with context.expect_page() as opening:
            await frame.get_by_role("button", name="More").press("Enter")
            await frame.get_by_role("button", name="Open in its own window").press("Enter")
        own = await opening.value
        await expect(page.locator(CHAT)).to_have_attribute("data-open", "false")
        await expect(own.locator(".words")).to_have_text(["in the page"])
        await expect(own.locator("html")).to_have_attribute("data-theme", "dark")
        await expect(own.locator(".composer__field")).to_have_value("half a sen")
        await expect(own.get_by_role("button", name="Close chat")).to_have_count(0)
        await own.locator(".composer__field").press("Enter")
        await expect(own.locator(".fate").last).to_contain_text("Sent")
        await own.reload()
        await expect(own.locator(".words")).to_have_text(["in the page", "half a sen"])
        assert await stored(reception) == ["in the page", "half a sen"]
        assert own.url == f"{reception.origin}/widget/website/#own"  # no secret in it

        await page.evaluate("pointsman.logout()")
        await expect(own.locator(".row")).to_have_count(0)
        await own.locator(".composer__field").fill("somebody else")
        await own.locator(".composer__field").press("Enter")
        await expect(own.locator(".fate").last).to_contain_text("Sent")
        found = await reception.store.read(lambda c: c.execute(select(threads.c.id)).all())
        assert len(found) == 2


async def test_only_our_own_frame_is_believed(tmp_path: Path, chromium: Browser) -> None:
    """A stranger that opens the window is neither told a secret nor believed one; the control is the test above."""
    async with shop_and_stranger(tmp_path) as (reception, _, evil), visitor(chromium, language="en") as context:
        page = await context.new_page()
        await page.goto(f"{evil}/")
        told = json.dumps(
            {"pointsman": "told", "kept": {"pointsman:website:token": "planted"}, "said": {}, "theme": ""}
        )
        async with context.expect_page() as opening:
            await page.evaluate(
                f"""window.heard = [];
                addEventListener("message", (event) => heard.push(event.data));
                window.own = window.open("{reception.origin}/widget/website/#own");"""
            )
        own = await opening.value
        async with asyncio.timeout(PATIENCE / 1000):
            while not await own.locator(".greeting").count():
                await page.evaluate(f"own.postMessage({told}, '*')")
                await page.evaluate("own.postMessage({pointsman: 'ask'}, '*')")
        assert await page.evaluate("heard") == []
        assert await own.evaluate("sessionStorage.length") == 0
        assert await own.evaluate("localStorage.getItem('pointsman:website:token')") != "planted"
