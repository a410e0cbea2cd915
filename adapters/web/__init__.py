"""The chat widget on a web page: our own protocol, over a connection that the contact's page holds to us."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.contract import Tools
from adapters.web.adapter import WebAdapter
from adapters.web.settings import WebSettings
from router.ids import ChannelName, InboxId


@dataclass(frozen=True, slots=True)
class WebChannel:
    """The registry's entry."""

    name: ChannelName = ChannelName("web")
    title: Mapping[str, str] = field(
        default_factory=lambda: {"zh-CN": "网站", "zh-TW": "網站", "en": "Website"}, hash=False
    )
    settings_type: type[WebSettings] = WebSettings

    def build(self, inbox: InboxId, settings: WebSettings, tools: Tools) -> WebAdapter:
        """An adapter for one widget."""
        return WebAdapter(inbox=inbox, settings=settings, push=tools.push)


CHANNEL = WebChannel()
