"""Before applying: differences, replay of what came in, coverage; and following what others applied."""

from gateway.configuration import new_version
from gateway.store.versions import add_version
from tests.gateway.http.office import CONFIGURATION, Office

ROUTING = (CONFIGURATION / "routing.yaml").read_text(encoding="utf-8")
OTHER = ROUTING.replace("[日本, japan]", "[日本, japan, tokyo]")


async def test_diff(office: Office) -> None:
    """What files change is told in meaning and in text, against the version in force or an earlier one."""
    admin = await office.person("admin")
    found = await admin.post("/routing/diff", {"files": {"routing.yaml": OTHER}})
    (difference,) = found["differences"]
    assert difference["details"] == ["text + tokyo"]
    assert "tokyo" in found["texts"]["routing.yaml"]
    await admin.post("/routing/apply", {"files": {"routing.yaml": OTHER}, "message": "tokyo"})
    assert (await admin.post("/routing/diff", {}))["differences"] == []
    assert len((await admin.post("/routing/diff", {"base": 1}))["differences"]) == 1
    await admin.call("POST", "/routing/diff", {"base": 9})
    assert admin.status == 404


async def test_a_version_whole(office: Office) -> None:
    """A version can be read with its files; one that is not there is not found."""
    admin = await office.person("admin")
    assert (await admin.get("/routing/versions/1"))["files"]["routing.yaml"] == ROUTING
    for number in ("2", "x", "9" * 40):
        await admin.call("GET", f"/routing/versions/{number}")
        assert admin.status == 404


async def test_a_stale_base_has_three_sides(office: Office) -> None:
    """Who is refused learns what others changed, what is wanted, and where they meet."""
    admin = await office.person("admin")
    await admin.post("/routing/apply", {"files": {"routing.yaml": OTHER}, "message": "tokyo", "base": 1})
    mine = ROUTING.replace("[日本, japan]", "[日本, japan, kyoto]")
    refused = await admin.call(
        "POST", "/routing/apply", {"files": {"routing.yaml": mine}, "message": "kyoto", "base": 1}
    )
    assert (admin.status, refused["version"]) == (409, 2)
    assert refused["theirs"][0]["details"] == ["text + tokyo"]
    assert refused["yours"][0]["details"] == ["text + kyoto"]
    assert refused["both"] == [refused["yours"][0]["what"]]


async def test_replay_of_what_came_in(office: Office) -> None:
    """Stored messages go through the files in force and others: who would have gone elsewhere. Nothing is changed."""
    admin = await office.person("admin")
    await office.write("tokyo!", address="ann")
    await office.write("japan?", address="bob")
    before = await admin.get("/conversations?scope=all")
    found = await admin.post("/routing/simulate", {"files": {"routing.yaml": OTHER}, "since": "1h"})
    assert (found["arrivals"], found["moved"]) == (2, 1)
    (move,) = [cell for cell in found["matrix"] if cell["before"] != cell["after"]]
    assert (move["after"], move["count"]) == ("japan", 1)
    ids = {each["id"] for each in before["items"]}
    assert {sample["conversation"] for cell in found["matrix"] for sample in cell["samples"]} == ids
    assert await admin.get("/conversations?scope=all") == before
    assert (await admin.get("/routing"))["version"] == 1


async def test_generated_traffic(office: Office) -> None:
    """Without stored messages, traffic is made up from the file's own tests; the same seed gives the same answer."""
    admin = await office.person("admin")
    wanted = {"generate": {"per_day": 200, "from_at": "2026-06-03T04:00:00Z"}, "seed": 3}
    found = await admin.post("/routing/simulate", wanted)
    assert found["moved"] == 0
    assert found["before"]["conversations"] > 100
    assert found == await admin.post("/routing/simulate", wanted)


async def test_what_cannot_be_simulated(office: Office) -> None:
    """Nothing to replay, files with errors and endless spans are refused; and so is everybody but administrators."""
    admin, agent = await office.person("admin"), await office.person("li.na")
    for body in (
        {"since": "1h"},
        {"since": "soon"},
        {"since": "400d"},
        {"files": {"routing.yaml": "version: 2"}},
        {"generate": {"per_day": 50_000, "days": 7, "promo": 20}},
    ):
        await admin.call("POST", "/routing/simulate", body)
        assert admin.status == 422, body
    await agent.call("POST", "/routing/simulate", {})
    assert agent.status == 403


async def test_coverage(office: Office) -> None:
    """Every group of people has 168 hours for each step; files being edited can be asked too."""
    admin = await office.person("admin")
    found = await admin.get("/routing/coverage")
    assert found["groups"]
    for group in found["groups"]:
        assert all(len(step["counts"]) == len(step["agents"]) == 168 for step in group["steps"])
    assert await admin.post("/routing/coverage", {}) == found


async def test_the_service_follows_the_store(office: Office) -> None:
    """A version that a command or another gateway wrote comes into force; one that cannot be read does not."""
    admin = await office.person("admin")
    desk = await admin.feed()
    texts = {**(await admin.get("/routing"))["files"], "routing.yaml": OTHER}
    now = office.tools.clock.now()
    await office.tools.store.write(lambda c: add_version(c, new_version(texts, "bob", "tokyo", now)))
    await office.tools.reloading.catch_up()
    assert (await desk.until("config"))["version"] == 2
    await office.write("tokyo!")
    (conversation,) = (await admin.get("/conversations"))["items"]
    assert conversation["group"] == "japan"
    broken = {**texts, "routing.yaml": "version: 2"}
    await office.tools.store.write(lambda c: add_version(c, new_version(broken, "bob", "oops", now)))
    await office.tools.reloading.catch_up()
    frame = await desk.until("config")
    assert (frame["version"], "version 3" in frame["problem"]) == (2, True)
    assert (await admin.get("/routing"))["version"] == 2
