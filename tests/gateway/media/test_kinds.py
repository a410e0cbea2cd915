"""What a file is, by its content alone."""

import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gateway.media import images
from gateway.media.images import NotAnImage, redraw
from gateway.media.kinds import IMAGES, UNKNOWN, is_shown, kind_of, recognise
from router.message import MediaKind
from tests.gateway.images import picture

SCRIPT = b"<script>alert(document.domain)</script>"
FORMATS = [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
PAGES = [
    b"<!doctype html><html><body>" + SCRIPT,
    b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
    b"<?xml version='1.0'?><?xml-stylesheet href='javascript:alert(1)'?>",
    b"\xef\xbb\xbf<html>" + SCRIPT,
    "<html>".encode("utf-16"),
    SCRIPT,
    b"<!--" + b"x" * 3000 + b"--><html>",
    b"",
    b"hello",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("claimed", ["image/png", "image/svg+xml", "text/html", "video/mp4", "application/pdf", ""])
def test_pages_are_never_shown(page: bytes, claimed: str) -> None:
    """Whatever a page or a drawing with scripts claims to be, it is given out for saving."""
    assert not is_shown(recognise(page, claimed))


@pytest.mark.parametrize(("format", "mime"), FORMATS)
def test_images_are_known(format: str, mime: str) -> None:
    """A picture is known by its content, whatever it claims to be."""
    assert recognise(picture(format=format), "text/html") == mime
    assert kind_of(mime) is MediaKind.IMAGE


@pytest.mark.parametrize(
    ("data", "claimed", "mime"),
    [
        (b"OggS\0\2", "", "audio/ogg"),
        (b"\0\0\0\x20ftypisom", "", "video/mp4"),
        (b"\0\0\0\x20ftypM4A ", "", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3", "", "video/webm"),
        (b"\x1a\x45\xdf\xa3", "audio/webm;codecs=opus", "audio/webm"),
        (b"\x1a\x45\xdf\xa3", "text/html", "video/webm"),
        (b"%PDF-1.7\n", "", "application/pdf"),
        (b"PK\x03\x04rest", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04rest", "text/html", "application/zip"),
        (b"\xff\xfb\x90\x00", "", "audio/mpeg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "", "audio/wav"),
    ],
)  # fmt: skip
def test_known_kinds(data: bytes, claimed: str, mime: str) -> None:
    """The usual kinds are told by their first bytes; a claim only chooses among the harmless."""
    assert recognise(data, claimed) == mime


@given(data=st.binary(max_size=200), claimed=st.text(max_size=30))
def test_any_bytes(data: bytes, claimed: str) -> None:
    """Anything is recognised as something, and a page never as something that is shown."""
    mime = recognise(data, claimed)
    assert mime
    assert not (is_shown(mime) and data.lstrip().startswith(b"<"))


@pytest.mark.parametrize(("format", "mime"), FORMATS)
def test_redrawn_without_luggage(format: str, mime: str) -> None:
    """A redrawn picture shows the same and carries nothing else: no second file, no place, no comment."""
    luggage = SCRIPT + b"PK\x03\x04secret"
    drawn = redraw(picture(format=format) + luggage, mime)
    assert SCRIPT not in drawn.data
    assert b"secret" not in drawn.data
    assert (drawn.width, drawn.height) == (8, 6)
    assert recognise(drawn.data) == mime


def test_place_is_removed_and_picture_upright() -> None:
    """Where a photo was taken stays behind; which side is up is applied."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "taken at home"
    out = BytesIO()
    Image.new("RGB", (8, 6)).save(out, format="JPEG", exif=exif.tobytes())
    assert b"taken at home" in out.getvalue()
    drawn = redraw(out.getvalue(), "image/jpeg")
    assert b"taken at home" not in drawn.data
    assert (drawn.width, drawn.height) == (6, 8)


def test_moving_pictures_move() -> None:
    """An animation keeps its frames."""
    out = BytesIO()
    frames = [Image.new("RGB", (8, 6), (shade, 0, 0)) for shade in (0, 100, 200)]
    frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:], duration=50)
    with Image.open(BytesIO(redraw(out.getvalue(), "image/gif").data)) as again:
        assert getattr(again, "n_frames", 1) == 3


def bomb() -> bytes:
    """A small PNG that claims 60,000 × 60,000 pixels."""
    data = bytearray(picture())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def test_bomb() -> None:
    """A picture of too many pixels is not drawn."""
    with pytest.raises(NotAnImage):
        redraw(bomb(), "image/png")


def test_too_many_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """An animation of too many frames is not drawn."""
    monkeypatch.setattr(images, "MOST_FRAMES", 2)
    out = BytesIO()
    frames = [Image.new("RGB", (8, 6), (shade, 0, 0)) for shade in (0, 100, 200)]
    frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(NotAnImage):
        redraw(out.getvalue(), "image/gif")


@given(data=st.binary(max_size=300), mime=st.sampled_from(sorted(IMAGES)))
def test_damaged_pictures(data: bytes, mime: str) -> None:
    """Damaged pictures are told so, in one way."""
    start = {"image/gif": "GIF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}[mime]
    with pytest.raises(NotAnImage):
        redraw(picture(format=start)[:20] + data, mime)


def test_unknown_is_saved() -> None:
    """What nobody knows is a file to save."""
    assert recognise(b"\x00\x01\x02\x03") == UNKNOWN
    assert kind_of(UNKNOWN) is MediaKind.FILE
