"""The channels that exist: an explicit table. A channel is imported when it is asked for, never before."""

import importlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from adapters.contract import Channel
from adapters.demo import DemoPlatform
from router.ids import ChannelName

_FOLDERS = {
    ChannelName("slack"): "adapters.slack",
    ChannelName("telegram"): "adapters.telegram",
    ChannelName("web"): "adapters.web",
    ChannelName("wechat"): "adapters.wechat",
}


class UnknownChannel(LookupError):
    """There is no channel of this name; the message lists those there are."""


def channel_names() -> tuple[ChannelName, ...]:
    """The names of all channels, in order."""
    return tuple(sorted(_FOLDERS))


def channel(name: str) -> Channel:
    """The channel of this name.

    Raises:
        UnknownChannel: there is none.
    """
    folder = _FOLDERS.get(ChannelName(name))
    if folder is None:
        raise UnknownChannel(f"unknown channel {name!r}; there are: {', '.join(channel_names())}")
    found: Channel = importlib.import_module(folder).CHANNEL
    return found


@cache
def channel_titles() -> Mapping[ChannelName, Mapping[str, str]]:
    """What people call each channel, by language."""
    return {name: channel(name).title for name in channel_names()}


def setup_guide(name: str) -> str:
    """How to connect an inbox of this channel: its folder's ``setup.md``; empty when it has none.

    Raises:
        UnknownChannel: there is none.
    """
    channel(name)
    guide = files(_FOLDERS[ChannelName(name)]) / "setup.md"
    return guide.read_text(encoding="utf-8") if guide.is_file() else ""


_DEMOS = ("adapters.slack.demo", "adapters.telegram.demo", "adapters.wechat.demo")


def demo_platforms() -> tuple[DemoPlatform, ...]:
    """The simulated platforms that the demo starts."""
    return tuple(importlib.import_module(module).DEMO for module in _DEMOS)
