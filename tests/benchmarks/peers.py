"""The webhook path of each platform against its SDK in an aiohttp handler that proves and parses, and stores nothing.

Ours proves, parses, makes durable, routes with a stored trace, and answers. Requests are signed (and sealed) before
the stopwatch runs, each a message of its own.
"""

import hashlib
import hmac
import json
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from wechatpy.crypto import WeChatCrypto

from adapters.wechat.envelope import signature
from tests.benchmarks import webhook
from tests.benchmarks.load import request_maker
from tests.benchmarks.running import AES_KEY, APP_ID, LOAD_CORE, SECRET, WECHAT_TOKEN, bare, load, service

REQUESTS = 30_000
CONTACTS = 1_000
SECONDS = 3.0
WORDS = "你好，我想办日本签证，请问需要准备哪些材料？"


def measure() -> dict[str, float]:
    """Requests per second of both, and their ratio, for each platform that calls by webhook."""
    figures: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory(prefix="pointsman-bench-") as folder,
        bare("platform", LOAD_CORE) as platform,
        service(has_sealed=True, api_base=f"http://127.0.0.1:{platform}") as running,
    ):
        for channel, sdk, inbox, make in _CONTENDERS:
            corpus = Path(folder) / channel
            _write(corpus, make(inbox))
            plan = {"corpus": str(corpus)}
            with bare(channel) as port:
                theirs = load(port, plan, seconds=SECONDS)["per_second"]
            ours = load(running.port, plan, seconds=SECONDS)["per_second"]
            figures[f"{channel}: ours, durable and routed, requests/s"] = ours
            figures[f"{channel}: {sdk} in aiohttp, requests/s"] = theirs
            figures[f"{channel}: ratio"] = ours / theirs
    return figures


def _write(path: Path, requests: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        for request in requests:
            file.write(struct.pack(">I", len(request)) + request)


def _updates(inbox: str) -> Iterator[bytes]:
    make = request_maker(webhook.plan(0))
    return (make(number) for number in range(REQUESTS))


def _events(inbox: str) -> Iterator[bytes]:
    stamp = int(time.time())
    for number in range(REQUESTS):
        contact = number * 7919 % CONTACTS
        event = {
            "type": "message",
            "channel": f"D{contact:08}",
            "channel_type": "im",
            "user": f"U{contact:08}",
            "text": WORDS,
            "ts": f"{stamp}.{number:06}",
        }
        body = json.dumps(
            {
                "type": "event_callback",
                "team_id": "T0BENCH",
                "api_app_id": "A0BENCH",
                "event": event,
                "event_id": f"Ev{number:09}",
                "event_time": stamp,
                "authorizations": [{"team_id": "T0BENCH", "user_id": "U0", "is_bot": True}],
            },
            ensure_ascii=False,
        ).encode()
        proof = hmac.new(SECRET.encode(), b"v0:%d:%b" % (stamp, body), hashlib.sha256).hexdigest()
        headers = f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={proof}\r\n"
        yield _request(f"/hooks/{inbox}", body, "application/json", headers)


def _sealed(inbox: str) -> Iterator[bytes]:
    crypto, stamp = WeChatCrypto(WECHAT_TOKEN, AES_KEY, APP_ID), str(int(time.time()))
    for number in range(REQUESTS):
        contact = f"o{number * 7919 % CONTACTS:027}"
        plain = (
            f"<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[{contact}]]></FromUserName>"
            f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{WORDS}]]></Content><MsgId>{23_000_000_000 + number}</MsgId></xml>"
        )
        sealed = crypto.encrypt_message(plain, "nonce", stamp)
        proof = sealed.partition("<MsgSignature><![CDATA[")[2].partition("]")[0]
        first = signature(WECHAT_TOKEN, stamp, "nonce")
        query = f"signature={first}&timestamp={stamp}&nonce=nonce&encrypt_type=aes&msg_signature={proof}"
        yield _request(f"/hooks/{inbox}?{query}", sealed.encode(), "text/xml", "")


def _request(address: str, body: bytes, kind: str, headers: str) -> bytes:
    head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


_CONTENDERS: tuple[tuple[str, str, str, Callable[[str], Iterator[bytes]]], ...] = (
    ("telegram", "python-telegram-bot", "bot", _updates),
    ("slack", "slack-bolt", "workspace", _events),
    ("wechat", "wechatpy, sealed", "sealed", _sealed),
)
