"""The registry's entry. It imports no SDK: a gateway without a workspace does not pay for one."""

from collections.abc import Mapping

from adapters.contract import Adapter, Tools
from adapters.slack.settings import SlackSettings
from router.ids import ChannelName, InboxId


class SlackChannel:
    """Slack apps."""

    @property
    def name(self) -> ChannelName:
        """As ``inboxes.yaml`` says it."""
        return ChannelName("slack")

    @property
    def title(self) -> Mapping[str, str]:
        """What people call it."""
        return {"zh-CN": "Slack", "zh-TW": "Slack", "en": "Slack"}

    @property
    def settings_type(self) -> type[SlackSettings]:
        """One app's settings."""
        return SlackSettings

    def build(self, inbox: InboxId, settings: SlackSettings, tools: Tools) -> Adapter:
        """An adapter for one app."""
        from adapters.slack.adapter import SlackAdapter  # noqa: PLC0415  0.2 s that only a used channel costs

        return SlackAdapter(inbox, settings, tools)
