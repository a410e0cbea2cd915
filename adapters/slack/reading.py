"""Reading bytes into structs, and the slow path for bytes whose types are not what the platform documents.

A call that is refused is repeated three times and then lost, so it is refused only when nobody could say whose it is.
Otherwise what is valid is kept, and what is not is named.
"""

from typing import Any, TypeVar

import msgspec

from adapters.errors import MalformedPayload

UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What the decoder raises for bytes that are no JSON, nested beyond reason, or not of the declared types."""

S = TypeVar("S", bound=msgspec.Struct)


def read(body: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[S], struct: type[S]) -> tuple[S, tuple[str, ...]]:
    """The struct, and the names of the fields that could not be read.

    Raises:
        MalformedPayload: it is no JSON object.
    """
    try:
        return decoder.decode(body), ()
    except UNREADABLE:
        return _salvaged(bytes(body), struct)


def _plain(body: bytes) -> Any:  # noqa: ANN401  any JSON
    try:
        return msgspec.json.decode(body)
    except UNREADABLE:
        raise MalformedPayload("not JSON") from None


def _salvaged(body: bytes, struct: type[S]) -> tuple[S, tuple[str, ...]]:
    fields = _plain(body)
    if not isinstance(fields, dict):
        raise MalformedPayload("not an object")
    kept: dict[str, Any] = {}
    lost: list[str] = []
    for field in msgspec.structs.fields(struct):
        name = field.encode_name
        if name not in fields:
            continue
        content = msgspec.json.encode(fields[name])  # again as bytes: raw fields exist only there
        try:
            kept[field.name] = msgspec.json.decode(content, type=field.type)
        except UNREADABLE:
            lost.append(name)
    try:
        return struct(**kept), tuple(lost)
    except TypeError:  # a field that must be there is not
        raise MalformedPayload("nothing says whose it is") from None
