"""What each figure must reach, and what we aim at. A figure without a goal is shown for its own sake."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """Two bounds. Where ``must`` is above ``aim``, less is better; else more."""

    must: float
    aim: float

    def verdict(self, value: float) -> str:
        """How the figure stands: better than aimed at, good enough, or missed."""
        sign = -1 if self.must > self.aim else 1
        if sign * value >= sign * self.aim:
            return "aim"
        return "must" if sign * value >= sign * self.must else "MISSED"


GOALS: dict[str, dict[str, Goal]] = {
    "starting": {
        "start to ready, no data, s": Goal(2, 1),
        "start to ready, 100,000 open conversations, s": Goal(10, 4),
        "memory after start, four channels, MiB": Goal(130, 100),
    },
    "webhook": {
        "ratio to bare aiohttp": Goal(0.25, 0.5),
        "p99 with 8 connections, ms": Goal(25, 10),
        "acknowledged but not in the file": Goal(0.5, 0),
        "PostgreSQL: ratio to bare aiohttp": Goal(0.12, 0.3),
    },
    "peers": {
        "slack: ratio": Goal(1, 2),
        "wechat: ratio": Goal(0.6, 1),
    },
    "latency": {
        "p95 widget to desk, ms": Goal(50, 20),
    },
    "fan_out": {"message on 1,000 feeds, frames/s": Goal(60_000, 120_000)},
    "widget_sockets": {"KiB per idle socket": Goal(24, 16)},
    "sending": {"ratio to the SDK": Goal(5, 20)},
    "decisions": {
        "backlog 100,000 × 5,000 p99 µs": Goal(200, 30),
        "median at 100,000 × 5,000 ÷ at 100 × 100": Goal(2, 1.5),
    },
}
"""By benchmark and figure."""


def goal(benchmark: str, figure: str) -> Goal | None:
    """What this figure must reach; None when it need not."""
    return GOALS.get(benchmark, {}).get(figure)


def unmeasured(benchmark: str, figures: dict[str, float]) -> list[str]:
    """Goals of a benchmark that it has no figure for."""
    return [name for name in GOALS.get(benchmark, {}) if name not in figures]
