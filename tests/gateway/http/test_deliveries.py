"""Before an answer leaves and after: the preview, "it arrived", "send it again", other words."""

from typing import Any

from sqlalchemy import Connection, select, update

from adapters.contract import Profile, Wrote
from gateway.store.schema import message_keys, messages, outbox
from router.ids import ChannelName, InboxId
from router.message import Text
from tests.gateway.http.office import Office, Person
from tests.gateway.http.test_conversation import accepted, at_work, only
from tests.gateway.waiting import until_found


async def on_the_messenger(office: Office) -> tuple[Person, str]:
    """Li Na with a conversation on an inbox that cuts texts at 4,096 characters, and the path to it."""
    li_na = await at_work(office, "li.na")
    happening = Wrote(
        delivery_key="1", address="1", message_key="1", profile=Profile(name="陈"), parts=(Text(text="日本"),)
    )
    await office.tools.engine.receive(InboxId("bot"), ChannelName("telegram"), [happening])
    offered = await only(li_na, "waiting")
    await li_na.post(f"/conversations/{offered['id']}/accept", {"offer": offered["offer"]["id"]})
    return li_na, f"/conversations/{offered['id']}"


async def answered(person: Person, path: str, text: str = "您好") -> Any:
    """The agent answers; the message."""
    return await person.post(f"{path}/messages", {"client_id": "one", "text": text})


async def ended(office: Office, id_: str, delivery: str, *keys: str) -> None:
    """Let the outbox have ended a message so, whatever it is doing with it."""

    def end(connection: Connection) -> bool:
        free = outbox.c.state != "claimed"  # the platform is not there: an attempt that runs is over in a moment
        if not connection.execute(update(outbox).where(outbox.c.message == id_, free).values(state="done")).rowcount:
            return False
        connection.execute(update(messages).where(messages.c.id == id_).values(delivery=delivery))
        for place, key in enumerate(keys):
            connection.execute(message_keys.insert().values(message=id_, place=place, key=key))
        return True

    await until_found(lambda: office.tools.store.write(end))


async def row_of(office: Office, id_: str) -> Any:
    """The message's row in the outbox."""
    query = select(outbox).where(outbox.c.message == id_)
    return await office.tools.store.read(lambda connection: connection.execute(query).one())


async def test_the_preview_shows_what_the_contact_will_see(office: Office) -> None:
    """A long text comes in pieces; buttons that are too many become lines; both are said, and nothing is stored."""
    li_na, path = await on_the_messenger(office)
    plain = await li_na.post(f"{path}/preview", {"text": "您好"})
    assert plain == {"pieces": [{"parts": [{"kind": "text", "text": "您好"}]}], "changes": []}
    options = [{"value": str(number), "label": f"国家{number}"} for number in range(101)]
    shown = await li_na.post(
        f"{path}/preview", {"text": "长" * 5000, "parts": [{"kind": "choices", "options": options}]}
    )
    assert [(change["kind"], change["part"], change["why"]) for change in shown["changes"]] == [
        ("replaced", "choices", "too_many"),
        ("split", "text", "too_long"),
    ]
    texts = [part["text"] for piece in shown["pieces"] for part in piece["parts"]]
    assert len(texts) == 2
    assert texts[1].endswith("101. 国家100")
    assert len((await li_na.get(f"{path}/messages"))["items"]) == 1
    await li_na.call("POST", f"{path}/preview", {})
    assert li_na.status == 422


async def test_our_own_page_shows_it_whole(office: Office) -> None:
    """A contact at the widget sees a long text as one message."""
    li_na, conversation = await accepted(office)
    shown = await li_na.post(f"/conversations/{conversation['id']}/preview", {"text": "长" * 19_000})
    assert (len(shown["pieces"]), shown["changes"]) == (1, [])


async def test_the_two_verbs(office: Office) -> None:
    """An unverified message arrived or goes out again; one of which everything is known is neither."""
    li_na, path = await on_the_messenger(office)
    message = await answered(li_na, path)
    verbs = f"{path}/messages/{message['id']}"
    await li_na.call("POST", f"{verbs}/arrived", {})
    assert li_na.status == 409
    await ended(office, message["id"], "unverified")
    settled = await li_na.post(f"{verbs}/arrived")
    assert settled["delivery"] == {"state": "sent", "reason": "arrived: li.na"}
    await li_na.call("POST", f"{verbs}/resend", {})
    assert li_na.status == 409
    await ended(office, message["id"], "rejected")
    assert (await li_na.post(f"{verbs}/resend"))["delivery"]["state"] == "queued"
    assert (await row_of(office, message["id"])).state in {"queued", "claimed"}
    for id_ in ("msg_unknown", (await li_na.get(f"{path}/messages"))["items"][0]["id"]):
        await li_na.call("POST", f"{path}/messages/{id_}/resend", {})
        assert li_na.status == 404


async def test_other_words(office: Office) -> None:
    """An answer gets other words; by another agent, or where they would be other messages, it is refused."""
    li_na, path = await on_the_messenger(office)
    message = await answered(li_na, path)
    await ended(office, message["id"], "sent", "1:7")
    words = f"{path}/messages/{message['id']}"
    changed = await li_na.call("PATCH", words, {"text": "您好！"})
    assert (li_na.status, changed["text"], changed["delivery"]["state"]) == (200, "您好！", "sent")
    assert changed["edited_at"]
    assert (await row_of(office, message["id"])).revision == 1
    await li_na.call("PATCH", words, {"text": "长" * 5000})
    assert li_na.status == 422
    refused = await li_na.call("PATCH", words, {"text": "x", "epoch": 0})
    assert (li_na.status, refused["owner"]["id"]) == (409, "li.na")
    await ended(office, message["id"], "unverified")
    await li_na.call("PATCH", words, {"text": "x"})
    assert li_na.status == 409


async def test_other_words_at_the_widget(office: Office) -> None:
    """What a contact sees on our own page changes with the commit."""
    li_na, conversation = await accepted(office)
    path = f"/conversations/{conversation['id']}"
    message = await answered(li_na, path)
    changed = await li_na.call("PATCH", f"{path}/messages/{message['id']}", {"text": "您好！"})
    assert (li_na.status, changed["text"]) == (200, "您好！")
