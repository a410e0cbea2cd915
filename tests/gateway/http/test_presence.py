"""What an agent chooses, and which channels still come meanwhile."""

from typing import Any

import pytest

from tests.gateway.http.office import Office


async def mine(person: Any) -> list[Any]:
    """The agent's own conversations."""
    found: list[Any] = (await person.get("/conversations?scope=mine"))["items"]
    return found


async def test_away_but_one_channel_comes(office: Office) -> None:
    """Away, an agent gets the conversations of the channels that were kept, and it shows who kept them."""
    wang, zhao = await office.person("wang.fang"), await office.person("zhao.min")
    await wang.feed()
    await wang.call("PUT", "/me/presence", {"intent": "away", "reason": "meeting"})
    await office.write("hello", address="one")
    assert await mine(wang) == []
    found = await wang.call("PUT", "/me/presence", {"intent": "away", "reason": "meeting", "channels": ["web", "web"]})
    assert (wang.status, found["channels"], found["intent"]) == (200, ["web"], "away")
    assert (await wang.get("/me"))["channels"] == ["web"]
    (listed,) = [each for each in (await zhao.get("/agents"))["items"] if each["id"] == "wang.fang"]
    assert listed["channels"] == ["web"]
    assert len(await mine(wang)) == 1
    await wang.call("PUT", "/me/presence", {"intent": "away", "channels": ["slack"]})
    await office.write("hello", address="two")
    assert len(await mine(wang)) == 1
    assert (await wang.be("ready"))["channels"] == []
    assert len(await mine(wang)) == 2


async def test_a_supervisor_may_set_it(office: Office) -> None:
    """A supervisor sets somebody's channels as well as the intent."""
    zhao = await office.person("zhao.min")
    found = await zhao.call("PUT", "/agents/li.na/presence", {"intent": "away", "channels": ["telegram"]})
    assert (zhao.status, found["channels"]) == (200, ["telegram"])


@pytest.mark.parametrize(
    "body",
    [
        {"intent": "away", "channels": ["pigeon"]},
        {"intent": "ready", "channels": ["web"]},
        {"intent": "away", "channels": "web"},
        {"intent": "away", "channels": [""]},
    ],
)
async def test_channels_that_make_no_sense(office: Office, body: dict[str, Any]) -> None:
    """An unknown channel, or channels for who is not away, change nothing."""
    li_na = await office.person("li.na")
    before = await li_na.get("/me")
    await li_na.call("PUT", "/me/presence", body)
    assert li_na.status == 422
    after = await li_na.get("/me")
    assert (after["intent"], after["channels"]) == (before["intent"], [])
