"""Serving a simulated platform's page: its own document and few lines of script, and what all such pages share.

Posts take JSON only: another site's page cannot send that without asking first.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from aiohttp import web

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""What every answer to a browser carries."""

SHOWABLE: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""Files that a page may show; others are handed out as bytes."""

_SHARED: Final = files("adapters.simulation")
_OWN: Final = {"page.html": "text/html", "page.js": "text/javascript"}
_COMMON: Final = {"chats.js": "text/javascript", "page.css": "text/css", "page.svg": "image/svg+xml"}


def add_page(app: web.Application, own: Traversable) -> None:
    """Serve ``/`` and ``/page/…``; ``own`` is the platform's folder with ``page.html`` and ``page.js``."""

    async def page(request: web.Request) -> web.Response:
        name = request.match_info.get("name", "page.html")
        folder, kinds = (own, _OWN) if name in _OWN else (_SHARED, _COMMON)
        if name not in kinds:
            raise web.HTTPNotFound
        text = (folder / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kinds[name], charset="utf-8", headers=HEADERS)

    app.router.add_get("/", page)
    app.router.add_get("/page/{name}", page)


async def asked(request: web.Request) -> dict[str, Any]:
    """The object that was posted.

    Raises:
        HTTPException: it is no JSON, or no object.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        posted = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="not JSON") from None
    if not isinstance(posted, dict):
        raise web.HTTPBadRequest(text="not an object")
    return posted
