"""The OpenAPI document is held to the server: schemathesis tries what it promises, and what it forbids."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from gateway.http.openapi import document
from gateway.http.permission import TABLE
from gateway.http.server import ROUTES
from tests.gateway.http.office import Office

EXAMPLES = 12
"""Per operation and kind of data; ``make torture`` multiplies them."""

PATIENCE = 120.0
"""Seconds for one call: a simulation starts a process, and shares the machine with other tests."""

ALWAYS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@dataclass(frozen=True, slots=True)
class Served:
    """A service on a loop of its own: schemathesis calls it as any program would."""

    url: str
    conversation: str
    contact: str
    loop: asyncio.AbstractEventLoop
    office: Office

    def token(self) -> str:
        """A new session of the administrator."""
        return asyncio.run_coroutine_threadsafe(self.office.person("admin"), self.loop).result(10).token


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service with one conversation in it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="service")
    thread.start()

    def done(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    async def opened(folder: Path) -> Served:
        office = await Office(folder).__aenter__()
        await office.write("japan")
        admin = await office.person("admin")
        (conversation,) = (await admin.get("/conversations"))["items"]
        return Served(office.url, conversation["id"], conversation["contact"]["id"], loop, office)

    served = done(opened(tmp_path_factory.mktemp("served")))
    yield served
    done(served.office.__aexit__(None, None, None))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def schema() -> Any:
    """The document as schemathesis reads it; without U+0000, which no database takes and no JSON Schema excludes."""
    config = SchemathesisConfig(
        projects=ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(allow_x00=False)))
    )
    return schemathesis.openapi.from_dict(document(ROUTES, version="test"), config=config)


OPERATIONS = sorted(TABLE)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=str)
def test_the_server_keeps_the_document(
    served: Served, method: str, path: str, mode: GenerationMode, effort: int
) -> None:
    """Whatever fits the document is answered as it says; what does not is refused; nothing is a 5xx."""
    operation = schema()[path][method]
    token = served.token()
    strategies = operation.as_strategy(generation_mode=mode)

    @settings(max_examples=EXAMPLES * effort, suppress_health_check=list(HealthCheck), derandomize=effort == 1)
    @given(case=strategies, is_known=st.booleans())
    def attempt(case: schemathesis.Case[Any], *, is_known: bool) -> None:
        if is_known and mode is GenerationMode.POSITIVE and "id" in case.path_parameters:
            case.path_parameters["id"] = served.contact if "/contacts/" in path else served.conversation
        headers = {"Authorization": f"Bearer {served.token() if method == 'DELETE' else token}"}
        response = case.call(base_url=served.url, headers=headers, timeout=PATIENCE)
        case.validate_response(response, checks=ALWAYS, headers=headers)

    attempt()


def test_every_operation_is_documented() -> None:
    """The document has every route, each with a summary, a login unless it is public, and its problems."""
    found = document(ROUTES, version="1")
    operations = {
        (method.upper(), path): operation
        for path, methods in found["paths"].items()
        for method, operation in methods.items()
    }
    assert set(operations) == set(TABLE)
    assert all(operation["summary"] for operation in operations.values())
    assert all("400" in operation["responses"] for operation in operations.values())
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(set(ids)) == len(ids)


async def test_the_document_is_served(office: Office) -> None:
    """The document stands at its address for everybody, and has a page for people."""
    async with office.session.get(f"{office.url}/api/v1/openapi.json") as answer:
        assert (await answer.json())["openapi"].startswith("3.1")
    async with office.session.get(f"{office.url}/api/") as answer:
        assert "api.mjs" in await answer.text()


def test_a_lie_is_noticed(served: Served) -> None:
    """The control: a document that promises another shape fails."""
    lying = document(ROUTES, version="test")
    lying["components"]["schemas"]["MeView"]["properties"]["load"] = {"type": "string"}
    operation = schemathesis.openapi.from_dict(lying)["/api/v1/me"]["GET"]
    headers = {"Authorization": f"Bearer {served.token()}"}
    case = operation.Case()
    response = case.call(base_url=served.url, headers=headers, timeout=PATIENCE)
    with pytest.raises(BaseExceptionGroup):
        case.validate_response(response, checks=ALWAYS)
