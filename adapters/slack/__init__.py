"""Slack: direct messages with the app, and threads in which it is addressed. Facts: docs.slack.dev."""

from adapters.contract import Channel
from adapters.slack.channel import SlackChannel

CHANNEL: Channel = SlackChannel()
