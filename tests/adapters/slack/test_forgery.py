"""Whatever the platform's library signs is let in; what need not be signed has no effect."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from slack_sdk.signature import SignatureVerifier

from adapters.contract import Adapter
from adapters.errors import Forged
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import fixtures, pure_tools
from tests.adapters.slack.bench import BENCH, NOW, SIGNING, request, settings, signed

STAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"
NOW_AT = datetime.fromtimestamp(NOW, UTC)


def adapter() -> Adapter:
    """An adapter that is only asked what is pure."""
    return BENCH.channel.build(InboxId("sl"), settings(), pure_tools())


def is_let_in(one: Adapter, call: WebhookRequest) -> bool:
    """Whether a call is believed; nothing but that may happen."""
    try:
        one.authenticate(call, NOW_AT)
    except Forged:
        return False
    return True


def test_without_a_secret_nothing_is_let_in() -> None:
    """An inbox that has no signing secret believes nobody, not even who signs with nothing."""
    from adapters.secret import Secret  # noqa: PLC0415  used here only

    bare = BENCH.channel.build(InboxId("sl"), replace(settings(), signing_secret=Secret("")), pure_tools())
    assert not is_let_in(bare, signed(b"{}", secret=""))
    assert not is_let_in(bare, signed(b"{}"))


@pytest.mark.parametrize("offset", [-300, -299, 0, 299, 300])
def test_five_minutes_either_way(offset: int) -> None:
    """A clock may be wrong by five minutes, in both directions."""
    assert is_let_in(adapter(), signed(b"{}", NOW + offset))


def test_other_order_of_names_is_another_body() -> None:
    """The raw bytes are what is signed: the same JSON in another order is let in with its own signature only."""
    plain = {"type": "url_verification", "challenge": "x"}
    first, second = (json.dumps(dict(pairs)).encode() for pairs in (plain.items(), reversed(plain.items())))
    assert is_let_in(adapter(), signed(second))
    assert not is_let_in(adapter(), replace(signed(first), body=second))


def test_the_platforms_library_agrees() -> None:
    """What slack_sdk signs is let in; what we sign, it accepts."""
    verifier = SignatureVerifier(SIGNING)
    for fixture in fixtures("slack"):
        body = fixture.body
        theirs = verifier.generate_signature(timestamp=str(NOW), body=body)
        assert theirs is not None
        assert is_let_in(adapter(), request(body, **{STAMP: str(NOW), SIGNATURE: theirs}))
        assert theirs == signed(body).headers[SIGNATURE]


@pytest.mark.parametrize("body", [b"ssl_check=1&token=x", b"ssl_check=1"])
def test_a_look_at_the_certificate_is_answered(body: bytes) -> None:
    """The platform's check of our certificate is not signed: it is let in, answered with 200, and means nothing."""
    call = request(body)
    adapter().authenticate(call, NOW_AT)
    parsed = adapter().parse(call)
    assert (parsed.inbound, parsed.reply.status, bool(parsed.reason)) == ((), 200, True)


def test_nothing_comes_in_behind_a_look_at_the_certificate() -> None:
    """A forged call that pretends to be that check has no effect, whatever else it says."""
    call = request(b"ssl_check=1&command=%2Fvisa&team_id=T1&user_id=U1&trigger_id=1&text=hello")
    adapter().authenticate(call, NOW_AT)
    assert adapter().parse(call).inbound == ()


def test_an_unsigned_address_check_is_refused() -> None:
    """``url_verification`` is signed like any other call: without a signature its challenge is not repeated."""
    body = b'{"type":"url_verification","challenge":"x"}'
    assert not is_let_in(adapter(), request(body))
    assert adapter().parse(signed(body)).reply.body == b"x"


def test_a_retry_is_a_call_like_any_other() -> None:
    """A retry's headers change nothing: after a restart the retry is the first copy that we see."""
    (body,) = (fixture.body for fixture in fixtures("slack") if fixture.situation == "text_chinese")
    plain = signed(body)
    again = replace(plain, headers={**plain.headers, "x-slack-retry-num": "3", "x-slack-retry-reason": "http_timeout"})
    adapter().authenticate(again, NOW_AT)
    assert adapter().parse(again).inbound == adapter().parse(plain).inbound
    assert adapter().parse(again).inbound
