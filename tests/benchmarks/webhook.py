"""Webhook → proven, parsed, durable (``FULL``) and routed with a stored trace → 200, against a bare aiohttp handler.

The contenders take turns on the same core with the same load from the other core; the ratio of the medians is what
counts. Ten thousand contacts write, so that most requests continue a conversation and many begin one. Afterwards every
update that was answered with 200 is looked for in the file.
"""

import json
import sqlite3
import statistics

import psutil

from tests.benchmarks.running import SECRET, bare, load, postgresql, service

ROUNDS = 4
ROUNDS_ON_POSTGRESQL = 2
CONTACTS = 10_000


def plan(first: int) -> dict[str, object]:
    """What the load generator sends: updates from this number on."""
    names = {"first_name": "小明", "last_name": "王", "username": "xm"}
    update = {
        "update_id": 0,
        "message": {
            "message_id": 0,
            "from": {"id": 0, "is_bot": False, **names, "language_code": "zh-hans"},
            "chat": {"id": 0, **names, "type": "private"},
            "date": 1763700000,
            "text": "你好，我想办日本签证，请问需要准备哪些材料？大概需要多长时间可以出签？"
            " Also: is the photo size 35 by 45 mm, and may my company letter be in English?",
            "entities": [{"type": "bold", "offset": 0, "length": 2}],
        },
    }
    body = json.dumps(update, ensure_ascii=False)
    body = body.replace('"update_id": 0', '"update_id": %NUMBER%').replace('"message_id": 0', '"message_id": %NUMBER%')
    return {
        "body": body.replace('"id": 0', '"id": %CONTACT%'),
        "contacts": CONTACTS,
        "first": first,
        "head": "POST /hooks/bot HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n",
    }


def measure() -> dict[str, float]:
    """Requests per second of both, their ratio, latencies at full and low load, memory, and rows that are missing."""
    yardstick: list[float] = []
    ours: list[dict[str, float]] = []
    with service() as running:
        process = psutil.Process(running.pid)
        for round_number in range(ROUNDS):
            with bare() as port:
                yardstick.append(load(port, plan(0))["per_second"])
            ours.append(load(running.port, plan(1 + round_number * 10_000_000)))
        calm = load(running.port, plan(1 + ROUNDS * 10_000_000), connections=8)
        in_the_end = process.memory_info().rss / 2**20
        with sqlite3.connect(f"file:{running.folder / 'data/pointsman.db'}?mode=ro", uri=True) as database:
            (rows,) = database.execute("SELECT count(*) FROM messages WHERE direction = 'in'").fetchone()
            (traces,) = database.execute("SELECT count(*) FROM traces").fetchone()
    answered = sum(seen["requests"] for seen in ours) + calm["requests"]
    per_second = statistics.median(seen["per_second"] for seen in ours)
    return {
        "bare aiohttp, requests/s": statistics.median(yardstick),
        "webhook durable and routed, requests/s": per_second,
        "ratio to bare aiohttp": statistics.median(
            seen["per_second"] / base for seen, base in zip(ours, yardstick, strict=True)
        ),
        "p50 at saturation, 64 connections, ms": statistics.median(seen["p50"] for seen in ours),
        "p99 at saturation, 64 connections, ms": statistics.median(seen["p99"] for seen in ours),
        "p99 with 8 connections, ms": calm["p99"],
        "acknowledged": answered,
        "acknowledged but not in the file": answered - rows,
        "traces": traces,
        "memory after the load, MiB": in_the_end,
        **_on_postgresql(statistics.median(yardstick)),
    }


def _on_postgresql(yardstick: float) -> dict[str, float]:
    """The same path with PostgreSQL behind it, whose own processes run on both cores."""
    with postgresql() as url, service(database_url=url) as running:
        seen = [load(running.port, plan(number * 10_000_000)) for number in range(ROUNDS_ON_POSTGRESQL)]
    per_second = statistics.median(each["per_second"] for each in seen)
    return {
        "PostgreSQL: durable and routed, requests/s": per_second,
        "PostgreSQL: ratio to bare aiohttp": per_second / yardstick,
        "PostgreSQL: p99 at saturation, 64 connections, ms": statistics.median(each["p99"] for each in seen),
    }
