"""Forging: what every channel's proofs are attacked with.

A `Door` is one way to prove something to an inbox, with calls that do. A forger has seen such calls and changes one
thing in one of them, or in when it comes. Whatever that leaves of the proof is said by the door, which knows the
platform's rules without asking the code that is tested.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from adapters.contract import Adapter, AnyInbound
from adapters.wire import WebhookRequest
from gateway.inboxes import Inbox
from gateway.intake import Intake
from router.ids import ChannelName, InboxId
from tests.fakes.clock import NOON, StandingClock

INBOX = InboxId("inbox")
AGES = timedelta(days=9_000)
STRANGE = ("\0", "\udcff", "密", "é", " ", "\t", "=", "%00", "١", "²", "'", "A" * 5_000)
REFUSED = frozenset({401, 413})


def _nothing() -> None:
    """Nothing is to be closed."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """One way to prove something.

    ``knock(call, now)`` gives the answer's status. ``is_proven(call)``: the proof is still one, by the platform's own
    rules. ``stale``: spans after which (before which, when negative) no proof counts. ``received`` is what was
    handed on to be stored; ``is_sealed``: no proven call can mean anything but what an authentic one means.
    """

    calls: Sequence[WebhookRequest]
    knock: Callable[[WebhookRequest, datetime], Awaitable[int]]
    is_proven: Callable[[WebhookRequest], bool]
    stale: Sequence[timedelta] = ()
    received: list[AnyInbound] = field(default_factory=list)
    is_sealed: bool = False
    close: Callable[[], None] = _nothing


MakeDoor = Callable[[Path], Door]


def doors_of(channel: str) -> Mapping[str, MakeDoor]:
    """A channel's doors by name: ``DOORS`` in ``tests/adapters/<channel>/doors.py``. A door may keep files."""
    doors: Mapping[str, MakeDoor] = import_module(f"tests.adapters.{channel}.doors").DOORS
    return doors


@dataclass
class Received:
    """What the way in hands on to be stored, in the place of the engine."""

    happenings: list[AnyInbound] = field(default_factory=list)

    async def receive(self, inbox: InboxId, channel: ChannelName, inbound: Sequence[AnyInbound]) -> None:
        """Keep it."""
        self.happenings.extend(inbound)


def webhook(
    adapter: Adapter, calls: Sequence[WebhookRequest], is_proven: Callable[[WebhookRequest], bool], **more: Any
) -> Door:
    """A door at which the platform calls: the gateway's own way in, with nothing behind it."""
    clock, received = StandingClock(), Received()
    intake = Intake({INBOX: Inbox(id=INBOX, channel=ChannelName("any"), adapter=adapter)}, received, clock)

    async def knock(call: WebhookRequest, now: datetime) -> int:
        clock.at = now
        return (await intake.webhook(INBOX, call)).status

    return Door(calls=calls, knock=knock, is_proven=is_proven, received=received.happenings, **more)


# --- what a forger does ---


@dataclass(frozen=True, slots=True)
class Attempt:
    """A changed call, and when it comes."""

    call: WebhookRequest
    now: datetime


def attempted(door: Door, chance: Random) -> Attempt:
    """One authentic call with one thing changed in it, or in when it comes."""
    call = chance.choice(door.calls)
    if door.stale and chance.random() < 0.1:
        span = chance.choice(door.stale) * chance.choice((1, 1, 2, 100, 10_000))
        return Attempt(call, NOON + max(-AGES, min(AGES, span)))
    ways = [way for part, ways in _WAYS.items() if getattr(call, part) for way in ways]
    return Attempt(chance.choice(ways)(call, door.calls, chance), NOON)


def each_single_change(call: WebhookRequest) -> Sequence[WebhookRequest]:
    """The call without each byte, with each bit flipped, without each header and parameter, with each sign of them."""
    body = call.body
    without = (replace(call, body=body[:at] + body[at + 1 :]) for at in range(len(body)))
    flipped = (
        replace(call, body=body[:at] + bytes([body[at] ^ 1 << bit]) + body[at + 1 :])
        for at in range(len(body))
        for bit in range(8)
    )
    return [*without, *flipped, *_each_sign(call, "headers"), *_each_sign(call, "query")]


def _each_sign(call: WebhookRequest, part: str) -> list[WebhookRequest]:
    found: Mapping[str, str] = getattr(call, part)
    changed: list[dict[str, str]] = []
    for name, value in found.items():
        changed.append({other: kept for other, kept in found.items() if other != name})
        for at in range(len(value)):
            signs = ("", chr(ord(value[at]) ^ 1), chr(ord(value[at]) ^ 32), value[at] * 2)
            changed += ({**found, name: f"{value[:at]}{sign}{value[at + 1 :]}"} for sign in signs)
    return [_with(call, part, one) for one in changed]


def _with(call: WebhookRequest, part: str, content: object) -> WebhookRequest:
    return replace(call, **{part: content})  # type: ignore[arg-type]  # the part's own type


def _bytes(call: WebhookRequest, others: Sequence[WebhookRequest], chance: Random) -> WebhookRequest:
    body = bytearray(call.body)
    at = chance.randrange(len(body))
    match chance.randrange(6):
        case 0:
            body[at] ^= 1 << chance.randrange(8)
        case 1:
            del body[at]
        case 2:
            body.insert(at, chance.randrange(256))
        case 3:
            del body[at:]
        case 4:
            to = chance.randrange(len(body))
            body[at], body[to] = body[to], body[at]
        case _:
            body[at:at] = body[at : at + chance.randint(1, 40)]
    return replace(call, body=bytes(body))


def _spliced(call: WebhookRequest, others: Sequence[WebhookRequest], chance: Random) -> WebhookRequest:
    """One call's proof on another's words."""
    return replace(call, body=chance.choice(others).body)


def _reordered(call: WebhookRequest, others: Sequence[WebhookRequest], chance: Random) -> WebhookRequest:
    """The same JSON in another order; what is none gets space around it."""
    try:
        plain = json.loads(call.body)
    except ValueError:
        return replace(call, body=chance.choice((call.body + b"\n", b" " + call.body, call.body + b"&")))
    return replace(call, body=json.dumps(_shuffled(plain, chance), ensure_ascii=chance.random() < 0.5).encode())


def _shuffled(plain: Any, chance: Random) -> Any:
    if isinstance(plain, dict):
        names = chance.sample(sorted(plain), len(plain))
        return {name: _shuffled(plain[name], chance) for name in names}
    return [_shuffled(one, chance) for one in plain] if isinstance(plain, list) else plain


def _signs(
    call: WebhookRequest, others: Sequence[WebhookRequest], chance: Random, *, part: str, is_named: bool = True
) -> WebhookRequest:
    """Something else in a header, a parameter or the path."""
    if not is_named:
        return _with(call, part, _other_words(getattr(call, part), "", chance))
    found = dict(getattr(call, part))
    name = chance.choice(sorted(found))
    theirs = getattr(chance.choice(others), part).get(name, "")
    match chance.randrange(8):
        case 0:
            del found[name]
        case 1:
            found[f"x-{name}"] = found.pop(name)
        case 2:
            other = chance.choice(sorted(found))
            found[name], found[other] = found[other], found[name]
        case 3:  # what is joined before it is signed may be cut elsewhere
            other = chance.choice(sorted(found))
            at = chance.randint(0, 3)
            found[name], found[other] = found[name][at:], found[other] + found[name][:at]
        case _:
            found[name] = _other_words(found[name], theirs, chance)
    return _with(call, part, found)


def _other_words(value: str, theirs: str, chance: Random) -> str:
    at = chance.randrange(len(value)) if value else 0
    before, sign, after = value[:at], value[at : at + 1], value[at + 1 :]
    return chance.choice(
        (
            before + chr(ord(sign or "a") ^ (1 << chance.randrange(7))) + after,
            before + after,
            before + chance.choice("0123456789abcdefABCDEF+/=-_.") + sign + after,
            before + chance.choice(STRANGE) + sign + after,
            value.swapcase(),
            before,
            theirs,
            chance.choice((f" {value}", f"{value} ")),
            chance.choice(("", value * 2, "null", "0", str(at_noon()))),
        )
    )


def _method(call: WebhookRequest, others: Sequence[WebhookRequest], chance: Random) -> WebhookRequest:
    return replace(call, method=chance.choice(("GET", "POST", "PUT", "HEAD", "get", "")))


_WAYS: Mapping[str, Sequence[Callable[[WebhookRequest, Sequence[WebhookRequest], Random], WebhookRequest]]] = {
    "body": (_bytes, _bytes, _bytes, _spliced, _reordered),
    "headers": (partial(_signs, part="headers"),) * 4,
    "query": (partial(_signs, part="query"),) * 4,
    "path": (partial(_signs, part="path", is_named=False),) * 2,
    "method": (_method,),
}
"""By what a call must have for it: what can be done to it."""


def at_noon(span: timedelta = timedelta()) -> int:
    """Unix seconds of when the calls are made."""
    return int((NOON + span).astimezone(UTC).timestamp())
