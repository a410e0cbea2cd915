"""Routes as data: each names its handler and its shapes, so that what is validated is what is documented.

A handler gets a `Call` (who asks, what was asked) and returns the answer's struct, or an aiohttp response when it is
not JSON.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from gateway.http import strict_json
from gateway.http.problems import Problem, invalid
from gateway.http.tools import Tools
from skills.agent import Agent

Body_co = TypeVar("Body_co", covariant=True)
Query_co = TypeVar("Query_co", covariant=True)

JSON = "application/json"
MAX_BODY = 1 << 20
"""Bytes of a JSON body."""

encoder = msgspec.json.Encoder()


class Nothing(msgspec.Struct, frozen=True):
    """No body, or no query parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Body_co, Query_co]):
    """One authorised call: who asks, the path's variables, body and query, both checked against their shapes."""

    tools: Tools
    viewer: Agent
    path: Mapping[str, str]
    body: Body_co
    query: Query_co
    request: web.Request


Handler = Callable[[Call[Any, Any]], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation below ``/api/v1``. ``refuses`` lists the problems it may answer besides those of every route."""

    method: str
    path: str
    summary: str
    handler: Handler
    answers: Any
    body: type[msgspec.Struct] = Nothing
    query: type[msgspec.Struct] = Nothing
    status: HTTPStatus = HTTPStatus.OK
    refuses: tuple[HTTPStatus, ...] = ()
    takes: str = JSON


async def read_body(request: web.Request, shape: type[msgspec.Struct]) -> msgspec.Struct:
    """The request's JSON body as its shape; an empty body is an empty object.

    Raises:
        NotJson: it is not strict JSON.
        msgspec.ValidationError: it does not fit the shape.
        Problem: its type is not JSON.
    """
    if shape is Nothing:
        return Nothing()
    raw = await request.read()
    if not raw.strip():
        return msgspec.convert({}, shape)
    if request.content_type != JSON:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", f"send {JSON}")
    return msgspec.convert(strict_json.decode(raw), shape)


def read_query(request: web.Request, shape: type[msgspec.Struct]) -> msgspec.Struct:
    """The query's parameters as their shape; each may stand once. Empty ones count as absent.

    Raises:
        msgspec.ValidationError: they do not fit the shape.
        Problem: one is repeated or unreadable.
    """
    given: dict[str, str] = {}
    for name, value in request.query.items():
        if name in given:
            raise invalid(f"the parameter {name} is repeated")
        if "\0" in value or not value.isprintable():
            raise invalid(f"the parameter {name} holds control characters")
        given[name] = value
    return msgspec.convert({name: value for name, value in given.items() if value}, shape, strict=False)


def answer(route: Route, value: object) -> web.StreamResponse:
    """What the handler returned as an answer."""
    if isinstance(value, web.StreamResponse):
        return value
    if route.status is HTTPStatus.NO_CONTENT:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    return web.Response(
        status=route.status,
        body=encoder.encode(value),
        content_type=JSON,
        headers={"Cache-Control": "no-store"},
    )
