"""What a widget's frame means."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Parsed, Wrote
from adapters.errors import MalformedPayload
from adapters.visit import ENTRY, LANGUAGE, SPEAKER, TEXT_LIMIT
from adapters.web.parse import parse_frame
from adapters.wire import WebhookRequest
from router.message import Choice, Media, MediaKind, Text


def frame(body: object, headers: dict[str, str] | None = None, query: dict[str, str] | None = None) -> WebhookRequest:
    """A frame as the gateway hands it over."""
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    spoken = {SPEAKER: "vis_1"} if headers is None else headers
    return WebhookRequest(method="FRAME", path="", query=query or {}, headers=spoken, body=data)


def wrote(parsed: Parsed) -> Wrote:
    """The one message that was written."""
    (happening,) = parsed.inbound
    assert isinstance(happening, Wrote)
    return happening


def test_words_are_verbatim() -> None:
    """Words come through as they were typed, spaces and all."""
    said = wrote(parse_frame(frame({"type": "send", "client_id": "c1", "text": "  我想办日本签证 \n"})))
    assert said.parts == (Text(text="  我想办日本签证 \n"),)
    assert said.address == "vis_1"


def test_client_id_is_the_delivery_key_of_its_speaker() -> None:
    """The same client id from two speakers names two messages."""
    body = {"type": "send", "client_id": "c1", "text": "hi"}
    one, other = (wrote(parse_frame(frame(body, {SPEAKER: address}))) for address in ("vis_1", "vis_2"))
    assert one.delivery_key != other.delivery_key
    assert one.message_key == "c1"


def test_page_tells_how_the_contact_came() -> None:
    """Entry, language and the page's context stand with the message."""
    request = frame(
        {"type": "send", "client_id": "c1", "text": "hi"},
        {SPEAKER: "vis_1", ENTRY: "item-88121", LANGUAGE: "zh-CN"},
        {"page": "/japan"},
    )
    said = wrote(parse_frame(request))
    assert (said.entry, said.profile.language, said.attributes) == ("item-88121", "zh-CN", {"page": "/japan"})


def test_choice_is_a_choice() -> None:
    """A pressed button is its value with the label that was read."""
    said = wrote(parse_frame(frame({"type": "choose", "client_id": "c1", "value": "japan", "label": "日本"})))
    assert said.parts == (Choice(value="japan", label="日本"),)


def test_files_stand_behind_the_words() -> None:
    """Text and uploaded files become one message."""
    file = {"kind": "image", "media": "sha", "name": "护照.jpg", "mime": "image/jpeg", "size": 12}
    said = wrote(parse_frame(frame({"type": "send", "client_id": "c1", "text": "see", "parts": [file]})))
    image = Media(kind=MediaKind.IMAGE, media="sha", name="护照.jpg", mime="image/jpeg", size=12)  # type: ignore[arg-type]  # an id
    assert said.parts == (Text(text="see"), image)


def test_nul_can_be_stored() -> None:
    """The one character that a database cannot hold is replaced, the rest stays."""
    said = wrote(parse_frame(frame({"type": "send", "client_id": "c1", "text": "a\0b"})))
    assert said.parts == (Text(text="a\ufffdb"),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'{"type":"send"}',
        b'{"type":"hello"}',
        b'{"type":"send","client_id":"c1"}',
        b'{"type":"send","client_id":"c1","text":" \\n "}',
        b'{"type":"send","client_id":"","text":"x"}',
        b'{"type":"send","client_id":"../c1","text":"x"}',
        b'{"type":"send","client_id":7,"text":"x"}',
        b'{"type":"send","client_id":"c1","text":NaN}',
        b'{"type":"send","client_id":"c1","text":"\\ud800"}',
        b'{"type":"send","client_id":"c1","text":"\xff"}',
        b'{"type":"send","client_id":"c1","parts":[{"kind":"spell","text":"x"}]}',
        b'{"type":"choose","client_id":"c1","value":""}',
        b"[" * 100_000,
    ],
)
def test_foreign_bytes_are_malformed(body: bytes) -> None:
    """What is not a frame that says something is refused by name."""
    with pytest.raises(MalformedPayload):
        parse_frame(frame(body))


def test_length_is_counted_in_code_points() -> None:
    """The limit is 8,000 code points, whatever they weigh."""
    body = {"type": "send", "client_id": "c1", "text": "😀" * TEXT_LIMIT}
    assert len(wrote(parse_frame(frame(body))).parts) == 1
    with pytest.raises(MalformedPayload):
        parse_frame(frame({**body, "text": "😀" * (TEXT_LIMIT + 1)}))


def test_nobody_is_not_a_speaker() -> None:
    """A frame for which nobody vouches is not understood at all."""
    with pytest.raises(MalformedPayload):
        parse_frame(frame({"type": "send", "client_id": "c1", "text": "hi"}, {}))


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(body: bytes) -> None:
    """Any bytes give a message or `MalformedPayload`, nothing else."""
    try:
        parsed = parse_frame(frame(body))
    except MalformedPayload:
        return
    assert parsed.inbound
