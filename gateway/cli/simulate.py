"""``pointsman simulate``: who would go elsewhere, and how long people would wait. Nothing is changed."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import config_option, data_option, database_option, json_option
from gateway.cli.sources import found_at, sound, version_in

if TYPE_CHECKING:
    from config.configuration import Configuration
    from gateway.views.simulation import SimulationView, SummaryView
    from router.journey import Arrival

SHOWN = 20
SHARES = frozenset({"service_level", "abandon_rate"})


@click.command("simulate")
@config_option
@click.option(
    "--against", default="", help="What to compare with: a directory or a version. Default: the one in force."
)
@click.option("--since", default="7d", show_default=True, help="Stored messages since then: 7d, 12h.")
@click.option(
    "--arrivals", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="JSON lines of arrivals."
)
@click.option(
    "--generate", type=click.FloatRange(1, 50_000), help="So many conversations a day, instead of stored ones."
)
@click.option("--promo", default=1.0, show_default=True, type=click.FloatRange(0.01, 20), help="Times as many.")
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, 7), help="How many days to generate.")
@click.option("--from", "from_", type=click.DateTime(["%Y-%m-%d"]), help="The first day to generate. Default: today.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1), help="Same seed, same output.")
@data_option
@database_option
@json_option
def command(  # noqa: PLR0913  one parameter per option
    *,
    config: Path,
    against: str,
    since: str,
    arrivals: Path | None,
    generate: float | None,
    promo: float,
    days: int,
    from_: datetime | None,
    seed: int,
    data: Path,
    database_url: str,
    as_json: bool,
) -> None:
    """Replay arrivals through the version in force and through the files in --config, in virtual time.

    Prints the matrix from queue to queue with samples, and what becomes of waits, breaches and who finds nobody.
    """
    import msgspec

    from config.durations import parse_duration
    from gateway.arrivals import BadArrivals, read_arrivals
    from gateway.clock import SystemClock
    from gateway.simulation import MOST_ARRIVALS, Job, compared, generated
    from gateway.store.beside import look
    from gateway.store.read_arrivals import stored_arrivals
    from gateway.views.simulation import show_simulation
    from router.dice import Dice

    now = SystemClock().now()
    after = sound(found_at(str(config), database_url, data, now, config), str(config))
    before = _before(against, after, (database_url, data, config), now)
    coming: tuple[Arrival, ...]
    if arrivals is not None:
        try:
            coming = read_arrivals(arrivals.read_text(encoding="utf-8"), Dice(seed))
        except BadArrivals as error:
            raise NotRun(f"{arrivals}:{error}") from error
    elif generate is not None:
        start = from_.replace(hour=12, tzinfo=now.tzinfo) if from_ else now
        coming = generated(after, start, days=days, per_day=generate, promo=promo, seed=seed)
    else:
        try:
            span = parse_duration(since)
            coming = look(database_url, data, lambda c: stored_arrivals(c, now - span, now, MOST_ARRIVALS, Dice(seed)))
        except (ValueError, FileNotFoundError) as error:
            raise NotRun(f"{error}; --generate makes traffic up") from error
    if not coming:
        raise NotRun("nothing came in then; --generate makes traffic up")
    job = Job(before=before.texts, after=after.texts, arrivals=coming, directory=config, at=now)
    found = show_simulation(compared(job, before.settings, after.settings), len(coming))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=2))
    else:
        _print(found)


def _before(against: str, after: "Configuration", store: tuple[str, Path, Path], now: datetime) -> "Configuration":
    """What to compare with; the files themselves where nothing was applied yet."""
    url, data, config = store
    if against:
        return sound(found_at(against, url, data, now, config), against)
    present = version_in(url, data, None)
    if present is None:
        click.echo("nothing was applied yet: the files are compared with themselves", err=True)
        return after
    return sound(found_at(str(present.number), url, data, now, config), f"version {present.number}")


def _print(found: "SimulationView") -> None:
    from router.comparison import PROMISE

    click.echo(f"{found.arrivals} messages, {found.before.conversations} conversations; {found.moved} go elsewhere\n")
    for move in found.matrix[:SHOWN]:
        mark = "  " if move.before == move.after else "→ "
        click.echo(f"{mark}{move.count:>6}  {move.before} → {move.after}")
        if move.before != move.after:
            for sample in move.samples:
                click.echo(f'            {sample.conversation}: "{sample.rule_before}" → "{sample.rule_after}"')
    click.echo("\n                          before       after")
    for name, key in (
        ("answered", "answered"),
        ("abandoned", "abandoned"),
        ("late (breaches)", "breached"),
        ("unrouted", "unrouted"),
        ("mean wait, s", "mean_wait"),
        ("wait p50, s", "wait_p50"),
        ("wait p90, s", "wait_p90"),
        ("longest wait, s", "longest_wait"),
        ("service level, %", "service_level"),
        ("abandon rate, %", "abandon_rate"),
    ):
        click.echo(f"{name:<20}{_of(found.before, key):>12}{_of(found.after, key):>12}")
    click.echo(f"service level: {PROMISE.label}")
    click.echo(f"\n{'group':<24}{'conversations':>18}{'p90, s':>18}{'late':>14}{'unrouted':>14}")
    for each in found.groups:
        old, new = each.before, each.after
        click.echo(
            f"{each.group:<24}{_pair(old.conversations, new.conversations):>18}{_pair(old.wait_p90, new.wait_p90):>18}"
            f"{_pair(old.breached, new.breached):>14}{_pair(old.unrouted, new.unrouted):>14}"
        )


def _of(summary: "SummaryView", key: str) -> str:
    value = getattr(summary, key)
    if key in SHARES:
        return "-" if value is None else f"{value * 100:.1f}"
    return f"{value:g}"


def _pair(old: float, new: float) -> str:
    return f"{old:g}" if old == new else f"{old:g} → {new:g}"
