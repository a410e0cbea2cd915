"""The administrator's verbs: what is in force, check, apply, roll back. `explaining` has one more."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

import msgspec

from config.configuration import FILES
from config.difference import three_way
from config.load import Loaded
from gateway.configuration import first_error, read_texts
from gateway.http.problems import Problem, invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.shapes import CursorWord, Limit, Page
from gateway.http.tools import Tools
from gateway.reloading import NotApplicable, Stale, UnknownVersion
from gateway.store.paging import DEFAULT, Cursor, read_cursor
from gateway.store.versions import Version, version, versions_before
from gateway.views.difference import show_three_way

FileText = Annotated[str, msgspec.Meta(max_length=1_000_000)]
Files = Annotated[dict[str, FileText], msgspec.Meta(max_length=len(FILES))]


class RoutingView(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force. ``problem`` says why the files on disk are not; ``files`` are the texts of the version."""

    version: int
    problem: str
    files: dict[str, str]


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """An applied version, without its texts."""

    number: int
    at: datetime
    author: str
    message: str
    fingerprint: str


class ProblemView(msgspec.Struct, frozen=True, kw_only=True):
    """One finding in the files."""

    file: str
    line: int
    column: int
    code: str
    severity: str
    message: str
    suggestion: str


class TestView(msgspec.Struct, frozen=True, kw_only=True):
    """One of the file's own tests."""

    line: int
    passed: bool
    got: str


class CheckView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is wrong, and how the tests went."""

    problems: list[ProblemView]
    tests: list[TestView]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Files to try; those not named are the version's in force."""

    files: Files = {}


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """Files to apply, why, and the version that they were made from (refused when another is in force)."""

    files: Files
    message: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    base: int | None = None


class Rollback(msgspec.Struct, frozen=True, kw_only=True):
    """The version to return to."""

    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class VersionsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which versions; the newest come first."""

    after: CursorWord = ""
    limit: Limit = DEFAULT


async def read_routing(call: Call[Nothing, Nothing]) -> RoutingView:
    """The version in force with its files."""
    live = call.tools.configuration
    return RoutingView(version=live.settings.version, problem=live.problem, files=dict(live.configuration.texts))


async def check(call: Call[Candidate, Nothing]) -> CheckView:
    """Check files without applying them."""
    return show_check(await loaded_files(call.tools, call.body.files))


async def apply(call: Call[Application, Nothing]) -> VersionView:
    """Apply files as a new version."""
    body = call.body
    _known(body.files)
    try:
        applied = await call.tools.reloading.apply(
            body.files, author=call.viewer.id, message=body.message, base=body.base
        )
    except Stale as stale:
        raise await _stale(call.tools, body, stale) from stale
    except NotApplicable as error:
        raise not_applicable(error.loaded) from error
    return _show_version(applied)


async def roll_back(call: Call[Rollback, Nothing]) -> VersionView:
    """Return to an earlier version, as a new one."""
    try:
        applied = await call.tools.reloading.roll_back(call.body.version, author=call.viewer.id)
    except UnknownVersion as error:
        raise not_found("version") from error
    except NotApplicable as error:
        raise not_applicable(error.loaded) from error
    return _show_version(applied)


async def list_versions(call: Call[Nothing, VersionsQuery]) -> Page[VersionView]:
    """Applied versions, the newest first."""
    after, limit = read_cursor(call.query.after), call.query.limit
    before = after.value if after is not None else None
    found = await call.tools.store.read(lambda c: versions_before(c, before, limit + 1))
    following = Cursor(found[limit - 1].number, "").word() if len(found) > limit else None
    return Page(items=[_show_version(version) for version in found[:limit]], next=following)


def show_check(loaded: Loaded) -> CheckView:
    """What loading found, as programs read it."""
    return CheckView(
        problems=[
            ProblemView(
                file=problem.file,
                line=problem.line,
                column=problem.column,
                code=problem.code.value,
                severity=problem.severity.value,
                message=problem.message,
                suggestion=problem.suggestion,
            )
            for problem in loaded.problems
        ],
        tests=[TestView(line=test.line, passed=test.passed, got=test.got) for test in loaded.tests],
    )


async def loaded_files(tools: Tools, files: dict[str, str]) -> Loaded:
    """Files that are being edited, with those in force for the rest; a reference that leads nowhere is a warning."""
    _known(files)
    texts = {**tools.configuration.configuration.texts, **files}
    now, directory = tools.clock.now(), tools.reloading.directory
    return await asyncio.to_thread(read_texts, texts, directory, now, strict=False)


def _known(files: dict[str, str]) -> None:
    if unknown := files.keys() - set(FILES):
        raise invalid(f"there is no file {min(unknown)}; there are {', '.join(FILES)}")


def not_applicable(loaded: Loaded) -> Problem:
    """The files have errors: all of them, as a problem."""
    found = msgspec.to_builtins(show_check(loaded))
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not-applicable", first_error(loaded), found)


async def _stale(tools: Tools, body: Application, stale: Stale) -> Problem:
    """Somebody was faster: what they applied since, what is wanted, and where the two meet."""
    more: dict[str, object] = {"version": stale.present}
    base = body.base or 0
    known = await tools.store.read(lambda c: version(c, base))
    if known is not None:
        now, directory = tools.clock.now(), tools.reloading.directory
        of_base = await asyncio.to_thread(read_texts, known.files, directory, now, strict=False)
        wanted = await asyncio.to_thread(read_texts, {**known.files, **body.files}, directory, now, strict=False)
        if of_base.configuration is not None and wanted.configuration is not None:
            present = tools.configuration.configuration
            found = show_three_way(three_way(of_base.configuration, present, wanted.configuration))
            more.update(msgspec.to_builtins(found))
    return Problem(HTTPStatus.CONFLICT, "stale", str(stale), more)


def _show_version(version: Version) -> VersionView:
    return VersionView(
        number=version.number,
        at=version.at,
        author=version.author,
        message=version.message,
        fingerprint=version.fingerprint,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/routing",
        summary="The version in force",
        handler=read_routing,
        answers=RoutingView,
    ),
    Route(
        method="GET",
        path="/api/v1/routing/versions",
        summary="Applied versions",
        handler=list_versions,
        query=VersionsQuery,
        answers=Page[VersionView],
    ),
    Route(
        method="POST",
        path="/api/v1/routing/check",
        summary="Check files",
        handler=check,
        body=Candidate,
        answers=CheckView,
    ),
    Route(
        method="POST",
        path="/api/v1/routing/apply",
        summary="Apply files",
        handler=apply,
        body=Application,
        answers=VersionView,
        refuses=(HTTPStatus.CONFLICT,),
    ),
    Route(
        method="POST",
        path="/api/v1/routing/rollback",
        summary="Return to an earlier version",
        handler=roll_back,
        body=Rollback,
        answers=VersionView,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
