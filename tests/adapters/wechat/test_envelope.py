"""Signatures and sealed messages: the platform's example, another implementation's, and whatever is neither."""

import json
import os
from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from adapters.errors import MalformedPayload
from adapters.wechat.envelope import Envelope, signature
from tests.adapters.wechat.bench import AES_KEY, APP_ID, OLD_AES_KEY, TOKEN


def test_the_documentations_signature() -> None:
    """The example of the platform's page on setting up pushes: Token AAAAA."""
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


@given(timestamp=st.text(max_size=12), nonce=st.text(max_size=12))
def test_signatures_are_what_the_library_says(timestamp: str, nonce: str) -> None:
    """Wechatpy accepts what we compute."""
    check_signature(TOKEN, signature(TOKEN, timestamp, nonce), timestamp, nonce)


@given(message=st.text(max_size=300))
def test_what_we_seal_the_library_opens(message: str) -> None:
    """Wechatpy reads our sealed messages, their signature included."""
    sealed = Envelope(AES_KEY, APP_ID).seal(message.encode())
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    proof = signature(TOKEN, "1714036504", "7", sealed)
    assert crypto.decrypt_message({"Encrypt": sealed}, proof, "1714036504", "7") == message


@given(message=st.text(max_size=300))
def test_what_the_library_seals_we_open(message: str) -> None:
    """We read wechatpy's sealed messages."""
    from adapters.wechat.document import read, words  # noqa: PLC0415  only here

    answer = WeChatCrypto(TOKEN, AES_KEY, APP_ID).encrypt_message(message, "7", "1714036504")
    assert Envelope(AES_KEY, APP_ID).open(words(read(answer.encode()), "Encrypt")) == message.encode()


def test_never_the_same_twice() -> None:
    """The same message sealed twice does not look the same."""
    envelope = Envelope(AES_KEY, APP_ID)
    assert envelope.seal(b"hello") != envelope.seal(b"hello")


SEALED = Envelope(AES_KEY, APP_ID).seal(b"hello")

BROKEN = {
    "nothing": "",
    "no base64": "密文",
    "base64 with a hole": SEALED[:5] + " " + SEALED[5:],
    "half a block": b64encode(b64decode(SEALED)[:-8]).decode(),
    "one block": b64encode(b64decode(SEALED)[:16]).decode(),
    "another key": Envelope(OLD_AES_KEY, APP_ID).seal(b"hello"),
    "another account": Envelope(AES_KEY, "wx0000000000000000").seal(b"hello"),
    "a longer account": Envelope(AES_KEY, APP_ID + "x").seal(b"hello"),
    "noise": b64encode(os.urandom(64)).decode(),
}


@pytest.mark.parametrize("problem", BROKEN)
def test_garbage_is_malformed(problem: str) -> None:
    """What the library answers with IndexError, ValueError or UnicodeDecodeError is one error of ours."""
    with pytest.raises(MalformedPayload):
        Envelope(AES_KEY, APP_ID).open(BROKEN[problem])


@given(data=st.binary(max_size=96))
def test_noise_is_malformed(data: bytes) -> None:
    """Whatever comes, nothing but a message of this account comes out."""
    blocks = data + b"\0" * (-len(data) % 16)
    with pytest.raises(MalformedPayload):
        Envelope(AES_KEY, APP_ID).open(b64encode(blocks).decode())


def test_a_length_that_lies() -> None:
    """A message that says it is longer than it is, is refused."""
    from wechatpy.crypto.cryptography import WeChatCipher  # noqa: PLC0415  only here

    plain = bytes(16) + (10_000).to_bytes(4, "big") + b"hello" + APP_ID.encode()
    padding = 32 - len(plain) % 32
    sealed = WeChatCipher(b64decode(AES_KEY + "=")).encrypt(plain + bytes([padding]) * padding)
    with pytest.raises(MalformedPayload):
        Envelope(AES_KEY, APP_ID).open(b64encode(sealed).decode())


def test_a_json_envelope_is_json() -> None:
    """What is sealed may be anything."""
    message = json.dumps({"a": "签证"}).encode()
    envelope = Envelope(AES_KEY, APP_ID)
    assert envelope.open(envelope.seal(message)) == message
