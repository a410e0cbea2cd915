"""Waiting for a fact, not for a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_WITHIN = 60.0


async def until(fact: Callable[[], T]) -> T:
    """Ask until the answer is truthy, and return it.

    Raises:
        TimeoutError: it never was.
    """
    async with asyncio.timeout(_WITHIN):
        while not (answer := fact()):
            await asyncio.sleep(0.01)
    return answer


async def until_found(fact: Callable[[], Awaitable[T]], *, within: float = _WITHIN) -> T:
    """As `until`, for a fact that has to be looked up, or a process that has to start first.

    Raises:
        TimeoutError: it never was.
    """
    async with asyncio.timeout(within):
        while not (answer := await fact()):
            await asyncio.sleep(0.01)
    return answer
