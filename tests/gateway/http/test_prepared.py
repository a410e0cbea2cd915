"""Prepared replies for agents: what is listed, in whose words, and to whom."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.http.office import CONFIGURATION, Office
from tests.gateway.http.test_conversation import accepted, at_work

CLOSED = """  closed: {zh-CN: 现在休息, en: We are closed}
  empty: {zh-CN: "{% if position %}第 {{ position }} 位{% endif %}", en: "{{ position }}"}
"""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office with a reply that goes out by itself, and one that says nothing to somebody who is answered."""
    shutil.copytree(CONFIGURATION, tmp_path / "config")
    file = tmp_path / "config" / "routing.yaml"
    text = file.read_text(encoding="utf-8")
    offer = "    offer: {mode: accept, within: 1h}\n"
    assert offer in text
    text = text.replace(offer, f"{offer}    after_hours: {{reply: closed, then: hold}}\n")
    file.write_text(text.replace("tests:\n", f"{CLOSED}tests:\n"), encoding="utf-8")
    async with Office(tmp_path) as opened:
        yield opened


async def test_replies_to_choose_from(office: Office) -> None:
    """In the order of the file, in the contact's language, filled in; without what groups send, and what is empty."""
    li_na, conversation = await accepted(office)
    found = await li_na.get(f"/conversations/{conversation['id']}/replies")
    name = conversation["contact"]["name"]
    assert found["items"] == [
        {"reply": "documents", "language": "zh-CN", "text": f"{name}您好，请准备护照首页和照片。"},
        {"reply": "thanks", "language": "zh-CN", "text": "谢谢，日本组祝您旅途愉快！"},
    ]


async def test_who_may_not_see_the_conversation_sees_no_reply(office: Office) -> None:
    """A reply names the contact: it is for those who may see the conversation."""
    _, conversation = await accepted(office)
    stranger = await at_work(office, "wang.fang")
    await stranger.call("GET", f"/conversations/{conversation['id']}/replies")
    assert stranger.status == 404
