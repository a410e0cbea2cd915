"""A platform to try the product without an account: a workspace on loopback, with simulated people.

It behaves as the real one where that matters to an app: what it refuses and with which codes, how it signs its calls
and repeats those that fail, how a socket confirms. The demo runs it; the tests run it with faults added. Behaviour
after docs.slack.dev. What it leaves out: the limits on how fast an app may send, modals, search, the workspace's
history before the app. Kinder than the real one in one point: what happens while no socket is open waits for one.
"""

from adapters.slack.fake_platform.platform import Clock, FakePlatform

__all__ = ["Clock", "FakePlatform"]
