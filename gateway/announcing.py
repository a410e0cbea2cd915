"""Who is told of commits: the engine is built before its listeners, so it is given this, and they are added."""

from gateway.crossing import Committed
from gateway.witness import Listener


class Announcer:
    """Passes each commit on, in the order in which the listeners were named."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def on_commit(self, committed: Committed) -> None:
        """Pass it on; what one listener raises the engine logs, and the next commit goes to all again."""
        for listener in self.listeners:
            listener.on_commit(committed)
