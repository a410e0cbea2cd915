"""One person, several addresses: who joins whom by itself, what a merge moves, and that it can be undone exactly."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.contract import Profile, Wrote
from adapters.identifier import Identifier, Source
from gateway.store import Store, schema
from gateway.store.dossier import contact_named, dossier
from gateway.store.erasure import erase
from gateway.store.identities import Likeness, identifiers_of, likenesses
from gateway.store.merging import Fields, joined
from router.errors import NotUndoable, SameContact, UnknownContact
from router.events import ContactsMerged, ContactsSplit, ConversationAssigned, Keep, Side
from router.ids import ContactId, EventId, ThreadId
from tests.fakes.clock import StandingClock
from tests.gateway.engine.workshop import LI, Bench, later, new_event, running, wrote

UNION = Identifier(kind="unionid", value="o6_bmjrPTlm6_2sgVt7hMZOPfL2M", is_verified=True, source=Source.PLATFORM)
MAIL = Identifier(kind="email", value="Ann@Example.com", is_verified=False, source=Source.SAID)


def known_by(address: str, *found: Identifier, **more: Any) -> Wrote:
    """A contact wrote, of whom the platform tells these identifiers."""
    return wrote(address, profile=Profile(name=f"Name of {address}", identifiers=found), **more)


async def contact(store: Store, address: str) -> ContactId:
    """Whose address it is."""
    query = select(schema.threads.c.contact).where(schema.threads.c.address == address)
    return ContactId(await store.read(lambda c: c.execute(query).scalar_one()))


async def thread(store: Store, address: str) -> ThreadId:
    """The address's thread."""
    query = select(schema.threads.c.id).where(schema.threads.c.address == address)
    return ThreadId(await store.read(lambda c: c.execute(query).scalar_one()))


async def merge(bench: Bench, into: str, other: str, **more: Any) -> EventId:
    """An agent says that they are the same person."""
    survivor, part = await contact(bench.store, into), await contact(bench.store, other)
    event = ContactsMerged(id=new_event(), at=bench.clock.now(), survivor=survivor, other=part, by=LI, **more)
    await bench.engine.submit(event)
    return event.id


async def split(bench: Bench, into: str, merged: EventId) -> None:
    """An agent says that they are not."""
    survivor = await contact(bench.store, into)
    nobody = ContactId("")
    event = ContactsSplit(
        id=new_event(), at=bench.clock.now(), merge=merged, survivor=survivor, other=nobody, threads=(), by=LI
    )
    await bench.engine.submit(event)


async def answered(bench: Bench, address: str) -> None:
    """Li takes the contact's conversation and answers."""
    conversation = (await bench.conversations())[address]
    event = ConversationAssigned(
        id=new_event(), at=bench.clock.now(), conversation=conversation.id, agent=LI, by=LI, may_exceed=True
    )
    await bench.engine.submit(event)
    await bench.answer(conversation.id, LI)


async def rows(bench: Bench) -> dict[str, list[tuple[Any, ...]]]:
    """All that a merge could touch."""
    return {
        "contacts": await bench.rows(schema.contacts, "id", "name", "language", "tags", "attributes"),
        "threads": await bench.rows(schema.threads, "id", "contact", "address"),
        "conversations": await bench.rows(schema.conversations, "id", "contact", "body"),
        "answers": sorted(await bench.rows(schema.answers)),
        "identifiers": await bench.rows(schema.identifiers),
    }


async def suggested(store: Store, who: ContactId) -> list[Likeness]:
    """Who seems to be the same person."""
    return await store.read(lambda c: likenesses(c, who, identifiers_of(c, who)))


# --- Who joins whom -------------------------------------------------------------------------------------------------


async def test_a_verified_identifier_joins_from_the_first_word(store: Store) -> None:
    """A new address with a contact's verified identifier is that contact's: two threads, one person."""
    clock = StandingClock()
    async with running(store, clock=clock) as bench:
        await bench.ready(LI)
        await bench.receive(known_by("wechat-1", UNION))
        await answered(bench, "wechat-1")
        later(clock, 60)
        await bench.receive(known_by("wechat-2", UNION))
        found = await bench.conversations()
        assert found["wechat-1"].contact == found["wechat-2"].contact
        assert found["wechat-1"].thread != found["wechat-2"].thread
        assert found["wechat-2"].last_answer is not None, "the sticky agent is known"
        assert found["wechat-2"].last_answer.agent == LI
        assert await contact(store, "wechat-2") == found["wechat-1"].contact
        ((by, because),) = await bench.rows(schema.merges, "by", "because")
        assert (by, because) == ("", "unionid")
        kinds = [row[0] for row in await bench.rows(schema.events, "kind")]
        assert kinds.count("ContactsMerged") == 1


async def test_without_the_identifier_they_are_two(store: Store) -> None:
    """Control: two addresses of which nobody vouches for anything are two contacts."""
    async with running(store) as bench:
        await bench.receive(known_by("wechat-1"))
        await bench.receive(known_by("wechat-2"))
        assert await contact(store, "wechat-1") != await contact(store, "wechat-2")
        assert await bench.count(schema.merges) == 0


async def test_two_in_one_batch(store: Store) -> None:
    """Two new addresses with the same verified identifier that come at once are one person, too."""
    async with running(store) as bench:
        await bench.receive(known_by("wechat-1", UNION), known_by("wechat-2", UNION), wrote("wechat-2", "and?"))
        found = await bench.conversations()
        assert found["wechat-1"].contact == found["wechat-2"].contact == await contact(store, "wechat-2")


async def test_who_proves_it_later(store: Store) -> None:
    """A stranger whose identifier is verified in the middle of a conversation is the contact from then on."""
    async with running(store) as bench:
        await bench.receive(known_by("wechat-1", UNION))
        await bench.receive(known_by("page-1"))
        await bench.receive(known_by("page-1", UNION))
        found = await bench.conversations()
        assert found["page-1"].contact == found["wechat-1"].contact == await contact(store, "page-1")


async def test_what_is_only_said_is_suggested(store: Store) -> None:
    """The same e-mail address, said by pages, joins nobody: both are suggested to be one, however it is written."""
    async with running(store) as bench:
        await bench.receive(known_by("page-1", MAIL))
        await bench.receive(known_by("page-2", replace(MAIL, value=" ann@example.COM ")))
        one, other = await contact(store, "page-1"), await contact(store, "page-2")
        assert one != other
        assert await suggested(store, one) == [Likeness(other, "email", "ann@example.com", is_verified=False)]
        assert await suggested(store, other) == [Likeness(one, "email", "ann@example.com", is_verified=False)]


async def test_one_side_that_is_verified_is_not_enough(store: Store) -> None:
    """Who says the address that belongs to somebody is not joined to the one it belongs to."""
    async with running(store) as bench:
        await bench.receive(known_by("page-1", replace(MAIL, is_verified=True, source=Source.SIGNED)))
        await bench.receive(known_by("page-2", MAIL))
        assert await contact(store, "page-1") != await contact(store, "page-2")
        assert len(await suggested(store, await contact(store, "page-1"))) == 1


async def test_who_was_parted_stays_so(store: Store) -> None:
    """After somebody undid it, the same verified identifier joins them no more, and is not suggested."""
    async with running(store) as bench:
        await bench.receive(known_by("wechat-1", UNION))
        await bench.receive(known_by("wechat-2", UNION))
        ((merged,),) = await bench.rows(schema.merges, "id")
        await split(bench, "wechat-1", merged)
        one, other = await contact(store, "wechat-1"), await contact(store, "wechat-2")
        assert one != other
        await bench.receive(known_by("wechat-2", UNION, MAIL))
        assert await contact(store, "wechat-2") == other
        assert await suggested(store, one) == []


async def test_what_is_verified_stays_verified(store: Store) -> None:
    """A page that says an address again without proof takes nothing away."""
    async with running(store) as bench:
        await bench.receive(known_by("page-1", replace(MAIL, is_verified=True)))
        await bench.receive(known_by("page-1", MAIL))
        assert await bench.rows(schema.identifiers, "kind", "value", "verified") == [("email", "ann@example.com", True)]


# --- Merge and undo -------------------------------------------------------------------------------------------------


async def test_a_merge_moves_all_and_is_undone_exactly(store: Store) -> None:
    """Threads, conversations of past and present, and answers are the survivor's; undone, every row is as before."""
    async with running(store) as bench:
        await bench.ready(LI)
        for address in ("ann", "bob"):
            await bench.receive(known_by(address, MAIL))
            await answered(bench, address)
        past = (await bench.conversations())["bob"]
        await bench.resolve(past.id, LI)
        await bench.receive(wrote("bob-2"))
        before = await rows(bench)
        merged = await merge(bench, "ann", "bob", keep=Keep(name=Side.OTHER))
        ann = await contact(store, "ann")
        found = await bench.rows(schema.conversations, "contact", "body")
        assert len([1 for owner, body in found if owner == ann and f'"contact":"{ann}"' in body]) == 2
        assert await bench.rows(schema.answers, "contact") == [(ann,)]
        assert (await rows(bench))["contacts"] != before["contacts"]
        await split(bench, "ann", merged)
        assert await rows(bench) == before


async def test_open_conversations_go_along_and_come_back(store: Store) -> None:
    """What is open has the surviving contact on the board and in its row, before and after a restart."""
    async with running(store) as bench:
        await bench.receive(wrote("ann"), wrote("bob"))
        bob = await contact(store, "bob")
        merged = await merge(bench, "ann", "bob")
        ann = await contact(store, "ann")
        assert {each.contact for each in (await bench.conversations()).values()} == {ann}
    async with running(store) as bench:
        assert {each.contact for each in (await bench.conversations()).values()} == {ann}
        await split(bench, "ann", merged)
        assert (await bench.conversations())["bob"].contact == bob


async def test_later_changes_stay_where_they_belong(store: Store) -> None:
    """Undone, a tag given since stays with the survivor; what was answered in the other's thread is the other's."""
    clock = StandingClock()
    async with running(store, clock=clock) as bench:
        await bench.ready(LI)
        await bench.receive(wrote("ann"), wrote("bob"))
        ann, bob = await contact(store, "ann"), await contact(store, "bob")
        await _tag(store, bob, '["gold"]')
        merged = await merge(bench, "ann", "bob")
        ((tags,),) = [row[1:] for row in await bench.rows(schema.contacts, "id", "tags") if row[0] == ann]
        assert tags == '["gold"]'
        await _tag(store, ann, '["gold","late"]')
        later(clock, 10)
        await answered(bench, "bob")
        await bench.receive(wrote("bob", "more"))
        await split(bench, "ann", merged)
        assert dict(await bench.rows(schema.contacts, "id", "tags")) == {ann: '["late"]', bob: '["gold"]'}
        assert await bench.rows(schema.answers, "contact") == [(bob,)]
        assert (await bench.conversations())["bob"].contact == bob


async def _tag(store: Store, who: ContactId, tags: str) -> None:
    query = update(schema.contacts).where(schema.contacts.c.id == who).values(tags=tags)
    await store.write(lambda c: c.execute(query))


async def test_the_newest_goes_first(store: Store) -> None:
    """Of two merges only the newer can be undone; then the older. One that is undone cannot be undone again."""
    clock = StandingClock()
    async with running(store, clock=clock) as bench:
        await bench.receive(wrote("ann"), wrote("bob"), wrote("cy"))
        before = await rows(bench)
        first = await merge(bench, "ann", "bob")
        later(clock, 1)
        second = await merge(bench, "ann", "cy")
        with pytest.raises(NotUndoable):
            await split(bench, "ann", first)
        await split(bench, "ann", second)
        await split(bench, "ann", first)
        with pytest.raises(NotUndoable):
            await split(bench, "ann", first)
        assert await rows(bench) == before


async def test_a_merged_contact_is_found_by_its_old_name(store: Store) -> None:
    """Who is part of another is merged as that other; the same twice is refused, as is who does not exist."""
    async with running(store) as bench:
        await bench.receive(wrote("ann"), wrote("bob"), wrote("cy"))
        bob = await contact(store, "bob")
        await merge(bench, "ann", "bob")
        ann, cy = await contact(store, "ann"), await contact(store, "cy")
        now = bench.clock.now()
        await bench.engine.submit(ContactsMerged(id=new_event(), at=now, survivor=cy, other=bob, by=LI))
        assert {await contact(store, each) for each in ("ann", "bob", "cy")} == {cy}
        with pytest.raises(SameContact):
            await bench.engine.submit(ContactsMerged(id=new_event(), at=now, survivor=ann, other=cy, by=LI))
        with pytest.raises(UnknownContact):
            await bench.engine.submit(ContactsMerged(id=new_event(), at=now, survivor=cy, other=ContactId("x"), by=LI))


async def test_two_who_click_at_once(store: Store) -> None:
    """Two agents merge the same two contacts at once: one merge, and the second is told that they are one already."""
    async with running(store) as bench:
        await bench.receive(wrote("ann"), wrote("bob"))
        ann, bob, now = await contact(store, "ann"), await contact(store, "bob"), bench.clock.now()
        both = [ContactsMerged(id=new_event(), at=now, survivor=ann, other=bob, by=LI) for _ in range(2)]
        tasks = [bench.engine.submit(each) for each in both]
        await tasks[0]
        with pytest.raises(SameContact):
            await tasks[1]
        assert await bench.count(schema.merges) == 1


async def test_the_survivor_is_exported_and_erased_whole(store: Store) -> None:
    """A dossier has both addresses and the profile that was merged; erased, nothing is left of either."""
    async with running(store) as bench:
        await bench.receive(known_by("ann", MAIL), wrote("bob", "a secret of bob"))
        bob = await contact(store, "bob")
        await merge(bench, "ann", "bob")
        ann = await contact(store, "ann")
        assert await store.read(lambda c: contact_named(c, bob)) == ann
        found = await store.read(lambda c: dossier(c, ann))
        assert {each["address"] for each in found["addresses"]} == {"ann", "bob"}
        assert [each["contact"]["name"] for each in found["merged"]] == ["Name of bob"]
        assert found["identifiers"][0]["value"] == "ann@example.com"
        assert "a secret of bob" in str(found["conversations"])
        await store.write(lambda c: erase(c, ann))
        for table in schema.metadata.sorted_tables:
            text = str(await bench.rows(table)) if table.name != "routing" else ""
            assert all(word not in text for word in (ann, bob, "ann@example.com", "Name of bob")), table.name


def test_what_survives_is_chosen_field_by_field() -> None:
    """Without a choice the own name and all tags and attributes survive; with one, what was chosen; and back."""
    this = Fields(name="Ann", language="", tags=["vip"], attributes={"city": "上海", "order": "1"})
    other = Fields(name="安", language="zh-CN", tags=["gold", "vip"], attributes={"city": "北京", "size": "M"})
    plain = joined(this, other, Keep())
    assert (plain.name, plain.language, plain.tags) == ("Ann", "zh-CN", ["vip", "gold"])
    assert plain.attributes == {"city": "上海", "order": "1", "size": "M"}
    sides = {"city": Side.OTHER, "size": Side.THIS, "order": Side.OTHER}
    chosen = joined(this, other, Keep(name=Side.OTHER, language=Side.THIS, tags=Side.OTHER, attributes=sides))
    assert (chosen.name, chosen.language, chosen.tags) == ("安", "", ["gold", "vip"])
    assert chosen.attributes == {"city": "北京"}
