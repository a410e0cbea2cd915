"""A message's content as our parts: every kind that the platform has, each said once."""

import math
from collections.abc import Callable, Mapping

from adapters.wechat.document import Fields, words
from router.message import Choice, Link, Location, Media, MediaKind, Part, Text, Unknown

UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
"""What the platform writes in place of what it does not pass on (stickers of the shop, red envelopes)."""

NO_FILES = "the platform passes on a file's name only; ask for a picture, or for the file by another way"

NO_NAME = "the platform did not say where the file is"

_VOICES = {"amr": "audio/amr", "speex": "audio/x-speex", "mp3": "audio/mpeg"}
_LONGEST_WORD = 64
_SUMMARY = 200


def parts(kind: str, fields: Fields) -> tuple[Part, ...]:
    """What the contact said; a kind that we do not know is kept as such."""
    reader = _READERS.get(kind)
    found = reader(fields) if reader is not None else ()
    return found or (Unknown(kind=kind[:_LONGEST_WORD], summary=_summary(fields)),)


def _text(fields: Fields) -> tuple[Part, ...]:
    content, choice = words(fields, "Content"), words(fields, "bizmsgmenuid")
    if choice:  # a line of a menu that we sent: the platform repeats its words as a message
        return (Choice(value=choice, label=content),)
    if content == UNSUPPORTED:
        return (Unknown(kind="unsupported", summary=content),)
    return (Text(text=content),) if content else ()


def _image(fields: Fields) -> tuple[Part, ...]:
    return (_media(MediaKind.IMAGE, fields, "image/jpeg"),)


def _voice(fields: Fields) -> tuple[Part, ...]:
    mime = _VOICES.get(words(fields, "Format").lower(), "")
    heard = words(fields, "Recognition")
    voice = _media(MediaKind.VOICE, fields, mime)
    return (voice, Text(text=heard)) if heard else (voice,)


def _video(fields: Fields) -> tuple[Part, ...]:
    return (_media(MediaKind.VIDEO, fields, "video/mp4"),)


def _location(fields: Fields) -> tuple[Part, ...]:
    latitude, longitude = _degrees(words(fields, "Location_X"), 90), _degrees(words(fields, "Location_Y"), 180)
    if latitude is None or longitude is None:
        return ()
    return (Location(latitude=latitude, longitude=longitude, label=words(fields, "Label")),)


def _link(fields: Fields) -> tuple[Part, ...]:
    url = words(fields, "Url")
    if not url:
        return ()
    return (Link(url=url, title=words(fields, "Title"), description=words(fields, "Description")),)


def _file(fields: Fields) -> tuple[Part, ...]:
    """Not documented, but sent: a name, a size, and no way to the bytes."""
    size = words(fields, "FileTotalLen")
    return (
        Media(
            kind=MediaKind.FILE,
            name=words(fields, "Title"),
            size=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0,  # noqa: PLR2004  a petabyte
            problem=NO_FILES,
        ),
    )


_READERS: Mapping[str, Callable[[Fields], tuple[Part, ...]]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
    "file": _file,
}


def _media(kind: MediaKind, fields: Fields, mime: str) -> Media:
    """A file to be fetched later: by its MediaId, and behind a space the public address that pictures have."""
    ref = f"{words(fields, 'MediaId')} {words(fields, 'PicUrl')}".rstrip()
    return Media(kind=kind, ref=ref, mime=mime, problem="" if ref else NO_NAME)


def _degrees(text: str, most: int) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None


def _summary(fields: Fields) -> str:
    return (words(fields, "Title") or words(fields, "Content") or words(fields, "Description"))[:_SUMMARY]
