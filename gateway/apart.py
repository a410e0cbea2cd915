"""Apart: long work in a process of its own, one piece at a time: the loop that answers contacts must not notice."""

import asyncio
import os
from collections.abc import Callable
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

NICE = 10
"""Such work yields to the service."""


class Apart:
    """Runs jobs one after the other. What goes in and comes out is copied."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[Job], Result], job: Job) -> Result:
        """What ``work`` makes of the job; what it raises is raised here."""
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  rare work
        from multiprocessing import get_context  # noqa: PLC0415  as above

        async with self._turn:
            pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_yield_to_others)
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, work, job)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _yield_to_others() -> None:
    os.nice(NICE)
