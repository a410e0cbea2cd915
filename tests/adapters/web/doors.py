"""What a page proves: which site it is of, whose secret it has, who its contact is, which file it may fetch."""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey
from multidict import CIMultiDict

from adapters.site import Unproven
from adapters.visit import FromVisitor, Identify
from adapters.web.adapter import WebAdapter
from adapters.web.identity import hash_of
from adapters.wire import WebhookRequest
from gateway.media.links import BadLink, Links
from gateway.realtime.doorkeeper import is_welcome
from gateway.realtime.transcript import BadTranscript, Transcripts
from gateway.realtime.widget_socket import NO_FRAME
from gateway.store import Store
from gateway.store.accounts import token_hash
from gateway.store.visits import keep_visitor, visitor_address
from router.ids import MediaId, ThreadId
from tests.adapters.bench import pure_tools
from tests.adapters.forging import INBOX, Door, at_noon
from tests.adapters.web.bench import BENCH, frame
from tests.fakes.clock import NOON, StandingClock

HOST = "chat.example"
SITES = ("https://shop.example", "https://www.shop.example:8443")
_frames: msgspec.json.Decoder[FromVisitor] = msgspec.json.Decoder(FromVisitor)


def _claims(claims: list[dict[str, str]], is_proven: Callable[[dict[str, Any]], bool], **more: Any) -> Door:
    adapter = WebAdapter(inbox=INBOX, settings=BENCH.settings(), push=pure_tools().push)

    async def knock(call: WebhookRequest, now: datetime) -> int:
        try:
            claim = _frames.decode(call.body)
            is_known = isinstance(claim, Identify) and adapter.identify(claim, now).is_proven
        except (*NO_FRAME, Unproven):
            return 401
        return 200 if is_known else 401

    calls = [frame(msgspec.json.encode({"type": "identify", **claim})) for claim in claims]
    return Door(calls=calls, knock=knock, is_proven=lambda call: is_proven(_read(call.body)), **more)


def _read(body: bytes) -> dict[str, Any]:
    """A frame's fields, read by another library than ours; names that nobody asks for may be any bytes."""
    try:
        plain = json.loads(body.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}


def by_hash(_: Path) -> Door:
    """A hash of the contact's id, under either of two secrets."""
    proofs = {(id_, hash_of(id_, key)) for id_ in ("42", "user/王芳", "a@b.example") for key in BENCH.secrets()}
    return _claims(
        [{"id": id_, "hash": hash_, "name": "王芳"} for id_, hash_ in sorted(proofs)],
        lambda claim: not claim.get("jwt") and (claim.get("id"), str(claim.get("hash", "")).lower()) in proofs,
    )


def by_token(_: Path) -> Door:
    """A signed token: who, until when; at most an hour."""
    tokens = [
        jwt.encode({"alg": "HS256"}, {"sub": id_, "exp": at_noon(timedelta(minutes=30))}, OctKey.import_key(key))
        for id_ in ("42", "user/王芳")
        for key in BENCH.secrets()
    ]
    return _claims(
        [{"jwt": token, "email": "f@shop.example"} for token in tokens],
        lambda claim: _signed_part(str(claim.get("jwt", ""))) in map(_signed_part, tokens),
        stale=(timedelta(minutes=32), timedelta(minutes=-32)),
    )


def _signed_part(value: str) -> tuple[str, bytes]:
    """What was signed, and the signature: the last letter of its base64 has bits that say nothing."""
    content, _, proof = value.rpartition(".")
    try:
        letters = proof.encode("ascii", "ignore").rstrip(b"=")
        return content, base64.urlsafe_b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return content, b""


def by_site(_: Path) -> Door:
    """The origin that browsers state: our own, or one that the administrator named."""
    own = (f"https://{HOST}", f"http://{HOST}")
    calls = [
        WebhookRequest(method="GET", path="", query={}, headers={"origin": origin}, body=b"")
        for origin in (*own, *SITES)
    ]

    async def knock(call: WebhookRequest, now: datetime) -> int:
        request = SimpleNamespace(headers=CIMultiDict(call.headers), host=HOST)
        return 200 if is_welcome(cast("web.Request", request), SITES) else 401

    return Door(
        calls=calls, knock=knock, is_proven=lambda call: call.headers.get("origin", "").lower() in (*own, *SITES)
    )


def by_secret(folder: Path) -> Door:
    """The secret of a visit, of which the store has the hash: that is looked up, for there is nothing else to see."""
    store = Store.open("", folder)
    tokens = [base64.urlsafe_b64encode(bytes([n]) * 32).decode().rstrip("=") for n in range(1, 6)]

    async def knock(call: WebhookRequest, now: datetime) -> int:
        hashed = token_hash(call.headers.get("token", ""))
        return 401 if await store.read(lambda c: visitor_address(c, INBOX, hashed)) is None else 200

    def keep(connection: Any) -> None:
        for token in tokens:
            keep_visitor(connection, token_hash(token), INBOX, "vis_1", NOON)

    asyncio.run(store.write(keep))
    calls = [WebhookRequest(method="GET", path="", query={}, headers={"token": token}, body=b"") for token in tokens]
    return Door(calls=calls, knock=knock, is_proven=lambda call: call.headers.get("token") in tokens, close=store.close)


def by_transcript(_: Path) -> Door:
    """The link to what was said, for ten minutes."""
    clock = StandingClock()
    transcripts = Transcripts(b"k" * 32, clock)
    signed = [
        transcripts.sign(inbox=INBOX, thread=ThreadId(f"thr_{n}"), seq=n, zone="UTC", language="en") for n in range(5)
    ]
    return _links(signed, clock, lambda link: transcripts.read(INBOX, link), timedelta(minutes=11))


def by_link(_: Path) -> Door:
    """The link to a file, for half a day."""
    clock = StandingClock()
    links = Links(b"k" * 32, clock)
    return _links(
        [links.sign(MediaId(f"{n}" * 64), "护照.jpg") for n in range(5)], clock, links.read, timedelta(hours=14)
    )


def _links(signed: list[str], clock: StandingClock, read: Callable[[str], object], lasts: timedelta) -> Door:
    links = [path.rpartition("/")[2] for path in signed]
    proofs = set(map(_signed_part, links))

    async def knock(call: WebhookRequest, now: datetime) -> int:
        clock.at = now
        try:
            read(call.query.get("link", ""))
        except (BadTranscript, BadLink):
            return 401
        return 200

    calls = [WebhookRequest(method="GET", path="", query={"link": link}, headers={}, body=b"") for link in links]
    return Door(
        calls=calls,
        knock=knock,
        is_proven=lambda call: _signed_part(call.query.get("link", "")) in proofs,
        stale=(lasts,),
    )


DOORS = {
    "hash": by_hash,
    "token": by_token,
    "site": by_site,
    "secret": by_secret,
    "transcript": by_transcript,
    "link": by_link,
}
