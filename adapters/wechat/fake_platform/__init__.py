"""A platform to try the product without an account: an Official Account on loopback, with simulated followers.

It behaves as the real one where that matters to an account: it signs and seals its pushes, repeats those that are not
answered in five seconds, grants a stable token, counts what a follower's actions allow, and refuses with the real
codes. The demo runs it; the tests run it with faults added. Behaviour after developers.weixin.qq.com. What it leaves
out: templates, broadcasts, articles, the web console, the platform's own service desk.
"""

from adapters.wechat.fake_platform.account import Account
from adapters.wechat.fake_platform.platform import Clock, FakePlatform

__all__ = ["Account", "Clock", "FakePlatform"]
