"""The real process and a page with the widget: the whole story over its socket, pages that come back, forgers."""

import signal
from typing import Any

import aiohttp
import pytest

from tests.acceptance.conftest import Agent, Running, Start, until
from tests.acceptance.website import Page, page, text
from tests.gateway.images import picture
from tests.gateway.waiting import until_found

pytestmark = pytest.mark.acceptance


async def accepted(agent: Agent, feed: aiohttp.ClientWebSocketResponse) -> str:
    """The agent takes what is offered; where its conversation is."""
    offer = (await until(feed, "offer"))["offer"]
    path = f"/conversations/{offer['conversation']}"
    await agent.call("POST", f"{path}/accept", {"offer": offer["id"]})
    assert agent.status == 200
    return path


async def said(agent: Agent, path: str) -> list[dict[str, Any]]:
    """All that was said in a conversation."""
    listed: list[dict[str, Any]] = (await agent.call("GET", f"{path}/messages?limit=100"))["items"]
    return listed


async def part_of_contact(agent: Agent, path: str, kind: str) -> dict[str, Any]:
    """The part of this kind that the contact sent, once it is there."""

    async def found() -> dict[str, Any] | None:
        parts = [part for each in await said(agent, path) if each["direction"] == "in" for part in each["parts"]]
        return next((part for part in parts if part["kind"] == kind), None)

    part = await until_found(found)
    assert part is not None
    return part


async def answer(agent: Agent, path: str, client_id: str, **what: Any) -> dict[str, Any]:
    """The agent says something; the message."""
    message: dict[str, Any] = await agent.call("POST", f"{path}/messages", {"client_id": client_id, **what})
    assert agent.status == 200, message
    return message


async def pictures_both_ways(visitor: Page, agent: Agent, path: str) -> None:
    """The page's picture is seen at the desk, the desk's on the page."""
    file = await visitor.upload(picture(1), "护照.png", "image/png")
    await visitor.say(text="护照", parts=[{"kind": "image", "media": file["id"], "name": file["name"]}])
    shown = await part_of_contact(agent, path, "image")
    status, mime, _ = await visitor.fetches(shown["url"])
    assert (status, mime.partition("/")[0], shown["name"]) == (200, "image", "护照.png")

    form = aiohttp.FormData()
    form.add_field("file", picture(2), filename="sample.png", content_type="image/png")
    headers = {"Authorization": f"Bearer {agent.token}"}
    async with agent.session.post(f"{agent.url}/api/v1/media", data=form, headers=headers) as uploaded:
        media = (await uploaded.json())["id"]
    parts = [{"kind": "text", "text": "样本"}, {"kind": "image", "media": media, "name": "sample.png"}]
    await answer(agent, path, "sample", parts=parts)
    (_, image) = (await visitor.reads("样本"))["parts"]
    status, mime, data = await visitor.fetches(image["url"])
    assert (status, mime.partition("/")[0], bool(data)) == (200, "image", True)


async def test_the_whole_story(running: Running) -> None:
    """Write, route, offer, answer, a picture both ways, choices, an edit, the end, a rating."""
    agent = await running.agent("li.na")
    feed = await agent.ready()
    async with page(running) as visitor:
        await visitor.say(text="我想办日本签证")
        path = await accepted(agent, feed)
        conversation = await agent.call("GET", path)
        assert (conversation["group"], conversation["owner"]["id"]) == ("japan-korea", "li.na")
        assert (await visitor.hears("status", state="active"))["agent"] == "娜娜"

        first = await answer(agent, path, "hello", text="您好 <3 & 几位?")
        shown = await visitor.reads("几位")
        assert (text(shown), shown["author"]) == ("您好 <3 & 几位?", {"kind": "agent", "name": "娜娜"})
        await visitor.tell("seen", seq=shown["seq"])

        await pictures_both_ways(visitor, agent, path)

        options = [{"value": "1", "label": "一人"}, {"value": "2", "label": "两人"}]
        parts = [{"kind": "text", "text": "一共几位"}, {"kind": "choices", "options": options}]
        await answer(agent, path, "asked", parts=parts)
        assert (await visitor.reads("一共几位"))["parts"][1]["options"] == options
        await visitor.say(value="2", label="两人")
        choice = await part_of_contact(agent, path, "choice")
        assert (choice["value"], choice["label"]) == ("2", "两人")

        await agent.call("PATCH", f"{path}/messages/{first['id']}", {"text": "您好, 几位出行?"})
        assert agent.status == 200
        edited = await visitor.hears("edited", id=shown["id"])
        assert edited["parts"] == [{"kind": "text", "text": "您好, 几位出行?"}]

        async def everything_was_shown() -> bool:
            states = {each["delivery"]["state"] for each in await said(agent, path) if each["direction"] == "out"}
            return states <= {"delivered", "read"}

        await until_found(everything_was_shown)
        ended = await agent.call("POST", f"{path}/resolve", {"reason": "answered"})
        assert ended["state"] == "resolved"
        assert (await visitor.hears("status", state="none"))["rating"] == {"stars": 0, "text": ""}
        await visitor.tell("rate", stars=5)
        await visitor.hears("status", rating={"stars": 5, "text": ""})
        token = visitor.token
    log = "".join(running.log)
    assert [word for word in (token, "护照", "几位") if word in log] == []


async def test_pages_come_back_and_miss_nothing(start: Start) -> None:
    """A page is closed, the process is killed, both come back: each word is there once, in order; the contact ends."""
    running = await start()
    agent = await running.agent("li.na")
    feed = await agent.ready()
    async with page(running) as visitor:
        await visitor.say(text="我想办日本签证")
        path = await accepted(agent, feed)
        await answer(agent, path, "a0", text="答复 0")
        seq, token = (await visitor.reads("答复 0"))["seq"], visitor.token
    for n in (1, 2, 3):
        await answer(agent, path, f"a{n}", text=f"答复 {n}")
    async with page(running, token=token, seq=seq) as visitor:
        missed = [await visitor.hears("message") for _ in range(3)]
        assert [text(each) for each in missed] == ["答复 1", "答复 2", "答复 3"]
        for n in range(5):
            await visitor.say(client_id=f"before-{n}", text=f"问题 {n}")
        await visitor.tell("send", client_id="between", text="在吗")  # nobody waits for its acknowledgement
        await running.stop(signal.SIGKILL)

    again = await start(data=running.data)
    agent = await again.agent("li.na")
    async with page(again, token=token, seq=0) as visitor:
        assert visitor.token == token
        acknowledged = [await visitor.say(client_id=f"before-{n}", text=f"问题 {n}") for n in range(5)]
        await visitor.say(client_id="between", text="在吗")
        assert [ack["seq"] for ack in acknowledged] == sorted(ack["seq"] for ack in acknowledged)
        heard = [each["text"] for each in await said(agent, path) if each["direction"] == "in"]
        assert heard == ["我想办日本签证", *(f"问题 {n}" for n in range(5)), "在吗"]
        # The control: under another name the same words are another message.
        await visitor.say(client_id="control", text="在吗")
        assert [each["text"] for each in await said(agent, path)].count("在吗") == 2
        await visitor.tell("end")
        await visitor.hears("status", state="none")
    assert (await agent.call("GET", path))["state"] in {"wrapping", "resolved"}


async def test_forgers(running: Running) -> None:
    """Another site's page, a stolen or invented secret, an identity without proof: nobody, and nothing is stored."""
    url = f"{running.url}/widget/website/ws"
    for origin in ("https://evil.example", "null", "", f"ftp://{running.url.partition('://')[2]}"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await running.session.ws_connect(url, headers={"Origin": origin} if origin else {})
        assert refused.value.status == 403
    async with page(running, token="A" * 43) as visitor:
        assert visitor.token != "A" * 43
        await visitor.tell("identify", id="42", hash="0" * 64)
        assert (await visitor.hears("error"))["code"] == "not_identified"
        await visitor.socket.send_frame(b'{"type":"send","client_id":"x","text":"\xff"}', aiohttp.WSMsgType.TEXT)
        assert (await visitor.hears("error"))["code"] == "malformed"
    async with running.session.post(f"{running.url}/hooks/website", json={"text": "hi"}) as answered:
        assert answered.status in {401, 404}
    zhao = await running.agent("zhao.min")
    assert (await zhao.call("GET", "/conversations"))["items"] == []
    assert not any('"level": "error"' in line for line in running.log)
