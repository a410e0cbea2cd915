"""What a file is, by its content: whatever its name, its sender or its platform say.

Only a short list of kinds is ever shown inside a page; everything else is given out for saving. Text that a browser
could take for a page or a drawing with scripts in it (HTML, SVG, XML) is never on that list.
"""

from collections.abc import Iterable
from mimetypes import types_map

from router.message import MediaKind

UNKNOWN = "application/octet-stream"

IMAGES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
_SOUNDS = frozenset({"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/webm"})
_FILMS = frozenset({"video/mp4", "video/webm"})
SHOWN = IMAGES | _SOUNDS | _FILMS
"""What a page may show; the rest is saved."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
)
"""Where a signature stands in the file, its bytes, and what it means; the first that fits."""

_DOCUMENTS = frozenset({
    "application/msword",
    "application/pdf",
    "application/rtf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/x-7z-compressed",
    "application/zip",
})  # fmt: skip
_ZIPPED_DOCUMENTS = "application/vnd.openxmlformats-officedocument."
_MPEG_FRAMES = tuple(bytes((0xFF, second)) for second in (0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2))
_AAC_FRAMES = (b"\xff\xf1", b"\xff\xf9")


def recognise(data: bytes, claimed: str = "") -> str:
    """The media type by content. ``claimed`` decides only between kinds that look alike and are equally harmless."""
    claimed = claimed.partition(";")[0].strip().lower()
    for start, signature, mime in _SIGNATURES:
        if data.startswith(signature, start):
            if mime == "application/zip" and claimed.startswith(_ZIPPED_DOCUMENTS) and claimed in _DOCUMENTS:
                return claimed
            if (mime, claimed) in {("video/mp4", "audio/mp4"), ("video/webm", "audio/webm")}:
                return claimed
            return mime
    if data.startswith(_MPEG_FRAMES):
        return "audio/mpeg"
    if data.startswith(_AAC_FRAMES):
        return "audio/aac"
    return _by_puremagic(data)


def is_shown(mime: str) -> bool:
    """Whether a page may show such a file; otherwise it is given out for saving."""
    return mime in SHOWN


def kind_of(mime: str) -> MediaKind:
    """What such a file is to the person who looks at it."""
    if mime in IMAGES:
        return MediaKind.IMAGE
    if mime in _SOUNDS:
        return MediaKind.VOICE
    if mime in _FILMS:
        return MediaKind.VIDEO
    return MediaKind.FILE


def is_among(patterns: Iterable[str], *, name: str, mime: str) -> bool:
    """Whether a file is one of these, as file pickers read it: ``.pdf`` by name or content, ``image/*`` by content."""
    mime = mime.lower()
    types = {mime, mime.partition("/")[0] + "/*"}
    wanted = [pattern.lower() for pattern in patterns]
    return any(one in types or (one.startswith(".") and _ends(name.lower(), mime, one)) for one in wanted)


def _ends(name: str, mime: str, ending: str) -> bool:
    return name.endswith(ending) or types_map.get(ending) == mime


def _by_puremagic(data: bytes) -> str:
    """Documents that puremagic knows; whatever else it takes a file for stays unknown."""
    import puremagic  # noqa: PLC0415  thousands of signatures, for the few files that have none of ours

    try:
        mime: str = puremagic.from_string(data[:8192], mime=True)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    return mime if mime in _DOCUMENTS else UNKNOWN
