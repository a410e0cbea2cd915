"""The inboxes as an administrator sees them: connected or not, heard from or not, and how to set one up."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from adapters.registry import channel_names, setup_guide
from config.inbox import Inbox
from gateway.http.registry import Call, Nothing, Route
from gateway.http.tools import Tools
from gateway.store.inbox_traffic import InboxTraffic, traffic_by_inbox
from gateway.supervisor import State

LOOKS_BACK = timedelta(days=1)


class InboxView(msgspec.Struct, frozen=True, kw_only=True):
    """One inbox. ``state``: disabled, waiting (for a restart), connecting, connected, listening, restarting, given_up.

    ``webhook`` is where its platform calls us, empty when it does not; the counts are those of the last day.
    """

    id: str
    channel: str
    name: str
    state: str
    webhook: str
    last_received_at: datetime | None
    received: int
    sent: int
    rejected: int


class InboxesView(msgspec.Struct, frozen=True, kw_only=True):
    """All inboxes in the order of the file, and each channel's guide (Markdown)."""

    items: list[InboxView]
    setup: dict[str, str]


async def list_inboxes(call: Call[Nothing, Nothing]) -> InboxesView:
    """The inboxes and their state."""
    tools = call.tools
    since = tools.clock.now() - LOOKS_BACK
    traffic = await tools.store.read(lambda c: traffic_by_inbox(c, since))
    parts = tools.health.parts()
    return InboxesView(
        items=[
            _show(tools, inbox, parts, traffic.get(inbox.id, InboxTraffic()))
            for inbox in tools.configuration.configuration.inboxes.values()
        ],
        setup={name: setup_guide(name) for name in channel_names()},
    )


def state_of(inbox: Inbox, parts: Mapping[str, State]) -> str:
    """How an inbox is, from the parts that the supervisor runs for it."""
    if not inbox.enabled:
        return "disabled"
    prepared, listening = parts.get(f"prepare {inbox.id}"), parts.get(f"listen {inbox.id}")
    if prepared is None:
        return "waiting"
    if State.GIVEN_UP in (prepared, listening):
        return "given_up"
    if State.RESTARTING in (prepared, listening):
        return "restarting"
    if prepared is State.RUNNING:
        return "connecting"
    return "listening" if listening is State.RUNNING else "connected"


def _show(tools: Tools, inbox: Inbox, parts: Mapping[str, State], traffic: InboxTraffic) -> InboxView:
    is_called = tools.intake.is_called(inbox.id)
    return InboxView(
        id=inbox.id,
        channel=inbox.channel,
        name=inbox.name,
        state=state_of(inbox, parts),
        webhook=f"{tools.public_url}/hooks/{inbox.id}" if is_called else "",
        last_received_at=traffic.last_received_at,
        received=traffic.received,
        sent=traffic.sent,
        rejected=traffic.rejected,
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/inboxes",
        summary="Inboxes, their state, and how to set one up",
        handler=list_inboxes,
        answers=InboxesView,
    ),
)
