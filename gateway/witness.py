"""Who watches the engine: those who are told of what was committed, and those who measure."""

from typing import Protocol

from gateway.crossing import Committed


class Listener(Protocol):
    """Who is told of what was committed."""

    def on_commit(self, committed: Committed) -> None:
        """Take note, on the loop, in the order of commits. Must not block and must not raise."""


class Observer(Protocol):
    """Who measures the engine."""

    def batch(self, size: int, seconds: float) -> None:
        """One batch was processed, retries included."""

    def set_aside(self) -> None:
        """An event was quarantined."""


class Nobody:
    """An observer who looks away."""

    def batch(self, size: int, seconds: float) -> None:
        """One batch was processed."""

    def set_aside(self) -> None:
        """An event was quarantined."""
