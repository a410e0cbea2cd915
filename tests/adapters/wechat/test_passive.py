"""Accounts that may not send by themselves answer within the platform's call: in time, once, with the same bytes."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from wechatpy.crypto import WeChatCrypto

from adapters.contract import Delivered, Parsed, Wrote
from adapters.errors import Rejected, WindowClosed
from adapters.wechat.adapter import WeChatAdapter
from adapters.wechat.document import read, words
from adapters.wechat.settings import Mode, Passive
from adapters.wire import WebhookReply
from router.ids import InboxId
from router.message import Choices, Option, Text
from tests.adapters.bench import fixtures, pure_tools
from tests.adapters.suite import outbound
from tests.adapters.wechat.bench import AES_KEY, APP_ID, CONTACT, NOW, TOKEN, plain, sealed, settings
from tests.fakes.leaping import leaping

TEXT = next(fixture.body for fixture in fixtures("wechat") if fixture.situation == "text_chinese")
LEFT = next(fixture.body for fixture in fixtures("wechat") if fixture.situation == "unfollow")


@dataclass
class Account:
    """One account whose answers are relayed."""

    adapter: WeChatAdapter

    def heard(self) -> Parsed:
        """The contact's message comes in (again)."""
        return self.adapter.parse(plain(TEXT))

    async def called(self) -> WebhookReply:
        """The platform calls and waits for the answer."""
        errand = self.heard().errand
        assert errand is not None
        return await errand(NOW)

    async def say(self, text: str, address: str = CONTACT) -> Delivered:
        """We answer."""
        return await self.adapter.deliver(outbound(address, Text(text=text)))


@pytest.fixture
def account() -> Account:
    """In plain mode."""
    return Account(WeChatAdapter(InboxId("oa"), settings(mode=Mode.PLAIN, passive=Passive.RELAY), pure_tools()))


async def cut(call: asyncio.Task[WebhookReply]) -> None:
    """The platform waits for five seconds, then hangs up."""
    await asyncio.wait({call}, timeout=5)
    call.cancel()


def content(reply: WebhookReply) -> str:
    """The words in an answer."""
    return words(read(reply.body), "Content")


@leaping
async def test_an_answer_in_time_travels_in_the_call(account: Account) -> None:
    """What we say while the platform waits is its answer, to the right person."""
    call = asyncio.create_task(account.called())
    await asyncio.sleep(0)
    delivered = await account.say("您好 ]]> <b>")
    fields = read((await call).body)
    assert words(fields, "Content") == "您好 ]]> <b>"
    assert words(fields, "ToUserName") == CONTACT
    assert words(fields, "FromUserName") == "gh_680bdefc8c5d"
    assert words(fields, "MsgType") == "text"
    assert delivered.keys == ("msg_1/1",)


@leaping
async def test_nothing_to_say(account: Account) -> None:
    """The last of three calls is answered with success, in time; those before keep silent until they are cut."""
    loop = asyncio.get_running_loop()
    spans = []
    for _ in range(3):
        began = loop.time()
        assert (await account.called()).body == b"success"
        spans.append(loop.time() - began)
    assert spans[0] > 5
    assert spans[1] > 5
    assert spans[2] < 5


@pytest.mark.parametrize("attempt", [2, 3])
@leaping
async def test_a_later_attempt_carries_it(account: Account, attempt: int) -> None:
    """What we say in the second or third call, or between two, is answered there."""
    for _ in range(attempt - 1):
        call = asyncio.create_task(account.called())
        await cut(call)
    saying = asyncio.create_task(account.say("late"))
    await asyncio.sleep(0)
    assert content(await account.called()) == "late"
    assert (await saying).keys


@leaping
async def test_the_same_call_gets_the_same_bytes(account: Account) -> None:
    """When the answer got lost and the platform asks again, it is answered as before; nothing else is said."""
    call = asyncio.create_task(account.called())
    await asyncio.sleep(0)
    await account.say("once")
    first = await call
    assert (await account.called()).body == first.body
    with pytest.raises(WindowClosed):
        await account.say("twice")


@leaping
async def test_without_a_call_it_waits(account: Account) -> None:
    """When nobody asks, or nobody asks again, the message waits for the contact: it was certainly not delivered."""
    with pytest.raises(WindowClosed):
        await account.say("hello")
    call = asyncio.create_task(account.called())
    await cut(call)
    with pytest.raises(WindowClosed) as caught:
        await account.say("hello")
    assert caught.value.is_certain


@leaping
async def test_one_message_for_each(account: Account) -> None:
    """The contact's message allows one of ours, for as long as the platform asks."""
    (one,) = account.heard().inbound
    assert isinstance(one, Wrote)
    assert one.grant is not None
    assert (one.grant.sends, one.grant.lasts) == (1, timedelta(seconds=14))


@leaping
async def test_only_words_fit(account: Account) -> None:
    """Choices become lines; what is longer than one message is refused, and the agent is told."""
    call = asyncio.create_task(account.called())
    await asyncio.sleep(0)
    with pytest.raises(Rejected):
        await account.say("签" * 683)
    options = Choices(options=(Option(value="jp", label="日本"), Option(value="us", label="美国")))
    await account.adapter.deliver(outbound(CONTACT, Text(text="去哪里？"), options))
    assert content(await call) == "去哪里？\n1. 日本\n2. 美国"


@leaping
async def test_who_left_is_not_answered(account: Account) -> None:
    """Nothing can be said to who unfollows: the call is answered at once."""
    parsed = account.adapter.parse(plain(LEFT))
    assert (parsed.errand, parsed.reply.body) == (None, b"success")


@leaping
async def test_a_sealed_call_gets_a_sealed_answer() -> None:
    """In safe mode the library opens our answer, its signature included."""
    adapter = WeChatAdapter(InboxId("oa"), settings(passive=Passive.RELAY), pure_tools())
    parsed = adapter.parse(sealed(TEXT))
    assert parsed.errand is not None
    call = asyncio.ensure_future(parsed.errand(NOW))
    await asyncio.sleep(0)
    await adapter.deliver(outbound(CONTACT, Text(text="您好")))
    fields = read((await call).body)
    opened = WeChatCrypto(TOKEN, AES_KEY, APP_ID).decrypt_message(
        {"Encrypt": words(fields, "Encrypt")},
        words(fields, "MsgSignature"),
        words(fields, "TimeStamp"),
        words(fields, "Nonce"),
    )
    assert words(read(opened.encode()), "Content") == "您好"
