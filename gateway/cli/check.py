"""``pointsman check``: all errors of a configuration in one pass, its warnings, and its tests."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.options import json_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.load import Loaded


@click.command("check")
@click.argument(
    "directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("config"),
    envvar="POINTSMAN_CONFIG",
)
@click.option("--strict", is_flag=True, help="Treat references that lead nowhere as errors, as `run` does.")
@click.option("--github", "as_github", is_flag=True, help="Output as annotations of a GitHub workflow.")
@json_option
def command(directory: Path, *, strict: bool, as_github: bool, as_json: bool) -> None:
    """Check the configuration in DIRECTORY (default: config).

    Prints every error and warning with file, line, column and a suggestion, runs the tests in routing.yaml and shows
    the next 14 days of all hours. Exits with 1 when there is an error.
    """
    from adapters.registry import channel, channel_names
    from config.inbox import Channels
    from config.load import load
    from gateway.clock import SystemClock

    now = SystemClock().now()
    channels = Channels(names=channel_names(), find=channel)
    loaded = load(directory, channels=channels, environment=os.environ, at=now, strict=strict)
    if as_json:
        click.echo(json.dumps(check_to_plain(loaded), ensure_ascii=False, indent=2))
    elif as_github:
        for line in github_lines(loaded, directory):
            click.echo(line)
    else:
        _print(loaded, directory)
    if loaded.has_errors:
        raise SystemExit(1)


def check_to_plain(loaded: "Loaded") -> dict[str, Any]:
    """What was found, for programs, as `interfaces.md` §4 says it."""
    return {
        "problems": [
            {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "code": problem.code.value,
                "severity": problem.severity.value,
                "message": problem.message,
                "suggestion": problem.suggestion,
            }
            for problem in loaded.problems
        ],
        "tests": [{"line": test.line, "passed": test.passed, "got": test.got} for test in loaded.tests],
    }


def github_lines(loaded: "Loaded", directory: Path) -> "Iterator[str]":
    """Each problem as a workflow command: `::error file=…,line=…,col=…,title=E104::message`."""
    for problem in loaded.problems:
        words = f"{problem.message}; {problem.suggestion}" if problem.suggestion else problem.message
        escaped = words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        place = f"file={directory / problem.file},line={problem.line},col={problem.column},title={problem.code.value}"
        yield f"::{problem.severity.value} {place}::{escaped}"


def _print(loaded: "Loaded", directory: Path) -> None:
    from config.problem import Severity
    from config.report import coming_days, problem_lines
    from gateway.clock import SystemClock

    for problem in loaded.problems:
        for line in problem_lines(problem, loaded.texts):
            click.echo(line)
    if loaded.configuration is not None:
        today = SystemClock().now().date()
        for line in coming_days(loaded.configuration, today):
            click.echo(line)
    errors = sum(problem.severity is Severity.ERROR for problem in loaded.problems)
    warnings = len(loaded.problems) - errors
    passed = sum(test.passed for test in loaded.tests)
    counts = [_count(errors, "error"), _count(warnings, "warning")]
    if loaded.tests:
        counts.append(f"{passed} of {_count(len(loaded.tests), 'test')} passed")
    elif errors:
        counts.append("tests not run")
    click.echo(f"{directory}: {', '.join(counts)}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
