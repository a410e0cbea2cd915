"""A loop whose time passes only when nothing is left to do, and then at once: waits are exact, and last no time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

P = ParamSpec("P")


class LeapingLoop(asyncio.SelectorEventLoop):
    """For what waits and talks to nobody: with threads or sockets time would leap while an answer is on its way."""

    def __init__(self) -> None:
        self._passing = _Passing()
        super().__init__(self._passing)

    def time(self) -> float:
        """Seconds that were waited for."""
        return self._passing.seconds


def leaping(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test on such a loop, which begins at 0."""

    @wraps(test)
    def run(*values: P.args, **named: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            runner.run(test(*values, **named))

    return run


class _Passing(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, Any]]:
        """What is ready; when nothing is, the wait is over already."""
        ready = super().select(timeout and 0)
        if not ready and timeout:
            self.seconds += timeout
        return ready
