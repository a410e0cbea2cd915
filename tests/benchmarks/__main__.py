"""`make bench`: every measurement of this folder, in one run on one machine, as figures and as ratios.

Absolute figures hold for this machine and this minute only; the ratios are what may be compared. Each benchmark is a
module with ``measure() -> dict[str, float]``; a key says what was measured and in which unit.
"""

import argparse
import importlib
import json
import platform
import sys
import time

import psutil

from tests.benchmarks.goals import goal, unmeasured

BENCHMARKS = (
    "starting",
    "webhook",
    "peers",
    "latency",
    "fan_out",
    "widget_sockets",
    "sending",
    "decisions",
    "store",
    "parsing",
)

WIDTH = 56


def main() -> None:
    """Run the benchmarks named on the command line, or all, and print a table (or JSON)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="which (all when none is named)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    options = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    if not options.json:
        sys.stdout.write(f"{_machine()}\n")
    for name in options.names or BENCHMARKS:
        began = time.perf_counter()
        figures[name] = importlib.import_module(f"tests.benchmarks.{name}").measure()
        if lacking := unmeasured(name, figures[name]):
            raise LookupError(f"{name} does not measure {', '.join(lacking)}")
        if not options.json:
            sys.stdout.write(f"\n{name} ({time.perf_counter() - began:.0f} s)\n{_table(name, figures[name])}")
            sys.stdout.flush()
    if options.json:
        sys.stdout.write(json.dumps({"machine": _machine(), "figures": figures}, indent=2) + "\n")


def _table(benchmark: str, rows: dict[str, float]) -> str:
    lines = ""
    for name, value in rows.items():
        line = f"  {name:<{WIDTH}}  {_shown(value)}"
        if (its := goal(benchmark, name)) is not None:
            line += f"  must {_shown(its.must).strip():>7}  aim {_shown(its.aim).strip():>7}  {its.verdict(value)}"
        lines += f"{line}\n"
    return lines


def _shown(value: float) -> str:
    return f"{value:>12,.0f}" if abs(value) >= 1000 else f"{value:>12.3g}"


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {psutil.cpu_count()} cores, {memory:.0f} GiB"
    )


if __name__ == "__main__":
    main()
