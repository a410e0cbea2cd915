"""What an operator's tools ask: is it alive, is it ready, how does it do, what is it."""

from http import HTTPStatus

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from gateway.http.tools import Tools
from gateway.store.errors import StoreUnavailable
from gateway.store.reading import prove_writable
from gateway.views.floor import agents_by_state, queues


def add_operation_routes(app: web.Application, tools: Tools) -> None:
    """``/-/live``, ``/-/ready``, ``/-/metrics``, ``/-/version``; keep them from the public at the proxy."""
    health = tools.health

    async def live(request: web.Request) -> web.Response:
        return _state("live" if health.is_alive else "the loop is stuck", is_good=health.is_alive)

    async def ready(request: web.Request) -> web.Response:
        obstacles = health.obstacles()
        if not obstacles:
            try:
                await tools.store.write(lambda c: prove_writable(c, tools.clock.now()))
                await tools.engine.inspect(lambda _: None)  # and the engine takes its turn
            except StoreUnavailable as error:
                obstacles = [f"store: {error}"]
        return _state("; ".join(obstacles) or "ready", is_good=not obstacles)

    async def metrics(request: web.Request) -> web.Response:
        settings, now = tools.configuration.settings, tools.clock.now()
        found, states = await tools.engine.inspect(
            lambda board: (queues(board, settings, now), agents_by_state(board, settings))
        )
        body = tools.metrics.page(found, states, now)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def version(request: web.Request) -> web.Response:
        body = {"version": tools.version, "config_version": tools.configuration.settings.version}
        return web.json_response(body)

    app.router.add_get("/-/live", live)
    app.router.add_get("/-/ready", ready)
    app.router.add_get("/-/metrics", metrics)
    app.router.add_get("/-/version", version)


def _state(words: str, *, is_good: bool) -> web.Response:
    status = HTTPStatus.OK if is_good else HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Cache-Control": "no-store"} | ({} if is_good else {"Retry-After": "5"})
    return web.Response(
        status=status, body=msgspec.json.encode({"status": words}), content_type="application/json", headers=headers
    )
