"""Our front-ends' files: known by name from the start, so that no path leads anywhere else."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from aiohttp import web

from gateway.http.problems import not_found
from gateway.http.security import page_policy

WEB = Path(str(files("gateway"))) / "web"

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

FOLDERS = {
    "/web/vendor/": "vendor",
    "/web/shared/": "shared",
    "/web/pages/": "pages",
    "/desk/": "desk",
    "/admin/": "admin",
    "/widget/": "widget",
}
"""Which addresses are which folders below ``gateway/web``."""

_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file's bytes, its type and a tag that changes with it."""

    body: bytes
    content_type: str
    tag: str


@lru_cache(maxsize=512)
def _read(path: Path, changed: int) -> Asset:
    body = path.read_bytes()
    return Asset(body, TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:20])


def asset(path: Path) -> Asset:
    """The file, read again only when it has changed."""
    return _read(path, path.stat().st_mtime_ns)


def import_map_hashes(page: str) -> tuple[str, ...]:
    """The hashes that allow a page's import maps in its content policy."""
    digests = (hashlib.sha256(found.encode()).digest() for found in _IMPORT_MAP.findall(page))
    return tuple(f"sha256-{base64.b64encode(digest).decode()}" for digest in digests)


def respond(request: web.Request, found: Asset, *, policy: str | None = None) -> web.Response:
    """The file, or that it has not changed."""
    headers = {"ETag": f'"{found.tag}"', "Cache-Control": "no-cache"}
    if policy is not None:
        headers["Content-Security-Policy"] = policy
    if any(tag.value == found.tag for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    charset = None if found.content_type.startswith(("image/", "font/")) else "utf-8"
    return web.Response(body=found.body, content_type=found.content_type, charset=charset, headers=headers)


def page(request: web.Request, path: Path) -> web.Response:
    """One of our pages, with the policy that its own import map needs."""
    found = asset(path)
    return respond(
        request, found, policy=page_policy(script_hashes=import_map_hashes(found.body.decode()), frames="'self'")
    )


def add_static_routes(app: web.Application) -> None:
    """Serve the folders. Other addresses of desk and admin are their one page: each can be reloaded and shared."""
    known = {
        address + path.relative_to(WEB / folder).as_posix(): path
        for address, folder in FOLDERS.items()
        for path in sorted((WEB / folder).rglob("*"))
        if path.is_file() and path.suffix in TYPES and path.suffix != ".html"
    }

    async def file(request: web.Request) -> web.Response:
        path = known.get(request.path)
        if path is None:
            raise not_found("file")
        return respond(request, asset(path))

    async def one_page(request: web.Request) -> web.Response:
        path = known.get(request.path)
        folder = request.path.split("/")[1]
        return page(request, WEB / folder / "index.html") if path is None else respond(request, asset(path))

    async def root(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{request.path}/")

    for address in ("/web/vendor/", "/web/shared/", "/web/pages/"):
        app.router.add_get(address + "{file:.+}", file)
    app.router.add_get(r"/widget/{file:(?:.+/)?[^/]+\.(?:css|js|json|mjs|svg|png)}", file)
    for address in ("/desk", "/admin"):
        app.router.add_get(address, root)
        app.router.add_get(address + "/{page:.*}", one_page)
