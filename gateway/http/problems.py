"""Problem details (RFC 9457): the one map from what went wrong to a status code.

Everything below raises errors that name the fact; only this module knows which number that is. An error that nobody
foresaw is logged and answered as 500 without a word about its inside.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from gateway.http.strict_json import NotJson
from gateway.store.errors import StoreUnavailable
from gateway.store.paging import BadCursor
from router.errors import (
    IllegalTransition,
    NotOwner,
    NotUndoable,
    NoUnits,
    Refused,
    SameContact,
    SomethingMissing,
    UnknownAgent,
    UnknownContact,
    UnknownConversation,
    UnknownGroup,
    UnknownOffer,
    Unreachable,
)

CONTENT_TYPE = "application/problem+json"
URN = "urn:pointsman:problem:"
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Problem(Exception):
    """What the caller is told: ``kind`` is a stable short name, ``more`` are members beside the standard's."""

    status: HTTPStatus
    kind: str
    detail: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def not_found(what: str) -> Problem:
    """There is no such thing, or the caller may not know that there is."""
    return Problem(HTTPStatus.NOT_FOUND, "not-found", f"there is no such {what}")


def invalid(detail: str) -> Problem:
    """The request is well formed and makes no sense."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail)


REFUSALS: Mapping[type[Refused], tuple[HTTPStatus, str]] = {
    UnknownConversation: (HTTPStatus.CONFLICT, "conversation-not-open"),
    UnknownOffer: (HTTPStatus.CONFLICT, "offer-gone"),
    UnknownAgent: (HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-agent"),
    UnknownGroup: (HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-group"),
    IllegalTransition: (HTTPStatus.CONFLICT, "illegal-transition"),
    NotOwner: (HTTPStatus.CONFLICT, "not-owner"),
    SomethingMissing: (HTTPStatus.UNPROCESSABLE_ENTITY, "something-missing"),
    NoUnits: (HTTPStatus.CONFLICT, "no-units"),
    Unreachable: (HTTPStatus.CONFLICT, "unreachable"),
    UnknownContact: (HTTPStatus.NOT_FOUND, "not-found"),
    SameContact: (HTTPStatus.CONFLICT, "same-contact"),
    NotUndoable: (HTTPStatus.CONFLICT, "not-undoable"),
}
"""The core's refusals; a test walks its subclasses."""


def of_refusal(refused: Refused) -> Problem:
    """A refusal of the core as a problem."""
    status, kind = REFUSALS.get(type(refused), (HTTPStatus.CONFLICT, "refused"))
    more: dict[str, Any] = {}
    if isinstance(refused, NotOwner):
        more = {"owner": {"kind": refused.owner.kind.value, "id": refused.owner.id}, "epoch": refused.epoch}
    return Problem(status, kind, str(refused), more)


def of_error(error: Exception) -> Problem:
    """Any error as a problem; what nobody foresaw is logged here, once."""
    match error:
        case Problem():
            return error
        case Refused():
            return of_refusal(error)
        case NotJson():
            return Problem(HTTPStatus.BAD_REQUEST, "not-json", str(error))
        case msgspec.ValidationError() | BadCursor():
            return invalid(str(error))
        case StoreUnavailable():
            wait = {"Retry-After": "2"}
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store-unavailable", "try again in a moment", headers=wait)
        case web.HTTPException():
            return Problem(HTTPStatus(error.status), _slug(HTTPStatus(error.status)), headers=_kept(error))
        case _:
            log.error("unforeseen error", exc_info=error)
            return Problem(
                HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "something went wrong here; it has been logged"
            )


def respond(problem: Problem) -> web.Response:
    """The problem as an answer."""
    body = {
        "type": URN + problem.kind,
        "title": problem.kind.replace("-", " ").capitalize(),
        "status": int(problem.status),
        "detail": problem.detail or problem.status.description or problem.status.phrase,
        **problem.more,
    }
    return web.Response(
        status=problem.status,
        body=msgspec.json.encode(body),
        content_type=CONTENT_TYPE,
        headers=dict(problem.headers),
    )


def _slug(status: HTTPStatus) -> str:
    return status.phrase.lower().replace(" ", "-")


def _kept(error: web.HTTPException) -> dict[str, str]:
    return {name: error.headers[name] for name in ("Allow", "Location", "Retry-After") if name in error.headers}
