"""Who may call what: every route of the running service, tried by everybody."""

import re
from typing import Any

import pytest

from gateway.http.permission import PUBLIC, TABLE, is_allowed
from gateway.http.server import ROUTES
from skills.agent import Role
from tests.gateway.http.office import Office
from tests.gateway.http.test_conversation import only

PEOPLE = {
    Role.AGENT: "li.na",
    Role.SUPERVISOR: "zhao.min",
    Role.ADMIN: "admin",
    Role.OUTSIDE: "out.side",
}

EXPECTED = """
                                                            agent supervisor admin outside nobody
GET    /agents                                              yes   yes        yes   no      no
POST   /agents/{id}/invitation                              no    no         yes   no      no
PUT    /agents/{id}/presence                                no    yes        yes   no      no
GET    /agents/{id}/why                                     yes   yes        yes   yes     no
GET    /agents/{id}/why/{trace}                             yes   yes        yes   no      no
GET    /bots/{id}/misses                                    no    yes        yes   no      no
GET    /contacts/{id}                                       yes   yes        yes   yes     no
PATCH  /contacts/{id}                                       yes   yes        yes   no      no
POST   /contacts/{id}/merge                                 yes   yes        yes   no      no
POST   /contacts/{id}/split                                 yes   yes        yes   no      no
GET    /conversations                                       yes   yes        yes   yes     no
GET    /conversations/{id}                                  yes   yes        yes   yes     no
POST   /conversations/{id}/accept                           yes   yes        yes   yes     no
POST   /conversations/{id}/assign                           yes   yes        yes   no      no
POST   /conversations/{id}/boost                            no    yes        yes   no      no
POST   /conversations/{id}/decline                          yes   yes        yes   yes     no
POST   /conversations/{id}/extend                           yes   yes        yes   yes     no
POST   /conversations/{id}/handoff                          yes   yes        yes   yes     no
GET    /conversations/{id}/messages                         yes   yes        yes   yes     no
POST   /conversations/{id}/messages                         yes   yes        yes   yes     no
PATCH  /conversations/{id}/messages/{message}               yes   yes        yes   yes     no
POST   /conversations/{id}/messages/{message}/arrived       yes   yes        yes   yes     no
POST   /conversations/{id}/messages/{message}/resend        yes   yes        yes   yes     no
POST   /conversations/{id}/park                             yes   yes        yes   yes     no
POST   /conversations/{id}/preview                          yes   yes        yes   yes     no
POST   /conversations/{id}/promise                          yes   yes        yes   yes     no
POST   /conversations/{id}/reopen                           yes   yes        yes   yes     no
GET    /conversations/{id}/replies                          yes   yes        yes   yes     no
POST   /conversations/{id}/requeue                          no    yes        yes   no      no
POST   /conversations/{id}/resolve                          yes   yes        yes   yes     no
POST   /conversations/{id}/resume                           yes   yes        yes   yes     no
POST   /conversations/{id}/return                           no    yes        yes   no      no
POST   /conversations/{id}/tags                             yes   yes        yes   yes     no
POST   /conversations/{id}/take-over                        no    yes        yes   no      no
GET    /conversations/{id}/trace                            yes   yes        yes   no      no
GET    /conversations/{id}/trace/{trace}/candidates         yes   yes        yes   no      no
POST   /conversations/{id}/transfer                         yes   yes        yes   yes     no
GET    /groups                                              yes   yes        yes   yes     no
POST   /groups/{id}/announcement                            no    yes        yes   no      no
POST   /groups/{id}/hours-override                          no    yes        yes   no      no
DELETE /groups/{id}/hours-override                          no    yes        yes   no      no
POST   /groups/{id}/pause                                   no    yes        yes   no      no
DELETE /groups/{id}/pause                                   no    yes        yes   no      no
GET    /inboxes                                             no    no         yes   no      no
POST   /invitations                                         yes   yes        yes   yes     yes
GET    /me                                                  yes   yes        yes   yes     no
PUT    /me/presence                                         yes   yes        yes   yes     no
POST   /media                                               yes   yes        yes   yes     no
GET    /queues                                              yes   yes        yes   no      no
GET    /routing                                             no    no         yes   no      no
POST   /routing/apply                                       no    no         yes   no      no
POST   /routing/check                                       no    no         yes   no      no
GET    /routing/coverage                                    no    no         yes   no      no
POST   /routing/coverage                                    no    no         yes   no      no
POST   /routing/diff                                        no    no         yes   no      no
POST   /routing/explain                                     no    no         yes   no      no
POST   /routing/rollback                                    no    no         yes   no      no
GET    /routing/schemas                                     no    no         yes   no      no
POST   /routing/simulate                                    no    no         yes   no      no
GET    /routing/versions                                    no    no         yes   no      no
GET    /routing/versions/{number}                           no    no         yes   no      no
POST   /sessions                                            yes   yes        yes   yes     yes
DELETE /sessions/current                                    yes   yes        yes   yes     no
""".strip("\n")


def matrix() -> str:
    """The table as a reader compares it: every route, every role."""
    lines = [f"{'':<60}{'agent supervisor admin outside nobody'}"]
    for method, path in sorted(TABLE, key=lambda key: (key[1], "GET PUT PATCH POST DELETE".index(key[0]))):
        allowed = ["yes" if is_allowed(role, method, path) else "no" for role in (*PEOPLE, None)]
        cells = "".join(f"{word:<{width}}" for word, width in zip(allowed, (6, 11, 6, 8, 0), strict=True))
        lines.append(f"{method:<7}{path.removeprefix('/api/v1'):<53}{cells}".rstrip())
    return "\n".join(lines)


def test_the_matrix() -> None:
    """Who may call what is exactly this; a change of it is a change of this page."""
    assert matrix() == EXPECTED


def test_every_route_is_in_the_table() -> None:
    """Nothing is served that the table does not name, and it names nothing else."""
    assert {(route.method, route.path) for route in ROUTES} == set(TABLE)


def test_what_nobody_decided_is_denied() -> None:
    """A route that the table lacks is closed to everybody."""
    assert not any(is_allowed(role, "GET", "/api/v1/unheard-of") for role in (*Role, None))


@pytest.mark.parametrize(("method", "path"), sorted(TABLE), ids=str)
async def test_each_route_keeps_it(office: Office, method: str, path: str) -> None:
    """The server answers 401 without a login and 403 to a role that may not, whatever else it is sent."""
    if TABLE[method, path] is PUBLIC:
        return
    url = office.url + re.sub("{.*?}", "x", path)
    async with office.session.request(method, url, json={}) as answer:
        assert answer.status == 401
    named = re.sub("{.*?}", "x", path.removeprefix("/api/v1"))
    for role, login in PEOPLE.items():
        person = await office.person(login)
        if path.endswith("/sessions/current") or is_allowed(role, method, path):
            await person.call(method, named, {})
            assert person.status not in {401, 403}, (role, person.status)
        else:
            await person.call(method, named, {})
            assert person.status == 403


_OF_A_CONVERSATION = sorted((method, path) for method, path in TABLE if "/conversations/{id}" in path)
_BODIES: dict[str, Any] = {
    "messages": {"client_id": "x", "text": "x"},
    "assign": {"agent": "wang.fang"},
    "transfer": {"to_group": "asia", "note": "x"},
    "handoff": {"reason": "x"},
    "tags": {"add": ["x"]},
}


@pytest.mark.parametrize(("method", "path"), _OF_A_CONVERSATION, ids=str)
async def test_a_foreign_conversation_is_not_there(office: Office, method: str, path: str) -> None:
    """For who may not see a conversation, every route to it says that there is none; so do its contact's."""
    await office.write("japan")
    foreign = await only(await office.person("zhao.min"), "waiting")
    body = _BODIES.get(path.rpartition("/")[2], {})
    for login in ("wang.fang", "out.side"):
        person = await office.person(login)
        await person.call(method, path.removeprefix("/api/v1").replace("{id}", foreign["id"]), body)
        assert person.status == (403 if (login, path.rpartition("/")[2]) in _CLOSED else 404)
        await person.call("GET", f"/contacts/{foreign['contact']['id']}")
        assert person.status == 404


_CLOSED = {
    ("out.side", "trace"),
    ("out.side", "assign"),
    *((login, verb) for login in ("out.side", "wang.fang") for verb in ("boost", "requeue", "return", "take-over")),
}


async def test_an_outside_agent_reads_masks(office: Office) -> None:
    """An outside agent's own conversation shows what was said, and neither name, address nor attributes."""
    outside = await office.person("out.side")
    await outside.feed()
    await office.write("hello", name="李小龙", address="secret-address")
    await outside.be("ready")
    own = await only(outside, "mine")
    detail = await outside.get(f"/conversations/{own['id']}")
    messages = await outside.get(f"/conversations/{own['id']}/messages")
    contact = await outside.get(f"/contacts/{own['contact']['id']}")
    everything = f"{own} {detail} {messages} {contact}"
    assert "李小龙" not in everything
    assert "secret-address" not in everything
    assert "李＊＊" in everything
    assert detail["messages"][0]["text"] == "hello"


async def test_an_outside_agent_loses_sight(office: Office) -> None:
    """What an outside agent gave away is not there any more."""
    outside, wang = await office.person("out.side"), await office.person("wang.fang")
    await outside.feed()
    await office.write("hello")
    await outside.be("ready")
    own = await only(outside, "mine")
    await wang.feed()
    await wang.be("ready")
    await outside.post(f"/conversations/{own['id']}/transfer", {"to_group": "asia", "note": "please"})
    await outside.call("GET", f"/conversations/{own['id']}")
    assert outside.status == 404
