"""Sending by customer-service messages: each step of a plan is one call, each call's answer is judged.

A message that needs several calls can be half sent. Pieces that the platform refuses for good are named in
``Delivered.lost``; when a later call fails, the error carries the progress, so that another attempt goes on with the
piece that failed.
"""

from adapters.contract import Delivered, Outbound
from adapters.errors import DeliveryError, Rejected
from adapters.progress import Progress
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
        keys = list(message.progress.keys)
        lost = list(message.progress.lost or what.lost)
        refused: Rejected | None = None
        for step in what.steps[len(keys) :]:
            try:
                await self._send(message.address, step)
                keys.append(f"{message.message}/{len(keys) + 1}")
            except Rejected as error:
                refused = refused or error
                keys.append("")
                lost.append(f"{_name(step)}: {error}")
            except DeliveryError as error:
                error.progress = Progress(keys=tuple(keys), lost=tuple(lost))
                raise
            message.follow(Progress(keys=tuple(keys), lost=tuple(lost)))
        if refused is not None and not any(keys):
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
