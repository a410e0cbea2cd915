"""A message's content as our parts."""

from collections.abc import Iterator

from adapters.slack.markup import said, unescape
from adapters.slack.wire import File, Message
from router.message import Link, Media, MediaKind, Part, Text, Unknown

FETCH_LIMIT = 50 * 1024 * 1024
"""Bytes of a file that we fetch; the platform itself allows about a gigabyte."""

_GONE = {
    "tombstone": "the file was deleted",
    "hidden_by_limit": "the workspace's plan hides older files",
}
_WITHOUT_CONTENT = frozenset({"external", "canvas", "list"})


def parts(message: Message, installation: str, us: str) -> tuple[Part, ...]:
    """What the contact said; ``installation`` is whose token fetches the files, ``us`` our own user there."""
    words = said(message.text or "", message.blocks or (), us)
    found: list[Part] = [Text(text=words.text)] if words.text else []
    found += words.links
    found += (_file(file, installation) for file in message.files or ())
    found += _passed_on(message)
    return tuple(found)


def _passed_on(message: Message) -> Iterator[Part]:
    """Messages from elsewhere that the contact passed on; previews of pages say nothing that the link does not."""
    for attachment in message.attachments or ():
        if attachment.is_share and attachment.from_url:
            words = unescape(attachment.text or attachment.fallback)
            yield Link(url=attachment.from_url, title=attachment.author_name, description=words)
        elif not message.text and not message.blocks:
            yield Unknown(kind="attachment", summary=unescape(attachment.fallback or attachment.text)[:200])


def _file(file: File, installation: str) -> Media:
    problem = _GONE.get(file.mode, "")
    if file.mode in _WITHOUT_CONTENT:
        problem = "the file is kept elsewhere: only its name was sent"
    elif file.size > FETCH_LIMIT:
        problem = f"larger than {FETCH_LIMIT // 1024 // 1024} MB: it is not fetched"
    return Media(
        kind=_kind(file),
        ref="" if problem else f"{installation}:{file.id}",
        name=file.name or "",
        mime=file.mimetype or "",
        size=max(file.size, 0),
        duration=max(file.duration_ms, 0) // 1000,
        width=max(file.original_w, 0),
        height=max(file.original_h, 0),
        problem=problem,
    )


def _kind(file: File) -> MediaKind:
    mime = file.mimetype or ""
    if file.subtype == "slack_audio":
        return MediaKind.VOICE
    if file.subtype == "slack_video" or mime.startswith("video/"):
        return MediaKind.VIDEO
    return MediaKind.IMAGE if mime.startswith("image/") and "svg" not in mime else MediaKind.FILE
