"""What leaves: how messages become calls, and what is said when not all of them succeed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.contract import Amendment, Editing, Outbound
from adapters.errors import Ambiguous, ChannelBroken, ContactUnreachable, DeliveryError, Moved, Rejected, Throttled
from adapters.telegram.plan import CAPTION_LIMIT, NAMED, PHOTO_LIMIT, UPLOAD_LIMIT, Form, Say, Upload, plan
from router.ids import MessageId
from router.message import Choices, ContactCard, Location, Media, MediaKind, Option, Part, Text, Unknown, option_named
from tests.adapters.telegram.bench import CONTACT, TelegramStage
from tests.fakes.platforms.telegram import Answer, Reset, Truly, error, throttle

IMAGE = Media(kind=MediaKind.IMAGE, mime="image/png", name="页.png")


def message(*parts: Part, data: bytes = b"bytes", reply_to: str = "", address: str = str(CONTACT)) -> Outbound:
    """A message to the contact; all its files have the same bytes."""
    files = {index: data for index, part in enumerate(parts) if isinstance(part, Media)}
    return Outbound(message=MessageId("msg_1"), address=address, parts=parts, files=files, reply_to=reply_to)


def buttons(*values: str) -> Choices:
    """Choices with these values."""
    return Choices(options=tuple(Option(value=value, label=value.upper()) for value in values))


# --- the plan ---


@pytest.mark.parametrize(
    ("kind", "mime", "size", "form"),
    [
        (MediaKind.IMAGE, "image/jpeg", 1, Form.PHOTO),
        (MediaKind.IMAGE, "image/jpeg", PHOTO_LIMIT, Form.PHOTO),
        (MediaKind.IMAGE, "image/jpeg", PHOTO_LIMIT + 1, Form.DOCUMENT),
        (MediaKind.IMAGE, "image/gif", 1, Form.ANIMATION),
        (MediaKind.IMAGE, "image/svg+xml", 1, Form.DOCUMENT),
        (MediaKind.IMAGE, "", 1, Form.PHOTO),
        (MediaKind.VOICE, "audio/ogg", 1, Form.VOICE),
        (MediaKind.VIDEO, "video/mp4", 1, Form.VIDEO),
        (MediaKind.FILE, "application/pdf", 1, Form.DOCUMENT),
        (MediaKind.FILE, "image/png", 1, Form.DOCUMENT),
        (MediaKind.STICKER, "image/webp", 1, Form.STICKER),
        (MediaKind.STICKER, "image/png", 1, Form.PHOTO),
        (MediaKind.STICKER, "image/gif", 1, Form.ANIMATION),
    ],
)
def test_a_file_is_sent_in_its_form(kind: MediaKind, mime: str, size: int, form: Form) -> None:
    """Kind, type and size decide; what the platform would not show as a picture goes as a file."""
    (step,) = plan(message(Media(kind=kind, mime=mime), data=b"x" * size)).steps
    assert isinstance(step, Upload)
    assert step.form is form


@pytest.mark.parametrize(
    ("parts", "data", "words"),
    [
        ((IMAGE,), b"", "empty"),
        ((IMAGE,), b"x" * (UPLOAD_LIMIT + 1), "larger than 50 MB"),
        ((Text(text=" \n\t"),), b"", "empty"),
        ((), b"", "empty"),
        ((Choices(options=()),), b"", "empty"),
    ],
)
def test_what_cannot_be_sent_is_rejected(parts: Sequence[Part], data: bytes, words: str) -> None:
    """When nothing is left to send the agent reads why."""
    with pytest.raises(Rejected) as caught:
        plan(message(*parts, data=data))
    assert words in caught.value.detail


def test_a_missing_file_is_named_and_the_rest_is_sent() -> None:
    """Words arrive even when the file beside them is gone."""
    made = plan(Outbound(message=MessageId("m"), address="7", parts=(IMAGE, Text(text="见图"))))
    assert len(made.steps) == 1
    assert made.lost == ("image: the file is missing",)


def test_a_value_that_cannot_come_back_is_rejected() -> None:
    """A button without a value would say nothing when it is pressed."""
    with pytest.raises(Rejected, match="no value"):
        plan(message(Text(text="?"), Choices(options=(Option(value="", label="label"),))))


@pytest.mark.parametrize("value", ["x" * 65, "签" * 22, f"{NAMED}msg_1/0"])
def test_a_long_value_travels_as_a_token(value: str) -> None:
    """Above 64 bytes a button carries the name of its option, which leads back to the value in the stored message."""
    short, long = Option(value="x" * 64, label="short"), Option(value=value, label="long")
    sent = message(Text(text="?"), Choices(options=(short,)), Choices(options=(long,)))
    first, second = (step.options[0].value for step in plan(sent).steps)
    assert first == short.value
    assert len(second.encode()) <= 64
    assert option_named(second.removeprefix(NAMED), sent.message, sent.parts) == long


def test_too_many_buttons_become_lines() -> None:
    """The platform takes 100; more are read as numbered lines, and the answer is a word."""
    (step,) = plan(message(Text(text="?"), buttons(*map(str, range(100))))).steps
    assert len(step.options) == 100
    (step,) = plan(message(Text(text="?"), buttons(*map(str, range(101))))).steps
    assert isinstance(step, Say)
    assert step.options == ()
    assert step.html.endswith("101. 100")


# --- what arrives ---


async def test_words_after_a_file_are_its_caption(on_stage: TelegramStage) -> None:
    """A text that directly follows a file is sent with it, in one message."""
    delivered = await on_stage.adapter.deliver(message(IMAGE, Text(text="<这是> & 说明")))
    (sent,) = on_stage.platform.sent(CONTACT)
    assert sent["caption"] == "<这是> & 说明"
    assert delivered.keys == (f"{CONTACT}:{sent['message_id']}",)


async def test_a_long_caption_is_a_text(on_stage: TelegramStage) -> None:
    """Above 1,024 characters the words follow in a message of their own."""
    await on_stage.adapter.deliver(message(IMAGE, Text(text="长" * (CAPTION_LIMIT + 1))))
    photo, text = on_stage.platform.sent(CONTACT)
    assert "caption" not in photo
    assert len(text["text"]) == CAPTION_LIMIT + 1


async def test_a_file_arrives_with_its_bytes_and_name(on_stage: TelegramStage) -> None:
    """What was uploaded is what the contact can open."""
    part = Media(kind=MediaKind.FILE, mime="application/pdf", name="在职证明.pdf")
    await on_stage.adapter.deliver(message(part, data=b"%PDF"))
    (sent,) = on_stage.platform.sent(CONTACT)
    assert sent["document"]["file_name"] == "在职证明.pdf"
    assert on_stage.platform.chats.files[sent["document"]["file_id"]].data == b"%PDF"


async def test_buttons_stand_under_the_last_words(on_stage: TelegramStage) -> None:
    """One keyboard, one button a row, values untouched."""
    await on_stage.adapter.deliver(message(Text(text="去哪里？"), buttons("jp", "kr")))
    (sent,) = on_stage.platform.sent(CONTACT)
    rows = sent["reply_markup"]["inline_keyboard"]
    assert rows == [[{"text": "JP", "callback_data": "jp"}], [{"text": "KR", "callback_data": "kr"}]]


async def test_buttons_alone_have_something_to_stand_under(on_stage: TelegramStage) -> None:
    """The platform has no message of only buttons."""
    await on_stage.adapter.deliver(message(buttons("jp")))
    (sent,) = on_stage.platform.sent(CONTACT)
    assert sent["text"]
    assert sent["reply_markup"]


async def test_buttons_of_a_long_text_stand_under_its_end(on_stage: TelegramStage) -> None:
    """Only the last piece has them."""
    await on_stage.adapter.deliver(message(Text(text="x " * 4000), buttons("jp")))
    assert ["reply_markup" in sent for sent in on_stage.platform.sent(CONTACT)] == [False, True]


async def test_a_place_without_a_name_is_a_pin(on_stage: TelegramStage) -> None:
    """With a name it is a venue; a card without a number is words."""
    place = Location(latitude=1.5, longitude=2.5)
    await on_stage.adapter.deliver(message(place, ContactCard(name="李娜", email="li@shop.example")))
    pin, card = on_stage.platform.sent(CONTACT)
    assert pin["location"] == {"latitude": 1.5, "longitude": 2.5}
    assert "venue" not in pin
    assert card["text"] == "李娜 li@shop.example"


async def test_typing_is_shown_until_something_is_said(on_stage: TelegramStage) -> None:
    """The sign goes when the message comes; a contact who is gone makes no error of it."""
    chat = on_stage.platform.contact(CONTACT, "王芳")
    await on_stage.adapter.show_typing(str(CONTACT))
    states = [chat.is_typing]
    await on_stage.adapter.deliver(message(Text(text="好")))
    assert [*states, chat.is_typing] == [True, False]
    await on_stage.adapter.show_typing("404")


async def test_a_press_is_acknowledged(on_stage: TelegramStage) -> None:
    """The spinner stops; a press that the platform no longer knows is rejected."""
    await on_stage.adapter.deliver(message(Text(text="?"), buttons("jp")))
    update = await on_stage.platform.press(CONTACT, on_stage.platform.sent(CONTACT)[0]["message_id"], "jp")
    press = update["callback_query"]["id"]
    await on_stage.adapter.acknowledge(press)
    assert on_stage.platform.chats.acknowledged == {press: True}
    with pytest.raises(Rejected):
        await on_stage.adapter.acknowledge("press-404")


# --- when it goes wrong ---


@pytest.mark.parametrize("address", ["404", "no-number", "@name", ""])
async def test_an_unknown_address_is_unreachable(on_stage: TelegramStage, address: str) -> None:
    """The platform knows no such chat."""
    with pytest.raises(ContactUnreachable):
        await on_stage.adapter.deliver(message(Text(text="?"), address=address))


async def test_a_contact_who_blocked_us_is_unreachable(on_stage: TelegramStage) -> None:
    """Blocking is certain; unblocking lets messages through again."""
    await on_stage.platform.block(CONTACT)
    with pytest.raises(ContactUnreachable):
        await on_stage.adapter.deliver(message(Text(text="?")))
    await on_stage.platform.block(CONTACT, is_blocked=False)
    await on_stage.adapter.deliver(message(Text(text="!")))
    assert on_stage.texts() == ["!"]


async def test_a_taken_message_without_an_answer_is_ambiguous(on_stage: TelegramStage) -> None:
    """It did arrive: had we sent it again, the contact would have it twice."""
    on_stage.platform.script("sendMessage", Reset(is_taken=True))
    with pytest.raises(Ambiguous) as caught:
        await on_stage.adapter.deliver(message(Text(text="once")))
    assert not caught.value.is_retryable
    assert not caught.value.is_certain
    assert on_stage.texts() == ["once"]
    assert on_stage.platform.calls == ["sendMessage"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (throttle(3), Throttled),
        (Answer(502, b""), Ambiguous),
        (Reset(), Ambiguous),
        (error(403, "Forbidden: bot was blocked"), ContactUnreachable),
    ],
)
async def test_a_message_goes_on_where_it_stopped(
    on_stage: TelegramStage, fault: Answer | Reset, kind: type[DeliveryError]
) -> None:
    """When a later piece fails, the error carries what arrived; another attempt sends the rest and nothing else."""
    on_stage.platform.script("sendMessage", Truly(), fault)
    whole = message(IMAGE, Text(text="x " * 4000), Unknown(kind="hologram"))
    with pytest.raises(kind) as caught:
        await on_stage.adapter.deliver(whole)
    progress = caught.value.progress
    photo, text = on_stage.platform.sent(CONTACT)
    assert progress.keys == tuple(f"{CONTACT}:{sent['message_id']}" for sent in (photo, text))
    delivered = await on_stage.adapter.deliver(replace(whole, progress=progress))
    assert delivered.keys[:2] == progress.keys
    assert delivered.lost == ("hologram: this channel cannot send it",)
    assert len(on_stage.texts()) == 2
    assert on_stage.arrived() == len(delivered.keys) == 3


async def test_an_edit_replaces_the_words(on_stage: TelegramStage) -> None:
    """Texts, captions and buttons get their new words, in the messages that the contact has; twice changes nothing."""
    adapter = on_stage.adapter
    assert isinstance(adapter, Editing)
    pin = Location(latitude=1, longitude=2)
    said = message(IMAGE, Text(text="五百"), pin, Text(text="x " * 3000), buttons("jp"))
    keys = (await on_stage.adapter.deliver(said)).keys
    amendment = Amendment(
        message=said.message,
        address=said.address,
        keys=keys,
        parts=(IMAGE, Text(text="六百"), pin, Text(text="y " * 3000), buttons("kr")),
    )
    for _ in range(2):
        assert (await adapter.edit(amendment)).keys == keys
    assert " ".join(on_stage.texts()).split() == ["六百", *["y"] * 3000]
    assert on_stage.platform.sent(CONTACT)[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "kr"
    with pytest.raises(Rejected, match="another number"):
        await adapter.edit(replace(amendment, parts=(Text(text="short"),)))


async def test_a_refused_piece_is_named_and_the_others_arrive(on_stage: TelegramStage) -> None:
    """A picture that the platform will not take does not keep the words from the contact."""
    on_stage.platform.script("sendPhoto", error(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    delivered = await on_stage.adapter.deliver(message(Text(text="见图"), IMAGE))
    assert on_stage.texts() == ["见图"]
    assert [bool(key) for key in delivered.keys] == [True, False]
    (lost,) = delivered.lost
    assert "photo" in lost
    assert "PHOTO_INVALID_DIMENSIONS" in lost


async def test_throttling_before_anything_arrived_may_be_repeated(on_stage: TelegramStage) -> None:
    """The first piece was refused for now: nothing has arrived, for certain."""
    on_stage.platform.script("sendMessage", throttle(3))
    with pytest.raises(Throttled) as caught:
        await on_stage.adapter.deliver(message(Text(text="x " * 4000)))
    assert caught.value.is_retryable
    assert caught.value.is_certain


async def test_a_moved_chat_is_followed(on_stage: TelegramStage) -> None:
    """The error carries the new address."""
    on_stage.platform.script(
        "sendMessage", error(400, "Bad Request: group chat was migrated", migrate_to_chat_id=-1001)
    )
    with pytest.raises(Moved) as caught:
        await on_stage.adapter.deliver(message(Text(text="?")))
    assert caught.value.address == "-1001"


async def test_a_redirect_is_not_followed(on_stage: TelegramStage) -> None:
    """The token stays with the server that it was given to."""
    on_stage.platform.script("sendMessage", Answer(302, b"", {"Location": f"{on_stage.platform.address}/elsewhere"}))
    with pytest.raises(ChannelBroken):
        await on_stage.adapter.deliver(message(Text(text="?")))
    assert on_stage.platform.calls == ["sendMessage"]


async def test_an_answer_quotes_what_it_answers(on_stage: TelegramStage) -> None:
    """``reply_to`` reaches the platform with the first piece, and does not fail when the quoted message is gone."""
    update = await on_stage.platform.write(CONTACT, "多少钱？")
    key = f"{CONTACT}:{update['message']['message_id']}"
    await on_stage.adapter.deliver(message(Text(text="500"), reply_to=key))
    await on_stage.adapter.deliver(message(Text(text="600"), reply_to=f"{CONTACT}:404"))
    await on_stage.adapter.deliver(message(Text(text="700"), reply_to=f"{CONTACT}:press:{key.partition(':')[2]}"))
    first, second, third = on_stage.platform.sent(CONTACT)
    assert first["reply_to_message"]["text"] == "多少钱？"
    assert "reply_to_message" not in second
    assert "reply_to_message" not in third


@pytest.mark.parametrize("name", ['a"; filename="b', "a\r\nX-Header: b", "../../etc/passwd", "a\x00b", "材料.pdf"])
async def test_a_file_name_stays_a_file_name(on_stage: TelegramStage, name: str) -> None:
    """No name breaks out of the form that it is sent in."""
    await on_stage.adapter.deliver(message(Media(kind=MediaKind.FILE, name=name)))
    (sent,) = on_stage.platform.sent(CONTACT)
    assert len(sent["document"]["file_name"]) == len(name)
    assert set(sent["document"]["file_name"]) <= set(name) | {"_"}


async def test_a_short_answer_is_an_answer(on_stage: TelegramStage) -> None:
    """A yes with an id is a success, even when the library misses other fields in it."""
    on_stage.platform.script("sendMessage", Answer(200, b'{"ok": true, "result": {"message_id": 77}}'))
    delivered = await on_stage.adapter.deliver(message(Text(text="?")))
    assert delivered.keys == (f"{CONTACT}:77",)


@pytest.mark.parametrize("result", [b"true", b"null", b"{}", b'{"message_id": "x"}', b"[]"])
async def test_a_yes_without_an_id_is_ambiguous(on_stage: TelegramStage, result: bytes) -> None:
    """Something was taken, nobody knows what."""
    on_stage.platform.script("sendMessage", Answer(200, b'{"ok": true, "result": %s}' % result))
    with pytest.raises(Ambiguous):
        await on_stage.adapter.deliver(message(Text(text="?")))


@pytest.mark.parametrize("answer", [b'{"ok": false}', b'{"ok": false, "result": {"message_id": 7}}', b'{"result": {}}'])
async def test_a_success_that_says_no_is_ambiguous(on_stage: TelegramStage, answer: bytes) -> None:
    """A 2xx whose body does not say yes is believed neither way."""
    on_stage.platform.script("sendMessage", Answer(200, answer))
    with pytest.raises(Ambiguous):
        await on_stage.adapter.deliver(message(Text(text="?")))


async def test_messages_sent_at_once_keep_their_ids(on_stage: TelegramStage) -> None:
    """Answers of calls that run side by side are not mixed up."""
    contacts = range(7_000_000, 7_000_020)
    for number in contacts:
        on_stage.platform.contact(number, "x")
        for _ in range(number % 5):
            await on_stage.platform.write(number, "earlier")
    sending = [on_stage.adapter.deliver(message(Text(text="?"), address=str(number))) for number in contacts]
    delivered = await asyncio.gather(*sending)
    assert [one.keys for one in delivered] == [(f"{number}:{number % 5 + 1}",) for number in contacts]
