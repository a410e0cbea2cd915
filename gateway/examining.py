"""What is wrong with each inbox: adapters that can say so are asked, all at once, and nothing is changed.

Where a platform should call, we call too, with nothing in it: whoever refuses it as we would is the inbox itself.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import aiohttp

from adapters.contract import Examined, Tools
from adapters.errors import DeliveryError
from adapters.finding import Finding, Severity
from gateway.inboxes import Inbox, InboxPlan, connect
from gateway.intake import FORGED
from router.ids import InboxId

PATIENCE = 20.0
"""Seconds for one inbox."""

_GATEWAY_FAILURES = frozenset({502, 503, 504})


async def examine(plans: Iterable[InboxPlan], public_url: str) -> Mapping[InboxId, Sequence[Finding]]:
    """The findings of every inbox; ``public_url`` is where the service is reached, empty when it is not."""
    async with aiohttp.ClientSession() as session:

        async def push(_inbox: InboxId, _address: str, _frame: object) -> bool:
            return False

        inboxes = connect(plans, Tools(session=session, push=push))
        webhooks = {id_: f"{public_url}/hooks/{id_}" if public_url else "" for id_ in inboxes}
        found = await asyncio.gather(*(_examined(inbox, webhooks[id_]) for id_, inbox in inboxes.items()))
        reached = await asyncio.gather(*(_reached(session, inbox, webhooks[id_]) for id_, inbox in inboxes.items()))
        return {id_: (*said, *of_us) for id_, said, of_us in zip(inboxes, found, reached, strict=True)}


async def _reached(session: aiohttp.ClientSession, inbox: Inbox, webhook: str) -> Sequence[Finding]:
    """Whether the inbox answers at its address; nothing when no platform calls it there."""
    if not webhook or not any("POST" in route.methods for route in inbox.adapter.routes()):
        return ()
    try:
        timeout = aiohttp.ClientTimeout(total=PATIENCE / 2)
        async with session.post(webhook, data=b"", allow_redirects=False, timeout=timeout) as answer:
            body = await answer.content.read(len(FORGED.body) + 1)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        what = f"nobody answers at {webhook} from here: {type(error).__name__}"
        return (_warning(what, "start the service; then look at the name, the proxy, the certificate, the firewall"),)
    if (answer.status, body) == (FORGED.status, FORGED.body):
        return (Finding(severity=Severity.OK, what=f"this inbox answers at {webhook}"),)
    if answer.status in _GATEWAY_FAILURES:
        return (
            _warning(f"a proxy answers at {webhook}: {answer.status}", "start the service; then look at the proxy"),
        )
    what = f"something else answers at {webhook}: {answer.status}"
    advice = "the address leads past this inbox: look at --public-url and at what the proxy does with /hooks/"
    return (Finding(severity=Severity.ERROR, what=what, advice=advice),)


def _warning(what: str, advice: str) -> Finding:
    return Finding(severity=Severity.WARNING, what=what, advice=advice)


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
