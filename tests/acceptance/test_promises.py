"""What the product promises, on the real process: order and albums, units, due times, closed hours."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Agent, Running, Start, until
from tests.gateway.waiting import until_found

pytestmark = pytest.mark.acceptance

JAPAN = "我想办日本签证"
CUSTOMERS = 12
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def update(number: int, contact: int, **content: Any) -> dict[str, Any]:
    """An update of the platform, made by hand."""
    person = {"id": contact, "is_bot": False, "first_name": f"顾客{contact}", "language_code": "zh-hans"}
    chat = {"id": contact, "type": "private", "first_name": f"顾客{contact}"}
    message = {"message_id": number, "from": person, "chat": chat, "date": 1_800_000_000, **content}
    return {"update_id": number, "message": message}


def picture(number: int) -> dict[str, Any]:
    """One picture of an album."""
    size = {"file_id": f"file-{number}", "file_unique_id": f"u{number}", "width": 90, "height": 90, "file_size": 900}
    return {"photo": [size], "media_group_id": "album-1"}


def another_day() -> str:
    """A day of the week that is neither today nor tomorrow, anywhere."""
    return DAYS[(datetime.now(UTC).weekday() + 3) % 7]


async def messages_in(agent: Agent, conversation: str) -> list[dict[str, Any]]:
    """What the contact has said in a conversation."""
    listed = await agent.call("GET", f"/conversations/{conversation}/messages")
    return [each for each in listed["items"] if each["direction"] == "in"]


async def test_updates_out_of_order(running: Running) -> None:
    """Numbers that arrive late are kept as well as those that came early; each once, in one conversation."""
    numbers = (905, 901, 904, 902, 903, 901, 905)
    for number in numbers:
        assert await running.webhook(update(number, 9, text=f"{JAPAN} {number}")) == 200
    zhao = await running.agent("zhao.min")
    (conversation,) = (await zhao.call("GET", "/conversations"))["items"]
    said = [each["text"] for each in await messages_in(zhao, conversation["id"])]
    assert said == [f"{JAPAN} {number}" for number in (905, 901, 904, 902, 903)]


async def test_an_album_of_a_new_contact(running: Running) -> None:
    """Ten pictures that a stranger sends as one, delivered at once, are one conversation and one message."""
    sent = [running.webhook(update(1_000 + n, 8, **picture(n))) for n in range(10)]
    assert await asyncio.gather(*sent) == [200] * 10
    zhao = await running.agent("zhao.min")
    (conversation,) = (await zhao.call("GET", "/conversations"))["items"]
    (message,) = await messages_in(zhao, conversation["id"])
    assert [part["kind"] for part in message["parts"]] == ["image"] * 10


async def test_an_agent_never_gets_more_than_the_own_units(running: Running) -> None:
    """A dozen customers at once: Li Na is offered as many as her four units carry, and not one more until one ends."""
    li_na = await running.agent("li.na")
    feed = await li_na.ready()
    sent = [running.webhook(update(2_000 + n, 100 + n, text=JAPAN)) for n in range(CUSTOMERS)]
    assert await asyncio.gather(*sent) == [200] * CUSTOMERS
    taken = []
    for _ in range(4):
        offer = (await until(feed, "offer"))["offer"]
        await li_na.call("POST", f"/conversations/{offer['conversation']}/accept", {"offer": offer["id"]})
        assert li_na.status == 200
        taken.append(offer["conversation"])
        me = await li_na.call("GET", "/me")
        assert me["load"] <= me["units"] == 4
    me = await li_na.call("GET", "/me")
    assert (me["load"], me["may_receive"]) == (4, False)
    waiting = (await li_na.call("GET", "/conversations?scope=waiting&limit=50"))["items"]
    assert {each["state"] for each in waiting} == {"waiting"}
    assert len(waiting) == CUSTOMERS - 4
    await li_na.call("POST", f"/conversations/{taken[0]}/resolve", {})
    offer = (await until(feed, "offer"))["offer"]
    assert offer["conversation"] not in taken


async def test_vip_before_normal(running: Running) -> None:
    """Two wait; the one who came later but is a VIP is due earlier, and is offered first."""
    admin = await running.agent("admin")
    assert await running.webhook(update(3_001, 301, text=JAPAN)) == 200
    assert await running.webhook(update(3_002, 302, text=JAPAN)) == 200
    (later,) = [
        each for each in (await admin.call("GET", "/conversations"))["items"] if each["contact"]["name"] == "顾客302"
    ]
    await admin.call("POST", f"/conversations/{later['id']}/tags", {"priority": "vip"})
    assert admin.status == 200
    li_na = await running.agent("li.na")
    feed = await li_na.ready()
    assert (await until(feed, "offer"))["offer"]["conversation"] == later["id"]


@pytest.mark.parametrize(("contact", "words"), [(1, "现在休息"), (2, "is closed now")])
async def test_a_closed_group_answers_once(start: Start, tmp_path: Path, contact: int, words: str) -> None:
    """Outside the hours the contact is told once, in the own language, when somebody will answer; and is held."""
    routing = tmp_path / "config" / "routing.yaml"
    text = routing.read_text(encoding="utf-8").replace('daily: ["00:00-24:00"]', f'{another_day()}: ["09:00-10:00"]')
    routing.write_text(text.partition("\ntests:\n")[0] + "\n", encoding="utf-8")
    running = await start()
    for question in (JAPAN if contact == 1 else "I need a visa for Japan", "?", "??"):
        await running.platform.write(contact, question)

    async def told() -> list[Any]:
        return list(running.platform.sent(contact))

    await until_found(told)
    admin = await running.agent("admin")
    (conversation,) = (await admin.call("GET", "/conversations"))["items"]
    assert conversation["held_until"] is not None

    async def has_all() -> bool:
        return len(await messages_in(admin, conversation["id"])) == 3

    await until_found(has_all)
    (answer,) = running.platform.sent(contact)
    assert words in answer["text"]
