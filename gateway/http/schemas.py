"""The files' JSON schemas, for editors: which keys there are, what they mean, which words are allowed."""

from typing import Any

import msgspec

from config.json_schema import schemas
from gateway.configuration import CHANNELS
from gateway.http.registry import Call, Nothing, Route


class SchemasView(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON schema for each file, by the file's name."""

    files: dict[str, dict[str, Any]]


async def read_schemas(call: Call[Nothing, Nothing]) -> SchemasView:
    """The schemas of all files."""
    return SchemasView(files=dict(schemas(CHANNELS)))


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/routing/schemas",
        summary="The files' JSON schemas",
        handler=read_schemas,
        answers=SchemasView,
    ),
)
