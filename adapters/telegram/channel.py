"""The registry's entry. It imports no SDK: a gateway without a bot does not pay for one."""

from collections.abc import Mapping

from adapters.contract import Adapter, Tools
from adapters.telegram.settings import TelegramSettings
from router.ids import ChannelName, InboxId


class TelegramChannel:
    """Telegram bots."""

    @property
    def name(self) -> ChannelName:
        """As ``inboxes.yaml`` says it."""
        return ChannelName("telegram")

    @property
    def title(self) -> Mapping[str, str]:
        """What people call it."""
        return {"zh-CN": "Telegram", "zh-TW": "Telegram", "en": "Telegram"}

    @property
    def settings_type(self) -> type[TelegramSettings]:
        """One bot's settings."""
        return TelegramSettings

    def build(self, inbox: InboxId, settings: TelegramSettings, tools: Tools) -> Adapter:
        """An adapter for one bot."""
        from adapters.telegram.adapter import TelegramAdapter  # noqa: PLC0415  0.2 s that only a used channel costs

        return TelegramAdapter(inbox, settings, tools)
