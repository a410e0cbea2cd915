"""A supervisor pauses a queue, and lets it go on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.gateway.http.office import Office, Person

PATH = "/groups/japan/pause"


async def pause_of(person: Person, path: str = "/groups", key: str = "id") -> Any:
    """The pause of the Japan desk as it is listed."""
    return next(each for each in (await person.get(path))["items"] if each[key] == "japan")["pause"]


async def test_paused_and_resumed(office: Office) -> None:
    """Colleagues see by whom and why; a contact waits and the trace says so; resumed, nothing is left of it."""
    zhao, li_na = await office.person("zhao.min"), await office.person("li.na")
    paused = await zhao.post(PATH, {"reason": "prices are wrong"})
    assert (paused["pause"]["by"], paused["pause"]["reason"], paused["pause"]["until"]) == (
        "zhao.min",
        "prices are wrong",
        None,
    )
    for shown in (await pause_of(li_na), await pause_of(li_na, "/queues", "group")):
        assert shown == paused["pause"]
    await office.write("japan?")
    (conversation,) = (await zhao.get("/conversations?scope=all"))["items"]
    why = await zhao.get(f"/conversations/{conversation['id']}/trace")
    release = why["waiting"]["release"]
    assert (release["what"], release["agent"], release["why"]) == (
        "resume",
        "zhao.min",
        [{"code": "moved.paused", "by": "zhao.min", "words": "prices are wrong"}],
    )
    assert why["items"][0]["reasons"][-1]["code"] == "moved.paused"
    resumed = await zhao.call("DELETE", PATH)
    assert (zhao.status, resumed["pause"]) == (200, None)
    assert (await zhao.call("DELETE", PATH))["pause"] is None
    assert zhao.status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"reason": ""},
        {},
        {"reason": "late", "until": (datetime.now(UTC) - timedelta(hours=1)).isoformat()},
        {"reason": "no offset", "until": "2090-01-01T10:00:00"},
    ],
)
async def test_refused(office: Office, body: dict[str, Any]) -> None:
    """Without a reason, or with an end that is past or without an offset, nothing changes."""
    zhao = await office.person("zhao.min")
    await zhao.call("POST", PATH, body)
    assert zhao.status == 422
    assert await pause_of(zhao) is None


async def test_no_such_group(office: Office) -> None:
    """A group that is not there is not found."""
    zhao = await office.person("zhao.min")
    await zhao.call("POST", "/groups/nowhere/pause", {"reason": "x"})
    assert zhao.status == 404
    await zhao.call("DELETE", "/groups/nowhere/pause")
    assert zhao.status == 404
