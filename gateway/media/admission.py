"""How a file comes in, from a platform or by an upload: weighed, recognised, redrawn if it is an image, and kept."""

import asyncio

from gateway.media.kinds import IMAGES, UNKNOWN, kind_of, recognise
from gateway.media.store import MediaStore
from router.message import Media, MediaKind

MOST_BYTES = 20 * 1024 * 1024
_AT_A_TIME = 1
"""Images drawn at a time: a large one needs hundreds of megabytes for a moment."""

_LONGEST_NAME = 200


class TooLarge(Exception):
    """The file is larger than we keep."""


class EmptyFile(Exception):
    """The file has no bytes."""


class Admission:
    """Lets files in."""

    def __init__(self, store: MediaStore, most_bytes: int = MOST_BYTES) -> None:
        self._store = store
        self._most_bytes = most_bytes
        self._drawing = asyncio.Semaphore(_AT_A_TIME)

    async def admit(self, data: bytes, *, name: str = "", claimed: str = "", kind: MediaKind | None = None) -> Media:
        """Keep a file and say what it is. ``kind`` is what the platform calls it, used where the content allows.

        Raises:
            TooLarge, EmptyFile: it is not kept.
            OSError: the disk is full.
            StoreUnavailable: nothing could be committed.
        """
        if not data:
            raise EmptyFile("the file is empty")
        if len(data) > self._most_bytes:
            raise TooLarge(f"the file has {len(data)} bytes; {self._most_bytes} are allowed")
        mime = await asyncio.to_thread(recognise, data, claimed)
        width = height = 0
        if mime in IMAGES:
            from gateway.media.images import NotAnImage, redraw  # noqa: PLC0415  decoders come with the first image

            try:
                async with self._drawing:
                    drawn = await asyncio.to_thread(redraw, data, mime)
            except NotAnImage:
                mime = UNKNOWN
            else:
                data, width, height = drawn.data, drawn.width, drawn.height
        return Media(
            kind=_kind(mime, kind),
            media=await self._store.put(data, mime),
            name=_label(name),
            mime=mime,
            size=len(data),
            width=width,
            height=height,
        )


def _kind(mime: str, wanted: MediaKind | None) -> MediaKind:
    """A sticker must be an image or a film; a picture that was sent as a file stays a file."""
    by_content = kind_of(mime)
    if wanted is MediaKind.FILE or by_content is MediaKind.FILE:
        return MediaKind.FILE
    if wanted is MediaKind.STICKER and by_content in {MediaKind.IMAGE, MediaKind.VIDEO}:
        return MediaKind.STICKER
    if wanted is MediaKind.VOICE and mime == "video/webm":
        return MediaKind.VOICE  # a recording of a browser: the same container
    return by_content


def _label(name: str) -> str:
    """A file's name as a label: its last part, without anything that steers a terminal or a header."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:_LONGEST_NAME].strip()
