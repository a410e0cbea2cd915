"""Signatures and encryption of the platform's calls.

A signature is the SHA-1 of its sorted ingredients, the Token among them. An encrypted message is AES-256-CBC over
16 random bytes, the length, the message and the AppID, padded to 32 (developers.weixin.qq.com, *Message encryption*).
wechatpy has the cipher; its reading of what comes out trusts the padding and the length, so that is done here.
"""

import binascii
import hashlib
import os
import struct
from base64 import b64decode, b64encode

from adapters.errors import MalformedPayload

_BLOCK = 32
_SALT = 16
_HEAD = _SALT + 4


def signature(*ingredients: str) -> str:
    """The signature over these, in hexadecimal."""
    joined = "".join(sorted(ingredients))
    return hashlib.sha1(joined.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


class Envelope:
    """One EncodingAESKey of one account."""

    __slots__ = ("_app_id", "_cipher")

    def __init__(self, aes_key: str, app_id: str) -> None:
        # The whole SDK comes with it: accounts in plain mode need not pay for that.
        from wechatpy.crypto.cryptography import WeChatCipher  # noqa: PLC0415

        self._cipher = WeChatCipher(b64decode(aes_key + "="))
        self._app_id = app_id.encode()

    def open(self, sealed: str) -> bytes:
        """The message in it.

        Raises:
            MalformedPayload: it was not sealed with this key for this account.
        """
        try:
            data = b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise MalformedPayload("not base64") from None
        if len(data) < _BLOCK or len(data) % 16:
            raise MalformedPayload("not a whole number of blocks")
        plain: bytes = self._cipher.decrypt(data)
        padding = plain[-1]
        if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise MalformedPayload("sealed with another key")
        end = _HEAD + struct.unpack(">I", plain[_SALT:_HEAD])[0]
        if plain[end : len(plain) - padding] != self._app_id or not _HEAD <= end <= len(plain) - padding:
            raise MalformedPayload("sealed for another account")
        return plain[_HEAD:end]

    def seal(self, message: bytes) -> str:
        """The message, sealed: never the same twice."""
        plain = os.urandom(_SALT) + struct.pack(">I", len(message)) + message + self._app_id
        padding = _BLOCK - len(plain) % _BLOCK
        return b64encode(self._cipher.encrypt(plain + bytes([padding]) * padding)).decode()
