"""JSON as a standard means it: no NaN, no repeated keys, no bottomless nesting, no text that a database refuses.

Two passes: msgspec refuses what is not JSON (NaN, lone surrogates, wrong UTF-8), the standard library sees repeated
keys.
"""

import json
from typing import Any

import msgspec

MAX_DEPTH = 32


class NotJson(Exception):
    """The bytes are not JSON that we take; the message says why."""


def decode(body: bytes) -> Any:  # noqa: ANN401  JSON is any of its types
    """The value that these bytes mean.

    Raises:
        NotJson: they are not strict JSON.
    """
    try:
        msgspec.json.decode(body)
        value = json.loads(body, object_pairs_hook=_object)
        _check(value, MAX_DEPTH)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotJson(str(error) or "nested too deeply") from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _check(value: object, depth: int) -> None:
    if depth == 0:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a text holds U+0000")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
