"""Reasons in words, for those who read English: what the commands print, and the strings that the interface promises.

The sentences are those of the pages' catalogue (``web/shared/reasons/``), which the desk and the administrator's page
say in three languages; what a value means follows from its name. Nothing below the gateway knows a sentence.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from config.durations import format_duration
from router.reason import Code, Reason, Value

SHOWN = 8
"""How many values a sentence lists before it says how many more there are."""

_SPANS = frozenset({"idle", "picked"})
_WALL_CLOCKS = frozenset({"local", "opens"})
_EITHER = frozenset({"wanted", "verdicts"})
_FAMILIES = frozenset({"verdict", "handoff", "decline", "ended", "wish", "clock"})
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def in_words(reasons: Sequence[Reason]) -> str:
    """These reasons as one sentence; empty without any."""
    return _catalogue()["glue.and"].join(_said(reason) for reason in reasons)


def detail_of(reasons: Sequence[Reason]) -> str:
    """What a verdict rests on, as short as the interface has it: ``visa-ca:2``, ``6/6``, an instant, an agent's id."""
    if not reasons:
        return ""
    first = reasons[0]
    match first.code:
        case Code.LACKS:
            return ":".join(map(str, first.values))
        case Code.COOLS_DOWN:
            return str(first.values[0])
        case Code.ONE_OF:
            (verdicts,) = first.values
            return ", ".join(verdicts) if isinstance(verdicts, tuple) else str(verdicts)
        case _:
            return in_words(reasons)


def _said(reason: Reason) -> str:
    catalogue, code = _catalogue(), reason.code.value
    values = {name: _shown(name, value) for name, value in zip(reason.code.names, reason.values, strict=True)}
    if reason.of:
        values["of"] = in_words(reason.of)
    sentence = catalogue.get(code) or catalogue[f"{code}.{'one' if values['count'] == '1' else 'other'}"]
    return _PLACEHOLDER.sub(lambda found: values[found[1]], sentence)


def _shown(name: str, value: Value) -> str:
    catalogue = _catalogue()
    if isinstance(value, tuple):
        words = [catalogue.get(f"verdict.{each}", each) if name == "verdicts" else each for each in value]
        return _listed(words, "or" if name in _EITHER else "and")
    if not isinstance(value, str):
        return format_duration(timedelta(seconds=value)) if name in _SPANS else f"{value:g}"
    if name in _FAMILIES:
        return catalogue.get(f"{name}.{value}", value)
    if name in _WALL_CLOCKS:
        return f"{datetime.fromisoformat(value):%a %Y-%m-%d %H:%M}"
    if name == "found":
        return catalogue["glue.quoted"].format(value=value) if value else catalogue["glue.empty"]
    return value


def _listed(values: Sequence[str], last: str) -> str:
    """The values for a person, at most eight of them."""
    if not values:
        return _catalogue()["glue.none"]
    shown = list(values[:SHOWN])
    if len(values) > SHOWN:
        shown.append(_catalogue()["glue.more"].format(hidden=len(values) - SHOWN))
    return f" {last} ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


@cache
def _catalogue() -> dict[str, str]:
    found: dict[str, str] = json.loads(files("gateway").joinpath("web/shared/reasons/en.json").read_text("utf-8"))
    return found
