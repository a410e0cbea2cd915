"""Between the widget and the world: who may talk to it, and that nobody's words become anything but words."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.browser.contact import CHAT, PATIENCE, Place, visitor, write
from tests.gateway.realtime.reception import Reception, open_reception

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SEND = {"pointsman": "send", "text": "forged"}
COUNT = {"pointsman": "unread", "count": 9}


def page_of(markup: str) -> Any:
    """A handler that answers with this page."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html><meta charset=utf-8>{markup}", content_type="text/html")

    return handler


@asynccontextmanager
async def shop_and_stranger(tmp_path: Path, base: str = "{home}") -> AsyncIterator[tuple[Reception, str, str]]:
    """A shop on a named origin, and somebody else's site on another one; the loader's address is made from ``base``."""
    shop_place, evil_place = Place("localhost"), Place("127.0.0.1")
    shop, evil = shop_place.origin, evil_place.origin
    async with open_reception(tmp_path, origins=(shop,)) as reception:
        source = base.format(home=reception.origin, bare=reception.origin.removeprefix("http:"))
        shop_app, evil_app = web.Application(), web.Application()
        shop_app.router.add_get("/", page_of(f'<script async src="{source}/widget/loader.js?inbox=website"></script>'))
        evil_app.router.add_get("/", page_of("<p>stranger</p>"))
        servers = [shop_place.server(shop_app), evil_place.server(evil_app)]
        await asyncio.gather(*(each.start_server() for each in servers))
        try:
            yield reception, shop, evil
        finally:
            await asyncio.gather(*(each.close() for each in servers))


async def opened(page: Page, shop: str) -> Any:
    """Go to the shop, and open the chat."""
    await page.goto(f"{shop}/")
    await page.locator(".launcher").click()
    frame = page.frame_locator(CHAT)
    await expect(frame.locator(".composer__field")).to_be_visible()
    return frame


async def forge(page: Page, origin: str, source: str) -> None:
    """Let the chat hear a word as if from this origin and window: no stranger gets hold of its window to try it."""
    inner = next(each for each in page.frames if "/widget/" in each.url and each.name != "sibling")
    facts = f"{{data: {json.dumps(SEND)}, origin: {json.dumps(origin)}, source: {source}}}"
    await inner.evaluate(f"window.dispatchEvent(new MessageEvent('message', {facts}))")


async def nothing_came_of_it(page: Page, frame: Any) -> None:
    """What was forged is neither said nor counted, and no other window was opened; what is real still works."""
    await write(frame, "mine")
    await expect(frame.locator(".words")).to_have_text(["mine"])
    await expect(frame.locator(".fate")).to_contain_text("已送达")
    assert await page.evaluate("pointsman.unread") == 0
    assert len(page.context.pages) == 1


async def test_wrong_source(tmp_path: Path, chromium: Browser) -> None:
    """A frame of our own origin, but not the chat, is not obeyed by the page; nor is another frame by the chat."""
    async with shop_and_stranger(tmp_path) as (reception, shop, _), visitor(chromium) as context:
        page = await context.new_page()
        frame = await opened(page, shop)
        await page.evaluate(
            """async (address) => {
                const sibling = document.createElement("iframe");
                sibling.name = "sibling";
                sibling.src = address;
                document.body.append(sibling);
                await new Promise((done) => (sibling.onload = done));
            }""",
            f"{reception.origin}/widget/website/",
        )
        sibling = page.frame("sibling")
        assert sibling is not None
        await sibling.evaluate(f"parent.postMessage({json.dumps(COUNT)}, '*')")
        await sibling.evaluate(
            f"for (const one of [...Array(parent.length).keys()]) parent[one].postMessage({json.dumps(SEND)}, '*')"
        )
        await nothing_came_of_it(page, frame)


@pytest.mark.parametrize("sandbox", ["allow-scripts allow-same-origin", "allow-scripts"], ids=["wrong", "null"])
async def test_wrong_and_null_origin(tmp_path: Path, chromium: Browser, sandbox: str) -> None:
    """A stranger's frame in the page, of its own origin or of none, is obeyed by neither side."""
    async with shop_and_stranger(tmp_path) as (_, shop, evil), visitor(chromium) as context:
        page = await context.new_page()
        frame = await opened(page, shop)
        await page.evaluate(
            """async ([address, sandbox]) => {
                const stranger = document.createElement("iframe");
                stranger.name = "stranger";
                stranger.sandbox = sandbox;
                stranger.src = address;
                document.body.append(stranger);
                await new Promise((done) => (stranger.onload = done));
            }""",
            [f"{evil}/", sandbox],
        )
        stranger = page.frame("stranger")
        assert stranger is not None
        await stranger.evaluate(f"parent.postMessage({json.dumps(COUNT)}, '*')")
        await stranger.evaluate(
            f"for (const one of [...Array(parent.length).keys()]) parent[one].postMessage({json.dumps(SEND)}, '*')"
        )
        await nothing_came_of_it(page, frame)


async def test_chat_framed_by_nobodys_origin_hears_nothing(tmp_path: Path, chromium: Browser) -> None:
    """A sandboxed page without an origin cannot frame the chat at all."""
    async with shop_and_stranger(tmp_path) as (reception, shop, _):
        context = await chromium.new_context()
        page = await context.new_page()
        await page.goto(f"{shop}/")
        inner = html.escape(f'<iframe src="{reception.origin}/widget/website/"></iframe>', quote=True)
        async with page.expect_console_message(lambda line: "frame-ancestors" in line.text):
            await page.evaluate(
                """(markup) => {
                    const outer = document.createElement("iframe");
                    outer.sandbox = "allow-scripts";
                    outer.srcdoc = markup;
                    document.body.append(outer);
                }""",
                html.unescape(inner),
            )
        await context.close()


async def test_protocol_relative_base(tmp_path: Path, chromium: Browser) -> None:
    """A loader included as ``//host/…`` knows its home exactly, and works."""
    async with shop_and_stranger(tmp_path, "{bare}") as (reception, shop, _), visitor(chromium) as context:
        page = await context.new_page()
        frame = await opened(page, shop)
        source = await page.evaluate(
            "document.querySelector('pointsman-widget').shadowRoot.querySelector('iframe').src"
        )
        assert source == f"{reception.origin}/widget/website/"
        await page.evaluate(f"window.postMessage({json.dumps(COUNT)}, '*')")
        await nothing_came_of_it(page, frame)


async def test_forged_host_in_a_message(tmp_path: Path, chromium: Browser) -> None:
    """Hosts and addresses in a message, even from the chat itself, or in an option, lead nowhere else."""
    async with shop_and_stranger(tmp_path) as (reception, shop, evil), visitor(chromium) as context:
        page = await context.new_page()
        frame = await opened(page, shop)
        inner = next(each for each in page.frames if each.url.startswith(f"{reception.origin}/widget/"))
        for word in ("popout", "hello", "ready", "event"):
            forged = {"pointsman": word, "name": word, "host": evil, "baseUrl": evil, "url": f"{evil}/", "origin": evil}
            await inner.evaluate(f"parent.postMessage({json.dumps(forged)}, '{shop}')")
        options = json.dumps({"host": evil, "baseUrl": f"//{evil}", "home": evil, "inbox": f"website/../..//{evil}/"})
        await page.evaluate(f"pointsman.boot({options})")
        sources = await page.evaluate(
            """[...document.querySelectorAll('iframe, script, link'),
                ...document.querySelector('pointsman-widget').shadowRoot.querySelectorAll('iframe, link')]
                .map((node) => node.src ?? node.href)"""
        )
        assert all(source.startswith((reception.origin, shop)) for source in sources), sources
        await nothing_came_of_it(page, frame)


async def test_right_source_and_origin(tmp_path: Path, chromium: Browser) -> None:
    """The control: the page itself is obeyed by its chat, and the chat by its page."""
    async with shop_and_stranger(tmp_path) as (_, shop, _evil), visitor(chromium) as context:
        page = await context.new_page()
        frame = await opened(page, shop)
        await page.evaluate(
            f"document.querySelector('pointsman-widget').shadowRoot.querySelector('iframe')"
            f".contentWindow.postMessage({json.dumps(SEND)}, '*')"
        )
        await expect(frame.locator(".words")).to_have_text(["forged"])
        inner = next(each for each in page.frames if "/widget/" in each.url)
        await inner.evaluate(f"parent.postMessage({json.dumps(COUNT)}, '*')")
        await page.wait_for_function(f"pointsman.unread === {COUNT['count']}", timeout=PATIENCE)


# --- Words stay words ------------------------------------------------------------------------------------------

TAGS = (
    "img src=x",
    "svg",
    "body",
    "video src=x",
    "details open",
    "input autofocus",
    "iframe src=x",
    "marquee",
    "audio src",
)
HANDLERS = ("onerror", "onload", "onfocus", "ontoggle", "onstart", "onmouseover")
SCHEMES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
)
PAYLOADS = (
    *(f"<{tag} {handler}=alert(1)>" for tag in TAGS for handler in HANDLERS),
    *(f'"{quote}><{tag} {handler}="alert(1)"' for quote in ("", "'") for tag in TAGS[:6] for handler in HANDLERS[:2]),
    *(f'<a href="{scheme}">x</a>' for scheme in SCHEMES),
    *SCHEMES,
    *(f"[x]({scheme})" for scheme in SCHEMES),
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "`;alert(1)//",
    "';alert(1)//",
    'https://a.example/"onmouseover=alert(1)//',
    "https://a.example/'><img src=x onerror=alert(1)>",
    "http://javascript:alert(1)@a.example/",
    "&lt;img src=x onerror=alert(1)&gt;",
    "\u202e<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//\0>",
)


def words_from(payload: str, seq: int) -> dict[str, Any]:
    """A message that has the payload wherever somebody's words are shown."""
    return {
        "type": "message",
        "seq": seq,
        "id": f"m{seq}",
        "at": "2026-11-22T10:00:00Z",
        "author": {"kind": "agent", "name": payload},
        "client_id": "",
        "is_edited": False,
        "parts": [
            {"kind": "text", "text": payload},
            {"kind": "file", "name": payload, "mime": payload, "size": 7, "url": payload},
            {"kind": "image", "name": payload, "url": payload},
            {"kind": "voice", "name": payload, "url": payload},
            {"kind": "link", "title": payload, "url": payload},
            {"kind": "location", "label": payload, "latitude": 0, "longitude": 0},
            {"kind": "contact", "name": payload, "phone": payload, "email": payload},
            {"kind": "choice", "label": payload, "value": payload},
            {"kind": "choices", "options": [{"value": payload, "label": payload}]},
            {"kind": payload},
        ],
    }


async def test_words_stay_words(tmp_path: Path, chromium: Browser) -> None:
    """A hundred payloads in text, names, labels and addresses: no dialog, no report of the policy, no live element."""
    assert len(set(PAYLOADS)) >= 100
    async with open_reception(tmp_path) as reception, visitor(chromium) as context:
        page = await context.new_page()
        dialogs: list[str] = []

        async def dismiss(dialog: Any) -> None:
            dialogs.append(dialog.message)
            await dialog.dismiss()

        page.on("dialog", dismiss)
        await page.add_init_script(
            "window.reports = [];"
            "addEventListener('securitypolicyviolation', (event) => reports.push(event.violatedDirective));"
        )

        async def say(socket: WebSocketRoute) -> None:
            def hear(message: str | bytes) -> None:
                frame = json.loads(message)
                status = {"state": "active", "open": True, "agent": PAYLOADS[0], "seen_seq": 0, "read_seq": 0}
                if frame["type"] == "hello":
                    welcome = {"type": "welcome", "token": PAYLOADS[0], "inbox": {}, "thread_seq": 1, "status": status}
                    socket.send(json.dumps(welcome))
                elif frame["type"] == "resume":
                    for seq, payload in enumerate(PAYLOADS, 1):
                        socket.send(json.dumps(words_from(payload, seq)))
                    socket.send(json.dumps({"type": "typing", "name": PAYLOADS[1]}))

            socket.on_message(hear)

        await page.route_web_socket(re.compile("/ws$"), say)
        await page.goto(f"{reception.origin}/widget/website/")
        await expect(page.locator(".row--theirs:not(.row--typing)")).to_have_count(len(PAYLOADS))
        shown = await page.locator(".row .bubble > .words:first-child").all_text_contents()
        assert shown == list(PAYLOADS)
        alive = await page.evaluate(
            """[...document.querySelectorAll('.log *')].filter((node) =>
                [...node.attributes].some((one) => /^on/i.test(one.name))
                || (node.href?.baseVal ?? node.href ?? '').toString().match(/^(javascript|data):/i)
                || ['SCRIPT', 'IFRAME', 'STYLE', 'MARQUEE', 'DETAILS', 'MATH'].includes(node.tagName)).length"""
        )
        for link in await page.locator(".log a").all():
            await link.hover(force=True) if await link.is_visible() else None
        assert (alive, dialogs, await page.evaluate("reports")) == (0, [], [])
