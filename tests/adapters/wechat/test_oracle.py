"""wechatpy reads the same fixtures: where it can, it says the same; where it fails or loses, we do not."""

from collections.abc import Callable
from typing import Any

import pytest
from wechatpy import parse_message
from wechatpy.events import EVENT_TYPES
from wechatpy.messages import MESSAGE_TYPES
from wechatpy.replies import TextReply

from adapters.contract import AnyInbound, Came, Left, Parsed, Wrote
from adapters.wechat.document import read, words
from adapters.wechat.fake_platform.pushing import encoded
from adapters.wechat.parse import parse
from router.message import Choice, Link, Location, Media, Part, Text, Unknown
from tests.adapters.bench import fixtures

XML = {fixture.situation: fixture.body for fixture in fixtures("wechat") if fixture.path.suffix == ".xml"}
READABLE = sorted(name for name in XML if not name.startswith(("malformed_", "ignored_event_without")))
UNLIKE = {
    "text_without_time": "the library cannot read a message without a time",
    "text_beyond_time": "nor one beyond the year 9999",
    "location_nowhere": "nor a place that is none",
    "text_with_repeated_field": "the library takes a list for words",
}


def only(parsed: Parsed) -> AnyInbound:
    """The one happening."""
    (one,) = parsed.inbound
    return one


SAME: dict[type[Part], Callable[[Any, Any], bool]] = {
    Text: lambda part, message: (
        part.text.strip() == (getattr(message, "content", None) or getattr(message, "recognition", ""))
    ),
    Location: lambda part, message: (part.latitude, part.longitude) == tuple(map(float, message.location)),
    Link: lambda part, message: (part.url, part.title) == (message.url, message.title),
}


@pytest.mark.parametrize("name", [name for name in READABLE if name not in UNLIKE])
def test_the_library_agrees(name: str) -> None:
    """Who, when, which number, what kind: the library's object and our happening say the same."""
    message = parse_message(XML[name])
    parsed = parse(XML[name])
    if not parsed.inbound:
        assert message.type in {"event", "unknown"}
        return
    one = only(parsed)
    assert one.address == message.source
    assert one.at is not None
    assert int(one.at.timestamp()) == message.time
    if message.type == "event":
        assert isinstance(one, Came | Left | Wrote)
        return
    assert isinstance(one, Wrote)
    if message.id:
        assert one.message_key == str(message.id)
    for part in one.parts:
        if isinstance(part, Media) and hasattr(message, "media_id") and message.media_id:
            assert part.ref.split(" ")[0] == message.media_id
        elif type(part) in SAME and message.type != "unknown" and part != Text(text="   "):
            assert SAME[type(part)](part, message)


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_every_event_of_the_library_means_something(kind: str) -> None:
    """None of the platform's known events is taken for an unknown one."""
    names = {"subscribe_scan": "subscribe", "click": "CLICK", "scan": "SCAN", "location": "LOCATION", "view": "VIEW"}
    name = names.get(kind, {one.lower(): one for one in WRITTEN}.get(kind, kind))
    event = {"FromUserName": "oA", "CreateTime": 1, "MsgType": "event", "Event": name, "EventKey": "k"}
    parsed = parse(encoded(event, is_json=False))
    for one in parsed.inbound:
        assert not isinstance(one, Wrote) or not any(isinstance(part, Unknown) for part in one.parts), name


WRITTEN = ("MASSSENDJOBFINISH", "TEMPLATESENDJOBFINISH", "WifiConnected", "ShakearoundUserShake")


@pytest.mark.parametrize("kind", sorted(MESSAGE_TYPES))
def test_every_message_of_the_library_is_kept(kind: str) -> None:
    """Whatever it is, it becomes a message."""
    message = {"FromUserName": "oA", "CreateTime": 1, "MsgType": kind, "MsgId": 1, "Content": "x"}
    assert isinstance(only(parse(encoded(message, is_json=False))), Wrote)


def test_trap_words_are_stripped() -> None:
    """The library strips words, and makes None of those that are only space; we keep them."""
    assert parse_message(XML["text_of_space_only"]).content is None
    one = only(parse(XML["text_of_space_only"]))
    assert isinstance(one, Wrote)
    assert one.parts == (Text(text="   "),)


def test_trap_json() -> None:
    """The library cannot read JSON pushes; we can."""
    body = next(fixture.body for fixture in fixtures("wechat") if fixture.situation == "json_text")
    with pytest.raises(Exception, match="not well-formed"):
        parse_message(body)
    assert parse(body).inbound


def test_trap_a_reply_can_be_broken_out_of() -> None:
    """The library's reply lets words end their CDATA; the fake's (and our) writer does not."""
    words_ = "a]]></Content><MsgType>news</MsgType><Content><![CDATA[b"
    theirs = read(TextReply(content=words_, source="gh", target="oA").render().encode())
    assert words(theirs, "Content") != words_
    ours = read(encoded({"MsgType": "text", "Content": words_}, is_json=False))
    assert ours == {"MsgType": "text", "Content": words_}


def test_a_menu_that_was_tapped_is_a_choice() -> None:
    """The library drops which line was tapped; we keep it."""
    one = only(parse(XML["menu_line_tapped"]))
    assert isinstance(one, Wrote)
    assert one.parts == (Choice(value="101", label="满意"),)
