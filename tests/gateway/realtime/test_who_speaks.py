"""Who a contact is: proven identities, their secrets, what is said without proof, and good-byes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.secret import Secret
from adapters.web.identity import hash_of
from gateway.store.schema import contacts, conversations, messages, threads, visitors
from router.conversation import State
from tests.gateway.realtime.reception import ANNEX, ANNEX_KEY, Page, Reception, open_reception

KEY = "secret-of-the-shop's-server"
SHOPPER = {"id": "user/42", "hash": hash_of("user/42", KEY), "name": "王芳"}


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """A widget whose site can prove who its contacts are."""
    async with open_reception(tmp_path, identity_secret=Secret(KEY), visitor_tags=("promo", "wholesale")) as opened:
        yield opened


async def rows(reception: Reception, *columns: Any) -> list[Any]:
    """Columns of a table."""
    return list(await reception.store.read(lambda connection: connection.execute(select(*columns)).all()))


async def identify(page: Page, **claim: str) -> dict[str, Any]:
    """Say who it is; the new welcome."""
    await page.say("identify", **(claim or SHOPPER))
    welcome = await page.hear("welcome")
    page.token = welcome["token"]
    return welcome


async def test_same_person_is_the_same_contact_everywhere(reception: Reception) -> None:
    """Two devices that prove the same person share thread, messages and what comes."""
    async with reception.page() as (phone, _), reception.page() as (laptop, _):
        await identify(phone)
        await phone.write("from the phone")
        welcome = await identify(laptop)
        assert welcome["thread_seq"] == 1
        await laptop.say("resume", seq=0)
        assert (await laptop.hear("message"))["parts"][0]["text"] == "from the phone"
        await laptop.write("from the laptop", "c9")
        await phone.say("resume", seq=0)
        await phone.hear("message", seq=2)
    assert await rows(reception, threads.c.address) == [("id:user%2F42",)]
    assert await rows(reception, contacts.c.name) == [("王芳",)]


async def test_same_name_elsewhere_is_another_person(reception: Reception) -> None:
    """Two widgets of one house may call two people the same: neither sees what the other says or is told."""
    namesake = {"id": SHOPPER["id"], "hash": hash_of(SHOPPER["id"], ANNEX_KEY)}
    async with reception.page() as (one, _), reception.page(inbox=ANNEX) as (other, _):
        await identify(one)
        await one.write("for the shop alone")
        welcome = await identify(other, **namesake)
        assert welcome["thread_seq"] == 0
        await other.write("for the annex alone")
        await other.say("resume", seq=0)
        assert (await other.hear("message"))["parts"][0]["text"] == "for the annex alone"
        await one.say("resume", seq=0)
        assert (await one.hear("message"))["parts"][0]["text"] == "for the shop alone"
        assert await one.hears_no_more("message")
    assert sorted(await rows(reception, threads.c.inbox)) == [("annex",), ("website",)]


async def test_secret_changes_with_the_identity(reception: Reception) -> None:
    """Whoever planted the former secret has nothing: it is another contact's from then on, and its lines are cut."""
    async with reception.page() as (victim, _):
        await victim.write("before")
        planted = victim.token
        async with reception.page(planted) as (attacker, _):
            welcome = await identify(victim)
            assert welcome["token"] != planted
            await attacker.until_closed()
        async with reception.page(planted) as (attacker, welcome):
            assert (welcome["thread_seq"], welcome["token"] == planted) == (0, False)
        await victim.write("after")
    assert await rows(reception, threads.c.last_seq) == [(2,)]


async def test_what_was_said_before_goes_with_the_person(reception: Reception) -> None:
    """The words of before the login are the person's, when the person has none yet."""
    async with reception.page() as (page, _):
        await page.write("日本")
        welcome = await identify(page)
        assert (welcome["thread_seq"], welcome["status"]["state"]) == (1, "waiting")
        await page.write("and another")
    assert len(await rows(reception, conversations.c.id)) == 1


async def test_stranger_who_turns_out_to_be_known_leaves_nothing_open(reception: Reception) -> None:
    """A person who has a thread goes on in it; the stranger's conversation ends, and says why."""
    async with reception.page() as (first, _):
        await identify(first)
        await first.write("known")
    async with reception.page() as (page, _):
        await page.write("日本")
        welcome = await identify(page)
        assert welcome["thread_seq"] == 1
    assert State.RESOLVED.value in {state for (state,) in await rows(reception, conversations.c.state)}


async def test_saying_it_again_changes_nothing(reception: Reception) -> None:
    """A page that identifies on each load keeps its secret."""
    async with reception.page() as (page, _):
        await identify(page)
        await page.say("identify", **SHOPPER)
        assert await page.hears_no_more("welcome")
        async with reception.page(page.token) as (_, welcome):
            assert welcome["token"] == page.token


async def test_forged_identity_is_refused_and_changes_nothing(reception: Reception) -> None:
    """The page is told why, and goes on as whom it was."""
    async with reception.page() as (page, _):
        await page.write("mine")
        await page.say("identify", id="user/42", hash="0" * 64)
        assert (await page.hear("error"))["code"] == "not_identified"
        assert (await page.write("still mine"))["seq"] == 2
    assert [address.startswith("vis_") for (address,) in await rows(reception, threads.c.address)] == [True]


async def test_other_person_on_the_same_page_is_another_contact(reception: Reception) -> None:
    """Changing over without a good-bye moves nothing of the former person's to the next."""
    async with reception.page() as (page, _):
        await identify(page)
        await page.write("private")
        welcome = await identify(page, id="43", hash=hash_of("43", KEY))
        assert welcome["thread_seq"] == 0
        await page.write("other")
    assert sorted(await rows(reception, threads.c.address)) == [("id:43",), ("id:user%2F42",)]


async def test_good_bye_starts_afresh(reception: Reception) -> None:
    """After a logout the page is a stranger's, and its former secret opens nothing."""
    async with reception.page() as (page, _):
        await identify(page)
        await page.write("private")
        former = page.token
        await page.say("logout")
        welcome = await page.hear("welcome")
        assert (welcome["thread_seq"], welcome["token"] == former) == (0, False)
        async with reception.page(former) as (_, other):
            assert other["thread_seq"] == 0
    assert await rows(reception, visitors.c.token_hash) == []


async def test_what_a_page_says_is_marked(reception: Reception) -> None:
    """Attributes and context without proof stand in the profile under a name that says so; proven ones as they are."""
    async with reception.page(context={"order": "17"}, attributes={"plan": "gold"}) as (page, _):
        await identify(page)
        await page.write("hello")
        await page.say("context", attributes={"seats": "3"}, drop=["plan"])
        await page.write("again")
    ((attributes,),) = await rows(reception, contacts.c.attributes)
    assert '"site:plan"' not in attributes
    assert '"plan"' not in attributes
    assert '"site:order":"17"' in attributes
    assert '"site:seats":"3"' in attributes
    assert '"user_id":"user/42"' in attributes


async def test_page_gives_the_tags_that_the_inbox_allows(reception: Reception) -> None:
    """Allowed tags reach triage and an open conversation, others are refused by name."""
    async with reception.page(tags=["promo", "vip"]) as (page, _):
        await page.write("日本")
        await page.hear("status", state="waiting")
        await page.say("context", tags=["wholesale", "vip"], untag=["promo"])
        assert (await page.hear("error"))["message"].endswith(": vip")
        (tags,) = await reception.engine.inspect(lambda board: [c.tags for c in board.conversations.values()])
        assert set(tags) & {"promo", "wholesale", "vip"} == {"wholesale"}


async def test_contact_rates_what_has_ended(reception: Reception) -> None:
    """After an answered conversation has ended it can be rated, changed, and is a line at the desk."""
    async with reception.page() as (page, _):
        await page.write("日本")
        await page.say("rate", stars=5)
        assert (await page.hear("error"))["code"] == "nothing_to_rate"
        await reception.take()
        await reception.answer("您好")
        await page.say("end")
        ended = await page.hear("status", state="none")
        assert ended["rating"] == {"stars": 0, "text": ""}
        await page.say("rate", stars=2, text=" slow ")
        assert (await page.hear("status", rating={"stars": 2, "text": "slow"}))["state"] == "none"
        await page.say("rate", stars=4)
        await page.hear("status", rating={"stars": 4, "text": ""})
        await page.say("resume", seq=0)
        await page.say("older", seq=99)
        seen = (await page.hear("earlier"))["messages"]
        assert [message["author"]["kind"] for message in seen] == ["contact", "agent"]
    lines = [text for text, note in await rows(reception, messages.c.text, messages.c.note) if note]
    assert lines == ["★★★★☆"]


async def test_unanswered_conversation_is_not_rated(reception: Reception) -> None:
    """Nobody is asked how an answer was that never came."""
    async with reception.page() as (page, _):
        await page.write("日本")
        await page.hear("status", state="waiting")
        await page.say("end")
        assert (await page.hear("status", state="none"))["rating"] is None


async def test_contact_learns_that_it_is_read(reception: Reception) -> None:
    """When the one who answers opens the conversation, the page is told how far; who else looks leaves no trace."""
    async with reception.page() as (page, _):
        await page.write("日本")
        conversation = await reception.take()
        reception.looks.add(("someone.else", conversation))  # type: ignore[arg-type]  # an id
        reception.visits.viewed(conversation)
        assert (await page.hear("status", state="active"))["read_seq"] == 0
        reception.looks.add(("li.na", conversation))  # type: ignore[arg-type]  # an id
        reception.visits.viewed(conversation)
        assert (await page.hear("status", read_seq=1))["agent"] == "娜娜"


async def test_transcript_is_what_both_have_said(reception: Reception) -> None:
    """A link for a few minutes gives the words, the names that contacts see, and no notes."""
    async with reception.page() as (page, _):
        await page.say("transcript")
        assert (await page.hear("error"))["code"] == "nothing_said"
        await page.write("我想办日本签证")
        await reception.take()
        await reception.answer("您好")
        await reception.note("for us only")
        await page.say("resume", seq=0)
        await page.hear("message", seq=2)
        await page.say("transcript", zone="Asia/Shanghai")
        url = (await page.hear("transcript"))["url"]
        answer = await reception.session.get(reception.server.make_url(url))
        text = await answer.text()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "我想办日本签证" in text
        assert "+08:00] 娜娜\n您好" in text
        assert "for us only" not in text
        assert "li.na" not in text
        for forged in (
            url[:-9] + ("A" if url[-9] != "A" else "B") + url[-8:],
            url.replace("website", "other"),
            url + "x",
        ):
            refused = await reception.session.get(reception.server.make_url(forged))
            assert refused.status == 404


async def test_older_messages_come_on_request(reception: Reception) -> None:
    """What was before a message comes newest first in pages, oldest first in each, to the beginning."""
    async with reception.page() as (page, _):
        for number in range(3):
            await page.write(f"m{number}")
        await page.say("older", seq=3)
        answer = await page.hear("earlier")
        assert ([message["seq"] for message in answer["messages"]], answer["is_all"]) == ([1, 2], True)
