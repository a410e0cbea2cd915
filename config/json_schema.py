"""JSON Schema of each file, for editors: keys and their descriptions, values that are allowed.

The committed copies in ``config/schema`` are what the first line of each shipped file points to. A schema knows form
only: which names exist, and what rules mean together, is what ``check`` says.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from config.configuration import AGENTS, INBOXES, ROUTING
from config.inbox import Channels
from config.models.inboxes import REFERENCE, InboxesFile, inbox_model
from config.models.people import AgentsFile
from config.models.routing import RoutingFile
from config.models.section import Section

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DIRECTORY: Final = Path(__file__).parent / "schema"


def schemas(channels: Channels) -> Mapping[str, dict[str, Any]]:
    """The schema of each file, by the file's name."""
    return {
        INBOXES: _finished(_inboxes(channels), InboxesFile, "Inboxes: where contacts write from"),
        AGENTS: _finished(AgentsFile.model_json_schema(), AgentsFile, "Agents: who answers"),
        ROUTING: _finished(_routing(), RoutingFile, "Routing: how conversations find their agents"),
    }


def to_text(schema: Mapping[str, Any]) -> str:
    """A schema as it is written to a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def schema_path(file: str) -> Path:
    """Where the committed copy of a file's schema is."""
    return DIRECTORY / Path(file).with_suffix(".json").name


def _routing() -> dict[str, Any]:
    schema = RoutingFile.model_json_schema()
    schema["$defs"]["TriageSection"]["required"] = ["priority", "group"]
    for key in ("not", "any"):
        nested = schema["$defs"]["WhenSection"]["properties"][key]
        # Pydantic describes the list only; one condition may stand without it.
        array = nested.pop("anyOf")[0]
        nested["anyOf"] = [array["items"], array]
    return schema


def _inboxes(channels: Channels) -> dict[str, Any]:
    """Each inbox has the keys of its channel."""
    definitions: dict[str, Any] = {}
    choices = []
    for name in channels.names:
        kind: type = channels.find(name).settings_type
        inner = inbox_model(kind).model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(inner.pop("$defs", {}))
        inner["properties"]["channel"] = {"const": name, "description": "The kind of platform."}
        for key, value in inner["properties"].items():
            inner["properties"][key] = _or_reference(value)
        definitions[inner["title"]] = inner
        choices.append({"$ref": f"#/$defs/{inner['title']}"})
    schema = InboxesFile.model_json_schema()
    schema["$defs"] = definitions
    by_id = schema["properties"]["inboxes"]["patternProperties"]
    by_id.update({pattern: {"oneOf": choices} for pattern in by_id})
    return schema


def _or_reference(value: dict[str, Any]) -> dict[str, Any]:
    """One of a few words, which may also come from outside, by ``${env:…}``."""
    if "enum" not in value:
        return value
    choice = {"enum": value["enum"]}
    rest = {key: inner for key, inner in value.items() if key != "enum"}
    return {**rest, "anyOf": [choice, {"type": "string", "pattern": REFERENCE}]}


def _finished(schema: dict[str, Any], model: type[Section], title: str) -> dict[str, Any]:
    if model.needed:
        schema["required"] = list(model.needed)
    tidy = _tidied(schema)
    return {"$schema": DIALECT, **tidy, "title": title}


def _tidied(node: Any) -> Any:  # noqa: ANN401 - JSON is any value
    """Without titles that repeat the key, and without defaults and kinds that only say that a key may be left out."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {}
    for key, value in node.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "default" and (value is None or value in ([], {}) or isinstance(value, dict)):
            continue
        kept[key] = _tidied(value)
    if "patternProperties" in kept:
        kept.setdefault("additionalProperties", False)
    options = kept.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del kept["anyOf"]
        kept = {**rest[0], **kept} if len(rest) == 1 else {**kept, "anyOf": rest}
    return kept
