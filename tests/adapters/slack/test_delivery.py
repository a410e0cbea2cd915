"""What we say arrives as it should look there, and what becomes of it is known."""

import base64
import json
from dataclasses import replace

import aiohttp
import pytest

from adapters.contract import Amendment, Outbound
from adapters.errors import (
    Ambiguous,
    ChannelBroken,
    ContactUnreachable,
    DeliveryError,
    NotConnected,
    Rejected,
    Throttled,
)
from adapters.progress import Progress
from adapters.secret import Secret
from adapters.slack.adapter import SlackAdapter
from adapters.slack.fake_platform.workspace import BOT_USER, TEAM, seen
from adapters.slack.plan import VALUE_LIMIT
from router.ids import InboxId, MessageId
from router.message import Choices, ContactCard, Link, Location, Media, MediaKind, Option, Part, Text
from tests.adapters.bench import pure_tools
from tests.adapters.slack.bench import ADDRESS, DIRECT, TOKEN, USER, SlackStage, settings
from tests.fakes.platforms.slack import Answer, Fault, Hang, Reset, Truly, error, html, throttle

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURE = Media(kind=MediaKind.IMAGE, mime="image/png", name="护照.png")


def outbound(*parts: Part, address: str = ADDRESS, progress: Progress | None = None) -> Outbound:
    """A message whose files are all the same picture."""
    files = {index: PNG for index, part in enumerate(parts) if isinstance(part, Media)}
    return Outbound(
        message=MessageId("msg_1"), address=address, parts=parts, files=files, progress=progress or Progress()
    )


def choices(count: int, label: str = "选项") -> Choices:
    """So many buttons."""
    return Choices(options=tuple(Option(value=f"v{n}", label=f"{label}{n}") for n in range(count)))


async def test_a_text_in_a_direct_chat(on_stage: SlackStage) -> None:
    """A text to a person's address appears in the direct chat; its key is channel and time stamp."""
    delivered = await on_stage.adapter.deliver(outbound(Text(text="您好 <b> & @here")))
    (message,) = on_stage.platform.sent(DIRECT)
    assert seen(message["text"]) == "您好 <b> & @here"
    assert delivered.keys == (f"{DIRECT}:{message['ts']}",)
    assert "thread_ts" not in message


async def test_an_answer_in_a_thread(on_stage: SlackStage) -> None:
    """A text and a file to a thread's address appear in that thread and nowhere else."""
    on_stage.platform.channel("C0HELP")
    (event, _) = await on_stage.platform.write(USER, f"<@{BOT_USER}> help", channel="C0HELP", is_held=True)
    root = event["event"]["ts"]
    await on_stage.adapter.deliver(outbound(Text(text="here"), PICTURE, address=f"{TEAM}:C0HELP:{root}"))
    assert [message["thread_ts"] for message in on_stage.platform.sent("C0HELP")] == [root, root]
    assert on_stage.arrived() == 0


async def test_a_file_takes_three_calls(on_stage: SlackStage) -> None:
    """A place is asked for, the bytes are brought there, and the file is shown with what is said of it."""
    delivered = await on_stage.adapter.deliver(outbound(PICTURE, Text(text="your form")))
    assert on_stage.platform.calls == [
        "conversations.open", "files.getUploadURLExternal", "upload", "files.completeUploadExternal",
    ]  # fmt: skip
    (message,) = on_stage.platform.sent(DIRECT)
    assert (message["text"], message["files"][0]["name"]) == ("your form", "护照.png")
    stored = on_stage.platform.workspace.files[message["files"][0]["id"]]
    assert stored.data == PNG
    assert delivered.keys == (f"{DIRECT}:{stored.file}",)


async def test_a_file_alone_says_nothing(on_stage: SlackStage) -> None:
    """A message of only a file sends no empty text beside it."""
    await on_stage.adapter.deliver(outbound(PICTURE))
    assert "chat.postMessage" not in on_stage.platform.calls
    assert on_stage.arrived() == 1


async def test_the_direct_channel_is_asked_for_once(on_stage: SlackStage) -> None:
    """Which channel a person's is does not change: the second file does not ask again."""
    await on_stage.adapter.deliver(outbound(PICTURE))
    await on_stage.adapter.deliver(outbound(PICTURE))
    assert on_stage.platform.calls.count("conversations.open") == 1


async def test_buttons_stand_below_their_text(on_stage: SlackStage) -> None:
    """Up to a hundred buttons, in rows of 25, with the text in the blocks and as what a notification shows."""
    await on_stage.adapter.deliver(outbound(Text(text="Choose & go"), choices(60)))
    (message,) = on_stage.platform.sent(DIRECT)
    section, *rows = message["blocks"]
    assert section["text"]["text"] == message["text"] == "Choose &amp; go"
    assert [len(row["elements"]) for row in rows] == [25, 25, 10]
    assert [one["value"] for row in rows for one in row["elements"]] == [f"v{n}" for n in range(60)]


async def test_buttons_below_a_long_text_or_a_file(on_stage: SlackStage) -> None:
    """Where text and buttons do not fit into one message, or a file has none, the buttons come in one of their own."""
    await on_stage.adapter.deliver(outbound(Text(text="x" * 3_500), choices(2)))
    await on_stage.adapter.deliver(outbound(PICTURE, choices(2)))
    assert [bool(message.get("blocks")) for message in on_stage.platform.sent(DIRECT)] == [False, True, False, True]


async def test_a_long_label_is_shortened_and_named(on_stage: SlackStage) -> None:
    """A button's label has 75 characters there: a longer one is cut, and the agent is told."""
    delivered = await on_stage.adapter.deliver(outbound(Text(text="?"), choices(1, "长" * 80)))
    (message,) = on_stage.platform.sent(DIRECT)
    assert message["blocks"][1]["elements"][0]["text"]["text"] == "长" * 74 + "…"
    assert "75" in delivered.lost[0]


@pytest.mark.parametrize("value", ["", "x" * (VALUE_LIMIT + 1)])
async def test_a_value_that_cannot_come_back_is_refused(on_stage: SlackStage, value: str) -> None:
    """A shortened value would be another choice: nothing is sent at all."""
    with pytest.raises(Rejected):
        await on_stage.adapter.deliver(outbound(Text(text="?"), Choices(options=(Option(value=value, label="x"),))))
    assert on_stage.platform.calls == []


async def test_things_without_a_form_go_in_words(on_stage: SlackStage) -> None:
    """Places and cards are words, a page is a link."""
    place = Location(latitude=35.68, longitude=139.76, label="Tokyo Station")
    await on_stage.adapter.deliver(
        outbound(place, ContactCard(name="李娜", phone="+86"), Link(url="https://a.example", title="Visa"))
    )
    (message,) = on_stage.platform.sent(DIRECT)
    assert "Tokyo Station" in message["text"]
    assert "李娜 +86" in message["text"]
    assert "<https://a.example|Visa>" in message["text"]


# --- when it goes wrong ---


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (step, fault)
        for step in ("conversations.open", "files.getUploadURLExternal", "upload")
        for fault in (Hang(), Reset(), html(502), error("internal_error"))
        if (step, fault) != ("upload", error("internal_error"))  # the upload's answer has no code
    ],
    ids=lambda one: one if isinstance(one, str) else type(one).__name__,
)
async def test_a_file_that_nobody_saw_may_be_sent_again(on_stage: SlackStage, step: str, fault: Fault) -> None:
    """Before its last call nobody sees a file: whatever went wrong, it has certainly not arrived."""
    on_stage.platform.script(step, fault)
    adapter = on_stage.impatient if isinstance(fault, Hang) else on_stage.adapter
    with pytest.raises(NotConnected):
        await adapter.deliver(outbound(PICTURE))
    assert on_stage.arrived() == 0
    await on_stage.adapter.deliver(outbound(PICTURE))
    assert on_stage.arrived() == 1


@pytest.mark.parametrize("fault", [Hang(is_taken=True), Reset(is_taken=True), html(502), error("fatal_error")],
                         ids=lambda f: type(f).__name__)  # fmt: skip
@pytest.mark.parametrize("part", [Text(text="hello"), PICTURE], ids=lambda part: type(part).__name__)
async def test_what_may_have_arrived_is_not_certain(on_stage: SlackStage, part: Part, fault: Fault) -> None:
    """A call that shows something, and whose answer never came or says "perhaps", is ambiguous."""
    method = "chat.postMessage" if isinstance(part, Text) else "files.completeUploadExternal"
    on_stage.platform.script(method, fault)
    adapter = on_stage.impatient if isinstance(fault, Hang) else on_stage.adapter
    with pytest.raises(Ambiguous):
        await adapter.deliver(outbound(part))


async def test_200_and_ratelimited_is_back_pressure(on_stage: SlackStage) -> None:
    """Some paths say "slow down" with 200 and a code; nobody sleeps here, the outbox decides."""
    on_stage.platform.script("chat.postMessage", error("ratelimited"), throttle(12))
    for wait in (10, 12):
        with pytest.raises(Throttled) as caught:
            await on_stage.adapter.deliver(outbound(Text(text="hello")))
        assert caught.value.wait.total_seconds() == wait
    assert on_stage.platform.calls == ["chat.postMessage"] * 2


async def test_it_goes_on_behind_the_piece_that_failed(on_stage: SlackStage) -> None:
    """Half of a message is sent, then 429: the next attempt sends the other half only."""
    on_stage.platform.script("chat.postMessage", Truly(), throttle(1))
    text = Text(text="a" * 3_900 + "\n\n" + "b" * 300)
    with pytest.raises(Throttled) as caught:
        await on_stage.adapter.deliver(outbound(text))
    assert caught.value.progress.has_arrived
    delivered = await on_stage.adapter.deliver(outbound(text, progress=caught.value.progress))
    assert [message["text"][0] for message in on_stage.platform.sent(DIRECT)] == ["a", "b"]
    assert len(delivered.keys) == 2


async def test_a_refused_piece_is_named_and_the_rest_arrives(on_stage: SlackStage) -> None:
    """One file of two is refused for good: the other one arrives, and the agent is told."""
    on_stage.platform.script("files.completeUploadExternal", error("file_type_not_allowed"))
    delivered = await on_stage.adapter.deliver(outbound(PICTURE, PICTURE))
    assert on_stage.arrived() == 1
    assert delivered.keys[0] == ""
    assert "file_type_not_allowed" in delivered.lost[0]


@pytest.mark.parametrize(
    ("address", "kind"),
    [(f"{TEAM}:U0NOBODY", ContactUnreachable), (f"{TEAM}:C0NONE:1.2", ContactUnreachable), (TEAM, ContactUnreachable)],
)
async def test_nobody_there(on_stage: SlackStage, address: str, kind: type[DeliveryError]) -> None:
    """An address that leads nowhere is the contact's, not the inbox's, trouble."""
    with pytest.raises(kind):
        await on_stage.adapter.deliver(outbound(Text(text="hello"), address=address))


async def test_a_closed_channel(on_stage: SlackStage) -> None:
    """An archived channel takes nothing more."""
    on_stage.platform.channel("C0OLD").is_archived = True
    with pytest.raises(ContactUnreachable) as caught:
        await on_stage.adapter.deliver(outbound(Text(text="hello"), address=f"{TEAM}:C0OLD:1.2"))
    assert caught.value.reason == "is_archived"


async def test_a_workspace_without_a_token(on_stage: SlackStage) -> None:
    """Who has not installed the app cannot be written to, and the administrator reads why."""
    bare = replace(settings(f"{on_stage.platform.address}/api"), bot_token=Secret(""))
    adapter = SlackAdapter(InboxId("sl"), bare, pure_tools())
    with pytest.raises(ChannelBroken) as caught:
        await adapter.deliver(outbound(Text(text="hello")))
    assert caught.value.reason == "not_installed"


# --- editing ---


async def test_an_answer_is_edited_in_place(on_stage: SlackStage) -> None:
    """Other words take the place of the first ones, as often as one likes."""
    sent = await on_stage.adapter.deliver(outbound(Text(text="Monday"), choices(2)))
    assert isinstance(on_stage.adapter, SlackAdapter)
    for _ in range(2):
        words = Amendment(message=MessageId("msg_1"), address=ADDRESS, keys=sent.keys, parts=(Text(text="Tuesday"),))
        await on_stage.adapter.edit(words)
    (message,) = on_stage.platform.sent(DIRECT)
    assert (message["text"], message["blocks"]) == ("Tuesday", [])


async def test_an_edit_that_does_not_fit_is_refused(on_stage: SlackStage) -> None:
    """Words that would be two messages instead of one, or a file, are refused before anything is sent."""
    sent = await on_stage.adapter.deliver(outbound(Text(text="Monday")))
    assert isinstance(on_stage.adapter, SlackAdapter)
    for part in (Text(text="x" * 5_000), PICTURE):
        with pytest.raises(Rejected):
            await on_stage.adapter.edit(
                Amendment(message=MessageId("msg_1"), address=ADDRESS, keys=sent.keys, parts=(part,))
            )
    assert "chat.update" not in on_stage.platform.calls


# --- files that contacts share ---


async def shared(on_stage: SlackStage, mime: str = "image/png") -> Media:
    """A file of the contact's, as it was parsed."""
    (event,) = await on_stage.platform.share(USER, PNG, mime, "passport.png")
    return Media(kind=MediaKind.IMAGE, ref=f"{TEAM}:{event['event']['files'][0]['id']}", mime=mime, name="passport.png")


async def test_a_shared_file_is_fetched(on_stage: SlackStage) -> None:
    """The bytes come with the token of the workspace they were shared in."""
    fetched = await on_stage.adapter.fetch(await shared(on_stage))
    assert (fetched.data, fetched.mime, fetched.name) == (PNG, "image/png", "passport.png")


async def test_a_login_page_is_no_picture(on_stage: SlackStage) -> None:
    """Without files:read the platform gives its login page with 200: that is a missing scope, not a file."""
    media = await shared(on_stage)
    on_stage.platform.scopes -= {"files:read"}
    with pytest.raises(ChannelBroken):
        await on_stage.adapter.fetch(media)
    described = {"id": "F1", "url_private": f"{on_stage.platform.address}/files-pri/{media.ref[-9:]}/x"}
    on_stage.platform.script("files.info", truth({"ok": True, "file": described}))
    with pytest.raises(ChannelBroken) as caught:
        await on_stage.adapter.fetch(media)
    assert "files:read" in caught.value.detail


def truth(answer: dict[str, object]) -> Answer:
    """A literal success."""
    return Answer(200, json.dumps(answer).encode())


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        "http://files.slack.com/x",
        "https://notslack.com/x",
        "https://slack.com.evil.example/x",
        "",
        5,
    ],
)
async def test_the_token_is_shown_to_the_platform_only(on_stage: SlackStage, address: object) -> None:
    """A file's address outside of the platform is not followed."""
    on_stage.platform.script("files.info", truth({"ok": True, "file": {"url_private_download": address}}))
    with pytest.raises(Rejected):
        await on_stage.adapter.fetch(await shared(on_stage))


async def test_a_deleted_file_is_gone(on_stage: SlackStage) -> None:
    """What the platform no longer has never comes."""
    with pytest.raises(Rejected):
        await on_stage.adapter.fetch(Media(kind=MediaKind.IMAGE, ref=f"{TEAM}:F0NONE"))


async def test_one_session_serves_all_calls(on_stage: SlackStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library, left to itself, opens a session per call: here it has none to open."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a session of its own")

    monkeypatch.setattr(aiohttp, "ClientSession", refuse)
    await on_stage.adapter.deliver(outbound(Text(text="one"), PICTURE))
    await on_stage.adapter.fetch(await shared(on_stage))
    assert TOKEN not in repr(on_stage.adapter.__dict__)
