"""Files that changed while the service was down: what was open is brought under them at the start."""

from pathlib import Path

from tests.gateway.http.office import Office


async def test_a_group_that_vanished_meanwhile(tmp_path: Path) -> None:
    """What waited in a group that the new files do not have waits in another one after the start."""
    async with Office(tmp_path) as office:
        await office.write("quick")
        zhao = await office.person("zhao.min")
        (before,) = (await zhao.get("/conversations?scope=all"))["items"]
        assert before["group"] == "quick"
    routing = office.config / "routing.yaml"
    text = routing.read_text(encoding="utf-8")
    vanished = text.replace(text[text.index("  quick:\n") : text.index("triage:")], "")
    routing.write_text(
        vanished.replace("    - {name: Quick, when: {text: [quick]}, to: quick}\n", ""), encoding="utf-8"
    )
    agents = office.config / "agents.yaml"
    agents.write_text(agents.read_text(encoding="utf-8").replace("[asia, quick]", "[asia]"), encoding="utf-8")
    async with Office(tmp_path) as office:
        assert office.tools.configuration.settings.version == 2
        zhao = await office.person("zhao.min")
        (after,) = (await zhao.get("/conversations?scope=all"))["items"]
        assert (after["group"], after["state"]) == ("asia", "waiting")
        assert after["entered_waiting_at"] == before["entered_waiting_at"]
