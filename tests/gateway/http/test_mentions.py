"""A note asks a colleague to look: who is told, what the colleague may see then, and who cannot be asked."""

from typing import Any

import pytest

from tests.gateway.http.office import Office, Person
from tests.gateway.http.test_conversation import accepted, at_work


async def note(person: Person, conversation: Any, *mentions: str, client_id: str = "n") -> Any:
    """Leave a note that asks these to look."""
    body = {"client_id": client_id, "text": "请看一下", "note": True, "mentions": list(mentions)}
    return await person.call("POST", f"/conversations/{conversation['id']}/messages", body)


async def test_a_colleague_elsewhere_is_asked(office: Office) -> None:
    """The colleague is told by whom, finds the conversation in the own list and may read it; before that, not."""
    li_na, conversation = await accepted(office)
    wang = await at_work(office, "wang.fang")
    path = f"/conversations/{conversation['id']}"
    await wang.call("GET", path)
    assert wang.status == 404
    assert (await wang.get("/conversations?scope=mentions"))["items"] == []
    await note(li_na, conversation, "wang.fang", "wang.fang", "li.na")
    nudge = await wang.desks[0].until("nudge", conversation=conversation["id"])
    assert nudge["why"] == [{"code": "nudge.mentioned", "by": "li.na"}]
    (listed,) = (await wang.get("/conversations?scope=mentions"))["items"]
    assert listed["id"] == conversation["id"]
    assert [each["text"] for each in (await wang.get(path))["messages"]] == ["我想办日本签证", "请看一下"]
    assert (await li_na.get("/conversations?scope=mentions"))["items"] == []
    assert (await li_na.get(path))["owner"]["id"] == "li.na"


async def test_who_is_asked_may_answer_with_a_note_and_with_nothing_else(office: Office) -> None:
    """To be asked is no ownership: the contact hears nothing from a colleague who was asked."""
    li_na, conversation = await accepted(office)
    wang = await at_work(office, "wang.fang")
    await note(li_na, conversation, "wang.fang")
    assert (await note(wang, conversation, "li.na", client_id="back"))["note"] is True
    await li_na.desks[0].until("nudge", conversation=conversation["id"])
    refused = await wang.call("POST", f"/conversations/{conversation['id']}/messages", {"client_id": "a", "text": "…"})
    assert (wang.status, refused["type"]) == (409, "urn:pointsman:problem:not-owner")


@pytest.mark.parametrize(("whom", "status"), [("nobody", 422), ("out.side", 409)])
async def test_who_cannot_be_asked(office: Office, whom: str, status: int) -> None:
    """Nobody of that name, or an outside agent, who sees the own conversations only: no note is left."""
    li_na, conversation = await accepted(office)
    await note(li_na, conversation, "wang.fang", whom)
    assert li_na.status == status
    assert len((await li_na.get(f"/conversations/{conversation['id']}"))["messages"]) == 1


async def test_only_a_note_mentions(office: Office) -> None:
    """An answer goes to the contact, and asks no colleague."""
    li_na, conversation = await accepted(office)
    body = {"client_id": "a", "text": "您好", "mentions": ["wang.fang"]}
    await li_na.call("POST", f"/conversations/{conversation['id']}/messages", body)
    assert li_na.status == 422
