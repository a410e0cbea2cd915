"""Inboxes that pull: what an adapter's `listen` yields is committed, and only then confirmed to the platform."""

from adapters.contract import Adapter
from gateway.inboxes import Inbox
from gateway.intake import Intake


def pulls(adapter: Adapter) -> bool:
    """Whether this inbox must be asked for its messages."""
    return adapter.listen() is not None


async def listen(inbox: Inbox, intake: Intake) -> None:
    """Take in what one inbox pulls, for as long as it does; runs under the supervisor.

    A failure anywhere, the store's too, ends it before the confirmation: when it is started again the platform offers
    the same once more, and the engine drops what it knows.

    Raises:
        DeliveryError: the platform refused or was not reached.
        StoreUnavailable: nothing could be committed.
    """
    pulled = inbox.adapter.listen()
    if pulled is None:
        return
    async for parsed, confirm in pulled:
        await intake.take(inbox, parsed)
        await confirm()
