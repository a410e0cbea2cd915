"""The page from which simulated people write."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from router.message import Text
from tests.adapters.slack.bench import DIRECT, USER, SlackStage
from tests.adapters.slack.test_delivery import PICTURE, PNG, choices, outbound

PAGE = {
    "/": "text/html",
    "/page/page.js": "text/javascript",
    "/page/chats.js": "text/javascript",
    "/page/page.css": "text/css",
    "/page/page.svg": "image/svg+xml",
}


@pytest.fixture
async def browser(on_stage: SlackStage) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who opens the page."""
    async with aiohttp.ClientSession(base_url=on_stage.platform.address) as session:
        yield session


async def test_the_page_is_served_safely(browser: aiohttp.ClientSession) -> None:
    """Page, style and script, with a policy that allows nothing else; other names are not found."""
    for path, kind in PAGE.items():
        async with browser.get(path) as response:
            assert (response.status, response.content_type) == (200, kind)
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "unsafe" not in response.headers["Content-Security-Policy"]
    for path in ("/page/platform.py", "/page/page.py", "/page/..%2Fplatform.py"):
        async with browser.get(path) as response:
            assert response.status == 404


async def test_somebody_new_writes(on_stage: SlackStage, browser: aiohttp.ClientSession) -> None:
    """Without an id the person is new; the words are escaped as the platform does it, and go the way of every event."""
    async with browser.post("/control/write", json={"name": "王先生", "text": "1 < 2 & 3"}) as response:
        written = await response.json()
    assert on_stage.platform.workspace.people[written["chat_id"]].name == "王先生"
    assert not on_stage.platform.dispatch.is_empty()
    async with browser.get("/control/chats") as response:
        chats = (await response.json())["chats"]
    (chat,) = (chat for chat in chats if chat["chat_id"] == written["chat_id"])
    (message,) = chat["messages"]
    assert (message["author"], message["text"]) == ("contact", "1 < 2 & 3")


async def test_what_the_app_says_is_shown(on_stage: SlackStage, browser: aiohttp.ClientSession) -> None:
    """A picture that can be looked at, a text, buttons that can be pressed."""
    await on_stage.adapter.deliver(outbound(PICTURE, Text(text="看图")))
    await on_stage.adapter.deliver(outbound(Text(text="哪里?"), choices(1)))
    async with browser.get("/control/chats") as response:
        picture, question = (await response.json())["chats"][0]["messages"]
    assert (picture["author"], picture["text"]) == ("bot", "看图")
    async with browser.get(picture["file"]["url"]) as response:
        assert await response.read() == PNG
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert question["options"] == [{"label": "选项0", "value": "v0"}]
    press = {"chat_id": USER, "message_id": question["id"], "value": "v0"}
    async with browser.post("/control/press", json=press) as response:
        assert response.status == 200
    assert not on_stage.platform.dispatch.is_empty()
    assert on_stage.platform.sent(DIRECT)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/control/write", {"text": " "}, 400), ("/control/write", [], 400), ("/control/press", {}, 404),
        ("/control/press", {"chat_id": USER, "message_id": "1.2", "value": "x"}, 404),
    ],
)  # fmt: skip
async def test_nonsense_is_refused(browser: aiohttp.ClientSession, path: str, body: object, status: int) -> None:
    """What cannot be done is said so."""
    async with browser.post(path, json=body) as response:
        assert response.status == status


async def test_other_sites_cannot_write(browser: aiohttp.ClientSession) -> None:
    """A form of another page, which a browser sends without asking, is refused."""
    for mime in ("application/x-www-form-urlencoded", "text/plain"):
        async with browser.post("/control/write", data=b'{"text":"x"}', headers={"Content-Type": mime}) as response:
            assert response.status == 415
