"""What a push means: pure and total. Facts: developers.weixin.qq.com, *Receiving messages*, *Receiving events*.

A message has a MsgId and is known by it. An event has none: sender and second are too coarse, so its kind, its key and
whatever else of it is numbered are part of its name. Both come again, up to three times, until we have answered.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from adapters.contract import Grant, Parsed, Profile, Wrote
from adapters.errors import MalformedPayload
from adapters.identifier import Identifier, Source
from adapters.wechat.document import Fields, read, words
from adapters.wechat.events import MENU_GRANT, happened
from adapters.wechat.origin import ACCEPTED, Origin
from adapters.wechat.parts import parts

MESSAGE_GRANT = Grant(sends=5, lasts=timedelta(hours=48))
"""What a message allows us to send (*Customer-service messages*, since June 2023); a tapped menu counts as a click."""

_LONGEST_KEY = 200
_NUMBERS = ("MsgID", "MsgId", "TraceId", "SceneId", "TradeNo", "Ticket", "SuccessOrderId")
"""What else of an event tells it from another one of the same second."""


def parse(body: bytes) -> Parsed:
    """What one push means; ``body`` is unsealed.

    Raises:
        MalformedPayload: the bytes are no push, or nothing in them says whose it is.
    """
    fields = read(body)
    address, kind = words(fields, "FromUserName"), words(fields, "MsgType")
    if not address or not kind:
        raise MalformedPayload("nothing says who does what")
    origin = Origin(
        key=_key(fields, address, kind, body), address=address, at=_at(fields), profile=_profile(fields, address)
    )
    if kind == "event":
        return happened(fields, origin)
    return Parsed(
        inbound=(
            Wrote(
                delivery_key=origin.key,
                address=address,
                at=origin.at,
                message_key=origin.key,
                profile=origin.profile,
                parts=parts(kind, fields),
                attributes=_article(fields),
                grant=MENU_GRANT if words(fields, "bizmsgmenuid") else MESSAGE_GRANT,
            ),
        ),
        reply=ACCEPTED,
    )


def _key(fields: Fields, address: str, kind: str, body: bytes) -> str:
    if kind != "event":
        number = words(fields, "MsgId")
        # Without a number only the whole message tells it from another: a repetition has the same bytes.
        return _short(number) if number else f"{_short(address)}/{hashlib.sha256(body).hexdigest()}"
    names = (address, words(fields, "CreateTime"), words(fields, "Event"), words(fields, "EventKey"))
    return _short("/".join((*names, *(number for name in _NUMBERS if (number := words(fields, name))))))


def _short(key: str) -> str:
    """A key that fits an index, however long an address somebody put behind a button."""
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[:64]}…{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _at(fields: Fields) -> datetime | None:
    seconds = words(fields, "CreateTime")
    if not seconds.isascii() or not seconds.isdigit() or len(seconds) > 11:  # noqa: PLR2004  beyond the year 5000
        return None
    return datetime.fromtimestamp(int(seconds), UTC) if int(seconds) else None


def _profile(fields: Fields, address: str) -> Profile:
    """All that the platform still tells of a person: something to tell one from another by."""
    union = words(fields, "UnionId") or words(fields, "unionid")
    name = f"微信 {address[-6:]}"
    if not union:
        return Profile(name=name)
    same = Identifier(kind="unionid", value=union, is_verified=True, source=Source.PLATFORM)
    return Profile(name=name, attributes={"unionid": union}, identifiers=(same,))


def _article(fields: Fields) -> dict[str, str]:
    """The article that the contact wrote from."""
    number = words(fields, "MsgDataId")
    return {"article": f"{number}/{words(fields, 'Idx')}"} if number else {}
