"""python-telegram-bot reads the same payloads: what both understand is the same."""

import json

import pytest
import telegram

from adapters.contract import Came, Edited, Left, Wrote
from adapters.telegram.parse import parse
from router.message import Link, Media, Text
from tests.adapters.bench import Fixture, fixtures

BEYOND = ("malformed_", "wrong_type_", "date_beyond_", "ignored_", "unknown_update_", "text_with_nul", "group_")
"""Payloads that the library refuses, that we do not serve, or in which a name is put before the words."""

READABLE = [fixture for fixture in fixtures("telegram") if not fixture.situation.startswith(BEYOND)]


@pytest.mark.parametrize("payload", READABLE, ids=lambda payload: payload.situation)
def test_we_read_what_the_library_reads(payload: Fixture) -> None:
    """Ids, names, instants, texts, files and hidden links agree."""
    oracle = telegram.Update.de_json(json.loads(payload.body), None)
    (ours,) = parse(payload.body).inbound
    assert ours.delivery_key == str(oracle.update_id)
    assert oracle.effective_chat is not None
    assert ours.address == str(oracle.effective_chat.id)
    if isinstance(ours, Left | Came):
        assert (oracle.my_chat_member or oracle.message) is not None
        return
    if isinstance(ours, Wrote):
        assert oracle.effective_user is not None
        assert ours.profile.name == oracle.effective_user.full_name
    message = oracle.message or oracle.edited_message
    if message is None or not isinstance(ours, Wrote | Edited):
        return
    assert ours.at == (message.edit_date or message.date)
    assert ours.message_key == f"{message.chat_id}:{message.message_id}"
    if isinstance(ours, Wrote) and ours.entry:
        return
    assert [part.text for part in ours.parts if isinstance(part, Text)] == (
        [text] if (text := message.text or message.caption) else []
    )
    files = message.effective_attachment
    if isinstance(files, tuple):
        files = files[-1]
    expected = [files.file_id] if files is not None and hasattr(files, "file_id") else []
    assert [part.ref for part in ours.parts if isinstance(part, Media)] == expected
    links = message.parse_entities(["text_link"]) | message.parse_caption_entities(["text_link"])
    pages = {entity.url: words for entity, words in links.items() if (entity.url or "").startswith("https://")}
    assert {part.url: part.title for part in ours.parts if isinstance(part, Link)} == pages


def test_most_payloads_have_an_oracle() -> None:
    """The comparison is not empty."""
    assert len(READABLE) > 40
