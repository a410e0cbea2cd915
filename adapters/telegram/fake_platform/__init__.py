"""A platform to try the product without an account: a Bot API server on loopback, with simulated contacts.

It behaves as the real one where that matters to a bot: what it refuses and in which words, how it repeats a webhook
that fails, how long polling confirms. The demo runs it; the tests run it with faults added. Behaviour after
core.telegram.org/bots/api and the public source of the real server (tdlib/telegram-bot-api). What it leaves out:
groups, inline mode, edits by the bot, payments, the limits on how fast a bot may send.
"""

from adapters.telegram.fake_platform.platform import Clock, FakePlatform

__all__ = ["Clock", "FakePlatform"]
