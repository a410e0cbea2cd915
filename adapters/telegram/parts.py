"""A message's content as our parts: every kind that the platform has, each said once."""

from collections.abc import Iterator

from adapters.telegram.entities import hidden_links
from adapters.telegram.wire import File, Message, Photo
from router.message import ContactCard, Location, Media, MediaKind, Part, Text, Unknown

FETCH_LIMIT = 20 * 1024 * 1024
"""Bytes that a bot may download (core.telegram.org/bots/api#getfile)."""


def parts(message: Message) -> tuple[Part, ...]:
    """What the contact said; empty when nothing of it is a kind that we know."""
    if message.text:  # a text never comes with a file: most messages end here
        if not message.entities:
            return (Text(text=message.text),)
        return (Text(text=message.text), *hidden_links(message.text, message.entities))
    return (*_files(message), *_things(message), *_caption(message))


def _caption(message: Message) -> Iterator[Part]:
    if message.caption:
        yield Text(text=message.caption)
        yield from hidden_links(message.caption, message.caption_entities)


def _files(message: Message) -> Iterator[Part]:
    if message.photo:
        yield _photo(message.photo)
    if message.voice is not None:
        yield _file(MediaKind.VOICE, message.voice, "audio/ogg")
    if message.video is not None:
        yield _file(MediaKind.VIDEO, message.video, "video/mp4")
    if message.video_note is not None:
        yield _file(MediaKind.VIDEO, message.video_note, "video/mp4")
    if message.animation is not None:
        yield _file(MediaKind.VIDEO, message.animation, "video/mp4")
    elif message.document is not None:  # an animation is repeated as a document
        yield _file(MediaKind.FILE, message.document, "")
    if message.sticker is not None:
        yield _sticker(message.sticker)
    if message.audio is not None:
        yield _file(MediaKind.FILE, message.audio, "audio/mpeg")


def _things(message: Message) -> Iterator[Part]:
    if message.venue is not None:  # a venue is repeated as a location
        place = message.venue.location
        yield Location(
            latitude=place.latitude,
            longitude=place.longitude,
            label=message.venue.title,
            address=message.venue.address,
        )
    elif message.location is not None:
        yield Location(latitude=message.location.latitude, longitude=message.location.longitude)
    if message.contact is not None:
        card = message.contact
        yield ContactCard(name=f"{card.first_name} {card.last_name}".strip(), phone=card.phone_number)
    if message.dice is not None:
        yield Unknown(kind="dice", summary=f"{message.dice.emoji} {message.dice.value}".strip())
    if message.poll is not None:
        options = " / ".join(option.text for option in message.poll.options)
        yield Unknown(kind="poll", summary=f"{message.poll.question} {options}".strip())


def _photo(sizes: tuple[Photo, ...]) -> Media:
    """The largest size that can be fetched."""
    fetchable = [size for size in sizes if size.file_size <= FETCH_LIMIT] or sizes
    best = max(fetchable, key=lambda size: size.width * size.height)
    return Media(
        kind=MediaKind.IMAGE,
        ref=best.file_id,
        mime="image/jpeg",  # whatever was uploaded, the platform keeps photos as JPEG
        size=best.file_size,
        width=best.width,
        height=best.height,
    )


def _file(kind: MediaKind, file: File, mime: str) -> Media:
    return Media(
        kind=kind,
        ref=file.file_id,
        name=file.file_name or " - ".join(word for word in (file.performer, file.title) if word),
        mime=file.mime_type or mime,
        size=file.file_size,
        duration=file.duration,
        width=file.width or file.length,  # a video note is a square of `length`
        height=file.height or file.length,
        problem="too large to be fetched: the platform gives bots at most 20 MB"
        if file.file_size > FETCH_LIMIT
        else "",
    )


def _sticker(file: File) -> Media:
    mime = "application/x-tgsticker" if file.is_animated else "video/webm" if file.is_video else "image/webp"
    return Media(
        kind=MediaKind.STICKER,
        ref=file.file_id,
        name=file.emoji,
        mime=mime,
        size=file.file_size,
        width=file.width,
        height=file.height,
    )
