"""Before applying: what would differ, where last week's conversations would have gone, and who is there when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from config.configuration import Configuration
from config.coverage import coverage
from config.difference import differences, text_differences
from config.durations import parse_duration
from config.load import Loaded
from gateway.http.problems import Problem, invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.routing import Files, loaded_files, show_check
from gateway.http.tools import Tools
from gateway.simulation import MOST_ARRIVALS, Job, generated, run
from gateway.store.read_arrivals import stored_arrivals
from gateway.store.versions import Version, version
from gateway.views.difference import DifferenceView, show_differences
from gateway.views.simulation import SimulationView, show_simulation
from router.dice import Dice
from router.journey import Arrival

LONGEST = timedelta(days=31)
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """Days from midnight of ``from_at`` (now when it is null), with so many conversations each, times ``promo``."""

    from_at: datetime | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=7)] = 1
    per_day: Annotated[float, msgspec.Meta(gt=0, le=50_000)] = 1_200
    promo: Annotated[float, msgspec.Meta(gt=0, le=20)] = 1.0


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Files to try against those in force: with what came in ``since``, or with generated traffic."""

    files: Files = {}
    since: Annotated[str, msgspec.Meta(max_length=20)] = "7d"
    generate: Traffic | None = None
    seed: Number = 1


class Comparing(msgspec.Struct, frozen=True, kw_only=True):
    """Files to compare with a version: the one in force when ``base`` is null."""

    files: Files = {}
    base: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None


class DiffView(msgspec.Struct, frozen=True, kw_only=True):
    """What differs in meaning, and the texts of the files that differ as unified diffs."""

    base: int
    differences: list[DifferenceView]
    texts: dict[str, str]


class VersionFilesView(msgspec.Struct, frozen=True, kw_only=True):
    """An applied version, whole."""

    number: int
    at: datetime
    author: str
    message: str
    fingerprint: str
    files: dict[str, str]


class CoverageStepView(msgspec.Struct, frozen=True, kw_only=True):
    """How many agents one step reaches, for 168 hours from Monday midnight; ``agents`` says who."""

    step: int
    after_seconds: float
    counts: list[int]
    agents: list[list[str]]


class GroupCoverageView(msgspec.Struct, frozen=True, kw_only=True):
    """One group's week; ``gaps`` are hours in which it is open and no step reaches anybody."""

    group: str
    open: list[bool]
    steps: list[CoverageStepView]
    gaps: list[int]


class CoverageView(msgspec.Struct, frozen=True, kw_only=True):
    """Every group of people, hours in ``timezone``."""

    timezone: str
    groups: list[GroupCoverageView]


async def simulate(call: Call[Trial, Nothing]) -> SimulationView:
    """Replay arrivals through the files in force and through others; nothing is changed."""
    tools, body = call.tools, call.body
    live = tools.configuration
    loaded = await loaded_files(tools, body.files)
    _applicable(loaded)
    arrivals = await _arrivals(tools, body)
    if not arrivals:
        raise invalid("nothing came in then; generate traffic instead")
    job = Job(
        before=live.configuration.texts,
        after=loaded.texts,
        arrivals=arrivals,
        directory=tools.reloading.directory,
        at=tools.clock.now(),
    )
    return show_simulation(await tools.apart.run(run, job), len(arrivals))


async def diff(call: Call[Comparing, Nothing]) -> DiffView:
    """What files change, in meaning and in text."""
    tools, body = call.tools, call.body
    live = tools.configuration
    base, number = live.configuration, live.settings.version
    if body.base is not None and body.base != number:
        found = await _version(tools, body.base)
        before = await loaded_files(tools, dict(found.files))
        base, number = _applicable(before), found.number
    loaded = await loaded_files(tools, body.files)
    wanted = _applicable(loaded)
    return DiffView(
        base=number,
        differences=show_differences(differences(base, wanted)),
        texts=text_differences(base.texts, wanted.texts, (f"version {number}", "new")),
    )


async def read_version(call: Call[Nothing, Nothing]) -> VersionFilesView:
    """One applied version with its files."""
    number = call.path["number"]
    if not number.isascii() or not number.isdigit() or len(number) > len(str(2**31)):
        raise not_found("version")
    found = await _version(call.tools, int(number))
    return VersionFilesView(
        number=found.number,
        at=found.at,
        author=found.author,
        message=found.message,
        fingerprint=found.fingerprint,
        files=dict(found.files),
    )


async def read_coverage(call: Call[Nothing, Nothing]) -> CoverageView:
    """How many agents each step of each group reaches, hour by hour."""
    return _show_coverage(call.tools.configuration.configuration, call.tools.clock.now())


async def try_coverage(call: Call[Comparing, Nothing]) -> CoverageView:
    """The same for files that are being edited."""
    loaded = await loaded_files(call.tools, call.body.files)
    return _show_coverage(_applicable(loaded), call.tools.clock.now())


def _show_coverage(configuration: Configuration, now: datetime) -> CoverageView:
    return CoverageView(
        timezone=configuration.timezone,
        groups=[
            GroupCoverageView(
                group=each.group,
                open=list(each.is_open),
                steps=[
                    CoverageStepView(
                        step=step.step,
                        after_seconds=step.after.total_seconds(),
                        counts=list(step.counts),
                        agents=[sorted(agents) for agents in step.agents],
                    )
                    for step in each.steps
                ],
                gaps=list(each.gaps),
            )
            for each in coverage(configuration, now.date())
        ],
    )


async def _arrivals(tools: Tools, trial: Trial) -> tuple[Arrival, ...]:
    now, dice = tools.clock.now(), Dice(trial.seed)
    if trial.generate is not None:
        wanted = trial.generate
        if wanted.days * wanted.per_day * wanted.promo > MOST_ARRIVALS:
            raise invalid(f"more than {MOST_ARRIVALS} conversations; take fewer days")
        start = wanted.from_at or now
        return generated(
            tools.configuration.configuration,
            start if start.tzinfo else start.replace(tzinfo=now.tzinfo),
            days=wanted.days,
            per_day=wanted.per_day,
            promo=wanted.promo,
            seed=trial.seed,
        )
    try:
        span = parse_duration(trial.since)
    except ValueError as error:
        raise invalid(str(error)) from error
    if span > LONGEST:
        raise invalid(f"at most {LONGEST.days} days")
    return await tools.store.read(lambda c: stored_arrivals(c, now - span, now, MOST_ARRIVALS, dice))


async def _version(tools: Tools, number: int) -> Version:
    found = await tools.store.read(lambda c: version(c, number))
    if found is None:
        raise not_found("version")
    return found


def _applicable(loaded: Loaded) -> Configuration:
    if loaded.configuration is None:
        found: Mapping[str, Any] = msgspec.to_builtins(show_check(loaded))
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not-applicable", "the files have errors", found)
    return loaded.configuration


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/routing/simulate",
        summary="Replay arrivals through the files in force and through others",
        handler=simulate,
        body=Trial,
        answers=SimulationView,
    ),
    Route(
        method="POST",
        path="/api/v1/routing/diff",
        summary="What files change, in meaning and in text",
        handler=diff,
        body=Comparing,
        answers=DiffView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="GET",
        path="/api/v1/routing/versions/{number}",
        summary="One applied version with its files",
        handler=read_version,
        answers=VersionFilesView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="GET",
        path="/api/v1/routing/coverage",
        summary="How many agents each step reaches, by group and hour of the week",
        handler=read_coverage,
        answers=CoverageView,
    ),
    Route(
        method="POST",
        path="/api/v1/routing/coverage",
        summary="The same for files that are being edited",
        handler=try_coverage,
        body=Comparing,
        answers=CoverageView,
    ),
)
