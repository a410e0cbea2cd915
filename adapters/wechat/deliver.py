"""Sending by customer-service messages: each step of a plan is one call, each call's answer is judged."""

from collections.abc import Sequence

from adapters.contract import Delivered, Outbound
from adapters.stepwise import deliver_in_steps
from adapters.wechat.api import Api
from adapters.wechat.plan import Ask, Step, Upload, call, in_words, plan
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
            DeliveryError: one of the closed set, with the progress that was made.
        """
        what = plan(message)

        async def send(step: Step, keys: Sequence[str]) -> str:
            await self._send(message.address, step)
            return f"{message.message}/{len(keys) + 1}"

        return await deliver_in_steps(message, what.steps, lost=what.lost, send=send, name=_name)

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
