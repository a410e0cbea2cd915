"""diff, apply, versions, rollback and simulate: what they print, what they refuse, what they leave behind."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.arrivals import BadArrivals, read_arrivals
from gateway.cli import main
from router.dice import Dice

DEMO = Path(__file__).parents[3] / "config" / "demo"


def pointsman(*arguments: str | Path) -> Result:
    """What the command prints and exits with."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A directory with the demo's files in ``config``; its data will be in ``data``."""
    shutil.copytree(DEMO, tmp_path / "config")
    return tmp_path


def change(house: Path, old: str, new: str, file: str = "routing.yaml") -> None:
    """Edit a file."""
    path = house / "config" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def apply(house: Path, why: str, *more: str | Path) -> Result:
    """Apply the directory's files."""
    return pointsman(
        "apply", "--config", house / "config", "--data", house / "data", "--author", "ann", "-m", why, *more
    )


def test_apply_versions_and_rollback(house: Path) -> None:
    """Versions are numbered, say who and why, and stay; going back is a new version equal to the old one."""
    assert apply(house, "the beginning").output == "version 1 applied by ann: the beginning\n"
    assert apply(house, "again").output == "version 1 is in force and says the same\n"
    change(house, "answer_within: 5m", "answer_within: 4m")
    assert apply(house, "faster", "--base", "1").exit_code == 0
    back = pointsman("rollback", "1", "--config", house / "config", "--data", house / "data", "--author", "bob")
    assert back.output == "version 3 applied by bob: rolled back to version 1\n"
    found = json.loads(pointsman("versions", "--data", house / "data", "--json").output)
    assert [(each["number"], each["author"], each["message"]) for each in found] == [
        (3, "bob", "rolled back to version 1"),
        (2, "ann", "faster"),
        (1, "ann", "the beginning"),
    ]
    assert found[0]["fingerprint"] == found[2]["fingerprint"] != found[1]["fingerprint"]
    assert "faster" in pointsman("versions", "--data", house / "data").output
    same = pointsman("rollback", "1", "--config", house / "config", "--data", house / "data")
    assert same.output == "version 3 is in force and equals version 1\n"


def test_a_stale_base_is_refused_with_three_ways(house: Path) -> None:
    """Who worked on an old version sees what others changed, what is wanted, and where both meet."""
    apply(house, "one")
    change(house, "answer_within: 5m", "answer_within: 4m")
    apply(house, "two")
    change(house, "answer_within: 4m", "answer_within: 3m")
    refused = apply(house, "three", "--base", "1")
    assert refused.exit_code == 1
    assert "not applied: version 2 is in force, not 1" in refused.output
    assert "priority normal changed: 5m → 4m" in refused.output
    assert "priority normal changed: 5m → 3m" in refused.output
    assert "both changed: priority normal" in refused.output
    assert len(json.loads(pointsman("versions", "--data", house / "data", "--json").output)) == 2


def test_errors_and_failing_tests_are_refused(house: Path) -> None:
    """A file that is wrong in meaning, or whose own test fails, is not applied; the place is said."""
    apply(house, "one")
    change(house, "to: japan-korea", "to: japan-kora")
    refused = apply(house, "two")
    assert refused.exit_code == 1
    assert 'E104 unknown group "japan-kora"; did you mean "japan-korea"?' in refused.output
    assert len(json.loads(pointsman("versions", "--data", house / "data", "--json").output)) == 1


def test_diff(house: Path) -> None:
    """Two directories, or a directory and a version, are told apart in words and lines; equal ones exit with 0."""
    apply(house, "one")
    change(house, "answer_within: 5m", "answer_within: 4m")
    found = pointsman("diff", DEMO, house / "config")
    assert found.exit_code == 1
    assert "~ priority normal changed: 5m → 4m" in found.output
    assert "+  normal: {answer_within: 4m}" in found.output
    same = pointsman("diff", "1", DEMO, "--data", house / "data")
    assert (same.exit_code, same.output) == (0, "no difference in meaning\n")
    plain = json.loads(pointsman("diff", DEMO, house / "config", "--json").output)
    assert plain["differences"] == [{"what": "priority normal", "how": "changed", "details": ["5m → 4m"]}]
    assert pointsman("diff", "7", DEMO, "--data", house / "data").exit_code == 2
    assert pointsman("diff", "nowhere", DEMO).exit_code == 2


def test_versions_without_a_database(tmp_path: Path) -> None:
    """Without a database there is nothing to list, and none is made."""
    assert pointsman("versions", "--data", tmp_path / "none").exit_code == 2
    assert not (tmp_path / "none").exists()


def test_simulate_generated_traffic(house: Path) -> None:
    """The matrix, the samples and the change in waits; the same seed prints the same bytes; nothing is written."""
    apply(house, "one")
    change(house, "{tags: [korea]}, to: japan-korea, requires: {visa-kr: 2}", "{tags: [korea]}, to: front-desk")
    change(house, "{group: japan-korea, tags: [korea], requires: {visa-kr: 2}}", "{group: front-desk}")
    common = ("simulate", "--config", house / "config", "--data", house / "data", "--against", "1")
    traffic = ("--generate", "300", "--from", "2026-06-03")
    first = pointsman(*common, *traffic, "--json").output
    assert first == pointsman(*common, *traffic, "--json").output
    found = json.loads(first)
    assert found["before"]["conversations"] == found["after"]["conversations"] > 200
    (moved,) = [cell for cell in found["matrix"] if cell["before"] != cell["after"]]
    assert (moved["before"], moved["after"], moved["count"]) == ("japan-korea", "front-desk", found["moved"])
    assert moved["samples"][0]["rule_after"] == "Korea"
    assert f"{found['moved']} go elsewhere" in pointsman(*common, *traffic).output
    assert len(json.loads(pointsman("versions", "--data", house / "data", "--json").output)) == 1


def test_simulate_a_file_of_arrivals(house: Path) -> None:
    """Arrivals from a file, with the old files from a directory."""
    file = house / "arrivals.jsonl"
    lines = [
        {"at": "2026-06-03T10:00:00+08:00", "text": "我想办日本签证", "inbox": "website", "channel": "web"},
        {"at": "2026-06-03T10:05:00+08:00", "text": "hello", "inbox": "website", "channel": "web", "handling": 60},
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    arguments = ("simulate", "--config", house / "config", "--against", DEMO, "--arrivals", file, "--json")
    found = json.loads(pointsman(*arguments).output)
    assert (found["arrivals"], found["before"]["conversations"], found["moved"]) == (2, 2, 0)
    assert found["before"] == found["after"]
    file.write_text('{"at": "soon"}\n', encoding="utf-8")
    assert pointsman(*arguments).exit_code == 2


def test_simulate_without_anything_to_replay(house: Path) -> None:
    """Without stored messages it says what else there is, with exit code 2."""
    result = pointsman("simulate", "--config", house / "config", "--data", house / "data")
    assert result.exit_code == 2
    assert "--generate" in result.output


def test_arrivals_of_a_file() -> None:
    """Every line is an arrival at its instant in UTC; one contact's are one thread; what is wrong has its line."""
    text = '{"at": "2026-06-03T10:00:00+08:00", "contact": "ann", "handling": 9, "patience": 0}\n' * 2
    first, second = read_arrivals(text, Dice(1))
    assert first.event.at == datetime(2026, 6, 3, 2, tzinfo=UTC)
    assert first.event.thread == second.event.thread
    assert (first.handling, first.patience) == (timedelta(seconds=9), timedelta())
    with pytest.raises(BadArrivals, match=r"^2: "):
        read_arrivals(text.splitlines()[0] + '\n{"at": 3}', Dice(1))


def test_check_for_github(house: Path) -> None:
    """With --github every problem is an annotation of the file's line."""
    change(house, "to: japan-korea", "to: japan-kora")
    found = pointsman("check", house / "config", "--github")
    assert found.exit_code == 1
    (line,) = [line for line in found.output.splitlines() if "title=E104" in line]
    assert line.startswith(f"::error file={house / 'config' / 'routing.yaml'},line=")
    assert line.endswith('::unknown group "japan-kora"; did you mean "japan-korea"?')


def test_versions_for_programs(house: Path) -> None:
    """`apply` and `rollback` tell programs which version is in force, as `versions` does."""
    store = ("--config", house / "config", "--data", house / "data", "--json")
    applied = json.loads(pointsman("apply", "-m", "why", *store).output)
    assert (applied["number"], applied["message"]) == (1, "why")
    assert json.loads(pointsman("apply", "-m", "again", *store).output) == applied
    assert json.loads(pointsman("rollback", "1", *store).output) == applied
    assert json.loads(pointsman("versions", "--data", house / "data", "--json").output) == [applied]
