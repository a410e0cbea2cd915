"""``inboxes.yaml`` as it is written: what every inbox has, and the model that a channel's settings give.

A channel declares its settings as a frozen dataclass. Its fields become the keys of an inbox, with ``metadata["doc"]``
as description, so that a channel's author writes no code for configuration.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from adapters.secret import Secret
from config.models.section import Duration, Id, Language, Section, Word, to_list

REFERENCE = r"^\$\{(env|file):.+\}$"


class InboxSection(Section):
    """One connected account on a channel."""

    channel: Id
    """The kind of platform."""
    name: str = ""
    """What people call it."""
    enabled: bool = True
    """Whether it is connected; a disabled inbox neither receives nor sends."""
    give_up_after: Duration | None = None
    """How long a message may wait to be sent before it is rejected: 24h, unless said otherwise."""
    api_base: Word | None = None
    """Another server instead of the platform's: a local one, a proxy, a test."""
    languages: list[Language] = []
    """The languages spoken there, the first by default; without them, those of routing.yaml."""


class InboxesFile(Section):
    """The connected accounts."""

    needed = ("inboxes",)

    inboxes: dict[Id, dict[str, Any]] = {}
    """Inboxes by id; the id is part of the webhook's address."""


def _to_secret(value: object) -> Secret:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "expected text")
    return Secret(value)


_SecretText = Annotated[
    Secret,
    PlainValidator(_to_secret),
    WithJsonSchema({"type": "string", "examples": ["${env:NAME}", "${file:PATH}"]}),
]


def _to_member(kind: type[Enum]) -> Callable[[object], Enum]:
    expected = ", ".join(str(member.value) for member in kind)

    def member(value: object) -> Enum:
        for candidate in kind:
            if candidate.value == value:
                return candidate
        raise PydanticCustomError("literal_error", "one of {expected}", {"expected": expected})

    return member


def _written(kind: Any) -> Any:  # noqa: ANN401 - annotations are of any type
    """How a dataclass's annotation is written in YAML, as pydantic annotation."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Secret:
        return _SecretText
    if kind is timedelta:
        return Duration
    if isinstance(kind, type) and issubclass(kind, Enum):
        schema = WithJsonSchema({"enum": [member.value for member in kind]})
        return Annotated[kind, PlainValidator(_to_member(kind)), schema]
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        model = _model(kind, Section)
        return Annotated[kind, BeforeValidator(lambda value: filled(kind, model.model_validate(value)))]
    if origin in {Union, UnionType}:
        return Union[tuple(_written(option) for option in inner)]  # noqa: UP007 - a union of computed members
    if origin in {tuple, list, Sequence, frozenset}:
        return Annotated[list[_written(inner[0])], BeforeValidator(to_list)]  # type: ignore[misc]  # computed
    if origin in {dict, Mapping}:
        return dict[_written(inner[0]), _written(inner[1])]  # type: ignore[misc]  # computed
    return kind


def _model(settings: type, parent: type[Section]) -> type[Section]:
    hints = get_type_hints(settings)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(settings):
        if field.name in parent.model_fields or not field.init:
            continue
        is_needed = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        words = str(field.metadata.get("doc", "")) or f"The channel's setting “{field.name.replace('_', ' ')}”."
        # The default is the dataclass's own: what is not written is not passed on.
        fields[field.name] = (_written(hints[field.name]), Field(... if is_needed else None, description=words))
    return create_model(
        f"{settings.__name__}Section", __base__=parent, __doc__="One connected account on this channel.", **fields
    )


@cache
def inbox_model(settings: type) -> type[InboxSection]:
    """The model of an inbox whose channel has these settings."""
    model = _model(settings, InboxSection)
    if not issubclass(model, InboxSection):
        raise TypeError(settings.__name__)
    return model


@cache
def secret_keys(settings: type) -> frozenset[str]:
    """The keys of an inbox that hold secrets."""
    hints = get_type_hints(settings)
    return frozenset(
        field.name
        for field in dataclasses.fields(settings)
        if Secret in {hints[field.name], *get_args(hints[field.name])}
    )


def filled(settings: type, section: Section) -> Any:  # noqa: ANN401 - each channel has its own settings type
    """The channel's settings from what was written; what was not written has the dataclass's default."""
    hints = get_type_hints(settings)
    given = {}
    for field in dataclasses.fields(settings):
        if field.name in section.model_fields_set:
            value = getattr(section, field.name)
            given[field.name] = _as_declared(hints[field.name], value)
    return settings(**given)


def _as_declared(kind: Any, value: object) -> object:  # noqa: ANN401 - annotations are of any type
    """Lists become what the dataclass declares: it is frozen."""
    if not isinstance(value, list):
        return value
    return frozenset(value) if get_origin(kind) is frozenset else tuple(value)
