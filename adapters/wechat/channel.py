"""The registry's entry. It imports no SDK: a gateway without an Official Account does not pay for one."""

from collections.abc import Mapping

from adapters.contract import Adapter, Tools
from adapters.wechat.settings import WeChatSettings
from router.ids import ChannelName, InboxId


class WeChatChannel:
    """WeChat Official Accounts."""

    @property
    def name(self) -> ChannelName:
        """As ``inboxes.yaml`` says it."""
        return ChannelName("wechat")

    @property
    def title(self) -> Mapping[str, str]:
        """What people call it."""
        return {"zh-CN": "微信公众号", "zh-TW": "微信公眾號", "en": "WeChat Official Account"}

    @property
    def settings_type(self) -> type[WeChatSettings]:
        """One account's settings."""
        return WeChatSettings

    def build(self, inbox: InboxId, settings: WeChatSettings, tools: Tools) -> Adapter:
        """An adapter for one account."""
        from adapters.wechat.adapter import WeChatAdapter  # noqa: PLC0415  0.3 s that only a used channel costs

        return WeChatAdapter(inbox, settings, tools)
