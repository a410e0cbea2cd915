"""A whole conversation over the real process, by webhook and by polling, while the platform drops connections."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.clock import SystemClock
from tests.acceptance.conftest import TOKEN, Agent, Running, Start, until
from tests.fakes.platforms.telegram import Answer, Reset, ScriptedPlatform, Truly
from tests.gateway.images import picture
from tests.gateway.waiting import until_found

pytestmark = pytest.mark.acceptance

LONG = "japan/" + "multiple-entry/" * 8
CONTACT = 1


@pytest.fixture
async def messenger() -> AsyncIterator[tuple[ScriptedPlatform, str]]:
    """The platform, told to go wrong; it repeats what failed twenty times as fast as the real one."""
    platform = ScriptedPlatform(TOKEN, SystemClock(), pace=0.05)
    platform.contact(CONTACT, "陈小明", "zh-hans")
    yield platform, await platform.start()
    await platform.stop()


class Story:
    """One conversation, from its agent's side."""

    def __init__(self, agent: Agent, path: str) -> None:
        self.agent = agent
        self.path = path

    async def answer(self, client_id: str, **more: Any) -> Any:
        """The agent answers; the message as it was taken in."""
        said = await self.agent.call("POST", f"{self.path}/messages", {"client_id": client_id, **more})
        assert self.agent.status == 200, said
        return said

    async def ends_as(self, message: dict[str, Any], state: str) -> None:
        """Wait until it is known what became of an answer."""

        async def has_ended() -> bool:
            now = await self.message(message["id"])
            assert now["delivery"]["state"] in {"queued", state}, now
            return bool(now["delivery"]["state"] == state)

        await until_found(has_ended)

    async def message(self, id_: str) -> Any:
        """One message as it is now."""
        listed = await self.agent.call("GET", f"{self.path}/messages")
        return next(each for each in listed["items"] if each["id"] == id_)

    async def heard(self) -> Any:
        """The newest message of the contact."""
        listed = await self.agent.call("GET", f"{self.path}/messages")
        return [each for each in listed["items"] if each["direction"] == "in"][-1]


async def begun(running: Running, platform: ScriptedPlatform) -> Story:
    """The contact writes, the right agent is offered the conversation and accepts."""
    li_na = await running.agent("li.na")
    feed = await li_na.ready()
    await platform.write(CONTACT, "我想办日本签证")
    offer = (await until(feed, "offer"))["offer"]
    path = f"/conversations/{offer['conversation']}"
    await li_na.call("POST", f"{path}/accept", {"offer": offer["id"]})
    assert li_na.status == 200
    conversation = await li_na.call("GET", path)
    assert (conversation["group"], conversation["owner"]["id"]) == ("japan-korea", "li.na")
    return Story(li_na, path)


def ask(tmp_path: Path, mode: str) -> None:
    """Let the inbox be called, or ask by itself."""
    inboxes = tmp_path / "config" / "inboxes.yaml"
    inboxes.write_text(inboxes.read_text(encoding="utf-8").replace("mode: webhook", f"mode: {mode}"), encoding="utf-8")


async def pictures_both_ways(running: Running, story: Story, platform: ScriptedPlatform) -> None:
    """The contact's photo is stored and shown; the agent's arrives."""
    photo = platform.keep(picture(1), "image/png", "passport.png")
    await platform.write(CONTACT, photo=[{"file_id": photo, "width": 40, "height": 30, "file_size": 100}])

    async def fetched() -> Any:
        return next((part for part in (await story.heard())["parts"] if part.get("url")), None)

    part = await until_found(fetched)
    async with running.session.get(f"{running.url}{part['url']}") as shown:
        assert (shown.status, shown.content_type.partition("/")[0]) == (200, "image")
    form = aiohttp.FormData()
    form.add_field("file", picture(2), filename="样本.png", content_type="image/png")
    headers = {"Authorization": f"Bearer {story.agent.token}"}
    async with running.session.post(f"{running.url}/api/v1/media", data=form, headers=headers) as uploaded:
        media = await uploaded.json()
    sample = await story.answer("sample", parts=[{"kind": "image", "media": media["id"], "name": "样本.png"}])
    await story.ends_as(sample, "sent")
    assert "photo" in platform.sent(CONTACT)[-1]


async def a_button_with_a_long_value(story: Story, platform: ScriptedPlatform) -> None:
    """What the contact presses comes back as it was meant, although the platform could not carry it."""
    options = [{"value": LONG, "label": "五年多次"}, {"value": "once", "label": "单次"}]
    asked = await story.answer("asked", text="哪一种？", parts=[{"kind": "choices", "options": options}])
    await story.ends_as(asked, "sent")
    buttons = platform.sent(CONTACT)[-1]
    data = buttons["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await platform.press(CONTACT, buttons["message_id"], data)

    async def pressed() -> Any:
        return next((part for part in (await story.heard())["parts"] if part["kind"] == "choice"), None)

    assert (await until_found(pressed))["value"] == LONG


async def edits_both_ways(story: Story, platform: ScriptedPlatform, ours: dict[str, Any]) -> None:
    """The contact's edit is seen at the desk; the agent's is carried out on the platform."""
    wrote = await platform.write(CONTACT, "两个人")
    await platform.edit(CONTACT, wrote["message"]["message_id"], "三个人")

    async def edited() -> Any:
        newest = await story.heard()
        return newest["text"] == "三个人" and newest["edited_at"]

    await until_found(edited)
    await story.agent.call("PATCH", f"{story.path}/messages/{ours['id']}", {"text": "您好！几位出行？"})
    assert story.agent.status == 200

    async def rewritten() -> Any:
        return platform.sent(CONTACT)[0]["text"] == "您好！几位出行？"

    await until_found(rewritten)


async def a_lost_answer(story: Story, platform: ScriptedPlatform) -> None:
    """A connection breaks while we send: nobody knows, the agent decides, the contact has it once."""
    platform.script("sendMessage", Reset())
    lost = await story.answer("lost", text="费用是五百元。")
    await story.ends_as(lost, "unverified")
    await story.agent.call("POST", f"{story.path}/messages/{lost['id']}/resend", {})
    assert story.agent.status == 200
    await story.ends_as(lost, "sent")
    assert [sent.get("text") for sent in platform.sent(CONTACT)].count("费用是五百元。") == 1


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_the_whole_story(start: Start, tmp_path: Path, platform: ScriptedPlatform, mode: str) -> None:
    """Write, route, offer, answer, pictures both ways, buttons, edits both ways, a lost answer, the end."""
    ask(tmp_path, mode)
    if mode == "polling":
        platform.script("getUpdates", Truly(), Reset(), Reset(is_taken=True), Answer(502, b""))
    running = await start()
    story = await begun(running, platform)
    hello = await story.answer("hello", text="您好，几位出行？")
    await story.ends_as(hello, "sent")
    assert platform.sent(CONTACT)[-1]["text"] == "您好，几位出行？"
    await pictures_both_ways(running, story, platform)
    await a_button_with_a_long_value(story, platform)
    await edits_both_ways(story, platform, hello)
    await a_lost_answer(story, platform)
    ended = await story.agent.call("POST", f"{story.path}/resolve", {"reason": "answered"})
    assert ended["state"] == "resolved"
    assert platform.unused() == {}


async def test_no_word_is_lost_while_connections_break(
    start: Start, platform: ScriptedPlatform, tmp_path: Path
) -> None:
    """Thirty messages while every third question is cut off: each arrives once, in its order."""
    ask(tmp_path, "polling")
    running = await start()
    story = await begun(running, platform)
    faults = [fault for _ in range(3) for fault in (Reset(is_taken=True), Truly(), Reset())]
    platform.script("getUpdates", *faults)
    for number in range(30):
        await platform.write(CONTACT, f"第{number}句")

    async def all_there() -> Any:
        listed = await story.agent.call("GET", f"{story.path}/messages?limit=100")
        texts = [each["text"] for each in listed["items"] if each["direction"] == "in"]
        return texts if len(texts) > 30 else None

    texts = await until_found(all_there)
    assert texts == ["我想办日本签证", *(f"第{number}句" for number in range(30))]
