"""A contact's browser, and a shop's page that embeds the widget: what the browser tests of the widget share."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, FilePayload, FrameLocator, Page, expect
from sqlalchemy import select

from gateway.http.security import permissions
from gateway.store.schema import messages
from tests.gateway.realtime.reception import Reception

PATIENCE = 30_000
"""Milliseconds. The cores are shared; what is true appears at once on a quiet machine."""

expect.set_options(timeout=PATIENCE)

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
THUMB = 44
CHAT = "iframe.frame"

SHOP_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Shop</title>
<main><h1>Shop</h1><label>Search <input></label></main>
<script src="/shop.js"></script>
<script async src="{home}/widget/loader.js?inbox=website"></script></html>"""

SHOP_SCRIPT = """
window.heard = [];
window.pointsman = {calls: [
  ["on", "ready", () => heard.push("ready")],
  ["on", "message:sent", () => heard.push("sent")],
  ["on", "message:received", () => heard.push("received")],
  ["on", "open", () => { heard.push("open"); throw new Error("a page's own mistake"); }],
  ["on", "close", () => heard.push("close")],
  ["setContext", {entry: "item-88121", page: "/japan", order: 17}],
]};
"""


class Place:
    """Where a site will stand: its port is held from now on, so that its address can be told before it opens."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._socket = socket.socket()
        self._socket.bind((host, 0))
        self.origin = f"http://{host}:{self._socket.getsockname()[1]}"

    def server(self, app: web.Application) -> TestServer:
        """The site, which opens here when it is started, and gives the port back when it is closed."""
        return TestServer(app, host=self._host, socket_factory=lambda *_: self._socket)


def shop(home: str = "") -> web.Application:
    """A site that embeds the widget."""
    app = web.Application()
    add_shop(app, home)
    return app


def add_shop(app: web.Application, home: str = "") -> None:
    """The site's page and its own script, under a policy that allows nothing inline."""
    policy = f"default-src 'none'; script-src 'self' {home}; style-src 'self' {home}; frame-src 'self' {home}"

    async def page(_: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": policy, "Permissions-Policy": permissions("microphone")}
        return web.Response(text=SHOP_PAGE.format(home=home), content_type="text/html", headers=headers)

    async def script(_: web.Request) -> web.Response:
        return web.Response(text=SHOP_SCRIPT, content_type="text/javascript")

    app.router.add_get("/shop", page)
    app.router.add_get("/shop.js", script)


@asynccontextmanager
async def visitor(
    chromium: Browser, size: Any = DESKTOP, language: str = "zh-CN", **more: Any
) -> AsyncIterator[BrowserContext]:
    """Somebody's browser. What goes wrong on a page, or what its policy forbids, fails the test."""
    problems: list[str] = []
    common = {"viewport": size, "locale": language, "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
    context = await chromium.new_context(**common | more)
    context.set_default_timeout(PATIENCE)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    try:
        yield context
        assert problems == []
    finally:
        await context.close()


async def chat(page: Page, reception: Reception) -> FrameLocator:
    """Go to the shop and open the chat."""
    await page.goto(f"{reception.origin}/shop")
    await page.locator(".launcher").click()
    frame = page.frame_locator(CHAT)
    await expect(frame.locator(".composer__field")).to_be_focused()
    return frame


async def write(frame: FrameLocator, text: str) -> None:
    """Type and send."""
    await frame.locator(".composer__field").fill(text)
    await frame.locator(".composer__field").press("Enter")


def file(name: str, content: bytes) -> FilePayload:
    """A file to pick."""
    return {"name": name, "mimeType": "", "buffer": content}


async def stored(reception: Reception) -> list[str]:
    """The words of all messages, in order."""
    query = select(messages.c.text).where(messages.c.direction == "in").order_by(messages.c.seq)
    return list(await reception.store.read(lambda connection: connection.execute(query).scalars()))


async def accessible(page: Page) -> None:
    """No violation of any rule."""
    found = await Axe().run(page)
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]] == []
