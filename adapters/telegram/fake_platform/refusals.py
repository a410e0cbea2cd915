"""What the platform refuses, in its own words."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
VALUE_LIMIT = 64
BUTTONS_LIMIT = 100
ROW_LIMIT = 8
PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024


class Refusal(Exception):
    """An answer that is no success: HTTP code, description, further parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters: Mapping[str, int] = parameters

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": dict(self.parameters)} if self.parameters else {})


def bad(description: str) -> Refusal:
    """A 400."""
    return Refusal(400, f"Bad Request: {description}")


def check_text(text: str) -> None:
    """Refuse a text, counted after its markup was read."""
    if not text:
        raise bad("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad("message is too long")


def check_caption(text: str) -> None:
    """Refuse a caption, counted after its markup was read."""
    if len(text) > CAPTION_LIMIT:
        raise bad("message caption is too long")


def check_size(method: str, data: bytes) -> None:
    """Refuse a file."""
    if not data:
        raise bad("file must be non-empty")
    if len(data) > UPLOAD_LIMIT:
        raise Refusal(413, "Request Entity Too Large")
    if method == "sendPhoto" and len(data) > PHOTO_LIMIT:
        raise bad(f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes")


def keyboard(markup: str) -> list[list[dict[str, str]]]:
    """The buttons of a ``reply_markup``; refuses what the platform would."""
    if not markup:
        return []
    try:
        rows = json.loads(markup)["inline_keyboard"]
    except (ValueError, KeyError, TypeError):
        raise bad("can't parse reply keyboard markup JSON object") from None
    if sum(len(row) for row in rows) > BUTTONS_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        _check_row(row)
    return [list(row) for row in rows]


def _check_row(row: Sequence[Mapping[str, str]]) -> None:
    for button in row:
        if not button.get("text", "").strip():
            raise bad('can\'t parse inline keyboard button: Field "text" must be non-empty')
        value = button.get("callback_data")
        if value is None:
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if not 0 < len(value.encode()) <= VALUE_LIMIT:
            raise bad("BUTTON_DATA_INVALID")
