"""The widget's adapter: delivery is a push, and the gateway alone may say who speaks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import Outbound
from adapters.errors import Forged
from adapters.visit import SPEAKER
from adapters.web.adapter import WebAdapter
from adapters.web.settings import WebSettings
from adapters.wire import WebhookRequest
from router.ids import InboxId, MessageId
from router.message import DeliveryState, Text

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Pages:
    """The contact's open pages: what was pushed to them."""

    def __init__(self, *addresses: str) -> None:
        self.open = set(addresses)
        self.frames: list[tuple[str, Mapping[str, Any]]] = []

    async def push(self, inbox: InboxId, address: str, frame: Mapping[str, Any]) -> bool:
        """As `adapters.contract.Push`."""
        self.frames.append((address, frame))
        return address in self.open


def widget(pages: Pages) -> WebAdapter:
    """A widget whose pushes go to these pages."""
    return WebAdapter(inbox=InboxId("website"), settings=WebSettings(), push=pages.push)


@pytest.mark.parametrize(
    ("address", "state"), [("vis_1", DeliveryState.DELIVERED), ("vis_2", DeliveryState.SENT)], ids=["open", "closed"]
)
async def test_delivery_says_whether_it_was_shown(address: str, state: DeliveryState) -> None:
    """With a page open a message is delivered; without one it is sent, and waits in the thread."""
    pages = Pages("vis_1")
    message = Outbound(
        message=MessageId("msg_1"), address=address, parts=(Text(text="您好"),), author_name="日韩签证组"
    )
    delivered = await widget(pages).deliver(message)
    assert (delivered.keys, delivered.state, delivered.lost) == (("msg_1",), state, ())
    ((to, frame),) = pages.frames
    assert (to, frame["id"], frame["parts"]) == (address, "msg_1", [{"kind": "text", "text": "您好"}])


def test_http_cannot_speak() -> None:
    """Only the gateway's own header makes a frame authentic."""
    adapter = widget(Pages())
    forged = WebhookRequest(method="POST", path="", query={}, headers={"speaker": "vis_1"}, body=b"{}")
    with pytest.raises(Forged):
        adapter.authenticate(forged, NOW)
    adapter.authenticate(WebhookRequest(method="FRAME", path="", query={}, headers={SPEAKER: "vis_1"}, body=b""), NOW)


def test_nothing_is_mounted() -> None:
    """A widget listens to no webhook and pulls nothing."""
    adapter = widget(Pages())
    assert adapter.routes() == ()
    assert adapter.listen() is None
    assert adapter.capabilities().is_pushed
