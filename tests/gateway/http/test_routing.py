"""Configuration while the service runs: by an administrator's call, by the files, and after a broken start."""

import asyncio
from pathlib import Path

import pytest

from gateway.configuration import NoConfiguration
from tests.gateway.http.office import CONFIGURATION, Office
from tests.gateway.waiting import until

ROUTING = (CONFIGURATION / "routing.yaml").read_text(encoding="utf-8")
OTHER = ROUTING.replace("[日本, japan]", "[日本, japan, tokyo]")
BROKEN = ROUTING.replace("to: japan", "to: japam")


async def test_check(office: Office) -> None:
    """Checking says what is wrong and where, and how the tests went, and applies nothing."""
    admin = await office.person("admin")
    found = await admin.post("/routing/check", {"files": {"routing.yaml": BROKEN}})
    (problem,) = [each for each in found["problems"] if each["severity"] == "error"]
    assert (problem["code"], problem["file"]) == ("E104", "routing.yaml")
    assert problem["line"] > 1
    assert "japan" in problem["suggestion"]
    good = await admin.post("/routing/check", {})
    assert [test["passed"] for test in good["tests"]] == [True]
    assert (await admin.get("/routing"))["version"] == 1


async def test_apply_and_roll_back(office: Office) -> None:
    """Applying puts a version in force at once and tells the desks; rolling back is a new version."""
    admin = await office.person("admin")
    desk = await admin.feed()
    applied = await admin.post("/routing/apply", {"files": {"routing.yaml": OTHER}, "message": "tokyo", "base": 1})
    assert (applied["number"], applied["author"]) == (2, "admin")
    assert (await desk.until("config"))["version"] == 2
    await office.write("tokyo!")
    (conversation,) = (await admin.get("/conversations"))["items"]
    assert conversation["group"] == "japan"
    back = await admin.post("/routing/rollback", {"version": 1})
    assert back["number"] == 3
    assert (await admin.get("/routing"))["files"]["routing.yaml"] == ROUTING
    versions = await admin.get("/routing/versions?limit=2")
    assert [each["number"] for each in versions["items"]] == [3, 2]
    rest = await admin.get(f"/routing/versions?after={versions['next']}")
    assert ([each["number"] for each in rest["items"]], rest["next"]) == ([1], None)


async def test_apply_from_an_old_version(office: Office) -> None:
    """Who worked on an old version is refused with 409 and the present one."""
    admin = await office.person("admin")
    refused = await admin.call("POST", "/routing/apply", {"files": {}, "message": "x", "base": 7})
    assert (admin.status, refused["version"]) == (409, 1)


async def test_broken_files_are_not_applied(office: Office) -> None:
    """Applying files with errors is refused with all of them; what is in force stays."""
    admin = await office.person("admin")
    refused = await admin.call("POST", "/routing/apply", {"files": {"routing.yaml": BROKEN}, "message": "x"})
    assert admin.status == 422
    assert refused["problems"][0]["code"] == "E104"
    failing = OTHER.replace("expect: {group: japan}", "expect: {group: asia}")
    await admin.call("POST", "/routing/apply", {"files": {"routing.yaml": failing}, "message": "x"})
    assert admin.status == 422
    assert (await admin.get("/routing"))["version"] == 1


async def test_the_files_change(office: Office) -> None:
    """A valid change of the files is applied; a broken one keeps the last good one, and everybody is told."""
    admin = await office.person("admin")
    desk = await admin.feed()
    file = office.config / "routing.yaml"
    file.write_text(OTHER, encoding="utf-8")
    await office.tools.reloading.read_again()
    assert (await desk.until("config")) == {"type": "config", "seq": 0, "version": 2, "problem": ""}
    file.write_text(BROKEN, encoding="utf-8")
    await office.tools.reloading.read_again()
    frame = await desk.until("config")
    assert frame["version"] == 2
    assert "E104" in frame["problem"]
    assert "pointsman_config_last_reload_successful 0.0" in await metrics(office)
    await office.write("tokyo!")
    file.write_text(OTHER, encoding="utf-8")
    await office.tools.reloading.read_again()
    assert (await desk.until("config"))["problem"] == ""
    assert "pointsman_config_last_reload_successful 1.0" in await metrics(office)


async def test_what_changed_before_anybody_watched(office: Office) -> None:
    """A file that is replaced between the start's reading and the beginning of the watch is applied, too."""
    admin = await office.person("admin")
    await admin.post("/routing/apply", {"files": {"routing.yaml": ROUTING + "# applied\n"}, "message": "x"})
    await office.tools.reloading.read_again()
    assert office.tools.configuration.settings.version == 2, "files that have not changed overrule nobody"
    (office.config / "routing.yaml").write_text(OTHER, encoding="utf-8")
    watching = asyncio.create_task(office.tools.reloading.watch())
    try:
        await until(lambda: office.tools.configuration.settings.version == 3)
    finally:
        watching.cancel()
        await asyncio.wait([watching])


async def test_only_changed_inboxes_are_told(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """The log asks for a restart when an inbox changed, and not when the routing did: secrets are the same."""
    (office.config / "routing.yaml").write_text(OTHER, encoding="utf-8")
    await office.tools.reloading.read_again()
    assert "inboxes have changed" not in caplog.text
    file = office.config / "inboxes.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("secret-of-the-test", "another-secret"), encoding="utf-8")
    await office.tools.reloading.read_again()
    assert "inboxes have changed" in caplog.text


async def test_started_with_a_broken_file(tmp_path: Path) -> None:
    """Started with a broken file, the service runs the last applied version and says so."""
    async with Office(tmp_path) as office:
        pass
    (office.config / "routing.yaml").write_text(BROKEN, encoding="utf-8")
    async with Office(tmp_path) as office:
        admin = await office.person("admin")
        found = await admin.get("/routing")
        assert found["version"] == 1
        assert "E104" in found["problem"]
        assert "E104" in (await admin.get("/me"))["config_problem"]


async def test_first_start_with_a_broken_file(tmp_path: Path) -> None:
    """On the first start there is nothing to fall back to: a clear refusal, and the data is free again."""
    office = Office(tmp_path)
    routing = office.config / "routing.yaml"
    routing.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(NoConfiguration):
        await office.__aenter__()
    routing.write_text(ROUTING, encoding="utf-8")
    async with Office(tmp_path):
        pass


async def test_an_applied_version_outlives_the_files(tmp_path: Path) -> None:
    """What an administrator applied by a call is in force after a restart, as long as the files have not changed."""
    async with Office(tmp_path) as office:
        admin = await office.person("admin")
        await admin.post("/routing/apply", {"files": {"routing.yaml": OTHER}, "message": "tokyo"})
    async with Office(tmp_path) as office:
        assert (await (await office.person("admin")).get("/routing"))["files"]["routing.yaml"] == OTHER
    (office.config / "routing.yaml").write_text(ROUTING + "# new\n", encoding="utf-8")
    async with Office(tmp_path) as office:
        assert (await (await office.person("admin")).get("/routing"))["version"] == 3


async def metrics(office: Office) -> str:
    """The page that Prometheus reads."""
    async with office.session.get(f"{office.url}/-/metrics") as answer:
        assert answer.status == 200
        return await answer.text()
