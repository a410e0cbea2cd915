"""The page from which simulated contacts write."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from router.message import Choices, Media, MediaKind, Option, Text
from tests.adapters.telegram.bench import CONTACT, TelegramStage
from tests.adapters.telegram.test_delivery import message

PAGE = {
    "/": "text/html",
    "/page/page.js": "text/javascript",
    "/page/chats.js": "text/javascript",
    "/page/page.css": "text/css",
    "/page/page.svg": "image/svg+xml",
}


@pytest.fixture
async def browser(on_stage: TelegramStage) -> AsyncIterator[aiohttp.ClientSession]:
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


async def test_a_newcomer_writes(on_stage: TelegramStage, browser: aiohttp.ClientSession) -> None:
    """Without a number the contact is new; the words go the way of every update."""
    async with browser.post(
        "/control/write", json={"name": "王先生", "text": "我想办日本签证", "language": "en"}
    ) as response:
        written = await response.json()
    assert on_stage.platform.chats.chats[written["chat_id"]].language_code == "en"
    assert not on_stage.platform.mailbox.is_empty()
    async with browser.get("/control/chats") as response:
        chats = (await response.json())["chats"]
    (chat,) = (chat for chat in chats if chat["chat_id"] == written["chat_id"])
    assert (chat["name"], chat["messages"][0]["text"]) == ("王先生", "我想办日本签证")
    assert chat["messages"][0]["author"] == "contact"


async def test_what_the_bot_says_is_shown(on_stage: TelegramStage, browser: aiohttp.ClientSession) -> None:
    """Text, buttons, and a picture that can be looked at."""
    image = Media(kind=MediaKind.IMAGE, mime="image/png")
    choices = Choices(options=(Option(value="jp", label="日本"),))
    await on_stage.adapter.deliver(message(image, Text(text="看图"), Text(text=""), choices, data=b"\x89PNG"))
    async with browser.get("/control/chats") as response:
        (shown,) = (await response.json())["chats"][0]["messages"]
    assert (shown["author"], shown["text"], shown["options"]) == ("bot", "看图", [{"label": "日本", "value": "jp"}])
    async with browser.get(shown["file"]["url"]) as response:
        assert (await response.read(), response.content_type) == (b"\x89PNG", "image/png")
    press = {"chat_id": CONTACT, "message_id": shown["id"], "value": "jp"}
    async with browser.post("/control/press", json=press) as response:
        assert response.status == 200
    assert len(on_stage.platform.chats.acknowledged) == 1


async def test_a_page_of_the_bot_is_not_run(on_stage: TelegramStage, browser: aiohttp.ClientSession) -> None:
    """A file that a browser would run is handed out as bytes."""
    part = Media(kind=MediaKind.FILE, mime="text/html", name="x.html")
    await on_stage.adapter.deliver(message(part, data=b"<script>"))
    file = on_stage.platform.sent(CONTACT)[0]["document"]["file_id"]
    async with browser.get(f"/control/files/{file}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/control/write", "{", 400),
        ("/control/write", "[]", 400),
        ("/control/write", '{"text": " "}', 400),
        ("/control/write", '{"text": "x", "chat_id": "seven"}', 400),
        ("/control/press", "{}", 404),
        ("/control/press", '{"chat_id": 404, "message_id": 1, "value": "x"}', 404),
        ("/control/press", '{"chat_id": 5000001, "message_id": 404, "value": "x"}', 404),
    ],
)
async def test_nonsense_is_refused(browser: aiohttp.ClientSession, path: str, body: str, status: int) -> None:
    """With a code that says whose fault it is."""
    async with browser.post(path, data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == status


async def test_another_site_cannot_write(on_stage: TelegramStage, browser: aiohttp.ClientSession) -> None:
    """A form, which any page can send here, is not JSON."""
    async with browser.post("/control/write", data={"text": "x"}) as response:
        assert response.status == 415
    async with browser.post("/control/write", data='{"text": "x"}', headers={"Content-Type": "text/plain"}) as response:
        assert response.status == 415
    assert on_stage.platform.mailbox.is_empty()


async def test_unknown_files_are_not_found(browser: aiohttp.ClientSession) -> None:
    """There is nothing to see."""
    async with browser.get("/control/files/unknown") as response:
        assert response.status == 404
