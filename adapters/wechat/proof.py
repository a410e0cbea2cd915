"""Whether a call comes from the platform, and what it brings when it was sealed.

Two signatures: one over Token, time and nonce, and in compatible and safe mode a second over the sealed message. Only
the second covers what is said; where we have a key, nothing beside the sealed message is believed.
"""

import hmac
from datetime import UTC, datetime, timedelta

from adapters.errors import Forged, MalformedPayload
from adapters.wechat.document import Fields, read, words
from adapters.wechat.envelope import Envelope, signature
from adapters.wechat.settings import Mode, WeChatSettings
from adapters.wire import WebhookRequest

FRESH_FOR = timedelta(minutes=5)
"""How far the platform's clock and ours may differ; the platform has no rule of its own."""

_LONGEST = 256


class Proof:
    """One account's token and keys."""

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings
        keys = (key.reveal() for key in (settings.aes_key, settings.aes_key_previous) if key)
        self.envelopes = tuple(Envelope(key, settings.app_id) for key in keys)

    def check(self, request: WebhookRequest, now: datetime) -> None:
        """Return when the call is the platform's, and of now.

        Raises:
            Forged: it is not.
        """
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        token = self._settings.token.reveal()
        if not token or len(timestamp) > _LONGEST or len(nonce) > _LONGEST:
            raise Forged("the call is not signed")
        if not _is_same(query.get("signature", ""), signature(token, timestamp, nonce)):
            raise Forged("the signature is not this account's")
        if not _is_fresh(timestamp, now):
            raise Forged("the call is not of now")
        if request.method == "GET":
            return
        if is_sealed(request):
            sealed = _sealed(request.body)
            if not _is_same(query.get("msg_signature", ""), signature(token, timestamp, nonce, sealed)):
                raise Forged("the message's signature is not this account's")
        elif self._settings.mode is not Mode.PLAIN:
            raise Forged("the message is not encrypted, and this account's are")

    def content(self, request: WebhookRequest) -> tuple[bytes, Envelope | None]:
        """The message, unsealed where it was sealed, and the envelope that opened it.

        Raises:
            MalformedPayload: no key of ours opens it.
        """
        if not is_sealed(request) or not self.envelopes:
            return request.body, None
        sealed = words(read(request.body), "Encrypt")
        problem = MalformedPayload("nothing is sealed in it")
        for envelope in self.envelopes:
            try:
                return envelope.open(sealed), envelope
            except MalformedPayload as error:
                problem = error
        raise problem


def is_sealed(request: WebhookRequest) -> bool:
    """Whether the platform says that it encrypted the message."""
    return request.query.get("encrypt_type", "raw") == "aes"


def _sealed(body: bytes) -> str:
    try:
        fields: Fields = read(body)
    except MalformedPayload as error:
        raise Forged(f"nothing in it could be signed: {error}") from None
    return words(fields, "Encrypt")


def _is_same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), ours.encode())


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 11:  # noqa: PLR2004  beyond the year 5000
        return False
    return abs(datetime.fromtimestamp(int(timestamp), UTC) - now) <= FRESH_FOR
