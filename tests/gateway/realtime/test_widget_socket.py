"""The widget's socket on the real engine and store."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from adapters.visit import FRAME_LIMIT, TEXT_LIMIT
from gateway.realtime.doorkeeper import Doorkeeper
from gateway.realtime.line import FRAMES_AT_ONCE
from gateway.store.schema import messages, threads, visitors
from router.message import Choices, Option
from tests.gateway.realtime.reception import PATIENCE, SHOP, WEBSITE, Reception, open_reception
from tests.gateway.waiting import until, until_found


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """A widget that stands."""
    async with open_reception(tmp_path) as opened:
        yield opened


async def rows(reception: Reception, column: Any) -> list[Any]:
    """A column of a table."""
    return list(await reception.store.read(lambda connection: connection.execute(select(column)).scalars()))


async def test_words_are_stored_before_they_are_acknowledged(reception: Reception) -> None:
    """An acknowledgement names a message that is in the store."""
    async with reception.page() as (page, _):
        ack = await page.write("我想办日本签证")
        assert await rows(reception, messages.c.id) == [ack["id"]]
        assert ack["seq"] == 1


async def test_same_client_id_is_the_same_message(reception: Reception) -> None:
    """What is sent twice, by any of the contact's pages, is one message with one acknowledgement."""
    async with reception.page() as (page, _):
        first = await page.write("hello", "c1")
        again = await page.write("hello", "c1")
        async with reception.page(page.token) as (other, _):
            elsewhere = await other.write("hello", "c1")
        assert first == again == elsewhere
        assert len(await rows(reception, messages.c.id)) == 1


async def test_pages_of_one_contact_share_everything(reception: Reception) -> None:
    """What is written on one page, and what is answered, is shown on the other."""
    async with reception.page() as (one, _):
        await one.write("hello", "c1")
        async with reception.page(one.token) as (other, welcome):
            assert welcome["thread_seq"] == 1
            await other.say("resume", seq=0)
            assert (await other.hear("message"))["client_id"] == "c1"
            await one.say("resume", seq=1)
            await reception.take()
            await reception.answer("您好")
            for page in (one, other):
                shown = await page.hear("message", seq=2)
                assert shown["parts"] == [{"kind": "text", "text": "您好"}]


async def test_contact_never_sees_a_login(reception: Reception) -> None:
    """The author is the agent's public name, else the group's in the contact's language; the status says the same."""
    async with reception.page(language="en") as (page, _):
        await page.write("I want to go to Japan")
        await page.say("resume", seq=1)
        await reception.take()
        await reception.answer("Hello")
        assert (await page.hear("message"))["author"] == {"kind": "agent", "name": "娜娜"}
        assert (await page.hear("status", state="active"))["agent"] == "娜娜"


async def test_agent_without_public_name_is_the_group(reception: Reception) -> None:
    """Who has no public name appears as the group."""
    async with reception.page(language="en") as (page, _):
        await page.write("I want to go to Japan")
        await page.say("resume", seq=1)
        await reception.take(agent="zhao.min")  # type: ignore[arg-type]  # an id
        await reception.answer("Hello", agent="zhao.min")  # type: ignore[arg-type]  # an id
        assert (await page.hear("message"))["author"]["name"] == "Japan & Korea desk"


async def test_page_that_comes_back_hears_what_it_missed(reception: Reception) -> None:
    """Resuming tells what came meanwhile, in order, once; and never a note."""
    async with reception.page() as (page, _):
        await page.write("日本")
        token = page.token
    await reception.take()
    await reception.answer("one")
    await reception.note("for us only")
    await reception.answer("two", "three")
    async with reception.page(token) as (page, welcome):
        assert welcome["thread_seq"] == 5
        await page.say("resume", seq=1)
        heard = [(await page.hear("message"))["seq"] for _ in range(3)]
        assert heard == [2, 4, 5]
        assert await page.hears_no_more("message")


async def test_page_that_knows_too_much_must_forget(reception: Reception) -> None:
    """A page that is ahead of the thread is told to begin anew."""
    async with reception.page() as (page, _):
        await page.write("hello")
        await page.say("resume", seq=99)
        await page.hear("resync")


async def test_secret_is_minted_and_kept_as_a_hash(reception: Reception) -> None:
    """The token is ours, 256 bits, and no row holds it; who only looks leaves no row at all."""
    async with reception.page() as (page, _):
        assert len(page.token) >= 43
        assert await rows(reception, visitors.c.token_hash) == []
        await page.write("hello")
        (stored,) = await rows(reception, visitors.c.token_hash)
        assert page.token not in stored


async def test_secret_that_we_did_not_make_is_not_taken(reception: Reception) -> None:
    """A token that somebody else chose gets another one, and another contact's words stay hidden."""
    async with reception.page() as (page, _):
        await page.write("mine")
        async with reception.page("chosen-by-an-attacker") as (other, welcome):
            assert welcome["token"] != "chosen-by-an-attacker"
            assert welcome["thread_seq"] == 0
            await other.say("resume", seq=0)
            assert await other.hears_no_more("message")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.evil.example", ""])
async def test_other_sites_are_refused(reception: Reception, origin: str) -> None:
    """A page of another site, or one that does not say where it is from, gets no socket."""
    headers = {"Origin": origin} if origin else {}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await reception.session.ws_connect(reception.server.make_url("/widget/website/ws"), headers=headers)
    assert refused.value.status == 403


async def test_named_site_is_welcome(reception: Reception) -> None:
    """A site that the administrator named may connect."""
    async with reception.page(origin=SHOP) as (_, welcome):
        assert welcome["inbox"]["name"] == "环球签证 · Visa shop"


async def test_unknown_inbox_is_not_found(reception: Reception) -> None:
    """There is no widget for an inbox that does not exist."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with reception.page(inbox="nowhere"):
            pass
    assert refused.value.status == 404


@pytest.mark.parametrize(
    "frame",
    ['{"type":"send","client_id":"c1","text":"  "}', '{"type":"fly","client_id":"c1"}', '{"client_id":"c1"}'],
)
async def test_malformed_frame_is_named_and_survived(reception: Reception, frame: str) -> None:
    """What is not understood is answered by its client id; the socket lives on."""
    async with reception.page() as (page, _):
        await page.socket.send_str(frame)
        assert (await page.hear("error"))["client_id"] == "c1"
        assert (await page.write("fine"))["seq"] == 1


async def test_too_long_a_text_is_refused_by_name(reception: Reception) -> None:
    """8,001 code points are refused, 8,000 are not."""
    async with reception.page() as (page, _):
        await page.say("send", client_id="c1", text="签" * (TEXT_LIMIT + 1))
        assert (await page.hear("error"))["client_id"] == "c1"
        await page.write("签" * TEXT_LIMIT)


async def test_huge_frame_ends_the_connection(reception: Reception) -> None:
    """A frame beyond the limit is not read."""
    async with reception.page() as (page, _):
        await page.socket.send_str("x" * (FRAME_LIMIT + 1))
        assert await page.until_closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_stranger_is_shown_out(reception: Reception) -> None:
    """Whoever does not begin with hello is not served."""
    url = reception.server.make_url("/widget/website/ws")
    async with reception.session.ws_connect(url, headers={"Origin": reception.origin}) as socket:
        await socket.send_str('{"type":"ping"}')
        message = await socket.receive(timeout=PATIENCE)
        assert message.data == aiohttp.WSCloseCode.POLICY_VIOLATION


async def test_flood_is_slowed_down(reception: Reception) -> None:
    """Beyond its burst a page is told to slow down, by the name of what was not taken."""
    async with reception.page() as (page, _):
        for number in range(400):
            await page.say("typing", client_id=f"c{number}")
        refused = await page.hear("error")
        assert refused["code"] == "slow_down"
        assert int(refused["client_id"].removeprefix("c")) >= FRAMES_AT_ONCE


async def test_connections_are_counted(tmp_path: Path) -> None:
    """Beyond the limit nobody is admitted, until somebody leaves."""
    async with open_reception(tmp_path, doorkeeper=Doorkeeper(most_lines=1)) as reception:
        async with reception.page():
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                async with reception.page():
                    pass
            assert refused.value.status == 503
        await until(lambda: not len(reception.visits))
        async with reception.page():
            pass


async def test_page_tells_how_the_contact_came(reception: Reception) -> None:
    """Entry and context of the page travel with the first word, and may change later."""
    async with reception.page(context={"entry": "item-88121", "page": "/japan"}) as (page, _):
        await page.say("context", context={"entry": "item-88122"}, language="en")
        await page.write("hello")
        entries = await reception.engine.inspect(lambda board: [c.entry for c in board.conversations.values()])
        assert entries == ["item-88122"]


async def test_contact_knows_the_place_in_the_queue(reception: Reception) -> None:
    """While nobody has taken it, the status says the state and the position."""
    async with reception.page() as (page, welcome):
        assert (welcome["status"]["state"], welcome["status"]["open"]) == ("none", True)
        await page.write("日本")
        assert (await page.hear("status", state="waiting"))["position"] == 1


async def test_seen_reaches_the_thread(reception: Reception) -> None:
    """What the contact has read is kept, and the agent's message counts as read."""
    async with reception.page() as (page, _):
        await page.write("日本")
        await page.say("resume", seq=1)
        await reception.take()
        (answer,) = await reception.answer("您好")
        await page.hear("message")
        await page.say("seen", seq=2)
        await page.hear("status", seen_seq=2)
        assert await rows(reception, threads.c.seen_seq) == [2]
        states = select(messages.c.delivery).where(messages.c.id == answer)

        async def is_read() -> bool:
            state: str = await reception.store.read(lambda c: c.execute(states).scalar_one())
            return state == "read"

        await until_found(is_read)


async def test_typing_goes_both_ways(reception: Reception) -> None:
    """The desk hears that the contact types, the page that the agent does, by the public name."""
    async with reception.page() as (page, _):
        await page.write("日本")
        conversation = await reception.take()
        await page.hear("status", state="active")
        await page.say("typing")
        await page.say("ping")
        await page.hear("pong")
        assert reception.typed == [conversation]
        (visit,) = reception.visits
        assert await reception.visits.push(visit.inbox, visit.address, {"type": "typing", "name": ""})
        assert (await page.hear("typing"))["name"] == "娜娜"


async def test_edit_is_shown(reception: Reception) -> None:
    """A message that was edited reads differently on an open page."""
    async with reception.page() as (page, _):
        ack = await page.write("日本")
        await reception.edit(ack["id"], "韩国")
        assert (await page.hear("edited"))["parts"] == [{"kind": "text", "text": "韩国"}]


async def test_contact_ends_the_conversation(reception: Reception) -> None:
    """After the end the status has no conversation, and the next word begins another."""
    async with reception.page() as (page, _):
        await page.write("日本")
        await page.hear("status", state="waiting")
        await page.say("end")
        await page.hear("status", state="none")
        await page.write("again")
        await page.hear("status", state="waiting")


async def test_contact_ends_what_has_just_begun(reception: Reception) -> None:
    """An end that comes with the first words, before any status was told, ends their conversation."""
    async with reception.page() as (page, _):
        await page.write("日本")
        await page.say("end")
        assert await page.hears_no_more("error")
        assert await reception.engine.inspect(lambda board: list(board.conversations)) == []


async def test_choices_are_offered_and_chosen(reception: Reception) -> None:
    """Buttons come as they are, and a pressed one is a message."""
    async with reception.page() as (page, _):
        await page.write("日本")
        await page.say("resume", seq=1)
        await reception.take()
        offered = Choices(options=(Option(value="single", label="单次"), Option(value="multi", label="多次")))
        await reception.answer("哪一种？", parts=(offered,))
        shown = await page.hear("message")
        assert shown["parts"][1]["options"][1] == {"value": "multi", "label": "多次"}
        await page.say("choose", client_id="c9", value="multi", label="多次")
        assert (await page.hear("message", client_id="c9"))["parts"] == [
            {"kind": "choice", "value": "multi", "label": "多次"}
        ]


async def upload(
    reception: Reception, token: str, data: bytes, origin: str = "", *, name: str = "护照.png", mime: str = "image/png"
) -> aiohttp.ClientResponse:
    """Send a file up."""
    form = aiohttp.FormData(quote_fields=False)  # as browsers do
    form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
    headers = {"Origin": origin or reception.origin, "Authorization": f"Bearer {token}"}
    return await reception.session.post(
        reception.server.make_url("/widget/website/uploads"), data=form, headers=headers
    )


async def test_file_goes_up_and_is_sent(reception: Reception) -> None:
    """A file is recognised by its content, named in a message, and comes back with a link."""
    async with reception.page() as (page, _):
        answer = await upload(reception, page.token, b"%PDF-1.7\n" + b"x" * 500)
        assert answer.status == 201
        file = await answer.json()
        assert (file["kind"], file["mime"], file["name"]) == ("file", "application/pdf", "护照.png")
        lie = {"kind": "file", "media": file["id"], "name": file["name"], "mime": "text/html", "size": 1}
        await page.say("resume", seq=0)
        await page.say("send", client_id="c1", parts=[lie])
        (part,) = (await page.hear("message"))["parts"]
        assert (part["mime"], part["size"]) == ("application/pdf", 509)
        assert part["url"].startswith("/media/")


async def test_file_that_was_never_uploaded_is_refused(reception: Reception) -> None:
    """Naming a file that we do not have sends nothing."""
    async with reception.page() as (page, _):
        await page.say("send", client_id="c1", parts=[{"kind": "file", "media": "0" * 64}])
        assert (await page.hear("error", client_id="c1"))["code"] == "unknown_file"


@pytest.mark.parametrize(
    ("token", "origin", "size", "status"),
    [
        ("wrong", "", 1, 401),
        ("", "", 1, 401),
        (None, "https://evil.example", 1, 403),
        (None, "", 0, 422),
        (None, "", 20 * 1024 * 1024 + 1, 413),
    ],
    ids=["wrong token", "no token", "other site", "empty", "too large"],
)
async def test_uploads_are_guarded(
    reception: Reception, token: str | None, origin: str, size: int, status: int
) -> None:
    """Only a known contact from a welcome site may send a file up, and only one that we keep."""
    async with reception.page() as (page, _):
        assert (await upload(reception, page.token if token is None else token, bytes(size), origin)).status == status


async def test_large_file_is_taken(reception: Reception) -> None:
    """A file is limited by our limit for files, not by the one for other requests."""
    async with reception.page() as (page, _):
        answer = await upload(reception, page.token, bytes(5 * 1024 * 1024))
        assert (answer.status, (await answer.json())["size"]) == (201, 5 * 1024 * 1024)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"json": {"file": "x"}}, 415),
        ({}, 415),
        ({"data": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400),
        ({"data": aiohttp.FormData({"other": "x"}, default_to_multipart=True)}, 422),
    ],
    ids=["json", "nothing", "broken", "without a file"],
)
async def test_upload_that_is_no_form_is_refused(reception: Reception, body: dict[str, Any], status: int) -> None:
    """Anything but a form with a file is a bad request."""
    async with reception.page() as (page, _):
        ours = {"Origin": reception.origin, "Authorization": f"Bearer {page.token}"}
        headers = {**ours, **body.pop("headers", {})}
        url = reception.server.make_url("/widget/website/uploads")
        assert (await reception.session.post(url, headers=headers, **body)).status == status


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("护照.PDF", b"what a scanner calls so", 201),
        ("a picture without an ending", b"\x89PNG\r\n\x1a\n" + bytes(20), 201),
        ("invoice.exe", b"MZ" + bytes(500), 415),
        ("invoice.pdf.exe", b"MZ" + bytes(500), 415),
        ("page.html", b"<script>alert(1)</script>", 415),
    ],
)
async def test_kinds_of_file(reception: Reception, name: str, data: bytes, status: int) -> None:
    """What the inbox does not name is refused, by its name and by what it is."""
    async with reception.page() as (page, _):
        answer = await upload(reception, page.token, data, name=name, mime="application/octet-stream")
        assert answer.status == status
        assert status != 415 or (await answer.json())["type"].endswith("other-file")


async def test_page_may_be_framed_by_named_sites_only(reception: Reception) -> None:
    """The page's policy names the inbox's sites and ourselves, and allows no inline script but its import map."""
    answer = await reception.session.get(reception.server.make_url(f"/widget/{WEBSITE}/"))
    policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {SHOP};" in policy
    assert "unsafe-inline" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "&quot;website&quot;" in await answer.text()


async def test_no_page_for_an_unknown_inbox(reception: Reception) -> None:
    """An inbox that does not exist has no page."""
    assert (await reception.session.get(reception.server.make_url("/widget/nowhere/"))).status == 404


async def test_pages_are_sent_away_at_the_end(reception: Reception) -> None:
    """When the service stops, pages are closed with the code that makes them come back."""
    async with reception.page() as (page, _):
        stopping = asyncio.create_task(reception.sockets.stop())
        assert await page.until_closed() == aiohttp.WSCloseCode.GOING_AWAY
        await stopping
