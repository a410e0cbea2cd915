"""What each mode takes for the platform's; keys and the question of the console."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.contract import Wrote
from adapters.errors import Forged, MalformedPayload
from adapters.secret import Secret
from adapters.wechat.adapter import WeChatAdapter
from adapters.wechat.envelope import Envelope
from adapters.wechat.settings import Mode, Passive, WeChatSettings
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import fixtures, pure_tools
from tests.adapters.wechat.bench import (
    AES_KEY,
    APP_ID,
    NOW,
    OLD_AES_KEY,
    TOKEN,
    plain,
    sealed,
    settings,
)

TEXT = next(fixture.body for fixture in fixtures("wechat") if fixture.situation == "text_chinese")


def built(mode: Mode = Mode.SAFE) -> WeChatAdapter:
    """An adapter that may only be asked what is pure."""
    return WeChatAdapter(InboxId("oa"), settings(mode=mode), pure_tools())


def is_let_in(adapter: WeChatAdapter, request: WebhookRequest) -> bool:
    """Whether the call is taken for the platform's."""
    try:
        adapter.authenticate(request, NOW)
    except Forged:
        return False
    return True


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SAFE])
def test_only_what_is_sealed_is_believed(mode: Mode) -> None:
    """Beside a sealed message anything may stand: it is not signed, and it is not read."""
    adapter, good = built(mode), sealed(TEXT)
    request = replace(good, body=good.body.replace(b"<xml>", b"<xml><FromUserName>mallory</FromUserName>"))
    adapter.authenticate(request, NOW)
    (one,) = adapter.parse(request).inbound
    assert one.address != "mallory"


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SAFE])
def test_what_is_not_sealed_is_refused(mode: Mode) -> None:
    """Where messages are sealed, one that is only signed is not the platform's."""
    assert not is_let_in(built(mode), plain(TEXT))


def test_plain_mode_takes_both() -> None:
    """While the console is being changed, sealed messages are read in plain mode, too."""
    adapter = built(Mode.PLAIN)
    for request in (plain(TEXT), sealed(TEXT), sealed(TEXT, is_json=True)):
        assert is_let_in(adapter, request)
        (one,) = adapter.parse(request).inbound
        assert isinstance(one, Wrote)


def test_plain_mode_without_a_key_reads_what_stands_beside() -> None:
    """A compatible push has its fields twice: without a key the plain ones are read."""
    without = WeChatSettings(app_id=APP_ID, secret=Secret("s"), token=Secret(TOKEN), mode=Mode.PLAIN)
    adapter = WeChatAdapter(InboxId("oa"), without, pure_tools())
    request = sealed(TEXT)
    both = replace(request, body=request.body.replace(b"<xml>", TEXT.removesuffix(b"</xml>")))
    (one,) = adapter.parse(both).inbound
    assert one.address == "oIDrpjqASyTPnxRmpS9O_ruZGsfk"
    with pytest.raises(MalformedPayload):
        adapter.parse(request)


def test_the_previous_key_still_opens() -> None:
    """While the platform changes the key, messages sealed with the one before are read; with a third they are not."""
    assert built().parse(sealed(TEXT, OLD_AES_KEY)).inbound
    with pytest.raises(MalformedPayload):
        built().parse(sealed(TEXT, "A" * 43))


def test_another_accounts_message_is_malformed() -> None:
    """The same token and key at two accounts: the AppID inside tells them apart."""
    with pytest.raises(MalformedPayload):
        built().parse(sealed(TEXT, app_id="wx0000000000000000"))


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_five_minutes_are_fresh(minutes: int) -> None:
    """Clocks may differ by five minutes."""
    adapter = built(Mode.PLAIN)
    adapter.authenticate(plain(TEXT, NOW + timedelta(minutes=minutes)), NOW)
    with pytest.raises(Forged):
        adapter.authenticate(plain(TEXT, NOW + timedelta(minutes=minutes or 6, seconds=minutes)), NOW)


def test_the_console_is_answered_as_it_asked() -> None:
    """A signed question gets its own words back, whatever the mode; an unsigned one is refused."""
    adapter = built()
    question = replace(plain(b""), method="GET", body=b"")
    question = replace(question, query={**question.query, "echostr": "4375120948345356249"})
    adapter.authenticate(question, NOW)
    answer = adapter.parse(question)
    assert (answer.reply.body, answer.reply.content_type, answer.inbound) == (b"4375120948345356249", "text/plain", ())
    assert answer.reason
    with pytest.raises(Forged):
        adapter.authenticate(replace(question, query={**question.query, "signature": "0" * 40}), NOW)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"aes_key": Secret("short")}, "no EncodingAESKey"),
        ({"aes_key": Secret("")}, "needs aes_key"),
        ({"secret": Secret("")}, "secret is needed"),
    ],
)
def test_settings_that_cannot_work_are_refused(more: dict[str, Secret], words: str) -> None:
    """What the platform would refuse later is said at once."""
    with pytest.raises(ValueError, match=words):
        replace(settings(), **more)  # type: ignore[arg-type]  # only secrets are replaced
    replace(settings(passive=Passive.RELAY), secret=Secret(""))


def test_envelopes_know_their_account() -> None:
    """Control for the tests above: the right key and account open."""
    assert Envelope(AES_KEY, APP_ID).open(Envelope(AES_KEY, APP_ID).seal(TEXT)) == TEXT
