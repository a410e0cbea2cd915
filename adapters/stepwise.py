"""One message in as many calls as it takes: each piece once, however often the line breaks in between.

A message that needs several calls can be half sent. Pieces that the platform refuses for good are named in
``Delivered.lost``; when a later call fails, the error carries the progress, so that another attempt goes on with the
piece that failed.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from adapters.contract import Delivered, Outbound
from adapters.errors import DeliveryError, Rejected
from adapters.progress import Progress

S = TypeVar("S")


async def deliver_in_steps(
    message: Outbound,
    steps: Sequence[S],
    *,
    lost: Sequence[str],
    send: Callable[[S, Sequence[str]], Awaitable[str]],
    name: Callable[[S], str],
) -> Delivered:
    """Send what is left of a message's ``steps``.

    ``send(step, keys)`` makes the calls of one step behind those that became ``keys``, and gives the key of the message
    that it became. ``lost`` is what is known to be lost before anything is sent; ``name(step)`` says in a word what a
    refused step was.

    Raises:
        DeliveryError: one of the closed set, with the progress that was made; `Rejected` when every piece was refused.
    """
    keys = list(message.progress.keys)
    gone = list(message.progress.lost or lost)
    refused: Rejected | None = None
    for step in steps[len(keys) :]:
        try:
            keys.append(await send(step, keys))
        except Rejected as error:
            refused = refused or error
            keys.append("")
            gone.append(f"{name(step)}: {error}")
        except DeliveryError as error:
            error.progress = Progress(keys=tuple(keys), lost=tuple(gone))
            raise
        message.follow(Progress(keys=tuple(keys), lost=tuple(gone)))
    if refused is not None and not any(keys):
        raise refused
    return Delivered(keys=tuple(keys), lost=tuple(gone))
