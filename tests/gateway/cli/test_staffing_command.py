"""``pointsman staffing``: the table, the fewest who are enough, what it asks for, and the warning about slots."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from gateway.cli import main

ASKED = ("staffing", "--per-hour", "200", "--handling", "3m", "--within", "20s", "--target", "80%")


def pointsman(*arguments: str | Path) -> Result:
    """What the command prints and exits with."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_fewest_are_marked() -> None:
    """Ten agents' work with two minutes of patience takes twelve; each line is one number of agents."""
    said = pointsman(*ASKED, "--patience", "2m")
    assert said.exit_code == 0
    assert "12 agents answer 80% within 20 s" in said.output
    (marked,) = [line for line in said.output.splitlines() if line.endswith("←")]
    assert marked.split()[:5] == ["12", "28.0%", "85.5%", "6.2%", "7.4"]
    found = json.loads(pointsman(*ASKED, "--patience", "2m", "--json").output)
    assert (found["fewest"], round(found["load"], 6)) == (12, 10)
    assert [each["agents"] for each in found["table"]] == list(range(8, 16))


def test_endless_patience_takes_more() -> None:
    """Without a patience nobody gives up: too few are told so."""
    said = pointsman(*ASKED).output
    assert "14 agents answer 80% within 20 s" in said
    assert "      10   more comes in than they can do" in said


def test_a_slot_is_not_an_agent() -> None:
    """Several conversations at once are warned about."""
    assert "note:" not in pointsman(*ASKED).output
    assert "only if --handling was measured at that many at once" in pointsman(*ASKED, "--concurrency", "3").output


def test_what_cannot_be_planned(tmp_path: Path) -> None:
    """Neither or both of the two ways to say what comes, a share of one, a span that is none: a sentence, and 2."""
    for arguments, sentence in (
        (("staffing",), "say how many come"),
        ((*ASKED, "--since", "28d"), "say how many come"),
        ((*ASKED, "--target", "100%"), "the target is a share"),
        ((*ASKED, "--target", "most"), "a share is 80% or 0.8"),
        ((*ASKED, "--within", "soon"), "a duration is"),
        (("staffing", "--since", "2d", "--data", tmp_path), "every hour of the week"),
    ):
        refused = pointsman(*arguments)
        assert refused.exit_code == 2
        assert sentence in refused.output
