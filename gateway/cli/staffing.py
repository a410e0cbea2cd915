"""``pointsman staffing``: how many agents it takes to answer in time; only ``--since`` reads what is stored."""

import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import config_option, data_option, database_option, json_option
from gateway.cli.sources import found_at, sound

if TYPE_CHECKING:
    from router.staffing import Crew, Demand

WEEK = timedelta(weeks=1)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PERCENT = 100


def _span(_context: click.Context, option: click.Parameter, text: str | None) -> timedelta | None:
    from config.durations import parse_duration

    try:
        return parse_duration(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error), param=option) from None


def _share(_context: click.Context, _option: click.Parameter, text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / PERCENT if text.endswith("%") else float(text)
    except ValueError:
        raise click.BadParameter("a share is 80% or 0.8") from None
    return share


@click.command("staffing")
@click.option("--per-hour", type=click.FloatRange(0.01, 100_000), help="So many conversations come in an hour.")
@click.option("--since", callback=_span, help="Count what came since then (4d, 28d), for each hour of the week.")
@click.option("--group", default="", help="Count this group's conversations only.")
@click.option("--handling", default="4m", show_default=True, callback=_span, help="How long one keeps an agent.")
@click.option("--patience", callback=_span, help="How long a contact waits on average. Default: for ever.")
@click.option("--within", default="20s", show_default=True, callback=_span, help="How soon a contact is answered.")
@click.option("--target", default="80%", show_default=True, callback=_share, help="The share that is.")
@click.option(
    "--concurrency", default=1, show_default=True, type=click.IntRange(1, 50), help="Conversations of an agent at once."
)
@config_option
@data_option
@database_option
@json_option
def command(  # noqa: PLR0913  one parameter per option
    *,
    per_hour: float | None,
    since: timedelta | None,
    group: str,
    handling: timedelta,
    patience: timedelta | None,
    within: timedelta,
    target: float,
    concurrency: int,
    config: Path,
    data: Path,
    database_url: str,
    as_json: bool,
) -> None:
    """Say for numbers of agents who waits, who gives up, how busy they are, and how few are enough.

    With --patience by the formula in which contacts give up (Erlang A); without it they wait for ever (Erlang C), which
    takes more agents. The service level is: answered in time ÷ (answered + given up later than that).
    """
    from router.staffing import Demand, fewest, table

    if (per_hour is None) == (since is None):
        raise NotRun("say how many come: --per-hour 200, or --since 28d for what was stored")
    try:
        demand = Demand(
            per_hour=per_hour or 1.0,
            handling=handling,
            patience=patience,
            within=within,
            target=target,
            concurrency=concurrency,
        )
    except ValueError as error:
        raise NotRun(str(error)) from error
    if since is None:
        least, crews = fewest(demand), table(demand)
        if as_json:
            plain = [
                {"agents": each.agents, "service_level": each.service_level}
                | (asdict(each.expected) if each.expected is not None else {})
                for each in crews
            ]
            click.echo(json.dumps({"fewest": least, "load": demand.load, "table": plain}, indent=2))
        else:
            _print(demand, least, crews)
        return
    by_hour = _by_hour(since, group, config, (database_url, data))
    needs = {hour: (count, fewest(replace(demand, per_hour=count))) for hour, count in by_hour.items()}
    if as_json:
        rows = [{"day": DAYS[day], "hour": hour, "per_hour": n, "agents": m} for (day, hour), (n, m) in needs.items()]
        click.echo(json.dumps(rows, indent=2))
    else:
        _print_week(needs)
    _warn(demand)


def _by_hour(since: timedelta, group: str, config: Path, store: tuple[str, Path]) -> dict[tuple[int, int], float]:
    """How many conversations came in each hour of the week, on average over the weeks looked at."""
    from zoneinfo import ZoneInfo

    from gateway.clock import SystemClock
    from gateway.store.beside import look
    from gateway.store.read_arrivals import begun

    if since < WEEK:
        raise NotRun("every hour of the week must have been: --since 7d or more")
    now = SystemClock().now()
    url, data = store
    zone = ZoneInfo(sound(found_at(str(config), url, data, now, config), str(config)).timezone)
    weeks = since // WEEK
    try:
        instants = look(url, data, lambda connection: begun(connection, now - weeks * WEEK, now, group))
    except FileNotFoundError as error:
        raise NotRun(str(error)) from error
    if not instants:
        raise NotRun("nothing came in then; --per-hour says how many you expect")
    local: list[datetime] = [at.astimezone(zone) for at in instants]
    counted = Counter((at.weekday(), at.hour) for at in local)
    return {hour: count / weeks for hour, count in sorted(counted.items())}


def _print(demand: "Demand", least: int, crews: "tuple[Crew, ...]") -> None:
    formula = "Erlang C, nobody gives up" if demand.patience is None else "Erlang A, contacts give up"
    click.echo(f"{demand.per_hour:g} an hour are the work of {demand.load:.1f} conversations at once ({formula})\n")
    click.echo(f"{'agents':>8}{'wait':>10}{'in time':>10}{'give up':>10}{'mean wait':>12}{'busy':>8}")
    for each in crews:
        mark = " ←" if each.agents == least else ""
        its = each.expected
        if its is None:
            click.echo(f"{each.agents:>8}   more comes in than they can do")
            continue
        click.echo(
            f"{each.agents:>8}{its.waiting:>10.1%}{each.service_level:>10.1%}{its.abandoning:>10.1%}"
            f"{its.mean_wait:>10.1f} s{its.occupancy:>8.0%}{mark}"
        )
    click.echo(f"\n{least} agents answer {demand.target:.0%} within {demand.within.total_seconds():g} s")
    _warn(demand)


def _print_week(needs: dict[tuple[int, int], tuple[float, int]]) -> None:
    click.echo(f"{'':>12}{'per hour':>10}{'agents':>8}")
    for (day, hour), (count, agents) in needs.items():
        click.echo(f"{DAYS[day]:>6} {hour:02}:00{count:>10.1f}{agents:>8}")


def _warn(demand: "Demand") -> None:
    if demand.concurrency > 1:
        click.echo(
            f"note: {demand.concurrency} conversations at once count as {demand.concurrency} servers; that holds only "
            "if --handling was measured at that many at once. `pointsman simulate` replays what was stored instead.",
            err=True,
        )
