"""Platforms' webhooks: raw bytes in, the intake's answer out, whichever way through HTTP they came.

`gateway.http.front` calls what is made here for the plain calls that nearly all of them are; the web application serves
the same addresses for all others.
"""

import time

from aiohttp import web

from adapters.wire import WebhookReply, WebhookRequest
from gateway.http.front import Call
from gateway.http.tools import Tools
from router.ids import InboxId

PATH = "/hooks/{inbox}"
PATH_BELOW = "/hooks/{inbox}/{below:.*}"


def answering(tools: Tools) -> Call:
    """What answers a platform's call, timed."""
    intake, metrics, configuration = tools.intake, tools.metrics, tools.configuration

    async def call(inbox: InboxId, request: WebhookRequest) -> WebhookReply:
        began = time.perf_counter()
        reply = await intake.webhook(inbox, request)
        metrics.webhook(configuration.channel_of(inbox), time.perf_counter() - began)
        return reply

    return call


def add_webhook_routes(app: web.Application, tools: Tools) -> None:
    """Listen below ``/hooks/``; which methods and paths mean something is the inbox's to say."""
    call = answering(tools)

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()  # the application's `client_max_size` refuses more than MAX_BODY
        reply = await call(
            InboxId(request.match_info["inbox"]),
            WebhookRequest(
                method=request.method,
                path=request.path,
                query=request.query,
                headers={name.lower(): value for name, value in request.headers.items()},
                body=body,
            ),
        )
        return web.Response(
            status=reply.status, body=reply.body, content_type=reply.content_type, headers=dict(reply.headers)
        )

    for path in (PATH, PATH_BELOW):
        app.router.add_route("GET", path, handle)
        app.router.add_route("POST", path, handle)
