"""The widget's addresses: its page, its socket, and where a contact's files are taken in.

The page may be framed by the sites that the inbox names and by ourselves, and runs nothing but our own scripts. The
contact's secret comes in a header, never in an address or a cookie: no other site can make a browser send it.
"""

import asyncio
import hashlib
import html
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from adapters.site import Asked, Site
from gateway.http.media import admit_upload, uploaded
from gateway.http.problems import Problem, not_found
from gateway.http.security import page_policy, permissions
from gateway.http.static import WEB, Asset, asset, import_map_hashes, respond
from gateway.media.admission import Admission
from gateway.realtime.doorkeeper import is_welcome, place_of
from gateway.realtime.transcript import BadTranscript, Transcripts
from gateway.realtime.visits import Sign
from gateway.realtime.widget_socket import WidgetSockets
from router.ids import InboxId

PAGE = WEB / "widget" / "index.html"
PLACEHOLDER = "{{house}}"
TRANSCRIPT = "chat.txt"
UPLOAD_COST = 5.0
"""An upload weighs as much as so many connections."""


def add_widget_routes(
    app: web.Application, *, sockets: WidgetSockets, admission: Admission, sign: Sign, transcripts: Transcripts
) -> None:
    """Serve ``/widget/{inbox}/``, its socket ``ws``, ``uploads``, the house's colours and transcripts.

    The files of the page are static.
    """

    async def page(request: web.Request) -> web.Response:
        inbox, site = _site(request, sockets)
        response = respond(request, _page(inbox, site), policy=_policy(site))
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"  # its own window asks the frame for the visit
        if site.voice:
            response.headers["Permissions-Policy"] = permissions("microphone")
        return response

    async def uploads(request: web.Request) -> web.Response:
        inbox, site = _site(request, sockets)
        if not is_welcome(request, site.origins):
            raise Problem(HTTPStatus.FORBIDDEN, "other-site", "this site is not named in the inbox's origins")
        token = request.headers.get("Authorization", "").partition(" ")[2].strip()
        if not await sockets.knows(inbox, token):
            raise Problem(HTTPStatus.UNAUTHORIZED, "unknown-visitor", "open the widget's socket first")
        if not sockets.doorkeeper.may_try(place_of(request), asyncio.get_running_loop().time(), UPLOAD_COST):
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-often", "too many files", headers={"Retry-After": "5"})
        stored = await admit_upload(request, admission, only=_welcome(site))
        body = msgspec.json.encode(uploaded(stored, sign))
        return web.Response(status=HTTPStatus.CREATED, body=body, content_type="application/json")

    async def tokens(request: web.Request) -> web.Response:
        _, site = _site(request, sockets)
        body = site.tokens.encode()
        sheet = Asset(body, "text/css", hashlib.sha256(body).hexdigest()[:20])
        return respond(request, sheet)

    async def transcript(request: web.Request) -> web.Response:
        inbox, site = _site(request, sockets)
        try:
            wanted = transcripts.read(inbox, request.match_info["signed"])
        except BadTranscript as error:
            raise not_found("transcript, or the link has run out") from error
        text = await sockets.transcript(wanted, site.name)
        headers = {
            "Content-Disposition": f'attachment; filename="{TRANSCRIPT}"',
            "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
            "Cache-Control": "no-store",
        }
        return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=headers)

    app.router.add_get("/widget/{inbox}/", page)
    app.router.add_get("/widget/{inbox}/tokens", tokens)
    app.router.add_get("/widget/{inbox}/transcript/{signed}", transcript)
    app.router.add_get("/widget/{inbox}/ws", sockets.serve)
    app.router.add_post("/widget/{inbox}/uploads", uploads)


def _site(request: web.Request, sockets: WidgetSockets) -> tuple[InboxId, Site]:
    inbox = InboxId(request.match_info["inbox"])
    site = sockets.site(inbox)
    if site is None:
        raise not_found("widget")
    return inbox, site


def _page(inbox: InboxId, site: Site) -> Asset:
    """The page with what it must know of its inbox; text in an attribute, so that no name can become markup."""
    house = {
        "inbox": inbox,
        "name": site.name,
        "languages": site.languages,
        "origins": site.origins,
        "greeting": site.greeting,
        "choices": site.choices,
        "prechat": {key: _asked(asked) for key, asked in site.prechat.items()},
        "rating": site.rating,
        "voice": site.voice,
        "files": _welcome(site),
    }
    template = asset(PAGE)
    written = html.escape(msgspec.json.encode(house).decode())
    body = template.body.decode().replace(PLACEHOLDER, written).encode()
    return Asset(body, template.content_type, hashlib.sha256(body).hexdigest()[:20])


def _welcome(site: Site) -> tuple[str, ...]:
    """The kinds of file that may come: a recorded voice is one too."""
    return (*site.files, "audio/*") if site.voice and "audio/*" not in site.files else site.files


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "label": asked.label,
        "kind": asked.kind.value,
        "required": asked.required,
        "options": asked.options,
    }


def _policy(site: Site) -> str:
    policy = page_policy(
        script_hashes=import_map_hashes(asset(PAGE).body.decode()), frame_ancestors=" ".join(("'self'", *site.origins))
    )
    return f"{policy}; require-trusted-types-for 'script'"
