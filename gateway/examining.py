"""What is wrong with each inbox: adapters that can say so are asked, all at once, and nothing is changed."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import aiohttp

from adapters.contract import Examined, Tools
from adapters.errors import DeliveryError
from adapters.finding import Finding, Severity
from gateway.inboxes import Inbox, InboxPlan, connect
from router.ids import InboxId

PATIENCE = 20.0
"""Seconds for one inbox."""


async def examine(plans: Iterable[InboxPlan], public_url: str) -> Mapping[InboxId, Sequence[Finding]]:
    """The findings of every inbox; ``public_url`` is where the service is reached, empty when it is not."""
    async with aiohttp.ClientSession() as session:

        async def push(_inbox: InboxId, _address: str, _frame: object) -> bool:
            return False

        inboxes = connect(plans, Tools(session=session, push=push))
        webhooks = {id_: f"{public_url}/hooks/{id_}" if public_url else "" for id_ in inboxes}
        found = await asyncio.gather(*(_examined(inbox, webhooks[id_]) for id_, inbox in inboxes.items()))
        return dict(zip(inboxes, found, strict=True))


async def _examined(inbox: Inbox, webhook: str) -> Sequence[Finding]:
    adapter = inbox.adapter
    if not isinstance(adapter, Examined):
        return (Finding(severity=Severity.OK, what="nothing outside of us is needed"),)
    try:
        async with asyncio.timeout(PATIENCE):
            return await adapter.examine(webhook)
    except (TimeoutError, DeliveryError) as error:
        what = f"the platform gave no answer: {type(error).__name__}"
        return (Finding(severity=Severity.ERROR, what=what, advice="try again in a minute"),)
