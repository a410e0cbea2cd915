"""What the platform refuses, with its own codes."""

from collections.abc import Mapping, Sequence
from typing import Any

TEXT_LIMIT = 40_000
BLOCKS_LIMIT = 50
SECTION_LIMIT = 3_000
ROW_LIMIT = 25
LABEL_LIMIT = 75
VALUE_LIMIT = 2_000
ACTION_LIMIT = 255


class Refusal(Exception):
    """An answer that is no success: the code, and what stands beside it."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"ok": False, "error": self.code, **self.more}


def check_text(text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a text."""
    if not text.strip() and not blocks:
        raise Refusal("no_text")
    if len(text) > TEXT_LIMIT:
        raise Refusal("msg_too_long")


def check_blocks(blocks: object) -> list[dict[str, Any]]:
    """The blocks; refuses what the platform would."""
    if blocks is None:
        return []
    if not isinstance(blocks, list) or any(not isinstance(block, dict) for block in blocks):
        raise Refusal("invalid_blocks_format")
    if len(blocks) > BLOCKS_LIMIT:
        raise _invalid("no more than 50 items allowed [json-pointer:/blocks]")
    for number, block in enumerate(blocks):
        match block.get("type"):
            case "section":
                _check_words(block.get("text"), SECTION_LIMIT, f"/blocks/{number}/text")
            case "actions":
                _check_row(block.get("elements"), number)
            case kind:
                raise _invalid(f"unsupported type: {kind} [json-pointer:/blocks/{number}/type]")
    return blocks


def _check_row(elements: object, number: int) -> None:
    if not isinstance(elements, list) or not 0 < len(elements) <= ROW_LIMIT:
        raise _invalid(f"must have 1 to {ROW_LIMIT} items [json-pointer:/blocks/{number}/elements]")
    names = [element.get("action_id") for element in elements]
    if len(set(names)) != len(names) or any(not name or len(name) > ACTION_LIMIT for name in names):
        raise _invalid(f"action_id [json-pointer:/blocks/{number}/elements]")
    for element in elements:
        _check_words(element.get("text"), LABEL_LIMIT, f"/blocks/{number}/elements/text")
        if len(element.get("value", "")) > VALUE_LIMIT:
            raise _invalid(f"must be less than 2001 characters [json-pointer:/blocks/{number}/elements/value]")


def _check_words(words: object, limit: int, pointer: str) -> None:
    text = words.get("text") if isinstance(words, dict) else None
    if not isinstance(text, str) or not 0 < len(text) <= limit:
        raise _invalid(f"must be 1 to {limit} characters [json-pointer:{pointer}]")


def _invalid(words: str) -> Refusal:
    return Refusal("invalid_blocks", response_metadata={"messages": [f"[ERROR] {words}"]})
