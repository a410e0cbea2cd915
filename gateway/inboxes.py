"""The connected inboxes: each with its channel's name and the adapter that was built for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from adapters.contract import Adapter, Tools
from adapters.registry import channel
from router.ids import ChannelName, InboxId


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPlan:
    """One inbox as the configuration describes it; ``settings`` is of its channel's own settings type."""

    id: InboxId
    channel: ChannelName
    settings: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """One connected inbox."""

    id: InboxId
    channel: ChannelName
    adapter: Adapter


def connect(plans: Iterable[InboxPlan], tools: Tools) -> dict[InboxId, Inbox]:
    """Build an adapter for each inbox; nothing is called yet, and a channel that nobody uses is not imported."""
    return {
        plan.id: Inbox(
            id=plan.id,
            channel=plan.channel,
            adapter=channel(plan.channel).build(plan.id, plan.settings, tools),
        )
        for plan in plans
    }
