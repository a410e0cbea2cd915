"""A supervisor steps in: takes over, gives back, puts back, whispers, joins, tells a group."""

from typing import Any

import pytest
from sqlalchemy import select

from gateway.store import schema
from tests.gateway.http.office import Office, Person
from tests.gateway.http.test_conversation import accepted, at_work


async def say(person: Person, conversation: Any, **more: Any) -> Any:
    """Say something in a conversation."""
    body = {"client_id": "one", "text": "退款给他", **more}
    return await person.call("POST", f"/conversations/{conversation['id']}/messages", body)


async def delivered(office: Office) -> list[str]:
    """The messages that stand in the outbox, or have left it."""
    return await office.tools.store.read(lambda c: list(c.execute(select(schema.outbox.c.message)).scalars()))


async def test_taken_over_and_given_back(office: Office) -> None:
    """The owner is told by whom and why, and cannot answer any more; given back, the owner is told and has it again."""
    li_na, conversation = await accepted(office)
    zhao = await at_work(office, "zhao.min")
    path = f"/conversations/{conversation['id']}"
    taken = await zhao.post(f"{path}/take-over", {"reason": "third complaint"})
    assert (taken["owner"]["id"], taken["epoch"] > conversation["epoch"]) == ("zhao.min", True)
    nudge = await li_na.desks[0].until("nudge", conversation=conversation["id"])
    why = {"code": "moved.taken_from", "by": "zhao.min", "agent": "li.na", "words": "third complaint"}
    assert nudge["why"] == [why]
    refused = await say(li_na, conversation)
    assert (li_na.status, refused["type"]) == (409, "urn:pointsman:problem:not-owner")
    assert (await zhao.get(f"{path}/trace"))["items"][0]["reasons"] == [why]
    back = await zhao.post(f"{path}/return")
    assert back["owner"]["id"] == "li.na"
    nudge = await li_na.desks[0].until("nudge", conversation=conversation["id"])
    assert nudge["why"] == [{"code": "moved.given_back", "by": "zhao.min", "agent": "li.na"}]
    again = await zhao.call("POST", f"{path}/return", {})
    assert (zhao.status, again["type"]) == (409, "urn:pointsman:problem:not-owner")


async def test_put_back_into_the_queue(office: Office) -> None:
    """The agent is told why, and the conversation waits, as old as it was; nothing is put back twice."""
    li_na, conversation = await accepted(office)
    zhao = await office.person("zhao.min")
    path = f"/conversations/{conversation['id']}"
    waiting = await zhao.post(f"{path}/requeue", {"reason": "does not get on"})
    assert waiting["owner"]["kind"] == "queue"
    assert waiting["entered_waiting_at"] == conversation["entered_waiting_at"]
    nudge = await li_na.desks[0].until("nudge", conversation=conversation["id"])
    assert nudge["why"][0]["code"] == "moved.requeued"
    await zhao.call("POST", f"{path}/requeue", {"reason": "once more"})
    assert zhao.status == 409


@pytest.mark.parametrize("verb", ["take-over", "requeue"])
async def test_not_without_a_reason(office: Office, verb: str) -> None:
    """A supervisor who steps in says why."""
    _, conversation = await accepted(office)
    zhao = await office.person("zhao.min")
    await zhao.call("POST", f"/conversations/{conversation['id']}/{verb}", {"reason": ""})
    assert zhao.status == 422


async def test_whispered(office: Office) -> None:
    """A whisper never reaches the contact.

    The owner reads it; nothing is put into the outbox. Control: what the owner says then, is.
    """
    li_na, conversation = await accepted(office)
    zhao = await office.person("zhao.min")
    whispered = await say(zhao, conversation, note=True, whisper=True)
    assert (whispered["note"], whispered["whisper"], whispered["delivery"]) == (True, True, None)
    await li_na.desks[0].until("message", conversation=conversation["id"], message=whispered)
    assert whispered["id"] not in await delivered(office)
    said = await say(li_na, conversation, client_id="two")
    assert said["whisper"] is False
    assert await delivered(office) == [said["id"]]


async def test_joined(office: Office) -> None:
    """The supervisor's answer goes out; owner and epoch are as before. The same answer again is the same message."""
    _, conversation = await accepted(office)
    zhao = await office.person("zhao.min")
    joined = await say(zhao, conversation, join=True)
    assert joined["author"]["id"] == "zhao.min"
    assert await delivered(office) == [joined["id"]]
    assert (await say(zhao, conversation, join=True))["id"] == joined["id"]
    after = await zhao.get(f"/conversations/{conversation['id']}")
    assert (after["owner"], after["epoch"]) == (conversation["owner"], conversation["epoch"])


@pytest.mark.parametrize(
    ("who", "more", "status"),
    [
        ("li.na", {"note": True, "whisper": True}, 403),
        ("li.na", {"join": True}, 403),
        ("zhao.min", {"whisper": True}, 422),
        ("zhao.min", {"note": True, "join": True}, 422),
    ],
)
async def test_who_may_not(office: Office, who: str, more: dict[str, Any], status: int) -> None:
    """Agents neither whisper nor join; what is whispered is a note, and nobody joins with one."""
    _, conversation = await accepted(office)
    await say(person := await office.person(who), conversation, **more)
    assert person.status == status
    assert await delivered(office) == []


async def test_a_group_is_told(office: Office) -> None:
    """Whoever of the group is at the desk reads it, by whom; a group that is not there is not found."""
    li_na, zhao = await at_work(office, "li.na"), await office.person("zhao.min")
    await zhao.post("/groups/japan/announcement", {"text": "使馆今天关门"})
    frame = await li_na.desks[0].until("announcement", group="japan")
    assert frame["why"] == [{"code": "nudge.announced", "by": "zhao.min", "words": "使馆今天关门"}]
    await zhao.call("POST", "/groups/nowhere/announcement", {"text": "x"})
    assert zhao.status == 404
    await zhao.call("POST", "/groups/japan/announcement", {"text": ""})
    assert zhao.status == 422
