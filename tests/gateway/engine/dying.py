"""A process that receives messages until it is killed, and says on its output which ones it has acknowledged.

``python -m tests.gateway.engine.dying URL DATA COUNT honest|hasty``. The crash point comes by POINTSMAN_CRASH_AT. The
hasty one acknowledges before the commit, as nobody should: the control of the tests that kill the honest one.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from adapters.contract import AnyInbound
from gateway.clock import SystemClock
from gateway.engine import Engine
from gateway.identifiers import RandomIdentifiers
from gateway.store import Store
from router.board import Board
from router.ids import ChannelName, InboxId
from tests.gateway.engine.workshop import CHANNEL, INBOX, PlainReplies, settings, wrote

AT_A_TIME = 4


class HastyEngine(Engine):
    """Acknowledges what it has not committed yet."""

    async def receive(self, inbox: InboxId, channel: ChannelName, inbound: Sequence[AnyInbound]) -> None:
        """Return at once."""
        self._later = asyncio.ensure_future(super().receive(inbox, channel, inbound))
        await asyncio.sleep(0)


async def main(url: str, data: str, count: int, manner: str) -> None:
    """Receive so many messages from ten contacts, a few at a time."""
    store = Store.open(url, Path(data))
    kind = HastyEngine if manner == "hasty" else Engine
    engine = kind(store, Board(settings()), SystemClock(), RandomIdentifiers(), PlainReplies(), ())
    await engine.start()
    keys = iter(range(count))

    async def bring() -> None:
        for key in keys:
            await engine.receive(INBOX, CHANNEL, [wrote(f"a{key % 10}", f"text {key}", key=str(key))])
            os.write(1, f"{key}\n".encode())

    await asyncio.gather(*(bring() for _ in range(AT_A_TIME)))
    await engine.stop()
    store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
