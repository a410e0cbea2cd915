"""A conversation through REST, on the real engine and SQLite: offered, accepted, answered, given on, ended."""

import asyncio
from typing import Any

import pytest

from gateway.store.paging import Cursor
from tests.gateway.http.office import Office, Person


async def at_work(office: Office, login: str) -> Person:
    """Somebody who is connected and ready."""
    person = await office.person(login)
    await person.feed()
    await person.be("ready")
    return person


async def only(person: Person, scope: str) -> Any:
    """The one conversation in a list."""
    (found,) = (await person.get(f"/conversations?scope={scope}"))["items"]
    return found


async def accepted(office: Office, text: str = "我想办日本签证") -> tuple[Person, Any]:
    """Li Na with a conversation that she has accepted."""
    li_na = await at_work(office, "li.na")
    await office.write(text)
    offered = await only(li_na, "waiting")
    return li_na, await li_na.post(f"/conversations/{offered['id']}/accept", {"offer": offered["offer"]["id"]})


async def test_what_a_list_says(office: Office) -> None:
    """A waiting conversation in a list has everything that the interface promises."""
    li_na = await office.person("li.na")
    await office.write("我想办日本签证")
    found = await only(li_na, "waiting")
    assert found["state"] == "waiting"
    assert found["owner"] == {"kind": "queue", "id": "japan", "name": "日本组"}
    assert found["contact"]["name"] == "张三"
    assert (found["group"], found["group_name"]) == ("japan", "日本组")
    assert (found["priority"], found["tags"]) == ("normal", ["japan"])
    assert found["last_message"]["text"] == found["excerpt"] == "我想办日本签证"
    assert found["last_message"]["author"] == "contact"
    assert found["due_at"] > found["entered_waiting_at"]
    assert found["entered_waiting_at"].endswith("Z")
    assert found["offer"] is None
    assert found["capabilities"]["text_limit"] > 0
    assert found["can_reply"] is True
    assert found["epoch"] >= 0


async def test_from_offer_to_end(office: Office) -> None:
    """An offer is accepted, the answer goes out, and resolving ends it."""
    li_na, conversation = await accepted(office)
    assert conversation["state"] == "active"
    assert conversation["owner"] == {"kind": "agent", "id": "li.na", "name": "日本客服A"}
    assert (await li_na.get("/me"))["load"] == 1.0
    path = f"/conversations/{conversation['id']}"
    message = await li_na.post(f"{path}/messages", {"client_id": "one", "text": "您好！"})
    assert (message["seq"], message["direction"], message["text"]) == (2, "out", "您好！")
    assert message["author"] == {"kind": "agent", "id": "li.na", "name": "日本客服A"}
    detail = await li_na.get(path)
    assert [each["text"] for each in detail["messages"]] == ["我想办日本签证", "您好！"]
    assert detail["contact"]["name"] == "张三"
    resolved = await li_na.post(f"{path}/resolve", {"reason": "answered"})
    assert resolved["state"] == "resolved"
    assert (await li_na.get("/me"))["load"] == 0.0
    assert (await li_na.get("/conversations?scope=mine"))["items"] == []


async def test_a_message_sent_twice(office: Office) -> None:
    """The same client id again is the same message, however often and however quickly."""
    li_na, conversation = await accepted(office)
    path = f"/conversations/{conversation['id']}/messages"
    body = {"client_id": "same", "text": "once"}
    answers = await asyncio.gather(*(li_na.post(path, body) for _ in range(5)))
    assert len({answer["id"] for answer in answers}) == 1
    assert [each["text"] for each in (await li_na.get(path))["items"]] == ["我想办日本签证", "once"]


async def test_notes_stay_inside(office: Office) -> None:
    """A note is recorded with the messages, without a delivery."""
    li_na, conversation = await accepted(office)
    note = await li_na.post(
        f"/conversations/{conversation['id']}/messages", {"client_id": "n", "text": "难缠", "note": True}
    )
    assert (note["note"], note["delivery"]) == (True, None)


async def test_an_answer_that_comes_too_late(office: Office) -> None:
    """Who answers what was given on is refused with 409, the present owner and the epoch; nothing is sent."""
    li_na, conversation = await accepted(office)
    wang = await at_work(office, "wang.fang")
    path = f"/conversations/{conversation['id']}"
    await li_na.post(f"{path}/transfer", {"to_group": "asia", "note": "去泰国"})
    refused = await li_na.call(
        "POST", f"{path}/messages", {"client_id": "late", "text": "…", "epoch": conversation["epoch"]}
    )
    assert li_na.status == 409
    assert refused["type"] == "urn:pointsman:problem:not-owner"
    assert refused["owner"] == {"kind": "agent", "id": "wang.fang", "name": "王芳"}
    present = await wang.get(path)
    assert refused["epoch"] == present["epoch"] > conversation["epoch"]
    assert [each["text"] for each in present["messages"]] == ["我想办日本签证", "去泰国"]


async def test_an_offer_that_is_gone(office: Office) -> None:
    """Accepting an offer that somebody declined is refused with 409 and the present owner."""
    li_na = await at_work(office, "li.na")
    await office.write("japan")
    offered = await only(li_na, "waiting")
    path, offer = f"/conversations/{offered['id']}", {"offer": offered["offer"]["id"]}
    declined = await li_na.post(f"{path}/decline", {**offer, "reason": "busy"})
    assert (declined["offer"] or {}).get("id") != offer["offer"]
    refused = await li_na.call("POST", f"{path}/accept", offer)
    assert li_na.status == 409
    assert refused["owner"]["kind"] == "queue"


async def test_taking_from_the_waiting_list(office: Office) -> None:
    """An agent who is not offered it may take what waits in the own group, as long as there is room."""
    lin = await office.person("lin.mei")
    await lin.feed()
    await office.write("japan")
    waiting = await only(lin, "waiting")
    taken = await lin.post(f"/conversations/{waiting['id']}/accept")
    assert taken["owner"]["id"] == "lin.mei"


async def test_parked_and_taken_up(office: Office) -> None:
    """Parking frees the units, taking up again takes them back."""
    li_na, conversation = await accepted(office)
    path = f"/conversations/{conversation['id']}"
    assert (await li_na.post(f"{path}/park"))["state"] == "parked"
    assert (await li_na.get("/me"))["load"] == 0.0
    assert (await li_na.post(f"{path}/resume"))["state"] == "active"
    assert (await li_na.get("/me"))["load"] == 1.0


async def test_tags_and_priority(office: Office) -> None:
    """Tags are added and removed; a priority that is not in the file is refused."""
    li_na, conversation = await accepted(office)
    path = f"/conversations/{conversation['id']}/tags"
    changed = await li_na.post(path, {"add": ["urgent"], "remove": ["japan"], "priority": "vip"})
    assert (changed["tags"], changed["priority"]) == (["urgent"], "vip")
    await li_na.call("POST", path, {"priority": "no-such"})
    assert li_na.status == 422


async def test_resolved_and_reopened(office: Office) -> None:
    """The agent who ended a conversation can take it up again."""
    li_na, conversation = await accepted(office)
    path = f"/conversations/{conversation['id']}"
    await li_na.post(f"{path}/messages", {"client_id": "a", "text": "好的"})
    await li_na.post(f"{path}/resolve")
    reopened = await li_na.post(f"{path}/reopen")
    assert (reopened["state"], reopened["owner"]["id"]) == ("active", "li.na")


async def test_a_supervisor_assigns(office: Office) -> None:
    """A supervisor gives a waiting conversation to somebody; an agent may not give to others."""
    zhao, lin = await office.person("zhao.min"), await office.person("lin.mei")
    await lin.feed()
    await lin.be("away")
    await office.write("japan")
    waiting = await only(zhao, "waiting")
    path = f"/conversations/{waiting['id']}/assign"
    await lin.call("POST", path, {"agent": "li.na"})
    assert lin.status == 403
    assert (await zhao.post(path, {"agent": "lin.mei"}))["owner"]["id"] == "lin.mei"


async def test_handed_off(office: Office) -> None:
    """Handing off returns a conversation to a queue with its age."""
    li_na, conversation = await accepted(office)
    path = f"/conversations/{conversation['id']}"
    handed = await li_na.post(f"{path}/handoff", {"reason": "too hard", "to_group": "asia"})
    assert (handed["group"], handed["owner"]["kind"]) == ("asia", "queue")


async def test_why_here_and_why_waiting(office: Office) -> None:
    """The trace names the rule and its line; while waiting it lists every agent with a reason."""
    li_na = await office.person("li.na")
    await office.write("我想办日本签证")
    waiting = await only(li_na, "waiting")
    why = await li_na.get(f"/conversations/{waiting['id']}/trace")
    decision = why["items"][-1]
    assert ("Japan", "group") in {(rule["rule"], rule["stage"]) for rule in decision["rules"]}
    assert all(rule["line"] > 0 for rule in decision["rules"])
    verdicts = {each["agent"]: each for each in why["waiting"]["candidates"]}
    assert verdicts["wang.fang"]["verdict"] == "not_in_group"
    assert not verdicts["li.na"]["eligible"]
    assert verdicts["li.na"]["reasons"]
    assert why["waiting"]["position"] == 1


async def test_pages_of_a_list(office: Office) -> None:
    """Following `next` shows each conversation once, and ends."""
    zhao = await office.person("zhao.min")
    for number in range(7):
        await office.write("japan", address=f"v{number}", name=f"客{number}")
    for scope in ("waiting", "all"):
        seen: list[str] = []
        after = ""
        while True:
            page = await zhao.get(f"/conversations?scope={scope}&limit=3&after={after}")
            seen += [each["contact"]["name"] for each in page["items"]]
            after = page["next"]
            if after is None:
                break
        expected = [f"客{number}" for number in range(7)]
        assert seen == (expected if scope == "waiting" else expected[::-1])


async def test_reading_back_and_on(office: Office) -> None:
    """`after_seq` reads on and `before_seq` back; a page's `next` goes on in the same direction."""
    zhao = await office.person("zhao.min")
    for number in range(1, 8):
        await office.write(f"japan {number}")
    conversation = await only(zhao, "all")
    path = f"/conversations/{conversation['id']}/messages"
    on = await zhao.get(f"{path}?after_seq=2&limit=3")
    assert ([each["seq"] for each in on["items"]], on["next"]) == ([3, 4, 5], "5")
    back = await zhao.get(f"{path}?before_seq=4&limit=2")
    assert ([each["seq"] for each in back["items"]], back["next"]) == ([2, 3], "2")
    newest = await zhao.get(f"{path}?limit=2")
    assert [each["seq"] for each in newest["items"]] == [6, 7]


@pytest.mark.parametrize(("path", "name"), [("/groups", "id"), ("/queues", "group"), ("/agents", "id")])
async def test_portions_of_a_short_list(office: Office, path: str, name: str) -> None:
    """Lists that are short come whole, and in portions to who asks for them."""
    zhao = await office.person("zhao.min")
    whole = await zhao.get(path)
    assert (len(whole["items"]) > 1, whole["next"]) == (True, None)
    found: list[str] = []
    after = ""
    while True:
        page = await zhao.get(f"{path}?limit=1&after={after}")
        assert len(page["items"]) == 1
        found += [item[name] for item in page["items"]]
        if (after := page["next"]) is None:
            break
    assert found == [item[name] for item in whole["items"]]
    await zhao.call("GET", f"{path}?after={Cursor(0, 'gone').word()}")
    assert zhao.status == 422


async def test_groups_queues_agents(office: Office) -> None:
    """Groups say whether they are open, queues what waits, agents why they get nothing."""
    li_na = await office.person("li.na")
    await office.write("japan")
    groups = {each["id"]: each for each in (await li_na.get("/groups"))["items"]}
    assert groups["japan"]["open"] is True
    assert groups["japan"]["agents"] == ["li.na", "lin.mei"]
    queues = {each["group"]: each for each in (await li_na.get("/queues"))["items"]}
    assert (queues["japan"]["waiting"], queues["asia"]["waiting"]) == (1, 0)
    agents = {each["id"]: each for each in (await li_na.get("/agents"))["items"]}
    assert agents["wang.fang"]["may_receive"] is False
    assert agents["wang.fang"]["reasons"] == ["off", "gone"]


async def test_contact_profile(office: Office) -> None:
    """Agents change what is known of a contact; attributes are merged, null takes one away."""
    li_na = await office.person("li.na")
    await office.write("japan")
    path = f"/contacts/{(await only(li_na, 'waiting'))['contact']['id']}"
    changed = await li_na.call("PATCH", path, {"tags": ["vip"], "attributes": {"order": "88121", "city": "上海"}})
    assert (changed["tags"], changed["attributes"]) == (["vip"], {"order": "88121", "city": "上海"})
    changed = await li_na.call("PATCH", path, {"attributes": {"city": None}})
    assert changed["attributes"] == {"order": "88121"}
    assert changed["name"] == "张三"
    (address,) = changed["addresses"]
    assert (address["inbox"], address["channel"]) == ("website", "web")
    assert len(changed["conversations"]) == 1


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("accept", {}),
        ("assign", {"agent": "li.na"}),
        ("resolve", {}),
        ("park", {}),
        ("tags", {"add": ["mine"]}),
        ("handoff", {"reason": "x"}),
        ("transfer", {"to_group": "japan", "note": "x"}),
    ],
)
async def test_what_is_a_colleagues(office: Office, verb: str, body: dict[str, Any]) -> None:
    """Who gave a conversation away has no say in it any more: every verb is refused with the present owner."""
    li_na, conversation = await accepted(office)
    wang = await at_work(office, "wang.fang")
    path = f"/conversations/{conversation['id']}"
    await li_na.post(f"{path}/transfer", {"to_group": "asia", "note": "去泰国"})
    before = await li_na.get(path)
    refused = await li_na.call("POST", f"{path}/{verb}", body)
    assert li_na.status == 409
    assert refused["owner"]["id"] == wang.login
    assert await li_na.get(path) == before


async def test_a_supervisor_moves_what_waits_forwards(office: Office) -> None:
    """With a reason, by name, to the top; without a reason, or what does not wait, is refused."""
    await office.write("japan")
    await office.write("japan", address="second")
    zhao = await office.person("zhao.min")
    first, second = (await zhao.get("/conversations?scope=waiting"))["items"]
    path = f"/conversations/{second['id']}/boost"
    await zhao.call("POST", path, {})
    assert zhao.status == 422
    moved = await zhao.post(path, {"reason": "third complaint"})
    assert moved["due_at"] < first["due_at"]
