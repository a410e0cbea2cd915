"""Problem details: what goes wrong is said in one form, with the right number, and never as a 5xx for bad input."""

from io import BytesIO
from typing import Any

import pytest

from gateway.http.problems import REFUSALS, of_error, of_refusal
from gateway.http.strict_json import NotJson, decode
from router import errors
from router.conversation import Owner, OwnerKind
from router.errors import NotOwner, Refused
from tests.gateway.http.office import Office


def test_every_refusal_has_a_number() -> None:
    """Each way in which the core refuses is in the map."""
    refusals = {found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, Refused)}
    assert refusals - {Refused} == set(REFUSALS)


def test_who_has_it_now() -> None:
    """A stale answer is told the present owner and epoch."""
    problem = of_refusal(NotOwner(Owner(OwnerKind.AGENT, "li.na"), 7))
    assert (problem.status, dict(problem.more)) == (409, {"owner": {"kind": "agent", "id": "li.na"}, "epoch": 7})


def test_the_unforeseen_says_nothing() -> None:
    """An error that nobody foresaw shows nothing of its inside."""
    problem = of_error(RuntimeError("password is hunter2"))
    assert problem.status == 500
    assert "hunter2" not in problem.detail


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"NaN",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 2}}',
        b"[" * 40 + b"]" * 40,
        b"[" * 200_000,
        b'"\\ud800"',
        b'"\\u0000"',
        b"\xff\xfe",
        b'{"a": 1} trailing',
        b"1" * 5_000,
    ],
)
def test_what_is_not_json(body: bytes) -> None:
    """What is not strict JSON is refused by name."""
    with pytest.raises(NotJson):
        decode(body)


@pytest.mark.parametrize(
    ("body", "value"), [(b'{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}), ('"日本"'.encode(), "日本")]
)
def test_what_is_json(body: bytes, value: Any) -> None:
    """Ordinary JSON is read as what it is."""
    assert decode(body) == value


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/me/presence", b'{"intent": "ready"', 400),
        ("PUT", "/me/presence", b'{"intent": "ready", "intent": "off"}', 400),
        ("PUT", "/me/presence", b'{"intent": "sleepy"}', 422),
        ("PUT", "/me/presence", b'{"intent": 1}', 422),
        ("PUT", "/me/presence", b"[]", 422),
        ("PUT", "/me/presence", b"", 422),
        ("PUT", "/me/presence", b'{"intent": "ready", "reason": "' + b"x" * 2_000_000 + b'"}', 413),
        ("GET", "/conversations?limit=0", b"", 422),
        ("GET", "/conversations?limit=many", b"", 422),
        ("GET", "/conversations?limit=1&limit=2", b"", 422),
        ("GET", "/conversations?scope=everything", b"", 422),
        ("GET", "/conversations?state=asleep", b"", 422),
        ("GET", "/conversations?after=nonsense", b"", 422),
        ("GET", "/conversations?after=%00", b"", 422),
        ("GET", "/conversations/none", b"", 404),
        ("GET", "/conversations/%00", b"", 404),
        ("GET", "/contacts/none", b"", 404),
        ("POST", "/conversations/none/accept", b"{}", 404),
        ("GET", "/nowhere", b"", 404),
        ("DELETE", "/me", b"", 405),
        ("POST", "/media", b"", 415),
    ],
)
async def test_bad_input(office: Office, method: str, path: str, body: bytes, status: int) -> None:
    """Bad input gets the right 4xx as problem details with the members of RFC 9457."""
    person = await office.person("zhao.min")
    headers = {"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"}
    async with office.session.request(
        method, f"{office.url}/api/v1{path}", data=BytesIO(body), headers=headers
    ) as answer:
        assert answer.status == status
        assert answer.content_type == "application/problem+json"
        problem = await answer.json(content_type=None)
        assert problem["status"] == status
        assert problem["type"].startswith("urn:pointsman:problem:")
        assert problem["title"]
        assert problem["detail"]


async def test_another_type_of_body(office: Office) -> None:
    """A body that does not say that it is JSON is refused with 415."""
    person = await office.person("li.na")
    headers = {"Authorization": f"Bearer {person.token}", "Content-Type": "text/plain"}
    url = f"{office.url}/api/v1/me/presence"
    async with office.session.put(url, data=b'{"intent": "off"}', headers=headers) as answer:
        assert answer.status == 415


@pytest.mark.parametrize(
    "body",
    [
        {"client_id": "a"},
        {"client_id": "a", "text": ""},
        {"client_id": "", "text": "x"},
        {"client_id": "a b", "text": "x"},
        {"text": "x"},
        {"client_id": "a", "parts": [{"kind": "image", "media": "no-such-file"}]},
        {"client_id": "a", "parts": [{"kind": "text"}]},
        {"client_id": "a", "parts": [{"kind": "text", "text": 5}]},
        {"client_id": "a", "parts": [{"kind": "text", "text": "x", "more": 1}]},
        {"client_id": "a", "parts": [{"kind": "choice", "value": "x"}]},
        {"client_id": "a", "parts": [{"kind": "magic"}]},
        {"client_id": "a", "parts": [{}]},
        {"client_id": "a", "parts": ["x"]},
        {"client_id": "a", "text": "x", "epoch": -1},
        {"client_id": "a", "text": "x" * 20_001},
    ],
)
async def test_messages_that_are_none(office: Office, body: dict[str, Any]) -> None:
    """A message that says nothing, or nothing that can be sent, is refused with 422 and not recorded."""
    zhao = await office.person("zhao.min")
    await office.write("japan")
    conversation = (await zhao.get("/conversations"))["items"][0]
    path = f"/conversations/{conversation['id']}/messages"
    await zhao.call("POST", path, body)
    assert zhao.status == 422
    assert len((await zhao.get(path))["items"]) == 1
