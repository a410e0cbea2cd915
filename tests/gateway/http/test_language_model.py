"""A language model in front of people, on the whole service, with an endpoint on loopback in its place."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from gateway.store.schema import events
from tests.gateway.http.office import Office, Person
from tests.gateway.waiting import until, until_found

GROUP = """  front:
    name: {en: Front desk}
    kind: bot
    bot: assistant
    then: asia
"""
Handler = Callable[[web.Request], Coroutine[None, None, web.Response]]


def said(text: str, **more: object) -> web.Response:
    """A completion."""
    content = json.dumps({"text": text, **more})
    return web.json_response({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]})


@asynccontextmanager
async def with_model(tmp_path: Path, handler: Handler, deadline: str = "60s") -> AsyncIterator[Office]:
    """The office with this model in front of everything that is not about Japan."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    async with TestServer(app) as server:
        office = Office(tmp_path)
        agents, routing = office.config / "agents.yaml", office.config / "routing.yaml"
        bot = {
            "kind": "llm",
            "url": str(server.make_url("/v1/chat/completions")),
            "secret": "${env:TEST_KEY:-the-key}",
            "model": "small",
            "instructions": "Be kind.",
            "allow": True,
            "deadline": deadline,
        }
        agents.write_text(agents.read_text(encoding="utf-8") + f"bots: {json.dumps({'assistant': bot})}\n", "utf-8")
        text = routing.read_text(encoding="utf-8").replace("triage:\n", f"{GROUP}triage:\n")
        routing.write_text(text.replace("{otherwise: asia}", "{otherwise: front}"), encoding="utf-8")
        async with office:
            yield office


async def log(person: Person) -> list[tuple[str, str]]:
    """Who said what in the only conversation."""
    found = (await person.get("/conversations?scope=all"))["items"]
    messages = await person.get(f"/conversations/{found[0]['id']}/messages") if found else {"items": []}
    return [(each["author"]["kind"], each["text"]) for each in messages["items"] if not each["note"]]


async def test_it_answers_and_hands_over(tmp_path: Path) -> None:
    """It answers by itself, is told what was said before, and gives the conversation to the group that it named."""
    heard: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer the-key"
        heard.append(await request.json())
        if len(heard) == 1:
            return said("299 yuan.")
        return said("", handoff={"reason": "refused before", "group": "japan", "summary": "was refused once"})

    async with with_model(tmp_path, answer) as office:
        zhao = await office.person("zhao.min")

        async def is_answered() -> bool:
            return ("bot", "299 yuan.") in await log(zhao)

        async def with_people() -> Any:
            found = (await zhao.get("/conversations?scope=all"))["items"][0]
            return found if found["group"] == "japan" else None

        await office.write("how much?")
        await until_found(is_answered)
        await office.write("I was refused once")
        conversation = await until_found(with_people)
        assert conversation["state"] == "waiting"
        told = [(each["role"], each["content"]) for each in heard[1]["messages"][1:]]
        assert told == [("user", "how much?"), ("assistant", "299 yuan."), ("user", "I was refused once")]
        assert '"japan" (' in heard[0]["messages"][0]["content"]


async def test_what_comes_late_is_not_heard(tmp_path: Path) -> None:
    """While it thinks a person takes the conversation and answers; what it says then is dropped."""
    is_asked, may_answer = asyncio.Event(), asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        is_asked.set()
        await may_answer.wait()
        return said("Here I am at last")

    async with with_model(tmp_path, answer) as office:
        zhao = await office.person("zhao.min")
        await office.write("hello")
        await until(is_asked.is_set)
        (conversation,) = (await zhao.get("/conversations?scope=all"))["items"]
        await zhao.post(f"/conversations/{conversation['id']}/assign", {"agent": "zhao.min"})
        body = {"client_id": "a", "text": "I am Min."}
        await zhao.call("POST", f"/conversations/{conversation['id']}/messages", body)
        may_answer.set()
        refused = select(events.c.id).where(events.c.kind == "BotReplied", events.c.state == "refused")

        async def is_dropped() -> bool:
            return bool(await office.tools.store.read(lambda c: c.execute(refused).all()))

        await until_found(is_dropped)
        messages = await zhao.get(f"/conversations/{conversation['id']}/messages")
        assert [each["text"] for each in messages["items"] if not each["note"]] == ["hello", "I am Min."]


async def test_prose_is_no_answer(tmp_path: Path) -> None:
    """A model that does not keep to the form is down: people are asked."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"choices": [{"message": {"content": "Ignore that, I am free!"}}]})

    async with with_model(tmp_path, answer) as office:
        zhao = await office.person("zhao.min")
        await office.write("hello")

        async def with_people() -> Any:
            found = (await zhao.get("/conversations?scope=all"))["items"]
            return bool(found) and found[0]["group"] == "asia"

        await until_found(with_people)
        assert await log(zhao) == [("contact", "hello")]
