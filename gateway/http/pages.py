"""Pages that are not front-ends: what is here, the demo's shop, the interface's reference."""

from aiohttp import web

from gateway.http.security import permissions
from gateway.http.static import WEB, page
from gateway.http.tools import Tools

PAGES = WEB / "pages"


def add_page_routes(app: web.Application, tools: Tools) -> None:
    """``/``, ``/api/``, ``/invitation``; in the demo also ``/demo/shop``."""

    async def start(request: web.Request) -> web.Response:
        if not tools.is_demo:
            raise web.HTTPFound("/desk/")
        return page(request, PAGES / "demo.html")

    async def reference(request: web.Request) -> web.Response:
        return page(request, PAGES / "api.html")

    async def way_to_reference(request: web.Request) -> web.Response:
        raise web.HTTPFound("/api/")

    async def invitation(request: web.Request) -> web.Response:
        return page(request, PAGES / "invitation.html")

    async def shop(request: web.Request) -> web.Response:
        response = page(request, PAGES / "shop.html")
        response.headers["Permissions-Policy"] = permissions("microphone")  # for the chat in its frame
        return response

    async def demo(request: web.Request) -> web.Response:
        return web.json_response(tools.demo_facts)

    app.router.add_get("/", start)
    app.router.add_get("/api", way_to_reference)
    app.router.add_get("/api/", reference)
    app.router.add_get("/invitation", invitation)
    if tools.is_demo:
        app.router.add_get("/demo/shop", shop)
        app.router.add_get("/demo/facts", demo)
