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

BENCHMARKS = ("webhook", "latency", "widget_sockets", "decisions", "store", "parsing")


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
        if not options.json:
            sys.stdout.write(f"\n{name} ({time.perf_counter() - began:.0f} s)\n{_table(figures[name])}")
            sys.stdout.flush()
    if options.json:
        sys.stdout.write(json.dumps({"machine": _machine(), "figures": figures}, indent=2) + "\n")


def _table(rows: dict[str, float]) -> str:
    width = max(map(len, rows))
    return "".join(f"  {name:<{width}}  {_shown(value)}\n" for name, value in rows.items())


def _shown(value: float) -> str:
    return f"{value:>12,.0f}" if abs(value) >= 1000 else f"{value:>12.3g}"


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {psutil.cpu_count()} cores, {memory:.0f} GiB"
    )


if __name__ == "__main__":
    main()
