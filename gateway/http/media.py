"""Files: coming in by upload, going out by signed links."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import quote

import msgspec
from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from gateway.http.problems import Problem, invalid, not_found
from gateway.http.registry import Call, Nothing, Route
from gateway.http.tools import Tools
from gateway.media.admission import MOST_BYTES, Admission, EmptyFile, TooLarge
from gateway.media.kinds import UNKNOWN, is_among, is_shown, recognise
from gateway.media.links import BadLink
from gateway.store import StoreUnavailable
from router.ids import MediaId
from router.message import Media

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""A file never runs anything, whatever it holds."""

CHUNK = 64 * 1024


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was kept; a message's part then is ``{kind, media: id, name}``."""

    id: str
    kind: str
    mime: str
    size: int
    name: str
    url: str


async def upload(call: Call[Nothing, Nothing]) -> Uploaded:
    """Keep one file: the part ``file`` of a multipart form."""
    media = await admit_upload(call.request, call.tools.admission)
    return uploaded(media, call.tools.links.sign)


def uploaded(media: Media, sign: Callable[[MediaId, str], str]) -> Uploaded:
    """What who sent it is told of a file that was kept; ``sign`` makes the link under which it can be had."""
    if media.media is None:
        raise invalid("the file was not kept")
    return Uploaded(
        id=media.media,
        kind=media.kind.value,
        mime=media.mime,
        size=media.size,
        name=media.name,
        url=sign(media.media, media.name),
    )


async def admit_upload(request: web.Request, admission: Admission, only: Sequence[str] | None = None) -> Media:
    """The file of a multipart upload, weighed while it comes in; ``only`` names the kinds of file that are welcome.

    Raises:
        Problem: 415 when it is no multipart form or another kind of file, 400 when the form is broken, 413 when the
            file is too large, 422 when it is empty, 503 when it cannot be kept now.
    """
    if request.content_type != "multipart/form-data":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-a-form", "send multipart/form-data with a part `file`")
    try:
        part = await _file_part(request)
        data = await _read(part)
    except (
        HttpProcessingError,
        ValueError,
        AssertionError,
        RuntimeError,
    ) as error:  # all are the reader's words for it
        raise Problem(HTTPStatus.BAD_REQUEST, "broken-form", "the form is broken") from error
    name = part.filename or ""
    claimed = part.headers.get("Content-Type", "")
    mime = recognise(data, claimed)
    if only is not None and not is_among(only, name=name, mime=claimed if mime == UNKNOWN else mime):
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "other-file", f"these can be sent: {' '.join(only)}")
    try:
        return await admission.admit(data, name=name, claimed=claimed)
    except TooLarge as error:
        raise _too_large(str(error)) from error
    except EmptyFile as error:
        raise invalid(str(error)) from error
    except (OSError, StoreUnavailable) as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept", "the file could not be kept; try again") from error


async def _file_part(request: web.Request) -> BodyPartReader:
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "file":
            return part
    raise invalid("the form has no part `file`")


async def _read(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        data += chunk
        if len(data) > MOST_BYTES:
            raise _too_large(f"a file has at most {MOST_BYTES} bytes")
    return bytes(data)


def _too_large(detail: str) -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)


def add_file_routes(app: web.Application, tools: Tools) -> None:
    """``/media/{signed}``: whoever has the link may see the file, until it runs out."""

    async def file(request: web.Request) -> web.StreamResponse:
        try:
            linked = tools.links.read(request.match_info["signed"])
        except BadLink as error:
            raise not_found("file, or the link has run out") from error
        stored = await tools.media.find(linked.media)
        if stored is None:
            raise not_found("file")
        how = "inline" if is_shown(stored.mime) else "attachment"
        response = web.FileResponse(tools.media.path(linked.media))
        response.content_type = stored.mime
        response.headers["Content-Disposition"] = _disposition(how, linked.name)
        response.headers["Content-Security-Policy"] = SANDBOX
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "private, max-age=3600, immutable"
        return response

    app.router.add_get("/media/{signed}", file)


def _disposition(how: str, name: str) -> str:
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}" if name else how


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/media",
        summary="Upload a file",
        handler=upload,
        answers=Uploaded,
        takes="multipart/form-data",
    ),
)
