"""``pointsman report``: exact figures of what happened, by deciding it again. Nothing is changed."""

import csv
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import config_option, data_option, database_option, json_option
from gateway.cli.sources import found_at, sound

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from gateway.counting import Counted
    from router.figures.report import Line, Question

T = TypeVar("T")

INTERVALS = {"15m": timedelta(minutes=15), "30m": timedelta(minutes=30), "1h": timedelta(hours=1), "1d": timedelta(1)}


@click.command("report")
@click.option("--since", default="7d", show_default=True, help="What began since then: 7d, 12h. At most 30d are kept.")
@click.option("--group", default="", help="This group only.")
@click.option("--by", type=click.Choice(["group", "agent", "channel", "priority"]), help="A line for each of these.")
@click.option("--interval", type=click.Choice(list(INTERVALS)), help="And one for each interval.")
@click.option("--service-level", "within", default="20s", show_default=True, help="How soon a contact is answered.")
@click.option(
    "--formula",
    type=click.Choice(["strict", "left_queue", "answered"]),
    default="strict",
    show_default=True,
    help="Whom the service level counts; its label is always printed.",
)
@click.option("--csv", "as_csv", is_flag=True, help="A table for programs, one line each.")
@click.option("--conversations", is_flag=True, help="With --json: also the conversations that each line counts.")
@config_option
@data_option
@database_option
@json_option
def command(  # noqa: PLR0913  one parameter per option
    *,
    since: str,
    group: str,
    by: str | None,
    interval: str | None,
    within: str,
    formula: str,
    as_csv: bool,
    conversations: bool,
    config: Path,
    data: Path,
    database_url: str,
    as_json: bool,
) -> None:
    """Count what happened, beside the running service: waits, answers, service level, abandonment, agents' time.

    What began in an interval belongs to it, also when it was answered later. Percentiles are exact. Every figure says
    of how many things it is; a dash is nothing to count.
    """
    from zoneinfo import ZoneInfo

    from config.durations import parse_duration
    from gateway.clock import SystemClock
    from gateway.counting import applied_settings, count
    from gateway.replaying import NotReplayable
    from gateway.store.beside import look
    from router.figures.report import By, Question, report
    from router.figures.service_level import Formula, Promise
    from skills.ids import GroupId

    def read(closure: "Callable[[Connection], T]", /) -> "T":
        return look(database_url, data, closure)

    now = SystemClock().now()
    try:
        begins_at, promise = (
            now - parse_duration(since),
            Promise(within=parse_duration(within), formula=Formula(formula)),
        )
    except ValueError as error:
        raise NotRun(str(error)) from error
    zone = ZoneInfo(sound(found_at(str(config), database_url, data, now, config), str(config)).timezone)
    try:
        counted = count(read, begins_at, now, applied_settings(read, config, now), _progress)
    except (NotReplayable, FileNotFoundError) as error:
        raise NotRun(str(error)) from error
    question = Question(
        since=counted.since,
        until=now,
        zone=zone,
        by=By(by) if by is not None else None,
        interval=INTERVALS[interval] if interval is not None else None,
        group=GroupId(group) if group else None,
        promise=promise,
    )
    lines = report(counted.rows, question)
    _remark(counted, begins_at)
    if as_json:
        plain = [_plain(line, question, conversations=conversations) for line in lines]
        document = {"since": counted.since.isoformat(), "service_level": promise.label, "lines": plain}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif as_csv:
        _write_csv(lines, question)
    else:
        _print(lines, question)


def _progress(done: int, of: int) -> None:
    """Long work is seen to go on, where somebody looks."""
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {of} hours" + ("\n" if done == of else ""), err=True, nl=False)


def _remark(counted: "Counted", wanted: "datetime") -> None:
    if counted.since > wanted:
        click.echo(f"note: nothing is kept of the time before {counted.since:%Y-%m-%d %H:%M} UTC", err=True)
    if counted.skipped:
        click.echo(f"note: {counted.skipped} events could not be decided again, and are not counted", err=True)


def _local(at: "datetime", question: "Question") -> str:
    return f"{at.astimezone(question.zone):%Y-%m-%d %H:%M}"


def _plain(line: "Line", question: "Question", *, conversations: bool) -> dict[str, object]:
    from dataclasses import fields

    plain: dict[str, object] = {
        "at": line.at.astimezone(question.zone).isoformat(),
        "of": line.of,
        "figures": {each.name.value: {"value": each.value, "count": each.count} for each in line.figures},
    }
    if conversations:
        kinds = (kind.name for kind in fields(line.rows) if kind.name != "spells")
        plain["conversations"] = {kind: [row.place.conversation for row in getattr(line.rows, kind)] for kind in kinds}
    return plain


def _write_csv(lines: "tuple[Line, ...]", question: "Question") -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = [each.name.value for each in lines[0].figures] if lines else []
    writer.writerow(["at", question.by.value if question.by is not None else "of", "service_level_formula", *names])
    for line in lines:
        values = ["" if each.value is None else f"{each.value:.6g}" for each in line.figures]
        writer.writerow([_local(line.at, question), _defused(line.of), question.promise.label, *values])


def _defused(text: str) -> str:
    """No spreadsheet takes a name for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def _print(lines: "tuple[Line, ...]", question: "Question") -> None:
    from router.figures.telling import told

    told_of = [line for line in lines if any(each.count or each.value for each in line.figures)]
    if not told_of:
        click.echo("nothing began then")
    for line in told_of:
        heading = "  ".join(part for part in (_local(line.at, question) if question.interval else "", line.of) if part)
        click.echo(heading or f"since {_local(line.at, question)}")
        for each in line.figures:
            if each.count or each.value:
                label = f"  = {question.promise.label}" if each.name.value == "service_level" else ""
                click.echo(f"  {told(each)}{label}")
