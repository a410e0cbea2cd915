"""Answering within the platform's own call, for accounts that may not send by themselves.

The platform asks for five seconds, three times, with the same message. Each call is held for almost so long; what we
say meanwhile travels in whichever call is open, or in the next. A call that is not the last is let go by staying
silent: an answer without words would end the asking. One message answers one call, and a call that is repeated after
its answer got lost is answered with the same bytes (developers.weixin.qq.com, *Passive replies*).
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from adapters.capabilities import Capabilities
from adapters.contract import Came, Delivered, Grant, Outbound, Parsed, Wrote
from adapters.degrade import fit
from adapters.errors import Rejected, WindowClosed
from adapters.wechat.document import read, words
from adapters.wechat.envelope import Envelope, signature
from adapters.wechat.origin import ACCEPTED
from adapters.wechat.plan import CAPABILITIES as SENDING
from adapters.wire import WebhookReply, WebhookRequest

HOLD_FOR = 4.8
CUT_AFTER = 6.0
ASKED = 3
OPEN_FOR = ASKED * 5.0 - 1
"""Seconds: a call is answered; a call is certainly given up; all calls of one message together."""

CAPABILITIES: Capabilities = replace(
    SENDING, media_kinds=frozenset(), media_types=frozenset(), media_limit=0, choices_limit=0, has_typing=False
)
"""What one reply carries: words. Choices become numbered lines."""

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the platform: whose, about what, and how the answer is sealed (not, without an envelope)."""

    key: str
    address: str
    account: str
    nonce: str
    envelope: Envelope | None = None


@dataclass(slots=True, eq=False)
class _Asking:
    """One message of a contact's, with all the calls that brought it."""

    until: float
    calls: int = 0
    words: str = ""
    reply: WebhookReply | None = None
    is_spoken: asyncio.Event = field(default_factory=asyncio.Event)
    is_taken: asyncio.Event = field(default_factory=asyncio.Event)


class Passive:
    """The calls of one account that are open, and what is said in them."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._asking: dict[str, _Asking] = {}
        self._open: dict[str, _Asking] = {}

    async def answer(self, call: Call, now: datetime) -> WebhookReply:
        """The answer to a call: what we have to say, as soon as we say it; silence; nothing, to the last."""
        asking = self._of(call)
        asking.calls += 1
        if not asking.is_spoken.is_set() and not await self._spoken(asking, HOLD_FOR):
            if asking.calls >= ASKED:
                self._end(call.address, asking)
                return ACCEPTED
            await self._spoken(asking, CUT_AFTER - HOLD_FOR)  # the platform has hung up: the next call is answered
            return ACCEPTED
        if asking.reply is None:
            asking.reply = _reply(call, asking.words, now, self._token)
        asking.is_taken.set()
        self._end(call.address, asking)
        return asking.reply

    async def deliver(self, message: Outbound) -> Delivered:
        """Say something in the contact's open call.

        Raises:
            Rejected: it does not fit into one message of words.
            WindowClosed: no call is open, or none came to take it.
        """
        said, lost = _words(message)
        asking = self._open.get(message.address)
        now = asyncio.get_running_loop().time()
        if asking is None or asking.is_spoken.is_set() or now >= asking.until:
            raise WindowClosed("no_open_call", "the platform no longer waits for an answer")
        asking.words = said
        asking.is_spoken.set()
        try:
            async with asyncio.timeout(asking.until - now):
                await asking.is_taken.wait()
        except TimeoutError:
            raise WindowClosed("no_open_call", "the platform did not ask again") from None
        return Delivered(keys=(f"{message.message}/1",), lost=lost)

    async def _spoken(self, asking: _Asking, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await asking.is_spoken.wait()
        except TimeoutError:
            return False
        return True

    def _of(self, call: Call) -> _Asking:
        asking = self._asking.get(call.key)
        if asking is None:
            now = asyncio.get_running_loop().time()
            while len(self._asking) >= _REMEMBERED:
                del self._asking[next(iter(self._asking))]
            asking = self._asking[call.key] = _Asking(until=now + OPEN_FOR)
            self._open[call.address] = asking
        return asking

    def _end(self, address: str, asking: _Asking) -> None:
        if self._open.get(address) is asking:
            del self._open[address]


def relayed(
    parsed: Parsed, content: bytes, request: WebhookRequest, envelope: Envelope | None, passive: Passive
) -> Parsed:
    """What a push means where its answer may carry words: one message, as long as the platform asks."""
    (one,) = parsed.inbound or (None,)
    if not isinstance(one, Wrote | Came):
        return parsed
    call = Call(
        key=one.delivery_key,
        address=one.address,
        account=words(read(content), "ToUserName"),
        nonce=request.query.get("nonce", ""),
        envelope=envelope,
    )
    allowed = replace(one, grant=Grant(sends=1, lasts=timedelta(seconds=OPEN_FOR)))
    return replace(parsed, inbound=(allowed,), errand=partial(passive.answer, call))


def _words(message: Outbound) -> tuple[str, tuple[str, ...]]:
    fitted = fit(message.parts, CAPABILITIES, {place: len(data) for place, data in message.files.items()})
    if not fitted.pieces:
        raise Rejected("nothing_to_send", "; ".join(fitted.lost) or "the message is empty")
    if len(fitted.pieces) > 1:
        raise Rejected("too_long", "an answer within the platform's call is one message of 2,048 bytes")
    return fitted.pieces[0].words.text, fitted.lost


def _reply(call: Call, text: str, now: datetime, token: str) -> WebhookReply:
    """The answer's document; the nonce is the call's own, as the platform allows."""
    timestamp = str(int(now.timestamp()))
    said = (
        f"<xml><ToUserName>{_quoted(call.address)}</ToUserName><FromUserName>{_quoted(call.account)}</FromUserName>"
        f"<CreateTime>{timestamp}</CreateTime><MsgType>{_quoted('text')}</MsgType>"
        f"<Content>{_quoted(text)}</Content></xml>"
    )
    if call.envelope is not None:
        sealed = call.envelope.seal(said.encode("utf-8", "replace"))
        proof = signature(token, timestamp, call.nonce, sealed)
        said = (
            f"<xml><Encrypt>{_quoted(sealed)}</Encrypt><MsgSignature>{_quoted(proof)}</MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_quoted(call.nonce)}</Nonce></xml>"
        )
    return WebhookReply(body=said.encode("utf-8", "replace"), content_type="text/xml")


def _quoted(text: str) -> str:
    """A text that cannot end the section it stands in, without what no XML can hold."""
    allowed = "".join(char if char >= " " or char in "\t\n\r" else "\ufffd" for char in text)
    return f"<![CDATA[{allowed.replace(']]>', ']]]]><![CDATA[>')}]]>"
