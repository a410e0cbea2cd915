"""The web application: every route, and what all share. No operation is served that the permission table lacks."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from gateway.http import (
    agents,
    announcing,
    contacts,
    conversations,
    deliveries,
    doors,
    explaining,
    identity,
    inboxes,
    intervening,
    inviting,
    me,
    media,
    messages,
    misses,
    nothing_came,
    operation,
    pages,
    pausing,
    prepared,
    queues,
    routing,
    schemas,
    simulating,
    static,
    traces,
    verbs,
    webhooks,
)
from gateway.http.openapi import document
from gateway.http.permission import PUBLIC, rule_for
from gateway.http.problems import Problem, of_error, respond
from gateway.http.registry import JSON, MAX_BODY, Call, Nothing, Route, answer, encoder, read_body, read_query
from gateway.http.security import secured
from gateway.http.sessions import check_same_site, presented_token
from gateway.http.tools import Tools
from gateway.realtime import desk_feed
from router.errors import Refused
from skills.agent import Agent, Role
from skills.ids import AgentId

ROUTES: tuple[Route, ...] = (
    *me.ROUTES,
    *conversations.ROUTES,
    *messages.ROUTES,
    *deliveries.ROUTES,
    *prepared.ROUTES,
    *verbs.ROUTES,
    *traces.ROUTES,
    *contacts.ROUTES,
    *identity.ROUTES,
    *agents.ROUTES,
    *nothing_came.ROUTES,
    *queues.ROUTES,
    *doors.ROUTES,
    *pausing.ROUTES,
    *announcing.ROUTES,
    *intervening.ROUTES,
    *media.ROUTES,
    *routing.ROUTES,
    *explaining.ROUTES,
    *schemas.ROUTES,
    *inboxes.ROUTES,
    *inviting.ROUTES,
    *misses.ROUTES,
    *simulating.ROUTES,
)
"""The REST interface, whole."""

NOBODY = Agent(id=AgentId(""), name="", role=Role.OUTSIDE)
"""Who calls where no login is needed."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build(tools: Tools) -> web.Application:
    """The application. It opens nothing by itself; `gateway.app` starts and stops what it serves."""
    app = web.Application(middlewares=[_problems], client_max_size=MAX_BODY)
    app.on_response_prepare.append(secured)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, _endpoint(route, tools))
    app.router.add_get(desk_feed.PATH, tools.feed.serve)
    app.router.add_get("/api/v1/openapi.json", _openapi(tools))
    webhooks.add_webhook_routes(app, tools)
    media.add_file_routes(app, tools)
    operation.add_operation_routes(app, tools)
    pages.add_page_routes(app, tools)
    static.add_static_routes(app)
    return app


def _endpoint(route: Route, tools: Tools) -> Handler:
    rule = rule_for(route.method, route.path)

    async def endpoint(request: web.Request) -> web.StreamResponse:
        check_same_site(request)
        viewer = NOBODY if rule is PUBLIC else await _viewer(request, tools)
        if rule is not PUBLIC and viewer.role not in rule:
            raise Problem(HTTPStatus.FORBIDDEN, "forbidden", "your role does not allow this")
        query = read_query(request, route.query)
        body = await read_body(request, route.body) if route.takes == JSON else Nothing()
        call: Call[Any, Any] = Call(
            tools=tools,
            viewer=viewer,
            path=_path(request),
            body=body,
            query=query,
            request=request,
        )
        value = await route.handler(call)
        if rule is not PUBLIC:
            await tools.feed.active(viewer.id)
        return answer(route, value)

    return endpoint


async def _viewer(request: web.Request, tools: Tools) -> Agent:
    token = presented_token(request)
    agent = await tools.sessions.agent(token) if token else None
    viewer = tools.configuration.settings.agents.get(agent) if agent is not None else None
    if viewer is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "not-logged-in", "log in first", headers={"WWW-Authenticate": "Bearer"})
    return viewer


def _path(request: web.Request) -> dict[str, str]:
    found = dict(request.match_info)
    if any("\0" in value or not value.isprintable() for value in found.values()):
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "there is no such thing")
    return found


def _openapi(tools: Tools) -> Handler:
    body = encoder.encode(document(ROUTES, version=tools.version))

    async def handle(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=JSON, headers={"Cache-Control": "no-cache"})

    return handle


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPRedirection:
        raise
    except (Problem, Refused, web.HTTPException) as error:
        return respond(of_error(error))
    except ConnectionError:
        return web.Response(status=HTTPStatus.BAD_REQUEST)  # the caller has gone: nobody reads it, and nobody erred
    except Exception as error:  # noqa: BLE001  every error becomes a problem; `of_error` logs what nobody foresaw
        return respond(of_error(error))
