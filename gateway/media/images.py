"""Images are drawn anew: what was hidden in the file (places, thumbnails, scripts, a second file) stays behind."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, ImageSequence

MOST_PIXELS = 40_000_000
MOST_FRAMES = 300
MOST_PIXELS_OF_ALL_FRAMES = 25_000_000
_QUALITY = 90
_FORMATS = {"image/gif": "GIF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class NotAnImage(Exception):
    """The bytes cannot be drawn, or are more than we want to draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An image, drawn anew; ``width`` and ``height`` in pixels, upright."""

    data: bytes
    width: int
    height: int


def redraw(data: bytes, mime: str) -> Drawn:
    """Decode an image and encode it again, upright and without anything else. Slow: call it in a thread.

    Raises:
        NotAnImage: it is none, it is damaged, or it has too many pixels.
    """
    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[mime]]) as image:
            frames = int(getattr(image, "n_frames", 1))
            pixels = image.width * image.height
            if pixels > MOST_PIXELS or _is_too_long(frames, pixels):
                raise NotAnImage("too many pixels")
            return _moving(image, mime) if frames > 1 else _still(image, mime)
    except NotAnImage:
        raise
    except Exception as error:  # decoders fail in all ways that a damaged file can think of
        raise NotAnImage(str(error)) from error


def _is_too_long(frames: int, pixels: int) -> bool:
    return frames > 1 and (frames > MOST_FRAMES or frames * pixels > MOST_PIXELS_OF_ALL_FRAMES)


def _still(image: Image.Image, mime: str) -> Drawn:
    upright = ImageOps.exif_transpose(image)
    if mime == "image/jpeg":
        upright = upright.convert("L" if upright.mode == "L" else "RGB")
    elif upright.mode not in {"L", "LA", "P", "RGB", "RGBA"}:
        upright = upright.convert("RGBA")
    return _encoded(upright, mime, {})


def _moving(image: Image.Image, mime: str) -> Drawn:
    durations = []
    frames = []
    for frame in ImageSequence.Iterator(image):
        durations.append(int(frame.info.get("duration", 100)))
        frames.append(frame.convert("RGBA"))
    more = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0, "disposal": 2}
    return _encoded(frames[0], mime, more)


def _encoded(image: Image.Image, mime: str, more: dict[str, Any]) -> Drawn:
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    out = BytesIO()
    if mime in {"image/jpeg", "image/webp"}:
        more = {"quality": _QUALITY, **more}
    image.save(out, format=_FORMATS[mime], **more)
    return Drawn(data=out.getvalue(), width=image.width, height=image.height)
