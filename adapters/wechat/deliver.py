"""Sending by customer-service messages: each step of a plan is one call, each call's answer is judged.

A message that needs several calls can be half sent. Pieces that the platform refuses for good are named in
``Delivered.lost``; when a later call fails in a way that might pass, the message is *ambiguous*: sending all of it
again would double what has arrived.
"""

from adapters.contract import Delivered, Outbound
from adapters.errors import Ambiguous, DeliveryError, Rejected
from adapters.wechat.api import Api
from adapters.wechat.plan import Ask, Plan, Step, Upload, call, in_words, plan
from adapters.wechat.refusal import NO_MENU, Refused

SEND = "message/custom/send"


class Sender:
    """What one account says by itself, in the time that contacts allow."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def deliver(self, message: Outbound) -> Delivered:
        """Send a message, in as many calls as it takes.

        The platform names none of the messages that they become, so their keys are ours.

        Raises:
            DeliveryError: one of the closed set; `Ambiguous` when only the first calls succeeded.
        """
        what = plan(message)
        keys: list[str] = []
        lost = list(what.lost)
        refused: Rejected | None = None
        for number, step in enumerate(what.steps, 1):
            try:
                await self._send(message.address, step)
                keys.append(f"{message.message}/{number}")
            except Rejected as error:
                refused = refused or error
                lost.append(f"{_name(step)}: {error}")
            except DeliveryError as error:
                if not keys:
                    raise
                raise Ambiguous("half_sent", _half_sent(what, keys, error)) from None
        if refused is not None and not keys:
            raise refused
        return Delivered(keys=tuple(keys), lost=tuple(lost))

    async def _send(self, address: str, step: Step) -> None:
        media_id = ""
        if isinstance(step, Upload):
            media_id = await self._api.upload(step.kind.value, step.data, step.name, step.mime)
        try:
            await self._api.call(SEND, call(address, step, media_id))
        except Refused as error:
            if error.code != NO_MENU or not isinstance(step, Ask):
                raise
            await self._api.call(SEND, call(address, in_words(step)))


def _name(step: Step) -> str:
    return step.kind.value if isinstance(step, Upload) else type(step).__name__.lower()


def _half_sent(what: Plan, keys: list[str], error: DeliveryError) -> str:
    return f"{len(keys)} of {len(what.steps)} pieces were sent, then: {error}"
