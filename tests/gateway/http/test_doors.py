"""A supervisor closes and opens groups for a while."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.gateway.http.office import Office, Person

PATH = "/groups/japan/hours-override"


def until(**span: float) -> str:
    """An instant from now on, as REST takes it."""
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


async def group(person: Person, path: str = "/groups", key: str = "id") -> Any:
    """The Japan desk as it is listed."""
    return next(each for each in (await person.get(path))["items"] if each[key] == "japan")


async def test_closed_until_then(office: Office) -> None:
    """A closed group says so to colleagues, by whom and why; its contacts are held; taken back, they come in."""
    zhao, li_na = await office.person("zhao.min"), await office.person("li.na")
    end = until(hours=1)
    closed = await zhao.post(PATH, {"open": False, "until": end, "reason": "fire drill"})
    assert (closed["open"], closed["override"]["by"], closed["override"]["reason"]) == (False, "zhao.min", "fire drill")
    for shown in (await group(li_na), await group(li_na, "/queues", "group")):
        assert not shown["open"]
        assert datetime.fromisoformat(shown["override"]["until"]) == datetime.fromisoformat(end)
        assert datetime.fromisoformat(shown["next_open"]) == datetime.fromisoformat(end)
    await office.write("japan?")
    (conversation,) = (await zhao.get("/conversations?scope=all"))["items"]
    assert conversation["held_until"] is not None
    again = await zhao.call("DELETE", PATH)
    assert (zhao.status, again["open"], again["override"]) == (200, True, None)
    (conversation,) = (await zhao.get("/conversations?scope=all"))["items"]
    assert conversation["held_until"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"open": False, "until": until(hours=-1), "reason": "late"}, 422),
        ({"open": False, "until": until(days=40), "reason": "long"}, 422),
        ({"open": False, "until": "2090-01-01T10:00:00", "reason": "no offset"}, 422),
        ({"open": False, "until": until(hours=1), "reason": ""}, 422),
        ({"open": True, "until": until(hours=1)}, 422),
        ({"until": until(hours=1), "reason": "which?"}, 422),
    ],
)
async def test_refused(office: Office, body: dict[str, Any], status: int) -> None:
    """Without a reason, or with an end that is past, far off or without an offset, nothing changes."""
    zhao = await office.person("zhao.min")
    await zhao.call("POST", PATH, body)
    assert zhao.status == status
    assert (await group(zhao))["override"] is None


async def test_no_such_group(office: Office) -> None:
    """A group that is not there is not found."""
    zhao = await office.person("zhao.min")
    await zhao.call("POST", "/groups/nowhere/hours-override", {"open": True, "until": until(hours=1), "reason": "x"})
    assert zhao.status == 404
    await zhao.call("DELETE", "/groups/nowhere/hours-override")
    assert zhao.status == 404
