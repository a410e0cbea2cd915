"""What we say arrives as the platform has it, in as few messages as it takes; tokens; what each code means."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from adapters.errors import (
    Ambiguous,
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    NotConnected,
    Rejected,
    Throttled,
    Whose,
    WindowClosed,
)
from adapters.wechat.fake_platform.followers import Action, Window
from adapters.wechat.refusal import CONFIGURATION, CONTACT, TOKEN, WINDOW, Answer, BadToken, refusal
from router.message import Choices, Link, Media, MediaKind, Option, Text
from tests.adapters.suite import outbound
from tests.adapters.wechat.bench import CONTACT as ADA
from tests.adapters.wechat.bench import WeChatStage
from tests.fakes.platforms.wechat import Answer as Literal
from tests.fakes.platforms.wechat import Fault, Hang, Reset, Truly, errcode

SEND = "message/custom/send"
PICTURE = Media(kind=MediaKind.IMAGE, mime="image/png", name="passport.png")


async def say(stage: WeChatStage, *parts: object) -> None:
    """Send one message."""
    await stage.adapter.deliver(outbound(ADA, *parts))  # type: ignore[arg-type]  # parts of any kind


async def test_words_are_sent_as_they_are(on_stage: WeChatStage) -> None:
    """Chinese is not escaped (the platform would show the escapes), and nothing of it is markup."""
    await say(on_stage, Text(text="您好 \U0001f600 <b>&amp;</b> \\u4f60"))
    assert on_stage.texts() == ["您好 \U0001f600 <b>&amp;</b> \\u4f60"]


async def test_words_are_counted_in_bytes(on_stage: WeChatStage) -> None:
    """682 Chinese characters are one message, 683 are two."""
    await say(on_stage, Text(text="签" * 682))
    assert on_stage.arrived() == 1
    await say(on_stage, Text(text="签" * 683))
    assert on_stage.arrived() == 3


async def test_words_and_links_are_one_message(on_stage: WeChatStage) -> None:
    """Each message is one of few: what can be joined is joined; a link alone is an article."""
    link = Link(url="https://shop.example/visa", title="日本签证")
    await say(on_stage, Text(text="请看"), link, Text(text="谢谢"))
    await say(on_stage, link)
    first, second = on_stage.platform.sent(ADA)
    assert (first["kind"], second["kind"], second["url"]) == ("text", "news", "https://shop.example/visa")
    assert "https://shop.example/visa" in first["text"]


async def test_choices_are_a_menu(on_stage: WeChatStage) -> None:
    """The words before become its head; a tap comes back with the value."""
    await say(
        on_stage,
        Text(text="去哪里？"),
        Choices(options=(Option(value="jp", label="日本"), Option(value="us", label="美国"))),
    )
    (menu,) = on_stage.platform.sent(ADA)
    assert (menu["kind"], menu["text"]) == ("msgmenu", "去哪里？")
    event = await on_stage.platform.tap(ADA, menu["id"], "jp")
    assert (event["bizmsgmenuid"], event["Content"]) == ("jp", "日本")


async def test_an_account_without_menus_gets_words(on_stage: WeChatStage) -> None:
    """Where menus are refused (40200), the choices are numbered lines."""
    on_stage.platform.account.may_send_menus = False
    await say(
        on_stage,
        Text(text="去哪里？"),
        Choices(options=(Option(value="jp", label="日本"), Option(value="us", label="美国"))),
    )
    assert on_stage.texts() == ["去哪里？\n1. 日本\n2. 美国"]


async def test_a_picture_is_put_there_and_sent(on_stage: WeChatStage) -> None:
    """An upload, then a message that refers to it."""
    await say(on_stage, PICTURE)
    (message,) = on_stage.platform.sent(ADA)
    assert on_stage.platform.people.files[message["file"]].data == b"\x89PNG bytes"
    assert on_stage.platform.calls == ["stable_token", "media/upload", SEND]


@pytest.mark.parametrize(
    "fault", [Hang(), Reset(), Literal(502, b""), errcode(-1)], ids=["hang", "reset", "502", "busy"]
)
async def test_an_upload_that_failed_was_seen_by_nobody(on_stage: WeChatStage, fault: object) -> None:
    """What becomes of an upload may always be tried again; what becomes of a message may not."""
    if isinstance(fault, Hang):
        on_stage.adapter = on_stage.impatient
    on_stage.platform.script("media/upload", fault)  # type: ignore[arg-type]  # each is a fault
    with pytest.raises(NotConnected):
        await say(on_stage, PICTURE)
    on_stage.platform.script(SEND, fault)  # type: ignore[arg-type]  # each is a fault
    with pytest.raises(Ambiguous):
        await say(on_stage, PICTURE)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (errcode(45011), Throttled),
        (errcode(45047), WindowClosed),
        (errcode(48001), ChannelBroken),
        (Reset(), Ambiguous),
    ],
    ids=["quota", "window", "broken", "reset"],
)
async def test_what_is_half_sent_goes_on_where_it_stopped(
    on_stage: WeChatStage, fault: Fault, kind: type[DeliveryError]
) -> None:
    """When the third message of four fails, the error says what arrived, and another attempt sends the rest."""
    whole = outbound(ADA, Text(text="签" * 683), PICTURE, Text(text="完"))
    on_stage.platform.script(SEND, Truly(), errcode(87014), fault)
    with pytest.raises(kind) as caught:
        await on_stage.adapter.deliver(whole)
    progress = caught.value.progress
    assert progress.keys == (f"{whole.message}/1", "")
    assert "87014" in progress.lost[0]
    delivered = await on_stage.adapter.deliver(replace(whole, progress=progress))
    assert delivered.keys == (f"{whole.message}/1", "", f"{whole.message}/3", f"{whole.message}/4")
    assert delivered.lost == progress.lost
    assert [message["kind"] for message in on_stage.platform.sent(ADA)] == ["text", "image", "text"]


async def test_refused_after_what_was_refused(on_stage: WeChatStage) -> None:
    """A message of which no piece was ever taken is refused, whatever came between."""
    whole = outbound(ADA, Text(text="签" * 683))
    on_stage.platform.script(SEND, errcode(87014), errcode(45011), errcode(87014))
    with pytest.raises(Throttled) as caught:
        await on_stage.adapter.deliver(whole)
    with pytest.raises(Rejected, match="87014"):
        await on_stage.adapter.deliver(replace(whole, progress=caught.value.progress))


CODES: list[tuple[int, type[DeliveryError]]] = [
    (-1, Ambiguous),
    *((code, BadToken) for code in sorted(TOKEN)),
    *((code, WindowClosed) for code in sorted(WINDOW)),
    *((code, ContactUnreachable) for code in sorted(CONTACT)),
    *((code, ChannelBroken) for code in sorted(CONFIGURATION)),
    (45009, Throttled),
    (45011, Throttled),
    *((code, Rejected) for code in (40007, 40008, 40033, 40200, 44004, 45002, 45008, 47001, 87014, 99999)),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_the_code_decides(code: int, kind: type[DeliveryError]) -> None:
    """Never the words: the same for any of them."""
    for words in ("", "ok", "api unauthorized", "系统繁忙"):
        assert type(refusal(Answer(errcode=code, errmsg=words))).__mro__.index(kind) <= 1


async def test_the_daily_quota_is_waited_for(on_stage: WeChatStage) -> None:
    """A minute for the minute's quota, an hour for the day's."""
    for code, wait in ((45011, timedelta(minutes=1)), (45009, timedelta(hours=1))):
        on_stage.platform.script(SEND, errcode(code))
        with pytest.raises(Throttled) as caught:
            await say(on_stage, Text(text="hi"))
        assert caught.value.wait == wait
        assert caught.value.whose is Whose.INBOX


async def test_windows_as_the_platform_counts_them(on_stage: WeChatStage) -> None:
    """Five after a message, the sixth is refused; three after a click; none two days later."""
    platform = on_stage.platform
    person = platform.people.followers[ADA]
    person.windows = {Action.WROTE: Window(5, platform.clock.now() + timedelta(hours=48))}
    for number in range(5):
        await say(on_stage, Text(text=str(number)))
    with pytest.raises(WindowClosed, match="45047"):
        await say(on_stage, Text(text="6"))
    await platform.event(ADA, "CLICK", EventKey="visa")
    for number in range(3):
        await say(on_stage, Text(text=str(number)))
    with pytest.raises(WindowClosed, match="45047"):
        await say(on_stage, Text(text="4"))
    person.windows.clear()
    with pytest.raises(WindowClosed, match="45015"):
        await say(on_stage, Text(text="late"))
    await platform.event(ADA, "unsubscribe")
    with pytest.raises(DeliveryError):
        await say(on_stage, Text(text="gone"))


# --- the token ---


async def test_one_question_for_the_token(on_stage: WeChatStage) -> None:
    """Twenty messages at once ask for the token once (the library asks twenty times)."""
    await asyncio.gather(*(say(on_stage, Text(text=str(number))) for number in range(20)))
    assert on_stage.platform.calls.count("stable_token") == 1
    assert on_stage.arrived() == 20


async def test_an_expired_token_is_replaced(on_stage: WeChatStage) -> None:
    """A token that the platform no longer takes is asked for again, and the message sent once."""
    await say(on_stage, Text(text="one"))
    on_stage.platform.clock.move(timedelta(hours=3))  # type: ignore[attr-defined]  # the bench's clock
    on_stage.platform.people.followers[ADA].act(Action.WROTE, on_stage.platform.clock.now())
    await say(on_stage, Text(text="two"))
    assert on_stage.texts() == ["one", "two"]
    assert on_stage.platform.calls.count(SEND) == 3


async def test_a_revoked_token_is_forced_once(on_stage: WeChatStage) -> None:
    """When the platform insists on the refused token, another is forced; trap: once, never without end."""
    await say(on_stage, Text(text="one"))
    on_stage.platform.script(SEND, *(errcode(40001) for _ in range(50)))
    with pytest.raises(ChannelBroken):
        await say(on_stage, Text(text="two"))
    assert on_stage.platform.calls.count(SEND) == 3
    assert len(on_stage.platform.tokens.forced) == 1
    with pytest.raises(ChannelBroken):
        await say(on_stage, Text(text="three"))
    assert len(on_stage.platform.tokens.forced) == 1, "not again within half a minute"


async def test_credentials_are_tried_at_start(on_stage: WeChatStage) -> None:
    """Good credentials are granted a token at start; an address that is not allowed is said with what to do."""
    await on_stage.adapter.prepare("https://gateway.example/hooks/oa")
    on_stage.platform.script("stable_token", errcode(40164, "invalid ip 203.0.113.7, not in whitelist"))
    on_stage.platform.tokens.revoke()
    on_stage.platform.script(SEND, errcode(40001))
    with pytest.raises(ChannelBroken, match="allow-list"):
        await say(on_stage, Text(text="hi"))


# --- typing, files ---


async def test_typing_is_shown_and_never_a_trouble(on_stage: WeChatStage) -> None:
    """Shown while the contact has just written; refused later, which is nobody's business."""
    person = on_stage.platform.people.followers[ADA]
    await on_stage.adapter.show_typing(ADA)
    assert person.is_typing(on_stage.platform.clock.now())
    await on_stage.adapter.show_typing(ADA)
    on_stage.platform.clock.move(timedelta(minutes=1))  # type: ignore[attr-defined]  # the bench's clock
    await on_stage.adapter.show_typing(ADA)
    assert not person.is_typing(on_stage.platform.clock.now())


async def test_files_are_fetched(on_stage: WeChatStage) -> None:
    """By their MediaId for three days; a video by the address that it leads to; then by the public address."""
    platform = on_stage.platform
    for kind, mime in (("image", "image/jpeg"), ("voice", "audio/amr"), ("video", "video/mp4")):
        media_id = platform.people.keep(kind, b"bytes of it", mime, "")
        fetched = await on_stage.adapter.fetch(Media(kind=MediaKind(kind), ref=media_id))
        assert fetched.data == b"bytes of it"
    event = await platform.send_picture(ADA, b"a picture")
    picture = Media(kind=MediaKind.IMAGE, ref=f"{event['MediaId']} {event['PicUrl']}")
    platform.clock.move(timedelta(days=4))  # type: ignore[attr-defined]  # the bench's clock
    assert (await on_stage.adapter.fetch(picture)).data == b"a picture"
    with pytest.raises(Rejected):
        await on_stage.adapter.fetch(replace(picture, ref=str(event["MediaId"])))


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/x", "http://169.254.169.254/latest", "file:///etc/passwd", "http://qq.com.evil.example/x", ""],
)
async def test_only_the_platforms_addresses_are_followed(on_stage: WeChatStage, address: str) -> None:
    """Everybody can write an address into a push: only the platform's hosts are asked."""
    with pytest.raises(Rejected):
        await on_stage.adapter.fetch(Media(kind=MediaKind.IMAGE, ref=f" {address}".rstrip(" ") or ""))


async def test_an_error_instead_of_a_file(on_stage: WeChatStage) -> None:
    """The platform says what is wrong with 200 and JSON: it is not taken for the file."""
    with pytest.raises(Rejected, match="40007"):
        await on_stage.adapter.fetch(Media(kind=MediaKind.IMAGE, ref="nothing"))


async def test_the_api_is_held_to_utf8(on_stage: WeChatStage) -> None:
    """Control: the simulated platform refuses escaped words, as the real one does."""
    token = on_stage.platform.tokens.stable(
        {"grant_type": "client_credential", "appid": on_stage.platform.account.app_id,
         "secret": on_stage.platform.account.app_secret}
    )["access_token"]  # fmt: skip
    body = json.dumps({"touser": ADA, "msgtype": "text", "text": {"content": "您好"}})
    async with aiohttp.ClientSession() as session:
        url = f"{on_stage.platform.address}/cgi-bin/{SEND}?access_token={token}"
        async with session.post(url, data=body) as answer:
            assert (await answer.json())["errcode"] == 40033
