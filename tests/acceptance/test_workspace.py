"""The real process and a workspace: the whole story, over signed calls and over a socket that is dropped."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.slack.fake_platform import FakePlatform
from adapters.slack.fake_platform.workspace import BOT_USER, seen
from gateway.clock import SystemClock
from tests.acceptance.conftest import TELLS_WITHIN, Agent, Running, Start, until
from tests.gateway.waiting import until_found

pytestmark = pytest.mark.acceptance

TOKEN, APP_TOKEN, SIGNING = "xoxb-acceptance", "xapp-acceptance", "signing-acceptance"
USER, DIRECT, HELP = "U0CHEN", "D0CHEN", "C0HELP"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Office:
    """A started service, the workspace on its other side, and an agent."""

    running: Running
    workspace: FakePlatform
    agent: Agent

    async def sent(self, count: int, channel: str = DIRECT) -> list[dict[str, Any]]:
        """What the app has said in a channel, once it is so many messages."""
        async with asyncio.timeout(TELLS_WITHIN):
            await self.workspace.until(lambda: len(self.workspace.sent(channel)) >= count)
        return self.workspace.sent(channel)

    async def accepted(self, feed: Any) -> str:
        """The next offer is accepted; the conversation's path."""
        offer = (await until(feed, "offer"))["offer"]
        path = f"/conversations/{offer['conversation']}"
        await self.agent.call("POST", f"{path}/accept", {"offer": offer["id"]})
        assert self.agent.status == 200
        return path

    async def say(self, path: str, client_id: str, **what: Any) -> dict[str, Any]:
        """The agent says something."""
        said: dict[str, Any] = await self.agent.call("POST", f"{path}/messages", {"client_id": client_id, **what})
        assert self.agent.status in {200, 201, 202}, said
        return said

    async def until_stored(self, path: str, is_there: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The conversation's messages, once they are as wanted."""
        async with asyncio.timeout(TELLS_WITHIN):
            while True:
                items: list[dict[str, Any]] = (await self.agent.call("GET", f"{path}/messages"))["items"]
                if is_there(items):
                    return items


Open = Callable[[str], Awaitable[Office]]


@pytest.fixture
async def workspace() -> AsyncIterator[FakePlatform]:
    """A workspace with one contact and one channel, listening."""
    workspace = FakePlatform(TOKEN, APP_TOKEN, SystemClock(), pace=0.01)
    workspace.contact(USER, "陈经理")
    workspace.channel(HELP)
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def open_office(workspace: FakePlatform, start: Start) -> Open:
    """Starts all of it, in the mode given. Who calls the workspace ends before the workspace does."""
    base = f"{workspace.address}/api"

    async def begin(mode: str) -> Office:
        running = await start(
            environ={
                "POINTSMAN_DEMO_SLACK": base,
                "POINTSMAN_DEMO_SLACK_TOKEN": TOKEN,
                "POINTSMAN_DEMO_SLACK_APP_TOKEN": APP_TOKEN,
                "POINTSMAN_DEMO_SLACK_SECRET": SIGNING,
                "POINTSMAN_DEMO_SLACK_MODE": mode,
            }
        )
        if mode == "http":
            workspace.call(f"{running.url}/hooks/workspace", SIGNING)
        return Office(running, workspace, await running.agent("li.na"))

    return begin


async def edits_both_ways(office: Office, path: str, answer: str) -> None:
    """What the contact changes is changed at the desk, and the other way round."""
    workspace = office.workspace
    (event,) = await workspace.write(USER, "下周一走")
    await office.until_stored(path, lambda all_: any(m["text"] == "下周一走" for m in all_))
    await workspace.edit(DIRECT, event["event"]["ts"], "下周二走")
    items = await office.until_stored(path, lambda all_: any(m["text"] == "下周二走" for m in all_))
    assert "下周一走" not in {message["text"] for message in items}
    await office.agent.call("PATCH", f"{path}/messages/{answer}", {"text": "您好! 护照 & 照片?"})
    assert office.agent.status == 200
    async with asyncio.timeout(TELLS_WITHIN):
        await workspace.until(lambda: seen(workspace.sent(DIRECT)[0]["text"]) == "您好! 护照 & 照片?")


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_the_whole_story(open_office: Open, mode: str) -> None:
    """Write, route, offer, answer, a picture both ways, buttons, edits both ways, the end: over either transport."""
    office = await open_office(mode)
    workspace, agent = office.workspace, office.agent
    feed = await agent.ready()

    await workspace.write(USER, "我想办日本签证 &amp; <https://shop.example|这个>")
    path = await office.accepted(feed)
    conversation = await agent.call("GET", path)
    assert (conversation["group"], conversation["owner"]["id"]) == ("japan-korea", "li.na")
    assert conversation["messages"][0]["text"].startswith("我想办日本签证 & 这个")

    said = await office.say(path, "a1", text="您好 <3 & 护照?")
    (answer,) = await office.sent(1)
    assert seen(answer["text"]) == "您好 <3 & 护照?"

    await workspace.share(USER, PNG, "image/png", "passport.png", "护照")
    items = await office.until_stored(path, lambda all_: any(p.get("media") for m in all_ for p in m["parts"]))
    (media,) = [part["media"] for message in items for part in message["parts"] if part.get("media")]

    await office.say(
        path, "a2", parts=[{"kind": "image", "media": media, "name": "form.png"}, {"kind": "text", "text": "签"}]
    )
    *_, picture = await office.sent(2)
    assert picture["text"] == "签"
    assert workspace.workspace.files[picture["files"][0]["id"]].data is not None

    options = [{"value": "1", "label": "一人"}, {"value": "2", "label": "两人"}]
    await office.say(path, "a3", parts=[{"kind": "text", "text": "几位?"}, {"kind": "choices", "options": options}])
    *_, question = await office.sent(3)
    await workspace.press(USER, DIRECT, question["ts"], "2")
    items = await office.until_stored(path, lambda all_: any(p["kind"] == "choice" for m in all_ for p in m["parts"]))
    (choice,) = [part for message in items for part in message["parts"] if part["kind"] == "choice"]
    assert (choice["value"], choice["label"]) == ("2", "两人")

    await edits_both_ways(office, path, said["id"])

    async def is_known() -> bool:
        name: str = (await agent.call("GET", path))["contact"]["name"]
        return name == "陈经理"  # the platform said only an id: it was asked

    await until_found(is_known)

    await agent.call("POST", f"{path}/resolve", {})
    assert agent.status == 200
    assert (await agent.call("GET", path))["state"] == "resolved"
    log = "".join(office.running.log)
    assert [secret for secret in (TOKEN, APP_TOKEN, SIGNING, "护照") if secret in log] == []


async def test_a_thread_in_a_channel(open_office: Open) -> None:
    """Two events of one mention are one message; what is said in that thread belongs to it, all else to nobody."""
    office = await open_office("http")
    workspace, agent = office.workspace, office.agent
    feed = await agent.ready()
    await workspace.write(USER, "lunch?", channel=HELP)
    events = await workspace.write(USER, f"<@{BOT_USER}> 东京签证", channel=HELP, is_held=True)
    for event in (*reversed(events), *events):
        await workspace.deliver(event)
    path = await office.accepted(feed)
    root = events[0]["event"]["ts"]
    await workspace.write(USER, "两个人", channel=HELP, thread_ts=root, parent_user_id=USER)
    await workspace.write(USER, "not for you", channel=HELP, thread_ts="1.000001", parent_user_id=USER)
    async with asyncio.timeout(TELLS_WITHIN):
        await workspace.until(workspace.dispatch.is_empty)
    items = await office.until_stored(path, lambda all_: len([m for m in all_ if m["direction"] == "in"]) > 1)
    assert [message["text"] for message in items if message["direction"] == "in"] == ["东京签证", "两个人"]
    await office.say(path, "a1", text="好的")
    (answer,) = await office.sent(1, HELP)
    assert answer["thread_ts"] == root
    zhao = await office.running.agent("zhao.min")
    assert len((await zhao.call("GET", "/conversations"))["items"]) == 1


async def test_a_dropped_socket_loses_nothing(open_office: Open) -> None:
    """The platform drops the socket between and during messages: each of them is stored, once, and confirmed."""
    office = await open_office("socket")
    workspace = office.workspace
    async with asyncio.timeout(TELLS_WITHIN):
        await workspace.until(lambda: bool(workspace.dispatch.sockets))
    for n in range(20):
        await workspace.write(USER, f"东京 {n}")
        if n % 5 == 4:
            await workspace.dispatch.drop("" if n % 2 else "refresh_requested")
    async with asyncio.timeout(60):
        await workspace.until(workspace.dispatch.is_empty)
    zhao = await office.running.agent("zhao.min")
    (conversation,) = (await zhao.call("GET", "/conversations"))["items"]
    items = (await zhao.call("GET", f"/conversations/{conversation['id']}/messages?limit=100"))["items"]
    said = [message["text"] for message in items if message["direction"] == "in"]
    assert sorted(said) == sorted(f"东京 {n}" for n in range(20))


async def test_forged_calls(open_office: Open) -> None:
    """A call that is not signed, or signed long ago, is 401 and stores nothing; no call is answered with a 5xx."""
    office = await open_office("http")
    url = f"{office.running.url}/hooks/workspace"
    headers = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=" + "0" * 64}
    for given in ({}, headers, {**headers, "X-Slack-Request-Timestamp": "x"}, {**headers, "X-Slack-Signature": "é"}):
        async with office.running.session.post(url, data=b"{}", headers=given) as answer:
            assert answer.status == 401
    zhao = await office.running.agent("zhao.min")
    assert (await zhao.call("GET", "/conversations"))["items"] == []
