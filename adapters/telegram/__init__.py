"""Telegram: bots in private chats. Facts and limits: core.telegram.org/bots/api (Bot API 10.0)."""

from adapters.contract import Channel
from adapters.telegram.channel import TelegramChannel

CHANNEL: Channel = TelegramChannel()
