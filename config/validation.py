"""Validation: a document against a model, with every error at its place in the file.

What is wrong is taken out and the rest validated again, so that one mistake hides no other and the checks of meaning
still see everything that was right.
"""

from collections.abc import Hashable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.models.routing import DATE, DAYS, INTERVAL
from config.models.section import ANY_OR_LANGUAGE, ID, LANGUAGE, Section
from config.positions import Document, Location
from config.problem import Code, Problem, did_you_mean

MOST_ROUNDS = 40

M = TypeVar("M", bound=BaseModel)


class Validated(NamedTuple, Generic[M]):
    """What remained of a file: the model (None when nothing did), the document it was made from, what was wrong."""

    model: M | None
    document: Document
    problems: tuple[Problem, ...]


def validate(document: Document, model: type[M], *, under: Location = ()) -> Validated[M]:
    """Validate what stands ``under`` a location of the document."""
    problems = list(_needed(document, model, under))
    left = document
    for _ in range(MOST_ROUNDS):
        try:
            return Validated(model.model_validate(left.value_at(under)), left, tuple(problems))
        except ValidationError as error:
            details = error.errors(include_url=False)
        if left is document:  # later errors come of what was taken out
            problems.extend(_problem(document, model, under, detail) for detail in details)
        smaller = left.without(_to_remove(left, under, detail) for detail in details)
        if smaller.root == left.root:
            break
        left = smaller
    return Validated(None, left, tuple(problems))


def _needed(document: Document, model: type[BaseModel], where: Location) -> Iterator[Problem]:
    """The keys that a file must have, of the model and of sections that stand directly in it."""
    value = document.value_at(where)
    if not isinstance(value, dict):
        return
    for key in model.needed if issubclass(model, Section) else ():
        if key not in value:
            yield document.problem(Code.MISSING_KEY, (*where, key), f'"{key}" is missing', of_key=True)
    for key, kind in _fields(model).items():
        if isinstance(kind, type) and issubclass(kind, Section) and key in value:
            yield from _needed(document, kind, (*where, key))


def _to_remove(document: Document, under: Location, detail: ErrorDetails) -> Location:
    """The smallest part of the document whose removal ends this error."""
    where = _there(detail["loc"])
    if detail["type"] == "missing":
        where = where[:-1]
    whole = (*under, *where)
    return whole[: document.depth(whole)]


def _there(location: Location) -> Location:
    """A location without pydantic's mark for keys."""
    return tuple(step for step in location if step != "[key]")


def _problem(document: Document, model: type[BaseModel], under: Location, detail: ErrorDetails) -> Problem:
    where = _there(detail["loc"])
    name = str(where[-1]) if where else ""
    whole = (*under, *where)
    is_key = "[key]" in detail["loc"]
    match detail["type"]:
        case "extra_forbidden":
            known = sorted(_keys_at(model, where[:-1]))
            hint = did_you_mean(name, known) or f"one of: {', '.join(known)}"
            return document.problem(Code.UNKNOWN_KEY, whole, f'unknown key "{name}"', suggestion=hint, of_key=True)
        case "missing":
            return document.problem(Code.MISSING_KEY, whole, f'"{name}" is missing', of_key=True)
        case "literal_error":
            return _not_allowed(document, whole, detail)
        case "value_error":
            return document.problem(Code.BAD_FORM, whole, str(detail["ctx"]["error"]), of_key=is_key)
        case "string_pattern_mismatch":
            return _bad_form(document, whole, detail, is_key=is_key)
        case kind if kind.endswith("_type") or kind == "invalid_key":
            words = f"expected {_EXPECTED.get(kind, kind.removesuffix('_type'))}, found {_found(detail['input'])}"
            hint = "put it in quotes" if kind == "string_type" and isinstance(detail["input"], int | float) else ""
            return document.problem(Code.WRONG_TYPE, whole, words, suggestion=hint, of_key=is_key)
        case _:
            words = detail["msg"].replace("Input", _found(detail["input"]))
            words = words[:1].lower() + words[1:]
            return document.problem(Code.BAD_FORM, whole, words, of_key=is_key)


FORMS: Mapping[str, str] = {
    ID: "a name of letters, digits, '.', '_' and '-'",
    LANGUAGE: "a language tag such as zh-CN or en",
    ANY_OR_LANGUAGE: "a language tag such as zh-CN or en",
    INTERVAL: "opening times such as 09:00-18:00",
    DAYS: "days such as mon, mon-fri, sat,sun or daily",
    DATE: "a date such as 2026-12-31",
}
"""What the patterns of the models mean."""

_EXPECTED: Mapping[str, str] = {
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "dataclass_type": "a mapping",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "invalid_key": "text as key",
}


def _found(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case int() | float():
            return f"the number {value}"
        case _:
            return f'"{value}"'


def _not_allowed(document: Document, where: Location, detail: ErrorDetails) -> Problem:
    expected = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
    hint = did_you_mean(str(detail["input"]), expected.split(", "))
    words = f"{_found(detail['input'])} is not one of: {expected}"
    return document.problem(Code.NOT_ALLOWED, where, words, suggestion=hint)


def _bad_form(document: Document, where: Location, detail: ErrorDetails, *, is_key: bool) -> Problem:
    wanted = FORMS.get(detail["ctx"]["pattern"], f"text of the form {detail['ctx']['pattern']}")
    return document.problem(Code.BAD_FORM, where, f"{_found(detail['input'])} is not {wanted}", of_key=is_key)


def _keys_at(model: type[BaseModel], location: Location) -> set[str]:
    """The keys that a model allows at a location in it."""
    kinds: list[Any] = [model]
    for step in location:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)]
    return {key for kind in kinds for section in _sections(kind) for key in _fields(section)}


def _fields(section: type[BaseModel]) -> Mapping[str, Any]:
    return {field.alias or name: field.annotation for name, field in section.model_fields.items()}


def _inside(kind: Any, step: Hashable) -> Iterator[Any]:  # noqa: ANN401 - annotations are of any type
    """The annotations that a value of this annotation may have under a key or index."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _inside(get_args(kind)[0], step)
    elif origin in {Union, UnionType}:
        for option in get_args(kind):
            yield from _inside(option, step)
    elif origin is dict:
        yield get_args(kind)[1]
    elif origin is list:
        # One element may stand without its list.
        yield get_args(kind)[0] if isinstance(step, int) else kind
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = _fields(kind)
        if step in fields:
            yield fields[str(step)]


def _sections(kind: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - annotations are of any type
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _sections(get_args(kind)[0])
    elif origin in {Union, UnionType}:
        for option in get_args(kind):
            yield from _sections(option)
    elif isinstance(kind, type) and kind is not NoneType and issubclass(kind, BaseModel):
        yield kind
