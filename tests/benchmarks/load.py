"""A closed-loop load generator: so many kept-alive connections, each sends its next request when it has its answer.

It runs in a process of its own (`python -m tests.benchmarks.load …`) and pins itself to a core, so that it does not
measure itself. The target is always on loopback, and the seconds are bounded.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import uvloop


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a run saw: requests per second, latencies in milliseconds, and answers that were not 200."""

    per_second: float
    p50: float
    p99: float
    requests: int
    refused: int


class _Connection(asyncio.Protocol):
    """One kept-alive connection; it counts whole answers by their content length."""

    def __init__(self, run: "_Run") -> None:
        self._run = run
        self._buffer = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is registered nowhere
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(self._run.next_request())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        mark = head.find(b"content-length:")
        length = int(head[mark + 15 :].split(b"\r\n", 1)[0]) if mark >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        self._buffer = self._buffer[end + 4 + length :]
        if self._run.answered(time.perf_counter() - self._sent_at, is_good=head.startswith(b"http/1.1 200")):
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.closed()


class _Run:
    """The whole run: what to send next, what came back."""

    def __init__(self, make: Callable[[int], bytes], connections: int, warm_up: float, seconds: float) -> None:
        self._make = make
        self._open = connections
        self._number = 0
        begin = time.perf_counter()
        self._counts_from = begin + warm_up
        self._until = begin + warm_up + seconds
        self._seconds = seconds
        self._spans: list[float] = []
        self._refused = 0
        self.finished = asyncio.get_running_loop().create_future()

    def next_request(self) -> bytes:
        self._number += 1
        return self._make(self._number)

    def answered(self, span: float, *, is_good: bool) -> bool:
        now = time.perf_counter()
        if not is_good:
            self._refused += 1
        elif self._counts_from <= now < self._until:
            self._spans.append(span)
        return now < self._until

    def closed(self) -> None:
        self._open -= 1
        if self._open == 0 and not self.finished.done():
            self.finished.set_result(None)

    def result(self) -> Load:
        spans = sorted(self._spans) or [0.0]
        return Load(
            per_second=len(self._spans) / self._seconds,
            p50=spans[len(spans) // 2] * 1e3,
            p99=spans[int(len(spans) * 0.99)] * 1e3,
            requests=self._number,
            refused=self._refused,
        )


def request_maker(plan: dict[str, object]) -> Callable[[int], bytes]:
    """The ``number``-th request: ``body`` with ``%NUMBER%`` and ``%CONTACT%`` (of ``contacts``) filled in.

    Or, where a plan names a ``corpus``, the requests of that file one after the other, each behind its length.
    """
    if "corpus" in plan:
        requests = list(_corpus(Path(str(plan["corpus"])).read_bytes()))
        return lambda number: requests[number % len(requests)]
    body, contacts, first = str(plan["body"]), int(str(plan["contacts"])), int(str(plan["first"]))
    head = str(plan["head"])

    def make(number: int) -> bytes:
        filled = body.replace("%NUMBER%", str(first + number)).replace("%CONTACT%", str(1 + number * 7919 % contacts))
        raw = filled.encode()
        return f"{head}Content-Length: {len(raw)}\r\n\r\n".encode() + raw

    return make


def _corpus(raw: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(raw):
        begins = place + 4
        place = begins + int.from_bytes(raw[place:begins])
        yield raw[begins:place]


async def _drive(plan: dict[str, object], port: int, connections: int, warm_up: float, seconds: float) -> Load:
    run = _Run(request_maker(plan), connections, warm_up, seconds)
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
    async with asyncio.timeout(warm_up + seconds + 30):
        await run.finished
    return run.result()


def main() -> None:
    """Run the load that a plan file describes and print what was seen as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("plan", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--warm-up", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--core", type=int, default=-1)
    options = parser.parse_args()
    if options.core >= 0:
        os.sched_setaffinity(0, {options.core % (os.cpu_count() or 1)})
    plan = json.loads(options.plan.read_text())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        seen = runner.run(_drive(plan, options.port, options.connections, options.warm_up, options.seconds))
    sys.stdout.write(json.dumps(asdict(seen)) + "\n")


if __name__ == "__main__":
    main()
