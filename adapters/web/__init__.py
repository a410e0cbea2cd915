"""The chat widget on a web page: our own protocol, over a connection that the contact's page holds to us."""

from dataclasses import dataclass

from adapters.contract import Tools
from adapters.web.adapter import WebAdapter
from adapters.web.settings import WebSettings
from router.ids import ChannelName, InboxId


@dataclass(frozen=True, slots=True)
class WebChannel:
    """The registry's entry."""

    name: ChannelName = ChannelName("web")
    settings_type: type[WebSettings] = WebSettings

    def build(self, inbox: InboxId, settings: WebSettings, tools: Tools) -> WebAdapter:
        """An adapter for one widget."""
        return WebAdapter(inbox=inbox, settings=settings, push=tools.push)


CHANNEL = WebChannel()
