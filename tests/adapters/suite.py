"""What holds on every channel, whoever wrote its adapter. A channel takes part by being in the registry."""

import json
import logging
import traceback
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.capabilities import Capabilities
from adapters.contract import Adapter, Delivered, Outbound, Parsed, Wrote
from adapters.errors import (
    Ambiguous,
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    Forged,
    MalformedPayload,
    NotConnected,
    Rejected,
    Throttled,
)
from adapters.registry import channel, channel_names
from adapters.secret import Secret
from router.ids import InboxId, MessageId
from router.message import (
    Choice,
    Choices,
    ContactCard,
    Link,
    Location,
    Media,
    MediaKind,
    Option,
    Part,
    Text,
    Unknown,
)
from tests.adapters.bench import THROTTLED_FOR, Bench, Fault, Fixture, folder, pure_tools, shown, written
from tests.architecture.house import ROOT, channels

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
INBOX = InboxId("inbox")

EXPECTED: dict[Fault, type[DeliveryError]] = {
    Fault.REFUSED: Rejected,
    Fault.CONTACT_GONE: ContactUnreachable,
    Fault.CREDENTIALS: ChannelBroken,
    Fault.THROTTLED: Throttled,
    Fault.SERVER_ERROR: Ambiguous,
    Fault.GARBAGE: Ambiguous,
    Fault.NO_ANSWER: Ambiguous,
    Fault.RESET: Ambiguous,
    Fault.UNREACHABLE: NotConnected,
    Fault.ECHO: Rejected,
}

PARTS: tuple[Part, ...] = (
    Text(text="您好 <b>&amp; 再见"),
    *(
        Media(kind=kind, mime=mime, name=name)
        for kind, mime, name in (
            (MediaKind.IMAGE, "image/png", "passport.png"),
            (MediaKind.VOICE, "audio/ogg", "voice.ogg"),
            (MediaKind.VIDEO, "video/mp4", "walk.mp4"),
            (MediaKind.FILE, "application/pdf", "表格 №1.pdf"),
            (MediaKind.STICKER, "image/webp", "wave.webp"),
        )
    ),
    Location(latitude=35.68, longitude=139.76, label="Tokyo Station", address="Marunouchi 1"),
    Link(url="https://shop.example/visa?a=1&b=2", title="Visa <Japan>", description="Papers"),
    ContactCard(name="李娜", phone="+861012345678"),
    Choices(options=(Option(value="yes", label="是"), Option(value="no", label="否"))),
    Choice(value="yes", label="是"),
    Unknown(kind="hologram", summary="a wave"),
)


def quiet(bench: Bench) -> Adapter:
    """An adapter that may only be asked what is pure."""
    return bench.channel.build(INBOX, bench.settings(), pure_tools())


def outbound(address: str, *parts: Part) -> Outbound:
    """A message whose media all have the same few bytes."""
    files = {index: b"\x89PNG bytes" for index, part in enumerate(parts) if isinstance(part, Media)}
    return Outbound(message=MessageId("msg_1"), address=address, parts=parts, author_name="李娜", files=files)


def understood(bench: Bench, body: bytes) -> dict[str, Any]:
    """What a channel makes of a body, or that it is malformed: nothing else may happen."""
    try:
        return shown(quiet(bench).parse(bench.authentic(body)))
    except MalformedPayload:
        return {"raises": "MalformedPayload"}


# --- the registry ---


def test_registry_is_complete() -> None:
    """Each folder with an adapter is registered, and each entry has a folder with a suite's bench."""
    assert channels() == set(channel_names())
    assert [name for name in channel_names() if not (folder(name) / "bench.py").exists()] == []
    assert [channel(name).name for name in channel_names()] == list(channel_names())


def test_setup_names_each_setting(bench: Bench) -> None:
    """``setup.md`` stands beside the adapter and explains each setting."""
    guide = (ROOT / "adapters" / bench.channel.name / "setup.md").read_text(encoding="utf-8")
    settings = [field.name for field in fields(bench.channel.settings_type) if field.init]
    assert [name for name in settings if f"`{name}`" not in guide] == []


def test_secrets_are_declared(bench: Bench) -> None:
    """Each setting that is a secret is among those to be kept out of logs, and no representation shows it."""
    settings = bench.settings()
    values = [value for field in fields(settings) if isinstance(value := getattr(settings, field.name), Secret)]
    adapter = quiet(bench)
    assert set(adapter.secrets()) == {value.reveal() for value in values} == set(bench.secrets())
    assert not any(
        secret in f"{settings!r} {settings} {adapter!r} {getattr(adapter, '__dict__', {})}"
        for secret in bench.secrets()
    )


def test_capabilities_are_stated(bench: Bench) -> None:
    """The limits are positive, media kinds are ours, and a webhook has an address to be called at."""
    adapter = quiet(bench)
    limits = adapter.capabilities()
    assert limits.text_limit > 0
    assert limits.media_kinds <= {kind.value for kind in MediaKind}
    assert (limits.media_limit > 0) is bool(limits.media_kinds)
    assert any("POST" in route.methods for route in adapter.routes()) is bench.is_webhook


# --- coming in ---


def test_forged_is_refused(bench: Bench, subtests: pytest.Subtests) -> None:
    """A request that does not prove where it comes from is refused, whatever it lacks."""
    adapter = quiet(bench)
    adapter.authenticate(bench.authentic(b"{}"), NOW)
    forged = bench.forged(b"{}")
    assert forged
    for problem, request in forged.items():
        with subtests.test(problem), pytest.raises(Forged):
            adapter.authenticate(request, NOW)


def test_replay_has_no_second_effect(bench: Bench, fixture: Fixture) -> None:
    """The same delivery again is refused as old, or names itself with the same key."""
    adapter = quiet(bench)
    request = bench.authentic(fixture.body)
    if bench.is_replay_refused:
        with pytest.raises(Forged):
            adapter.authenticate(request, NOW + timedelta(hours=1))
    assert understood(bench, fixture.body) == understood(bench, fixture.body)


def test_fixture_is_understood(bench: Bench, fixture: Fixture, update: bool) -> None:
    """Each payload means what stands beside it; one that means nothing gives a reason and says so in its name."""
    found = understood(bench, fixture.body)
    if update:
        fixture.expected_path.write_text(written(found), encoding="utf-8")
    assert json.loads(fixture.expected_path.read_text(encoding="utf-8")) == found
    if "raises" in found:
        assert fixture.situation.startswith("malformed_")
    else:
        assert fixture.situation.startswith("ignored_") is not bool(found["inbound"])
        assert bool(found["inbound"]) is not bool(found.get("reason"))


def test_what_comes_in_is_well_formed(bench: Bench, fixture: Fixture) -> None:
    """Keys and addresses are never empty, texts neither, instants are aware, a contact who wrote said something."""
    try:
        parsed = quiet(bench).parse(bench.authentic(fixture.body))
    except MalformedPayload:
        return
    assert_well_formed(parsed)


def assert_well_formed(parsed: Parsed) -> None:
    """The promises of the contract about what was parsed."""
    for one in parsed.inbound:
        assert one.delivery_key
        assert one.address
        assert one.at is None or one.at.tzinfo is not None
        if isinstance(one, Wrote):
            assert one.message_key
            assert one.parts or one.entry
            assert all(part.text for part in one.parts if isinstance(part, Text))
    assert parsed.inbound or parsed.reason


@given(body=st.binary(max_size=400))
def test_any_bytes_are_answered(bench: Bench, body: bytes) -> None:
    """Noise is malformed, or means something; nothing else can happen."""
    understood(bench, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3),
    max_leaves=8,
)


@given(data=st.data())
def test_mutated_payloads_are_answered(bench: Bench, fixture: Fixture, data: st.DataObject) -> None:
    """A payload in which anything was replaced or removed is malformed, or means something well formed."""
    try:
        plain = json.loads(fixture.body)
    except ValueError:
        return
    body = json.dumps(mutated(plain, data)).encode()
    try:
        parsed = quiet(bench).parse(bench.authentic(body))
    except MalformedPayload:
        return
    assert_well_formed(parsed)


def mutated(plain: Any, data: st.DataObject) -> Any:
    """A JSON value with one place in it replaced or left out."""
    if isinstance(plain, dict) and plain and data.draw(st.integers(0, 4)):
        key = data.draw(st.sampled_from(sorted(plain)))
        rest = {name: value for name, value in plain.items() if name != key}
        return rest if data.draw(st.integers(0, 4)) == 0 else rest | {key: mutated(plain[key], data)}
    if isinstance(plain, list) and plain and data.draw(st.integers(0, 4)):
        index = data.draw(st.integers(0, len(plain) - 1))
        return [*plain[:index], mutated(plain[index], data), *plain[index + 1 :]]
    return data.draw(JSON)


# --- going out ---


@pytest.mark.parametrize(
    "part", PARTS, ids=lambda part: getattr(getattr(part, "kind", None), "value", type(part).__name__)
)
async def test_every_part_arrives_or_is_named(bench: Bench, part: Part) -> None:
    """A part of any type reaches the contact, or the agent is told that it did not; what is around it arrives."""
    async with bench.stage() as stage:
        delivered = await stage.adapter.deliver(outbound(stage.address, Text(text="before"), part, Text(text="after")))
        seen = "\n".join(stage.texts())
        assert "before" in seen
        assert "after" in seen
        assert len(delivered.keys) == stage.arrived() > 0
        if isinstance(part, Unknown):
            assert any(part.kind in word for word in delivered.lost)
        elif isinstance(part, Media) and not carried(part, stage.adapter.capabilities()):
            assert any(part.name in word for word in delivered.lost)
        else:
            assert delivered.lost == ()
        if isinstance(part, Text):
            assert part.text in seen


def carried(part: Media, can: Capabilities) -> bool:
    """Whether a channel says that it takes files of this kind and type, as themselves or as something else."""
    instead = {MediaKind.STICKER: {MediaKind.IMAGE, MediaKind.FILE}}.get(part.kind, {MediaKind.FILE})
    kinds = {kind.value for kind in (part.kind, *instead)}
    return bool(kinds & can.media_kinds) and (not can.media_types or part.mime in can.media_types)


def test_every_part_type_is_tried() -> None:
    """No part type of the message model is missing above."""
    assert {type(part) for part in PARTS} == set(get_args(Part))
    assert {part.kind for part in PARTS if isinstance(part, Media)} == set(MediaKind)


async def pieces_of(bench: Bench, text: str) -> list[str]:
    """What the contact receives of a text; nothing but space is missing, and no piece is too long."""
    async with bench.stage() as stage:
        await stage.adapter.deliver(outbound(stage.address, Text(text=text)))
        limits, pieces = stage.adapter.capabilities(), list(stage.texts())
    assert "".join("".join(pieces).split()) == "".join(text.split())
    # What goes to the contact's own connection need not be split.
    assert limits.is_pushed or all(0 < len(piece) <= limits.text_limit for piece in pieces)
    return pieces


@pytest.mark.parametrize("sentence", ["签证材料。", "a word and ", "<&>", "无空格无标点", "x\n\n", "Dr. Who? 3.14! "])
async def test_long_texts_are_split(bench: Bench, sentence: str) -> None:
    """A text of any length arrives in pieces within the limit, with nothing but space missing."""
    limit = quiet(bench).capabilities().text_limit
    await pieces_of(bench, sentence * (limit * 2 // len(sentence) + 3))


@pytest.mark.parametrize("character", ["👩‍👩‍👧‍👦", "🇯🇵", "e\u0301", "\U0001f44d\U0001f3fd", "각", "1️⃣"])
async def test_characters_stay_whole(bench: Bench, character: str) -> None:
    """What a reader sees as one character is in one piece."""
    limit = quiet(bench).capabilities().text_limit
    for piece in await pieces_of(bench, character * (limit * 2 // len(character) + 3)):
        assert piece == character * (len(piece) // len(character))


async def test_nothing_to_say_is_refused_or_arrives(bench: Bench) -> None:
    """A message without words is rejected for certain, never an unexplained success."""
    async with bench.stage() as stage:
        if stage.adapter.capabilities().is_pushed:
            return
        with pytest.raises(Rejected):
            await stage.adapter.deliver(outbound(stage.address, Text(text=" \n")))
        assert stage.arrived() == 0


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
async def test_each_answer_is_judged(bench: Bench, fault: Fault) -> None:
    """Each way to fail becomes its own error, and says rightly whether to try again and whether nothing arrived."""
    if fault not in bench.answers:
        assert not bench.answers, "all faults, or none"
        return
    async with bench.stage() as stage:
        unlucky = stage.expect(fault)
        with pytest.raises(DeliveryError) as caught:
            await unlucky.deliver(outbound(stage.address, Text(text="hello")))
        assert type(caught.value).__mro__[:2] != (DeliveryError,)
        assert isinstance(caught.value, EXPECTED[fault])
        if isinstance(caught.value, Throttled):
            assert caught.value.wait == timedelta(seconds=THROTTLED_FOR)
        assert isinstance(await stage.adapter.deliver(outbound(stage.address, Text(text="again"))), Delivered)


async def test_pushes_meet_no_platform(bench: Bench) -> None:
    """Only a channel that is pushed may say that no fault can happen to it."""
    assert bool(bench.answers) is not quiet(bench).capabilities().is_pushed
    assert bench.answers in (frozenset(), frozenset(Fault))


async def test_secrets_stay_secret(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """No log line of any library, no error in any form shows a secret, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    attempts: tuple[Callable[[Adapter, str], Any], ...] = (
        lambda adapter, address: adapter.deliver(outbound(address, *PARTS)),
        lambda adapter, _: adapter.acknowledge("ack"),
        lambda adapter, address: adapter.show_typing(address),
        lambda adapter, _: adapter.fetch(Media(kind=MediaKind.IMAGE, ref="unknown")),
        lambda adapter, _: adapter.prepare("https://gateway.example/hooks/inbox"),
    )
    for fault in (None, *sorted(bench.answers, key=lambda fault: fault.name)):
        async with bench.stage() as stage:
            for attempt in attempts:
                adapter = stage.adapter if fault is None else stage.expect(fault)
                try:
                    await attempt(adapter, stage.address)
                except DeliveryError as error:
                    told += (str(error), repr(error), *traceback.format_exception(error))
    for request in (bench.authentic(b"{"), *bench.forged(b"{}").values()):
        try:
            quiet(bench).authenticate(request, NOW)
            quiet(bench).parse(request)
        except (Forged, MalformedPayload) as error:
            told += (str(error), repr(error))
    everything = "\n".join((*told, caplog.text, *(repr(vars(record)) for record in caplog.records)))
    assert [secret for secret in bench.secrets() if secret in everything] == []
