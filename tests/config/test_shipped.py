"""The shipped configurations: clean, in the house style, known to the schemas, and honest about what they test."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from config.configuration import FILES, ROUTING
from config.house_style import formatted
from config.json_schema import schema_path, schemas, to_text
from config.positions import Document, read_document
from skills.ids import GroupId
from tests.config.loading import CHANNELS, CONFIG, configured, load_directory

SHIPPED = [CONFIG / "demo", CONFIG / "visa-shop"]


def value_of(path: Path) -> object:
    """What a YAML file says."""
    document = read_document(path.name, path.read_text(encoding="utf-8"))
    assert isinstance(document, Document)
    return document.root.plain()


@pytest.mark.parametrize("directory", SHIPPED, ids=lambda path: path.name)
def test_shipped_files_are_clean(directory: Path) -> None:
    """Neither an error nor a warning, and every test in the file passes."""
    loaded = load_directory(directory)
    assert [str(problem) for problem in loaded.problems] == []
    assert loaded.tests
    assert all(test.passed for test in loaded.tests)


def test_the_demo_needs_nothing_from_outside() -> None:
    """The demo runs with an empty environment."""
    configured(load_directory(CONFIG / "demo", environment={}))


def test_the_visa_shop_is_as_large_as_its_story() -> None:
    """29 countries, each with somebody who knows it well; at least 20 tests; shifts; three stages."""
    loaded = load_directory(CONFIG / "visa-shop")
    settings = configured(loaded).settings
    countries = [skill for skill in settings.skills if skill.startswith("visa-")]
    assert len(countries) == 29
    assert all(any(agent.skills.get(skill, 0) >= 2 for agent in settings.agents.values()) for skill in countries)
    assert {rule.requires.keys() <= {"in-sale"} for rule in settings.triage.group} == {True, False}
    assert GroupId("after-sale") in settings.groups
    assert {agent.shift for agent in settings.agents.values()} >= {"early", "late"}
    assert len(loaded.tests) >= 20


def test_the_tests_in_the_file_can_fail(tmp_path: Path) -> None:
    """Leading Japan to another desk makes the demo's own tests fail."""
    for file in FILES:
        text = (CONFIG / "demo" / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(
            text.replace("{tags: [japan]}, to: japan-korea", "{tags: [japan]}, to: front-desk")
        )
    loaded = load_directory(tmp_path)
    assert sum(not test.passed for test in loaded.tests) == 3
    assert loaded.configuration is None


@pytest.mark.parametrize("directory", SHIPPED, ids=lambda path: path.name)
@pytest.mark.parametrize("file", FILES)
def test_shipped_files_are_in_the_house_style(directory: Path, file: str) -> None:
    """`fmt` changes nothing in them, and their first line leads editors to the schema."""
    text = (directory / file).read_text(encoding="utf-8")
    assert formatted(text) == text
    first = text.partition("\n")[0]
    assert first == f"# yaml-language-server: $schema=../schema/{Path(file).stem}.json"
    assert (directory / first.partition("=")[2]).exists()


@pytest.mark.parametrize("file", FILES)
def test_committed_schemas_are_those_of_the_models(file: str, update: bool) -> None:
    """The schemas in the repository say what the models say."""
    text = to_text(schemas(CHANNELS)[file])
    if update:
        schema_path(file).write_text(text, encoding="utf-8")
    assert schema_path(file).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("directory", SHIPPED, ids=lambda path: path.name)
@pytest.mark.parametrize("file", FILES)
def test_schemas_accept_the_shipped_files(directory: Path, file: str) -> None:
    """An editor with the schema has nothing to say of the shipped files."""
    validator = jsonschema_rs.validator_for(json.loads(schema_path(file).read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(value_of(directory / file))] == []


@pytest.mark.parametrize("name", ["unknown_key", "bad_choice", "level_too_high", "missing_version", "bad_duration",
                                  "unknown_key_in_condition", "bad_day", "number_as_keyword", "inbox_unknown_key",
                                  "inbox_bad_mode", "agent_bad_role", "agent_units_as_text"])  # fmt: skip
def test_schemas_refuse_errors_of_form(name: str) -> None:
    """What `check` calls an error of form, an editor with the schema marks too."""
    path = Path(__file__).parent / "broken" / f"{name}.yaml"
    file = path.read_text(encoding="utf-8").split()[1]
    validator = jsonschema_rs.validator_for(json.loads(schema_path(file).read_text(encoding="utf-8")))
    assert not validator.is_valid(value_of(path))


def test_every_key_is_described() -> None:
    """An editor has words for every key of every file."""
    silent = []

    def walk(node: object, where: str) -> None:
        if isinstance(node, dict):
            for key, value in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
                if isinstance(value, dict) and not (value.keys() & {"description", "$ref"}):
                    silent.append(f"{where}.{key}")
            for key, value in node.items():
                walk(value, f"{where}.{key}" if key not in {"properties", "$defs"} else where)

    for file, schema in schemas(CHANNELS).items():
        walk(schema, file)
    assert silent == []


def test_a_misspelt_name_is_found_in_a_copy(tmp_path: Path) -> None:
    """A name that nothing defines in a copy of the demo is found, with the one that was meant."""
    for file in FILES:
        text = (CONFIG / "demo" / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace("{otherwise: reception}", "{otherwise: recption}"))
    problems = load_directory(tmp_path).problems
    assert [(p.file, p.code.value, p.suggestion) for p in problems] == [(ROUTING, "E104", 'did you mean "reception"?')]
