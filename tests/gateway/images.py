"""Small pictures to send."""

from io import BytesIO

from PIL import Image


def picture(shade: int = 0, format: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    """A picture in one colour."""
    out = BytesIO()
    Image.new("RGB", size, (shade % 256, 100, 200)).save(out, format=format)
    return out.getvalue()
