"""The desk's feed: who is connected, who is told what, and what happens after a broken line."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.gateway.http.office import PATIENCE, Office
from tests.gateway.http.test_conversation import accepted, at_work, only
from tests.gateway.waiting import until_found


async def reachability(office: Office, login: str) -> str:
    """What the board says of an agent."""
    zhao = await office.person("zhao.min")
    agents = {each["id"]: each for each in (await zhao.get("/agents"))["items"]}
    return str(agents[login]["reachability"])


async def until_reachability(office: Office, login: str, wanted: str) -> None:
    """Wait until the board says so."""

    async def is_so() -> bool:
        return await reachability(office, login) == wanted

    await until_found(is_so)


async def test_hello(office: Office) -> None:
    """The first frame says who one is and where to go on; an open feed is what connected means."""
    li_na = await office.person("li.na")
    desk = await li_na.feed()
    assert desk.hello["agent"] == "li.na"
    assert desk.hello["me"]["reachability"] == "connected"
    assert desk.hello["me"]["languages"] == ["zh-CN", "en"]
    assert isinstance(desk.hello["seq"], int)


async def test_an_offer_with_its_end(office: Office) -> None:
    """The agent is told of the conversation and the offer, and how it ended."""
    li_na = await office.person("li.na")
    desk = await li_na.feed()
    await li_na.be("ready")
    await office.write("我想办日本签证")
    frame = await desk.until("offer")
    assert frame["conversation"]["excerpt"] == "我想办日本签证"
    offer = frame["offer"]
    assert (offer["group"], offer["contact"]["name"], offer["mode"]) == ("japan", "张三", "accept")
    await li_na.post(f"/conversations/{offer['conversation']}/accept", {"offer": offer["id"]})
    ended = await desk.until("offer_ended", offer=offer["id"])
    assert (ended["state"], ended["conversation"]) == ("accepted", offer["conversation"])
    numbers = [each["seq"] for each in desk.frames if each["seq"]]
    assert numbers == sorted(set(numbers))


async def test_messages_and_deliveries(office: Office) -> None:
    """A new message and each change of its delivery are told."""
    li_na, conversation = await accepted(office)
    desk = li_na.desks[0]
    sent = await li_na.post(f"/conversations/{conversation['id']}/messages", {"client_id": "a", "text": "您好"})
    told = await desk.until("message", conversation=conversation["id"])
    while told["message"]["id"] != sent["id"]:
        told = await desk.until("message", conversation=conversation["id"])
    assert told["message"]["delivery"]["state"] in {"queued", "sent", "rejected"}
    assert told["message"]["client_id"] == "a"


async def test_who_is_not_told(office: Office) -> None:
    """An agent of another group hears nothing of a conversation; a supervisor hears all of it."""
    wang, zhao = await office.person("wang.fang"), await office.person("zhao.min")
    elsewhere, above = await wang.feed(), await zhao.feed()
    await office.write("japan", name="秘密")
    await above.until("conversation")
    await office.write("hello", address="other", name="公开")
    frame = await elsewhere.until("conversation")
    assert frame["conversation"]["contact"]["name"] == "公开"
    assert "秘密" not in str(elsewhere.frames)


async def test_the_group_learns_that_it_was_taken(office: Office) -> None:
    """Colleagues who saw a conversation wait are told who took it, and nothing afterwards."""
    lin = await office.person("lin.mei")
    watching = await lin.feed()
    li_na, conversation = await accepted(office)
    while (await watching.until("conversation"))["conversation"]["owner"]["id"] != "li.na":
        pass
    path = f"/conversations/{conversation['id']}"
    await li_na.post(f"{path}/messages", {"client_id": "a", "text": "只给他看"})
    await office.write("japan", address="second", name="第二个")
    while (await watching.until("conversation"))["conversation"]["contact"]["name"] != "第二个":
        pass
    assert "只给他看" not in str(watching.frames)


async def test_resume(office: Office) -> None:
    """Who comes back in time is told what was missed, in order, once."""
    zhao = await office.person("zhao.min")
    desk = await zhao.feed()
    await office.write("japan one")
    seen = await desk.until("message")
    stays = await zhao.feed()
    await desk.close()
    await office.write("japan two")
    await stays.until("message")
    back = await zhao.feed()
    await back.send(type="resume", seq=seen["seq"])
    missed = await back.until("message")
    assert missed["message"]["text"] == "japan two"
    assert missed["seq"] > seen["seq"]
    assert all(frame["seq"] == 0 or frame["seq"] > seen["seq"] for frame in back.frames[1:])


@pytest.mark.parametrize("seq", [1, 2**50])
async def test_resync(office: Office, seq: int) -> None:
    """Who was away too long (or comes from another life) is told to fetch again, and from where to go on."""
    desk = await (await office.person("zhao.min")).feed()
    await office.write("japan")
    await desk.until("message")
    await desk.send(type="resume", seq=seq)
    assert (await desk.until("resync"))["seq"] >= desk.hello["seq"]


async def test_lost_with_the_last_feed_only(office: Office) -> None:
    """An agent is connected while one of several feeds is open, and lost with the last."""
    li_na = await office.person("li.na")
    first, second = await li_na.feed(), await li_na.feed()
    await first.close()
    assert await reachability(office, "li.na") == "connected"
    await second.close()
    await until_reachability(office, "li.na", "lost")


async def test_an_offer_is_withdrawn_from_who_is_lost(office: Office) -> None:
    """A lost agent's offers go to somebody else at once."""
    li_na = await at_work(office, "li.na")
    await office.write("japan")
    offered = await only(li_na, "waiting")
    assert offered["offer"]["agent"] == "li.na"
    lin = await at_work(office, "lin.mei")
    await li_na.desks[0].close()
    frame = await lin.desks[0].until("offer")
    assert frame["offer"]["conversation"] == offered["id"]


async def test_after_a_restart(tmp_path: Path) -> None:
    """Who was connected to the former process is lost until the desk comes back; the numbers go on rising."""
    async with Office(tmp_path) as office:
        li_na = await at_work(office, "li.na")
        await office.write("japan")
        frame = await li_na.desks[0].until("offer")
    async with Office(tmp_path) as office:
        assert await reachability(office, "li.na") == "lost"
        again = await office.person("li.na")
        desk = await again.feed()
        assert await reachability(office, "li.na") == "connected"
        await office.write("japan", address="later")
        assert (await desk.until("conversation"))["seq"] > frame["seq"]


@pytest.mark.parametrize(
    "first", [{"type": "hello", "token": "wrong"}, {"type": "hello"}, {"type": "ping"}, {}, "nonsense"]
)
async def test_without_a_login(office: Office, first: Any) -> None:
    """A feed that does not prove who it is ends with 4401, and nobody is connected by it."""
    socket = await office.session.ws_connect(f"{office.url}/api/v1/feed")
    await (socket.send_str(first) if isinstance(first, str) else socket.send_json(first))
    message = await socket.receive()
    assert message.type is aiohttp.WSMsgType.CLOSE
    assert socket.close_code == 4401


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_another_sites_page(office: Office, origin: str) -> None:
    """Another site's page cannot open a feed, cookie or not."""
    li_na = await office.person("li.na")
    headers = {"Origin": origin, "Cookie": f"pointsman_session={li_na.token}"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await office.session.ws_connect(f"{office.url}/api/v1/feed", headers=headers)
    assert refused.value.status == 403


async def test_the_cookie_of_our_own_page(office: Office) -> None:
    """Our own page opens a feed by its cookie; without an Origin the cookie does not count."""
    li_na = await office.person("li.na")
    cookie = {"Cookie": f"pointsman_session={li_na.token}"}
    own = await office.session.ws_connect(f"{office.url}/api/v1/feed", headers={**cookie, "Origin": office.url})
    await own.send_json({"type": "hello"})
    assert (await own.receive_json())["type"] == "hello"
    bare = await office.session.ws_connect(f"{office.url}/api/v1/feed", headers=cookie)
    await bare.send_json({"type": "hello"})
    assert (await bare.receive()).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize(
    "frame", ['{"type": "hello"', '{"type": "fly"}', "[]", '{"type": "resume", "seq": -1}', "[" * 5000]
)
async def test_nonsense_is_survived(office: Office, frame: str) -> None:
    """A frame that is none is answered with an error; the feed goes on."""
    desk = await (await office.person("li.na")).feed()
    await desk.socket.send_str(frame)
    assert (await desk.until("error"))["code"] == "malformed"
    await desk.send(type="ping")
    await desk.until("pong")


async def test_typing_and_viewing(office: Office) -> None:
    """Who types and who looks is told to those who may see the conversation, and never kept."""
    li_na, conversation = await accepted(office)
    above = await (await office.person("zhao.min")).feed()
    await li_na.desks[0].send(type="typing", conversation=conversation["id"])
    assert await above.until("typing") == {
        "type": "typing",
        "seq": 0,
        "conversation": conversation["id"],
        "who": "li.na",
    }
    await li_na.desks[0].send(type="viewing", conversation=conversation["id"])
    assert (await above.until("viewing"))["agents"] == ["li.na"]
    await li_na.desks[0].close()
    assert (await above.until("viewing"))["agents"] == []


async def test_a_supervisor_looks_without_a_trace(office: Office) -> None:
    """A supervisor who looks at what a colleague has leaves no trace.

    Nobody learns that it is open. Control: of the owner, they do.
    """
    li_na, conversation = await accepted(office)
    above = await (await office.person("zhao.min")).feed()
    await above.send(type="viewing", conversation=conversation["id"])
    await above.send(type="ping")
    await above.until("pong")
    await li_na.desks[0].send(type="viewing", conversation=conversation["id"])
    for desk in (above, li_na.desks[0]):
        await desk.until("viewing")
        assert [frame["agents"] for frame in desk.frames if frame["type"] == "viewing"] == [["li.na"]]


async def test_queues_are_told(office: Office) -> None:
    """The queues come by themselves when they change."""
    desk = await (await office.person("li.na")).feed()
    await office.write("japan")
    while not any(each["waiting"] for each in (await desk.until("queues"))["items"]):
        pass


async def test_outside_agents_see_masks(office: Office) -> None:
    """An outside agent is told of own conversations only, with the contact's name masked."""
    outside = await office.person("out.side")
    desk = await outside.feed()
    await office.write("japan", name="不相干")
    await office.write("hello", address="mine", name="李小龙")
    await outside.be("ready")
    while (frame := await desk.until("conversation"))["conversation"]["owner"]["id"] != "out.side":
        pass
    assert frame["conversation"]["contact"]["name"] == "李＊＊"
    assert "不相干" not in str(desk.frames)
    assert "李小龙" not in str(desk.frames)


async def test_logging_out_closes_the_feeds(office: Office) -> None:
    """A session that ends takes its feeds with it."""
    li_na = await office.person("li.na")
    desk = await li_na.feed()
    await li_na.call("DELETE", "/sessions/current")
    async with asyncio.timeout(PATIENCE):
        while (await desk.socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    assert desk.socket.close_code == 4401


async def test_a_missed_agent_becomes_active(office: Office) -> None:
    """Who missed two offers in a row gets none; anything done at the desk ends that, without a ritual click."""
    wang = await at_work(office, "wang.fang")
    await office.write("quick")
    while "missed" not in (await wang.desks[0].until("presence"))["presence"]["reasons"]:
        pass
    await wang.get("/groups")
    assert "missed" not in (await wang.get("/me"))["reasons"]
