"""Trying a message over HTTP: the same explanation as the command's, for administrators."""

import pytest

from tests.gateway.http.office import CONFIGURATION, Office

ROUTING = (CONFIGURATION / "routing.yaml").read_text(encoding="utf-8")


async def test_explain(office: Office) -> None:
    """The answer has the deciding rule, the group, the candidates and the replies, by the version in force."""
    admin = await office.person("admin")
    found = await admin.post("/routing/explain", {"text": "我想办日本签证"})
    assert found["group"] == "japan"
    assert [rule["matched"] for rule in found["rules"] if rule["stage"] == "group"].count(True) == 1
    assert any(candidate["eligible"] for candidate in found["candidates"])


async def test_explain_of_files_that_are_edited(office: Office) -> None:
    """Files can be tried before they are applied; broken ones answer with their problems."""
    admin = await office.person("admin")
    other = {"routing.yaml": ROUTING.replace("[日本, japan]", "[日本, japan, tokyo]")}
    assert (await admin.post("/routing/explain", {"text": "tokyo", "files": other}))["group"] == "japan"
    assert (await admin.post("/routing/explain", {"text": "tokyo"}))["group"] != "japan"
    broken = {"routing.yaml": ROUTING.replace("to: japan", "to: japam")}
    refused = await admin.call("POST", "/routing/explain", {"text": "tokyo", "files": broken})
    assert admin.status == 422
    assert refused["problems"]


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x", "at": "tomorrow"},
        {"text": "x", "at": "0001-01-01T00:00+08:00"},
        {"text": "x", "at": "9999-12-31T23:59-08:00"},
        {"text": "x", "inbox": "nowhere"},
        {"text": "x", "channel": "pigeon"},
        {"text": "x", "files": {"other.yaml": ""}},
        {"text": 5},
        {},
    ],
)
async def test_explain_of_nonsense(office: Office, body: dict[str, object]) -> None:
    """An instant, an inbox or a file that cannot be is refused in words."""
    admin = await office.person("admin")
    await admin.call("POST", "/routing/explain", body)
    assert admin.status == 422
