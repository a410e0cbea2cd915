"""Traces as they are stored now, and as they were before reasons were data.

A former trace has its reasons as English sentences. They are kept as they were written: such a reason is `Code.TOLD`,
and is shown in its own words to everybody. Traces are kept for thirty days (`routing.md` §23).
"""

from typing import Any

import msgspec

from gateway.store.codec import decode
from router.reason import Code
from router.trace import Trace

_FORMER = '"because":'
"""Every former trace has this key, and no present one: inside a value its quotes would be escaped."""


def decode_trace(text: str) -> Trace:
    """A trace as it was stored, by this version of the program or an earlier one.

    Raises:
        ValueError: the text is no trace.
    """
    if _FORMER not in text:
        return decode(Trace, text)
    former: dict[str, Any] = msgspec.json.decode(text)
    former["why"] = _told(former.pop("because"))
    former["reasons"] = _told(former.pop("reason", ""))
    for candidate in former.get("runners_up", ()):
        candidate["why"] = _told(candidate.pop("detail", ""))
    for hit in former.get("rules", ()):
        given = hit.pop("outcome").partition(" ")[2]
        hit["gives"] = given.split(", ")
    return msgspec.convert(former, Trace)


def _told(words: str) -> list[Any]:
    return [[Code.TOLD.value, [words]]] if words else []
