"""Platforms' webhooks: raw bytes in, the intake's answer out. The shortest way through HTTP: no session, no JSON."""

from aiohttp import web

from adapters.wire import WebhookRequest
from gateway.http.services import Services
from router.ids import InboxId

PATH = "/hooks/{inbox}"
PATH_BELOW = "/hooks/{inbox}/{below:.*}"


def add_webhook_routes(app: web.Application, services: Services) -> None:
    """Listen below ``/hooks/``; which methods and paths mean something is the inbox's to say."""
    intake, metrics = services.intake, services.metrics

    async def handle(request: web.Request) -> web.Response:
        inbox = InboxId(request.match_info["inbox"])
        body = await request.read()  # the application's `client_max_size` refuses more than MAX_BODY
        with metrics.webhook(services.configuration.channel_of(inbox)):
            reply = await intake.webhook(
                inbox,
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
