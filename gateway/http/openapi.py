"""The routes as an OpenAPI 3.1 document, made from the same shapes that check the requests."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from gateway.http.permission import PUBLIC, rule_for
from gateway.http.problems import CONTENT_TYPE
from gateway.http.registry import JSON, Nothing, Route

_VARIABLE = re.compile(r"{(\w+)}")
_ALWAYS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_WITH_LOGIN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "owner": {"type": "object", "description": "Who owns the conversation now."},
        "epoch": {"type": "integer", "description": "The conversation's present epoch."},
    },
}


def document(routes: Iterable[Route], *, version: str) -> dict[str, Any]:
    """The document for these routes."""
    routes = tuple(routes)
    shapes = [shape for route in routes for shape in (route.answers, route.body, route.query) if shape is not None]
    schemas, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    schema_of = dict(zip(map(id, shapes), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _operation(route, schema_of, components)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pointsman",
            "version": version,
            "description": "Conversations, agents, queues. Times are RFC 3339 in UTC; errors are problem details.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": _PROBLEM},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "pointsman_session"},
            },
        },
    }


def _operation(route: Route, schema_of: Mapping[int, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    roles = rule_for(route.method, route.path)
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": _operation_id(route),
        "parameters": [*_path_parameters(route), *_query_parameters(route, components)],
        "responses": _responses(route, schema_of, is_public=roles is PUBLIC),
        "security": [] if roles is PUBLIC else [{"bearer": []}, {"cookie": []}],
    }
    if route.takes != JSON:
        file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": {route.takes: {"schema": file}}}
    elif route.body is not Nothing:
        operation["requestBody"] = {
            "required": any(field.required for field in msgspec.structs.fields(route.body)),
            "content": {JSON: {"schema": schema_of[id(route.body)]}},
        }
    return operation


def _operation_id(route: Route) -> str:
    words = route.path.removeprefix("/api/v1").replace("{", "").replace("}", "").strip("/")
    return f"{route.method.lower()}_{re.sub('[^a-z]+', '_', words)}"


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    schema = {"type": "string", "minLength": 1}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in _VARIABLE.findall(route.path)]


def _query_parameters(route: Route, components: Mapping[str, Any]) -> list[dict[str, Any]]:
    if route.query is Nothing:
        return []
    shape = components[route.query.__name__]
    return [
        {"name": name, "in": "query", "required": name in shape.get("required", []), "schema": schema}
        for name, schema in shape["properties"].items()
    ]


def _responses(route: Route, schema_of: Mapping[int, Any], *, is_public: bool) -> dict[str, Any]:
    good: dict[str, Any] = {"description": route.summary}
    if route.status is not HTTPStatus.NO_CONTENT and route.answers is not None:
        good["content"] = {JSON: {"schema": schema_of[id(route.answers)]}}
    responses = {str(int(route.status)): good}
    statuses = {*_ALWAYS, *route.refuses, *(() if is_public else _WITH_LOGIN)}
    if "{" in route.path:
        statuses.add(HTTPStatus.NOT_FOUND)
    if route.body is not Nothing or route.takes != JSON:
        statuses |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    for status in sorted(statuses):
        content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[str(int(status))] = {"description": status.phrase, "content": content}
    return responses
