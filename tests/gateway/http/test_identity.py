"""Who is the same person: what agents are shown, how they merge contacts, and how they take it back."""

from typing import Any

from adapters.contract import Profile, Wrote
from adapters.identifier import Identifier, Source
from router.ids import ChannelName, InboxId
from router.message import Text
from tests.gateway.http.office import Office, Person
from tests.gateway.http.test_conversation import at_work

MAIL = Identifier(kind="email", value="ann@example.com", is_verified=False, source=Source.SAID)


async def write(office: Office, address: str, name: str, *found: Identifier) -> None:
    """A contact writes to the Japan desk, of whom the page tells these identifiers."""
    happening = Wrote(
        delivery_key=f"k-{address}",
        address=address,
        message_key=f"m-{address}",
        profile=Profile(name=name, identifiers=found),
        parts=(Text(text="japan"),),
    )
    await office.tools.engine.receive(InboxId("website"), ChannelName("web"), [happening])


async def contacts(person: Person) -> dict[str, str]:
    """The contacts with an open conversation, by name."""
    found = (await person.get("/conversations"))["items"]
    return {each["contact"]["name"]: each["contact"]["id"] for each in found}


async def two(office: Office) -> tuple[Person, str, str]:
    """An agent, and two contacts who said the same e-mail address."""
    await write(office, "id:7", "Ann", MAIL)
    await write(office, "vis_2", "安", MAIL)
    li_na = await office.person("li.na")
    named = await contacts(li_na)
    return li_na, named["Ann"], named["安"]


async def test_who_seems_the_same_is_suggested(office: Office) -> None:
    """An agent sees which address is verified, who seems to be the same person, and what speaks for it."""
    li_na, ann, other = await two(office)
    found = await li_na.get(f"/contacts/{ann}")
    (address,) = found["addresses"]
    assert address["verified"] is True
    assert address["identifiers"] == [
        {"kind": "email", "value": "ann@example.com", "verified": False, "source": "said"}
    ]
    (suggestion,) = found["suggestions"]
    assert (suggestion["contact"], suggestion["name"]) == (other, "安")
    assert suggestion["evidence"] == [{"kind": "email", "value": "ann@example.com", "verified": False}]
    assert (await li_na.get(f"/contacts/{other}"))["addresses"][0]["verified"] is False


async def test_merge_and_split(office: Office) -> None:
    """Merged, one contact has both threads, the chosen name and the merge by name; split, both are as before."""
    li_na, ann, other = await two(office)
    before = {id_: await li_na.get(f"/contacts/{id_}") for id_ in (ann, other)}
    merged = await li_na.post(f"/contacts/{ann}/merge", {"other": other, "keep": {"name": "other"}})
    assert (merged["id"], merged["name"]) == (ann, "安")
    assert [each["address"] for each in merged["addresses"]] == ["id:7", "vis_2"]
    assert len(merged["conversations"]) == 2
    assert merged["suggestions"] == []
    (merge,) = merged["merges"]
    assert (merge["by"], merge["other"]["id"]) == ("li.na", other)
    assert set((await contacts(li_na)).values()) == {ann}
    assert (await li_na.get(f"/contacts/{other}"))["id"] == ann, "the old name leads to the survivor"
    parted = await li_na.post(f"/contacts/{ann}/split", {"merge": merge["id"]})
    assert _stable(parted) == {**_stable(before[ann]), "suggestions": []}
    assert _stable(await li_na.get(f"/contacts/{other}")) == {**_stable(before[other]), "suggestions": []}


def _stable(contact: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in contact.items() if key != "conversations"}


async def test_refusals(office: Office) -> None:
    """Nobody, the same twice, and a merge that does not stand are refused; nothing changes."""
    li_na, ann, other = await two(office)
    await li_na.call("POST", f"/contacts/{ann}/merge", {"other": "ctc_none"})
    assert li_na.status == 404
    await li_na.call("POST", f"/contacts/{ann}/merge", {"other": ann})
    assert li_na.status == 409
    refused = await li_na.call("POST", f"/contacts/{ann}/split", {"merge": "evt_none"})
    assert (li_na.status, refused["type"]) == (409, "urn:pointsman:problem:not-undoable")
    assert len(set((await contacts(li_na)).values())) == 2
    assert other


async def test_a_stranger_is_not_merged_to_be_read(office: Office) -> None:
    """An agent merges who is suggested or visible; of another desk's contact there is none."""
    li_na, ann, _ = await two(office)
    await office.write("canada", address="far", name="Far")
    zhao = await office.person("zhao.min")
    far = (await contacts(zhao))["Far"]
    await li_na.call("GET", f"/contacts/{far}")
    assert li_na.status == 404, "this test needs a contact whom she does not see"
    await li_na.call("POST", f"/contacts/{ann}/merge", {"other": far})
    assert li_na.status == 404
    await zhao.post(f"/contacts/{ann}/merge", {"other": far})


async def test_what_an_agent_writes_down_is_evidence(office: Office) -> None:
    """An e-mail address among the attributes is one by which the contact may be known; taken away, it is not."""
    li_na, ann, _ = await two(office)
    await write(office, "vis_3", "Bo")
    bo = (await contacts(li_na))["Bo"]
    written = await li_na.call("PATCH", f"/contacts/{bo}", {"attributes": {"email": "Ann@Example.com"}})
    assert ann in {each["contact"] for each in written["suggestions"]}
    assert bo in {each["contact"] for each in (await li_na.get(f"/contacts/{ann}"))["suggestions"]}
    taken = await li_na.call("PATCH", f"/contacts/{bo}", {"attributes": {"email": None}})
    assert taken["suggestions"] == []


async def test_outside_agents_see_no_names(office: Office) -> None:
    """Outside agents are shown nobody else's name, and what is known of who it is stays masked."""
    li_na, ann, _ = await two(office)
    conversation = next(each for each in (await li_na.get("/conversations"))["items"] if each["contact"]["id"] == ann)
    outside, zhao = await at_work(office, "out.side"), await office.person("zhao.min")
    await zhao.post(f"/conversations/{conversation['id']}/assign", {"agent": "out.side"})
    found = await outside.get(f"/contacts/{ann}")
    assert (found["suggestions"], found["merges"], found["addresses"][0]["identifiers"]) == ([], [], [])
