"""Bots in front of people, in the real process: a form with chips, a faq that helps, a bot that hangs."""

import asyncio
import hashlib
import hmac
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.acceptance.conftest import TELLS_WITHIN, Agent, Running, Start, until
from tests.acceptance.website import page, text
from tests.gateway.waiting import until as until_true

pytestmark = pytest.mark.acceptance


def labels(message: dict[str, Any]) -> list[str]:
    """The labels of the chips in a message."""
    return [option["label"] for part in message["parts"] if part["kind"] == "choices" for option in part["options"]]


async def taken(agent: Agent, feed: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    """The agent accepts what is offered; the conversation."""
    offer = (await until(feed, "offer"))["offer"]
    await agent.call("POST", f"/conversations/{offer['conversation']}/accept", {"offer": offer["id"]})
    found: dict[str, Any] = await agent.call("GET", f"/conversations/{offer['conversation']}")
    return found


async def test_form_asks_with_chips_and_hands_over_what_it_learnt(running: Running) -> None:
    """你好 is asked where to; a chip and a date later Wang Fang has the conversation, with both and the reason."""
    wang = await running.agent("wang.fang")
    feed = await wang.ready()
    async with page(running) as visitor:
        await visitor.say(text="你好")
        asked = await visitor.reads("您想去哪里")
        assert asked["author"]["kind"] == "bot"
        assert labels(asked) == ["日本", "韩国", "东南亚", "美国 · 加拿大 · 澳大利亚", "其他"]
        await visitor.say(value="south-east-asia", label="东南亚")
        await visitor.reads("什么时候出发")
        await visitor.say(text="十二月")
        await visitor.reads("马上为您转接")
        found = await taken(wang, feed)
        assert found["group"] == "south-east-asia"
        assert found["fields"] == {"destination": "south-east-asia", "when": "十二月"}
        assert found["handoff"] == {
            "by": "reception",
            "name": "小帮手",
            "reason": "form_complete",
            "summary": "目的地: 东南亚\n出行时间: 十二月",
        }
        await wang.call("POST", f"/conversations/{found['id']}/messages", {"client_id": "1", "text": "您好，我来办。"})
        await visitor.reads("我来办")


async def test_the_form_speaks_english_and_lets_go_at_once(running: Running) -> None:
    """An English visitor gets English chips; the word human is enough, and what was said is kept."""
    chen = await running.agent("chen.jie")
    feed = await chen.ready()
    async with page(running, "en") as visitor:
        await visitor.say(text="hello")
        assert "Japan" in labels(await visitor.reads("Where would you like to go"))
        await visitor.say(text="human, please")
        found = await taken(chen, feed)
    assert (found["group"], found["handoff"]["reason"]) == ("front-desk", "asked_for_person")


async def test_faq_answers_while_waiting_and_counts_as_nothing(running: Running) -> None:
    """Who waits for the Japan desk is answered a common question, marked as automatic, and waits on."""
    zhao = await running.agent("zhao.min")
    await zhao.connect()
    async with page(running) as visitor:
        await visitor.say(text="我想办日本签证")
        await visitor.say(text="一般多久能出签？")
        answer = await visitor.reads("五到七个工作日")
        assert text(answer).startswith("〔自动回复〕")
    (waiting,) = (await zhao.call("GET", "/conversations?scope=waiting"))["items"]
    assert waiting["group"] == "japan-korea"
    assert waiting["unanswered_since"] == waiting["entered_waiting_at"]


async def test_back_to_the_bot_and_on(running: Running) -> None:
    """An agent gives the conversation back to the reception, which speaks first."""
    chen = await running.agent("chen.jie")
    feed = await chen.ready()
    async with page(running) as visitor:
        await visitor.say(text="人工")
        found = await taken(chen, feed)
        path = f"/conversations/{found['id']}"
        await chen.call("POST", f"{path}/messages", {"client_id": "1", "text": "您好"})
        await chen.call("POST", f"{path}/handoff", {"reason": "先填表", "to_group": "reception"})
        await visitor.reads("您想去哪里")


@asynccontextmanager
async def program(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """A bot elsewhere: its address."""
    app = web.Application()
    app.router.add_post("/bot", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    try:
        yield str(server.make_url("/bot"))
    finally:
        await server.close()


async def with_webhook(start: Start, tmp_path: Path, url: str, *, deadline: str = "60s") -> Running:
    """A service with a program elsewhere in the reception's place, which has so long to answer."""
    agents = tmp_path / "config" / "agents.yaml"
    before, _, after = agents.read_text(encoding="utf-8").partition("  reception:\n")
    _, _, rest = after.partition("\n  questions:\n")
    how = f"url: '{url}', secret: '${{env:BOT_SECRET}}', allow: true, deadline: {deadline}"
    bot = f"  reception: {{kind: webhook, {how}}}\n"
    agents.write_text(f"{before}{bot}\n  questions:\n{rest}", encoding="utf-8")
    return await start(environ={"BOT_SECRET": "shared"})


async def test_a_program_elsewhere_is_a_bot(start: Start, tmp_path: Path) -> None:
    """It is asked with a signature and a key, answers, is asked again with its memory, and hands over."""
    heard: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        stamp = request.headers["Pointsman-Timestamp"]
        proof = hmac.new(b"shared", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        assert request.headers["Pointsman-Signature"] == f"v1={proof}"
        heard.append(json.loads(body))
        if heard[-1]["memory"] == "":
            return web.json_response({"text": "Which country?", "memory": "asked", "awaits": True})
        handoff = {"reason": "done", "group": "japan-korea", "summary": "wants Japan"}
        return web.json_response({"fields": {"country": "jp"}, "handoff": handoff})

    async with program(answer) as url:
        running = await with_webhook(start, tmp_path, url)
        li_na = await running.agent("li.na")
        feed = await li_na.ready()
        async with page(running, "en") as visitor:
            await visitor.say(text="hello")
            await visitor.reads("Which country?")
            await visitor.say(text="the islands")
            found = await taken(li_na, feed)
    assert [each["message"]["text"] for each in heard] == ["hello", "the islands"]
    assert (found["group"], found["fields"], found["handoff"]["summary"]) == (
        "japan-korea",
        {"country": "jp"},
        "wants Japan",
    )


async def test_a_bot_that_hangs_loses_the_conversation(start: Start, tmp_path: Path) -> None:
    """After its deadline people have the conversation; what the bot says then is not heard."""
    may_answer = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await may_answer.wait()
        return web.json_response({"text": "Here I am at last"})

    async with program(answer) as url:
        running = await with_webhook(start, tmp_path, url, deadline="2s")
        chen = await running.agent("chen.jie")
        feed = await chen.ready()
        async with page(running, "en") as visitor:
            await visitor.say(text="hello")
            found = await taken(chen, feed)
            may_answer.set()
            await chen.call("POST", f"/conversations/{found['id']}/messages", {"client_id": "1", "text": "I am Jay."})
            await visitor.reads("I am Jay.")
        said = await chen.call("GET", f"/conversations/{found['id']}/messages")
    assert found["handoff"]["reason"] == "bot_down"
    assert [each["text"] for each in said["items"] if not each["note"]] == ["hello", "I am Jay."]


async def test_what_a_bot_owed_is_answered_after_a_restart(start: Start, tmp_path: Path) -> None:
    """A process that is killed while the bot thinks asks it again when it comes back, with the same key."""
    keys: list[str] = []
    is_asked = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        keys.append(request.headers["Idempotency-Key"])
        is_asked.set()
        if len(keys) == 1:
            await asyncio.Event().wait()
        return web.json_response({"text": "Hello again"})

    async with program(answer) as url:
        running = await with_webhook(start, tmp_path, url)
        async with page(running, "en") as visitor:
            await visitor.say(text="hello")
            async with asyncio.timeout(TELLS_WITHIN):
                await is_asked.wait()
        await running.stop(signal.SIGKILL)
        await start(data=running.data, environ={"BOT_SECRET": "shared"})
        await until_true(lambda: len(keys) > 1)
    assert keys[0] == keys[1]
