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
from aiohttp import BodyPartReader, web

from adapters.site import Asked, Site
from gateway.http.problems import Problem, not_found
from gateway.http.security import page_policy, permissions
from gateway.http.static import WEB, Asset, asset, import_map_hashes, respond
from gateway.media.admission import MOST_BYTES, Admission, EmptyFile, TooLarge
from gateway.realtime.doorkeeper import is_welcome, place_of
from gateway.realtime.transcript import BadTranscript, Transcripts
from gateway.realtime.visits import Sign
from gateway.realtime.widget_socket import WidgetSockets
from gateway.store import StoreUnavailable
from router.ids import InboxId
from router.message import Media

PAGE = WEB / "widget" / "index.html"
PLACEHOLDER = "{{house}}"
TRANSCRIPT = "chat.txt"
UPLOAD_COST = 5.0
"""An upload weighs as much as so many connections."""


class UploadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an upload: name it by ``id`` in a part of this ``kind``; ``url`` works for a while."""

    id: str
    kind: str
    mime: str
    size: int
    name: str
    url: str


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
        stored = await _take_in(request, admission)
        body = msgspec.json.encode(_uploaded(stored, sign))
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
    }
    template = asset(PAGE)
    written = html.escape(msgspec.json.encode(house).decode())
    body = template.body.decode().replace(PLACEHOLDER, written).encode()
    return Asset(body, template.content_type, hashlib.sha256(body).hexdigest()[:20])


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


async def _take_in(request: web.Request, admission: Admission) -> Media:
    try:
        part = await (await request.multipart()).next()
        if not isinstance(part, BodyPartReader):
            raise _no_form()
        data = bytearray()
        while chunk := await part.read_chunk():
            data += chunk
            if len(data) > MOST_BYTES:
                raise TooLarge
        claimed = part.headers.get("Content-Type", "")
        return await admission.admit(bytes(data), name=part.filename or "", claimed=claimed)
    except TooLarge as error:
        detail = f"{MOST_BYTES} bytes are allowed"
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail) from error
    except EmptyFile as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "empty-file", "the file has no bytes") from error
    except (OSError, StoreUnavailable) as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept", "the file could not be kept; try again") from error
    except (AssertionError, ValueError, LookupError) as error:  # aiohttp's words for a body that is no such form
        raise _no_form() from error


def _no_form() -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, "no-form", "send one file as multipart/form-data")


def _uploaded(stored: Media, sign: Sign) -> UploadedFile:
    assert stored.media is not None  # noqa: S101  it was just put there
    return UploadedFile(
        id=stored.media,
        kind=stored.kind.value,
        mime=stored.mime,
        size=stored.size,
        name=stored.name,
        url=sign(stored.media, stored.name),
    )
