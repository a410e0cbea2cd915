"""Nothing that was changed after it was signed is let in; whatever the platform's library signs is."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from slack_sdk.signature import SignatureVerifier

from adapters.contract import Adapter
from adapters.errors import Forged
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import fixtures, pure_tools
from tests.adapters.slack.bench import BENCH, NOW, SIGNING, request, settings, signed

ROUNDS = 4_000
"""Under `make torture` 25 times as many: 10⁵."""

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


def mutated(call: WebhookRequest, chance: Random) -> WebhookRequest:
    """A signed call with one thing in it changed."""
    body, headers = bytearray(call.body), dict(call.headers)
    match chance.randrange(6):
        case 0:
            at = chance.randrange(len(body))
            body[at] ^= 1 << chance.randrange(8)
        case 1:
            del body[chance.randrange(len(body))]
        case 2:
            body.insert(chance.randrange(len(body) + 1), chance.randrange(256))
        case 3:
            name = chance.choice((STAMP, SIGNATURE))
            value = list(headers[name])
            at = chance.randrange(len(value))
            value[at] = chr(ord(value[at]) ^ (1 << chance.randrange(7)))
            headers[name] = "".join(value)
        case 4:
            headers[STAMP] = str(NOW + chance.choice((-1, 1)) * chance.randint(1, 10**9))
        case _:
            del headers[chance.choice((STAMP, SIGNATURE))]
    return replace(call, body=bytes(body), headers=headers)


def test_no_change_is_let_in(effort: int) -> None:
    """Bits, bytes, headers, instants: whatever is changed after signing, the call is refused."""
    chance, one = Random(7), adapter()
    calls = [signed(fixture.body, NOW + chance.randint(-300, 300)) for fixture in fixtures("slack")]
    assert all(is_let_in(one, call) for call in calls)
    let_in = [
        call for call in (mutated(chance.choice(calls), chance) for _ in range(ROUNDS * effort)) if is_let_in(one, call)
    ]
    assert let_in == []


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
