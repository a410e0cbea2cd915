"""The whole story on an Official Account, over the real process, and no further than the platform allows."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.wechat.fake_platform import Account, FakePlatform
from gateway.clock import SystemClock
from tests.acceptance.conftest import TELLS_WITHIN, Agent, Running, Start, until

pytestmark = pytest.mark.acceptance

ACCOUNT = {
    "app_id": "wxdemo",
    "app_secret": "acceptance-app-secret-00000000001",
    "token": "acceptance",
    "aes_key": "acceptANCEacceptANCEacceptANCEacceptANCE001",
}
WU = "oAcc-wu"


def picture() -> bytes:
    """A small photograph."""
    written = BytesIO()
    Image.new("RGB", (8, 6), (20, 90, 160)).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
async def account() -> AsyncIterator[FakePlatform]:
    """The platform with one person who does not follow yet."""
    platform = FakePlatform(Account(**ACCOUNT), SystemClock())  # type: ignore[arg-type]  # all of them are texts
    platform.follower(WU, "吴先生", is_following=False)
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def serving(account: FakePlatform, start: Start) -> Running:
    """A service that the platform calls."""
    return await connected(start, account)


async def connected(start: Start, account: FakePlatform) -> Running:
    """Start a service, and enter its address in the console."""
    running = await start(
        environ={
            "POINTSMAN_DEMO_WECHAT": account.address,
            "POINTSMAN_DEMO_WECHAT_SECRET": ACCOUNT["app_secret"],
            "POINTSMAN_DEMO_WECHAT_TOKEN": ACCOUNT["token"],
            "POINTSMAN_DEMO_WECHAT_KEY": ACCOUNT["aes_key"],
        }
    )
    account.account.hook = f"{running.url}/hooks/official-account"
    assert len(await account.pushing.ask()) == 16
    return running


async def sent(account: FakePlatform, count: int) -> list[dict[str, object]]:
    """What the account has said, once it is so much."""
    async with asyncio.timeout(TELLS_WITHIN):
        await account.until(lambda: len(account.sent(WU)) >= count)
    return account.sent(WU)


async def accepted(agent: Agent, feed: object) -> str:
    """The agent takes the offer; where its conversation is."""
    offer = (await until(feed, "offer"))["offer"]  # type: ignore[arg-type]  # a feed
    path = f"/conversations/{offer['conversation']}"
    await agent.call("POST", f"{path}/accept", {"offer": offer["id"]})
    return path


async def stored(agent: Agent, path: str, kind: str, key: str) -> list[dict[str, str]]:
    """The parts of a kind that came in, once there is one with this key."""
    async with asyncio.timeout(TELLS_WITHIN):
        while True:
            items = (await agent.call("GET", f"{path}/messages"))["items"]
            parts = [part for item in items if item["direction"] == "in" for part in item["parts"]]
            if found := [part for part in parts if part["kind"] == kind and key in part]:
                return found


async def test_the_whole_story(serving: Running, account: FakePlatform) -> None:
    """Follow, write, be routed, be answered, pictures both ways, a menu and a tap on it, no edit, the end."""
    li_na = await serving.agent("li.na")
    feed = await li_na.ready()
    await account.event(WU, "subscribe", EventKey="")
    async with asyncio.timeout(TELLS_WITHIN):
        await account.until(account.pushing.is_idle)  # pushes do not wait for each other
    await account.write(WU, "我想办日本签证")
    path = await accepted(li_na, feed)
    conversation = await li_na.call("GET", path)
    assert (conversation["group"], conversation["owner"]["id"]) == ("japan-korea", "li.na")
    before = len(account.sent(WU))
    said = await li_na.call("POST", f"{path}/messages", {"client_id": "a", "text": "您好，需要护照照片。"})
    assert (await sent(account, before + 1))[-1]["text"] == "您好，需要护照照片。"

    await account.send_picture(WU, picture())
    (shown,) = await stored(li_na, path, "image", "media")
    parts: list[dict[str, Any]] = [{"kind": "image", "media": shown["media"]}, {"kind": "text", "text": "收到"}]
    await li_na.call("POST", f"{path}/messages", {"client_id": "b", "parts": parts})
    assert [message["kind"] for message in (await sent(account, before + 3))[before + 1 :]] == ["image", "text"]

    options: list[dict[str, str]] = [{"value": "single", "label": "单次"}, {"value": "multiple", "label": "多次"}]
    parts = [{"kind": "text", "text": "单次还是多次？"}, {"kind": "choices", "options": options}]
    await li_na.call("POST", f"{path}/messages", {"client_id": "c", "parts": parts})
    menu = (await sent(account, before + 4))[-1]
    assert (menu["kind"], menu["text"]) == ("msgmenu", "单次还是多次？")
    await account.tap(WU, int(str(menu["id"])), "multiple")
    (choice,) = await stored(li_na, path, "choice", "value")
    assert (choice["value"], choice["label"]) == ("multiple", "多次")

    # Nobody can edit here: the desk is told so, and what was sent stays as it was.
    refused = await li_na.call("PATCH", f"{path}/messages/{said['id']}", {"text": "您好。"})
    assert (li_na.status, refused["type"].rpartition(":")[2]) == (409, "not-editable")
    assert account.sent(WU)[before]["text"] == "您好，需要护照照片。"
    await li_na.call("POST", f"{path}/resolve", {})
    assert (await li_na.call("GET", path))["state"] in {"wrapping", "resolved"}
    assert account.people.followers[WU].errors == 0


async def test_no_further_than_allowed(serving: Running, account: FakePlatform) -> None:
    """Five answers go, the sixth waits and says so; when the contact writes again it goes, and nothing was refused."""
    li_na = await serving.agent("li.na")
    feed = await li_na.ready()
    account.people.followers[WU].is_following = True
    await account.write(WU, "我想办日本签证")
    path = await accepted(li_na, feed)
    window = (await li_na.call("GET", path))["window"]
    assert window["of"] == 5
    left = window["left"]
    before = len(account.sent(WU))
    for number in range(left + 1):
        await li_na.call("POST", f"{path}/messages", {"client_id": f"n{number}", "text": f"答复 {number}"})
    async with asyncio.timeout(TELLS_WITHIN):
        while True:
            message = (await until(feed, "message"))["message"]
            delivery = message["delivery"] or {}
            if (delivery.get("state"), delivery.get("reason")) == ("queued", "window"):
                break
    assert message["text"] == f"答复 {left}"
    await sent(account, before + left)
    assert (await li_na.call("GET", path))["window"]["left"] == 0
    await account.write(WU, "还在吗？")
    assert (await sent(account, before + left + 1))[-1]["text"] == f"答复 {left}"


async def test_without_the_customer_service_interface(account: FakePlatform, start: Start, tmp_path: Path) -> None:
    """An account that may not send answers within the platform's call; what comes too late goes with the next."""
    account.account.may_send = False
    inboxes = tmp_path / "config" / "inboxes.yaml"
    text = inboxes.read_text(encoding="utf-8")
    assert "    app_id: wxdemo\n" in text
    inboxes.write_text(
        text.replace("    app_id: wxdemo\n", "    app_id: wxdemo\n    passive: relay\n"), encoding="utf-8"
    )
    running = await connected(start, account)
    li_na = await running.agent("li.na")
    feed = await li_na.ready()
    account.people.followers[WU].is_following = True
    await account.write(WU, "我想办日本签证")
    path = await accepted(li_na, feed)
    for number in (1, 2):
        await li_na.call("POST", f"{path}/messages", {"client_id": f"n{number}", "text": f"答复 {number}"})
    (first,) = await sent(account, 1)
    assert (first["text"], first["is_passive"]) == ("答复 1", True)
    await account.write(WU, "还有呢？")
    *_, second = await sent(account, 2)
    assert (second["text"], second["is_passive"]) == ("答复 2", True)
    assert account.people.followers[WU].errors == 0


async def test_forged_pushes(serving: Running, account: FakePlatform) -> None:
    """Unsigned, changed and stale calls are 401, garbage is 400, and neither is kept."""
    query, body = account.pushing.signed(b"<xml><FromUserName>oX</FromUserName></xml>", "oX")
    url = f"{serving.url}/hooks/official-account"
    for changed in (
        {},
        query | {"signature": "0" * 40},
        query | {"msg_signature": "0" * 40},
        query | {"timestamp": "1"},
    ):
        async with serving.session.post(url, params=changed, data=body) as answer:
            assert answer.status == 401
    async with serving.session.post(url, params=query, data=body) as answer:
        assert answer.status == 400
    zhao = await serving.agent("zhao.min")
    assert (await zhao.call("GET", "/conversations"))["items"] == []
