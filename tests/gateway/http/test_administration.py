"""What the administrator's page asks beside routing: inboxes, invitations, schemas."""

from config.inbox import Inbox
from gateway.http.inboxes import state_of
from gateway.supervisor import State
from router.ids import ChannelName, InboxId
from tests.gateway.http.office import Office


async def test_inboxes_say_how_they_are(office: Office) -> None:
    """Each inbox tells its state, what went through it, and where its platform calls; each channel has a guide."""
    admin = await office.person("admin")
    await office.write("日本")
    found = await admin.get("/inboxes")
    by_id = {inbox["id"]: inbox for inbox in found["items"]}
    assert list(by_id) == ["website", "bot"]
    assert by_id["website"]["received"] == 1
    assert by_id["website"]["last_received_at"] is not None
    assert by_id["website"]["webhook"] == ""
    assert by_id["bot"]["webhook"].endswith("/hooks/bot")
    assert by_id["bot"]["received"] == 0
    assert all(by_id[key]["channel"] in found["setup"] for key in by_id)
    assert found["setup"]["telegram"].startswith("# ")


def test_state_of_an_inbox() -> None:
    """The parts that run for an inbox say how it is; trouble in one of them wins."""
    inbox = Inbox(id=InboxId("a"), channel=ChannelName("c"), settings=None)
    off = Inbox(id=InboxId("a"), channel=ChannelName("c"), settings=None, enabled=False)
    assert state_of(off, {"prepare a": State.ENDED}) == "disabled"
    assert state_of(inbox, {}) == "waiting"
    assert state_of(inbox, {"prepare a": State.RUNNING}) == "connecting"
    assert state_of(inbox, {"prepare a": State.ENDED}) == "connected"
    assert state_of(inbox, {"prepare a": State.ENDED, "listen a": State.RUNNING}) == "listening"
    assert state_of(inbox, {"prepare a": State.ENDED, "listen a": State.RESTARTING}) == "restarting"
    assert state_of(inbox, {"prepare a": State.GIVEN_UP, "listen a": State.RESTARTING}) == "given_up"


async def test_invitation_lets_an_agent_in_once(office: Office) -> None:
    """The link's token sets the password once; a newer link ends the older; nobody unknown is invited."""
    admin = await office.person("admin")
    older = (await admin.post("/agents/li.na/invitation"))["url"]
    newer = (await admin.post("/agents/li.na/invitation"))["url"]
    assert newer.startswith(f"{office.url}/invitation#")
    for url, status in ((older, 401), (newer, 200), (newer, 401)):
        token = url.partition("#")[2]
        await admin.call("POST", "/invitations", {"token": token, "password": "a long enough one"})
        assert admin.status == status
    await admin.call("POST", "/agents/nobody/invitation", {})
    assert admin.status == 404


async def test_schemas_are_those_of_the_files(office: Office) -> None:
    """Every file has its schema, and each knows its file's sections."""
    admin = await office.person("admin")
    files = (await admin.get("/routing/schemas"))["files"]
    assert set(files) == {"routing.yaml", "agents.yaml", "inboxes.yaml"}
    assert "triage" in files["routing.yaml"]["properties"]
