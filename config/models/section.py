"""What all models share: strict, closed, described; and the kinds of values that administrators write.

A validator that makes one form of two (a word or a list of words) runs before the strict one, so that a location in an
error is always a path in the file.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from config.durations import PATTERN as DURATION
from config.durations import parse_duration

ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
ANY_OR_LANGUAGE = f"^$|{LANGUAGE}"


class Section(BaseModel):
    """A part of a file: unknown keys are errors, nothing is converted, a field's docstring is its description."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)

    needed: ClassVar[tuple[str, ...]] = ()
    """Keys that a file must have although the model can do without: what stands beside them is checked all the same."""


def _to_span(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError("a duration is a number with s, m, h or d, such as 15s, 2m, 1h30m")  # noqa: TRY004 - pydantic's
    return parse_duration(value)


def to_list(value: object) -> object:
    """One value as a list of one; lists and nothing stay what they are."""
    return value if isinstance(value, list) or value is None else [value]


def _one_or_many(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


Duration = Annotated[
    timedelta,
    BeforeValidator(_to_span),
    WithJsonSchema({"type": "string", "pattern": DURATION, "examples": ["15s", "2m", "4h", "3d"]}),
]
"""A span of time: ``15s``, ``2m``, ``4h``, ``3d``."""


def _is_instant(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no instant such as 2026-11-23T10:00+08:00') from None
    return text


Instant = Annotated[str, AfterValidator(_is_instant)]
"""An instant: ``2026-11-23T10:00+08:00``, or without offset in the file's zone."""

Id = Annotated[str, StringConstraints(pattern=ID)]
"""A name that other places refer to: letters, digits, ``.``, ``_`` and ``-``."""

Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
"""A language tag: ``zh-CN``, ``en``."""

Word = Annotated[str, StringConstraints(min_length=1, max_length=500)]

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]

Ids = Annotated[
    list[Id],
    BeforeValidator(to_list),
    Field(min_length=1),
    WithJsonSchema(_one_or_many({"type": "string", "pattern": ID})),
]
"""One id, or a list of them."""

Words = Annotated[
    list[Word], BeforeValidator(to_list), Field(min_length=1), WithJsonSchema(_one_or_many({"type": "string"}))
]
"""A word or a list of words."""

Level = Annotated[int, Field(ge=1, le=5)]
"""How well a skill is mastered, 1 to 5."""

Levels = dict[Id, Level]

ANY_LANGUAGE = ""
"""The key under which a text stands that was given without a language."""


def _to_texts(value: object) -> object:
    return {ANY_LANGUAGE: value} if isinstance(value, str) else value


Texts = Annotated[
    dict[Annotated[str, StringConstraints(pattern=ANY_OR_LANGUAGE)], Word],
    BeforeValidator(_to_texts),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
            ]
        }
    ),
]
"""A text in several languages (language → text), or one text for all."""
