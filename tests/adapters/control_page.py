"""The page of a simulated platform, opened as a person opens it: what holds for each of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from axe_core_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from tests.browser.conftest import ARGUMENTS, EXECUTABLE
from tests.browser.contact import PATIENCE

WIDTHS = (1100, 360)


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[Page]:
    """The page at ``address``; whatever its console says fails the test."""
    said: list[str] = []
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        page = await chromium.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        await page.goto(address)
        yield page
        await chromium.close()
    assert said == []


async def is_for_everybody(page: Page) -> None:
    """The checker finds nothing, wide and narrow, and nothing is wider than a telephone."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        found = await Axe().run(page)
        assert [violation["id"] for violation in found["violations"]] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
