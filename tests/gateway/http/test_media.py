"""Files: uploaded by agents, sent in messages, given out by signed links that run nothing."""

import io
from typing import Any

import aiohttp
import pytest
from PIL import Image

from gateway.media.admission import MOST_BYTES
from tests.gateway.http.office import Office, Person
from tests.gateway.http.test_conversation import accepted


def picture() -> bytes:
    """A small PNG."""
    drawn = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(drawn, "PNG")
    return drawn.getvalue()


async def upload(person: Person, data: bytes, name: str, mime: str) -> Any:
    """Upload a file; the answer, with its status in the person."""
    form = aiohttp.FormData(quote_fields=False)  # as browsers do
    form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
    headers = {"Authorization": f"Bearer {person.token}"}
    async with person.session.post(f"{person.url}/api/v1/media", data=form, headers=headers) as answer:
        person.status = answer.status
        return await answer.json(content_type=None)


async def test_a_picture_in_an_answer(office: Office) -> None:
    """A picture is uploaded, sent, and shown by a link that works without a login."""
    li_na, conversation = await accepted(office)
    uploaded = await upload(li_na, picture(), "../../日本.png", "text/html")
    assert (uploaded["kind"], uploaded["mime"], uploaded["name"]) == ("image", "image/png", "日本.png")
    part = {"kind": "image", "media": uploaded["id"], "name": uploaded["name"]}
    message = await li_na.post(
        f"/conversations/{conversation['id']}/messages", {"client_id": "p", "text": "看", "parts": [part]}
    )
    shown = message["parts"][1]
    assert (shown["kind"], shown["mime"]) == ("image", "image/png")
    async with office.session.get(office.url + shown["url"]) as answer:
        assert answer.status == 200
        assert answer.content_type == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert (await answer.read())[:4] == b"\x89PNG"


async def test_a_page_is_saved_never_shown(office: Office) -> None:
    """HTML under whatever name and type is given out for saving."""
    li_na = await office.person("li.na")
    uploaded = await upload(li_na, b"<html><script>alert(1)</script></html>", "x.png", "image/png")
    async with office.session.get(office.url + uploaded["url"]) as answer:
        assert answer.content_type not in {"text/html", "image/png"}
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_files_that_are_refused(office: Office) -> None:
    """An empty file and one that is too large are refused by name."""
    li_na = await office.person("li.na")
    await upload(li_na, b"", "empty", "text/plain")
    assert li_na.status == 422
    await upload(li_na, b"x" * (MOST_BYTES + 1), "large", "text/plain")
    assert li_na.status == 413


@pytest.mark.parametrize(
    "body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=other\r\n\r\nhi\r\n--x--\r\n"]
)
async def test_forms_that_are_broken(office: Office, body: bytes) -> None:
    """A broken form is the caller's fault."""
    li_na = await office.person("li.na")
    headers = {"Authorization": f"Bearer {li_na.token}", "Content-Type": "multipart/form-data; boundary=x"}
    async with office.session.post(f"{office.url}/api/v1/media", data=body, headers=headers) as answer:
        assert answer.status in {400, 422}


async def test_a_link_that_was_changed(office: Office) -> None:
    """A link that somebody changed leads nowhere."""
    li_na = await office.person("li.na")
    uploaded = await upload(li_na, picture(), "a.png", "image/png")
    async with office.session.get(office.url + uploaded["url"][:-2]) as answer:
        assert answer.status == 404
