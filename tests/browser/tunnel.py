"""The line of a page, which a test breaks and mends, whatever the page waits between its attempts."""

import asyncio
from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, Page, WebSocketRoute

LATER = timedelta(hours=1)
_WITHIN = 30.0


class Tunnel:
    """The line of a page: broken as long as the page is in it."""

    def __init__(self) -> None:
        self.is_inside = False
        self._open: list[WebSocketRoute] = []
        self.attempts = 0

    async def route(self, socket: WebSocketRoute) -> None:
        """A page dials."""
        self.attempts += 1
        if self.is_inside:
            await socket.close()
            return
        self._open.append(socket)
        socket.connect_to_server()

    async def enter(self) -> None:
        """The line breaks."""
        self.is_inside = True
        for socket in self._open:
            await socket.close()
        self._open.clear()

    async def leave(self, page: Page) -> None:
        """There is a line again, and the browser says so until the page dials."""
        self.is_inside = False
        dialled = self.attempts
        async with asyncio.timeout(_WITHIN):
            while self.attempts == dialled:
                await page.evaluate("void dispatchEvent(new Event('online'))")

    async def leave_by(self, button: Locator) -> None:
        """There is a line again, and the button alone makes the page dial: its own waits do not end meanwhile.

        The page's clock must have been installed before the page was loaded.
        """
        page = button.page
        await button.wait_for()
        await page.clock.pause_at(datetime.now(UTC) + LATER)
        self.is_inside = False
        dialled = self.attempts
        async with asyncio.timeout(_WITHIN):
            while self.attempts == dialled:  # a press while the last vain attempt still goes on is none
                await button.evaluate_all("buttons => buttons.forEach((button) => button.click())")
        await page.clock.resume()
