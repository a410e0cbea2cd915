"""``pointsman report`` and ``staffing --since``: what is stored, counted beside the running service."""

import csv
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import load as config_load
from gateway.cli import main
from gateway.configuration import numbered, read_texts
from gateway.store import Store
from gateway.store.snapshots import keep, taken
from skills.ids import AgentId
from tests.fakes.clock import StandingClock
from tests.gateway.engine.workshop import Bench, running, wrote

DEMO = Path(config_load.__file__).parent / "demo"
LI = AgentId("li.na")


def pointsman(*arguments: str | Path) -> Result:
    """What the command prints and exits with."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A directory with the demo's files applied."""
    shutil.copytree(DEMO, tmp_path / "config")
    assert pointsman("apply", "-m", "one", *where(tmp_path)).exit_code == 0
    return tmp_path


def where(house: Path) -> tuple[str | Path, ...]:
    """The options that say where everything is."""
    return ("--config", house / "config", "--data", house / "data")


@pytest.fixture
async def bench(house: Path) -> AsyncIterator[Bench]:
    """An engine at work on the house's data since three hours ago, with a snapshot of its beginning."""
    clock = StandingClock(datetime.now(UTC) - timedelta(hours=3))
    texts = {file.name: file.read_text(encoding="utf-8") for file in (house / "config").glob("*.yaml")}
    loaded = read_texts(texts, house / "config", clock.now(), strict=False)
    assert loaded.configuration is not None
    store = Store.open("", house / "data")
    async with running(store, clock=clock, rules=numbered(loaded.configuration, 1).settings) as bench:
        snapshot = await store.read(lambda c: taken(c, 1, clock.now()))
        await store.write(lambda c: keep(c, snapshot))
        await bench.receive(wrote("kim"))
        (conversation,) = (await bench.conversations()).values()
        clock.move(timedelta(seconds=42))
        await bench.answer(conversation.id, LI)
        yield bench
    store.close()


async def test_what_happened_is_counted(house: Path, bench: Bench) -> None:
    """While the service has the database open, an answer after 42 seconds is in the figures, by whoever gave it."""
    said = pointsman("report", "--since", "1d", *where(house))
    assert said.exit_code == 0, said.output
    assert "  first_response_max 42 s (of 1)\n" in said.output
    assert "note: nothing is kept of the time before" in said.output
    found = json.loads(pointsman("report", "--since", "2h59m", *where(house), "--json").stdout)
    assert found["lines"][0]["figures"]["first_response_max"] == {"value": None, "count": 0}
    by_agent = pointsman("report", "--since", "1d", "--by", "agent", *where(house), "--json", "--conversations")
    document = json.loads(by_agent.stdout)
    (line,) = [line for line in document["lines"] if line["of"] == LI]
    assert line["figures"]["first_response_max"] == {"value": 42.0, "count": 1}
    assert line["conversations"]["responses"] == line["conversations"]["tenures"] != []
    assert document["service_level"] == "answered within 20 s ÷ (answered + abandoned after 20 s)"


async def test_tables_for_programs(house: Path, bench: Bench) -> None:
    """As CSV each line is an interval of a group, with the formula beside the service level."""
    asked = ("--since", "1d", "--by", "channel", "--interval", "1h", "--formula", "answered", "--service-level", "1m")
    said = pointsman("report", *asked, *where(house), "--csv")
    (row,) = [row for row in csv.DictReader(StringIO(said.stdout)) if row["first_response_max"]]
    assert row["channel"] == "paper"
    assert row["first_response_max"] == "42"
    assert row["service_level_formula"] == "answered within 60 s ÷ answered"


async def test_staffing_by_the_hour_of_the_week(house: Path, bench: Bench) -> None:
    """What was stored in a week is the need of one hour."""
    said = pointsman("staffing", "--since", "7d", *where(house), "--json")
    ((need),) = json.loads(said.stdout)
    assert (need["per_hour"], need["agents"]) == (1.0, 1)


def test_nothing_to_count(house: Path) -> None:
    """Without a service that ever ran there is nothing to count from, and that is said."""
    refused = pointsman("report", *where(house))
    assert refused.exit_code == 2
    assert "the service has not run yet" in refused.output
    assert pointsman("report", "--since", "soon", *where(house)).exit_code == 2
    assert pointsman("report", "--config", house / "config", "--data", house / "none").exit_code == 2
