"""Groups and topics on the simulated platform: what reaches us, and where our answers go."""

import json

import pytest

from adapters.contract import Left, Outbound, Reacted, Relocated, Wrote
from adapters.errors import ContactUnreachable, Moved, Rejected, Throttled
from adapters.telegram.fake_platform.mailbox import Update
from adapters.telegram.fake_platform.rates import Rates
from adapters.wire import WebhookRequest
from router.ids import MessageId
from router.message import Text
from tests.adapters.telegram.bench import CONTACT, TelegramStage

GROUP = -100_200
TOPIC = 17
URL = "http://127.0.0.1:9/hooks/tg"  # nobody listens there


def said(address: str, text: str = "好") -> Outbound:
    """A text to this address."""
    return Outbound(message=MessageId("msg_1"), address=address, parts=(Text(text=text),))


def understood(on_stage: TelegramStage, update: Update) -> object:
    """What the adapter makes of an update: the one happening, or the reason for none."""
    body = json.dumps(update).encode()
    parsed = on_stage.adapter.parse(WebhookRequest(method="POST", path="", query={}, headers={}, body=body))
    return parsed.inbound[0] if parsed.inbound else parsed.reason


@pytest.fixture
def stage(on_stage: TelegramStage) -> TelegramStage:
    """A group with a topic, beside the contact's own chat."""
    on_stage.platform.crowd.group(GROUP, "家庭群", TOPIC)
    return on_stage


async def test_only_our_own_name_is_a_call(stage: TelegramStage) -> None:
    """Once the platform has told us our name, another bot's name is not ours; before, any bot's might be."""
    other = "@another_bot 你好"
    mention = [{"type": "mention", "offset": 0, "length": 12}]
    assert isinstance(
        understood(stage, await stage.platform.crowd.write(GROUP, CONTACT, other, entities=mention)), Wrote
    )
    await stage.adapter.prepare(URL)
    assert isinstance(understood(stage, await stage.platform.crowd.write(GROUP, CONTACT, other, entities=mention)), str)
    ours = await stage.platform.crowd.write(GROUP, CONTACT, "@pointsman_demo_bot 你好")
    assert isinstance(understood(stage, ours), Wrote)
    command = await stage.platform.crowd.write(GROUP, CONTACT, "/visa@pointsman_demo_bot")
    assert isinstance(understood(stage, command), Wrote)


async def test_an_answer_goes_to_its_topic(stage: TelegramStage) -> None:
    """The address of a topic leads back into it; a topic that is gone is an error of this message alone."""
    asked = await stage.platform.crowd.write(GROUP, CONTACT, "@pointsman_demo_bot 签证？", topic=TOPIC)
    wrote = understood(stage, asked)
    assert isinstance(wrote, Wrote)
    assert wrote.address == f"{GROUP}:{TOPIC}"
    delivered = await stage.adapter.deliver(said(wrote.address))
    (answer,) = stage.platform.sent(GROUP)
    assert answer["message_thread_id"] == TOPIC
    assert delivered.keys == (f"{GROUP}:{answer['message_id']}",)
    follow_up = await stage.platform.crowd.write(GROUP, CONTACT, "谢谢", topic=TOPIC, reply_to=answer["message_id"])
    assert isinstance(understood(stage, follow_up), Wrote)
    await stage.adapter.show_typing(wrote.address)
    with pytest.raises(Rejected, match="thread not found"):
        await stage.adapter.deliver(said(f"{GROUP}:404"))


async def test_a_group_that_moves(stage: TelegramStage) -> None:
    """Both sides learn of an upgrade: by the update, and by the refusal of what still goes to the former id."""
    moved, came = await stage.platform.crowd.upgrade(GROUP, GROUP - 1)
    happened = understood(stage, moved)
    assert isinstance(happened, Relocated)
    assert (happened.address, happened.to) == (str(GROUP), str(GROUP - 1))
    assert "former chat" in str(understood(stage, came))
    with pytest.raises(Moved) as caught:
        await stage.adapter.deliver(said(str(GROUP)))
    assert caught.value.address == happened.to
    await stage.adapter.deliver(said(happened.to))


async def test_a_group_that_throws_us_out(stage: TelegramStage) -> None:
    """The group has left us, and nothing can be sent there."""
    left = understood(stage, await stage.platform.crowd.throw_out(GROUP, CONTACT))
    assert isinstance(left, Left)
    assert left.reason == "removed"
    with pytest.raises(ContactUnreachable):
        await stage.adapter.deliver(said(str(GROUP)))


async def test_a_reaction_is_asked_for(stage: TelegramStage) -> None:
    """The platform sends reactions only to who asks for them; a sign names whose it is."""
    await stage.adapter.prepare(URL)
    assert "message_reaction" in stage.platform.mailbox.allowed
    await stage.adapter.deliver(said(str(CONTACT)))
    number = stage.platform.sent(CONTACT)[0]["message_id"]
    reacted = understood(stage, await stage.platform.crowd.react(CONTACT, number, "👍", "🔥"))
    assert isinstance(reacted, Reacted)
    assert (reacted.emoji, reacted.name, reacted.message_key) == ("👍 🔥", "王芳", f"{CONTACT}:{number}")
    ended = understood(stage, await stage.platform.crowd.react(CONTACT, number))
    assert isinstance(ended, Reacted)
    assert (ended.emoji, ended.is_taken_back) == ("👍 🔥", True)


async def test_too_fast_is_refused(stage: TelegramStage) -> None:
    """One chat bears three at once, a group twenty, and the refusal says how long to wait."""
    stage.platform.rates = Rates(stage.platform.clock.now)
    for _ in range(3):
        await stage.adapter.deliver(said(str(CONTACT)))
    with pytest.raises(Throttled) as caught:
        await stage.adapter.deliver(said(str(CONTACT)))
    assert caught.value.wait.total_seconds() == 1
    for _ in range(20):
        await stage.adapter.deliver(said(str(GROUP)))
    with pytest.raises(Throttled) as caught:
        await stage.adapter.deliver(said(str(GROUP)))
    assert caught.value.wait.total_seconds() == 3
    assert stage.platform.rates.refused == 2


async def test_the_webhook_is_set_once_a_second(stage: TelegramStage) -> None:
    """A second call within the second is told to wait."""
    await stage.adapter.prepare(URL)
    with pytest.raises(Throttled):
        await stage.adapter.prepare(URL)
