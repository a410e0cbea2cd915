"""How many messages a second leave: each claimed in a commit, sent (in memory), and written down in another commit."""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.gateway.outbox.bench import open_bench

CONTACTS = 500
EACH = 8


def measure() -> dict[str, float]:
    """Messages a second through the outbox, at most 64 under way, on SQLite with every commit synced."""
    with tempfile.TemporaryDirectory() as folder:
        return {"sent per second": asyncio.run(_rate(Path(folder)))}


async def _rate(folder: Path) -> float:
    bench = open_bench(folder)
    for person in range(CONTACTS):
        await bench.owe(*(f"{person}-{n}" for n in range(EACH)), to=f"p{person}")
    began = time.perf_counter()
    async with bench.sending():
        await bench.until_ended()
    spent = time.perf_counter() - began
    bench.store.close()
    return CONTACTS * EACH / spent


if __name__ == "__main__":
    print(measure())
