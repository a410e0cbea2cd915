"""A process that sends what is in an outbox, and dies where ``POINTSMAN_CRASH_AT`` says: ``python dying.py FOLDER``."""

import asyncio
import sys
from pathlib import Path

from adapters.contract import Delivered, Outbound
from tests.fakes.scripted_channel import ScriptedChannel
from tests.gateway.outbox.bench import RED, open_bench

ARRIVED = "arrived.txt"


class Remembering(ScriptedChannel):
    """A platform that remembers on disk what it took."""

    folder: Path

    async def deliver(self, message: Outbound) -> Delivered:
        """Take it."""
        delivered = await super().deliver(message)
        with (self.folder / ARRIVED).open("a") as file:
            file.write(f"{message.message}\n")
        return delivered


async def send(folder: Path) -> None:
    """Send until killed."""
    bench = open_bench(folder)
    channel = Remembering(RED)
    channel.folder = folder
    bench.channels = {RED: channel}
    async with bench.sending():
        await bench.until_ended()


if __name__ == "__main__":
    asyncio.run(send(Path(sys.argv[1])))
