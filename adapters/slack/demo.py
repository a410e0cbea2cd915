"""The demo's workspace: the fake platform with a few people who can write at once."""

from adapters.demo import Clock, DemoPlatform, RunningPlatform
from adapters.slack.fake_platform import FakePlatform

_TOKEN = "xoxb-demo"  # noqa: S105  it opens nothing but the platform that it is made up for
_APP_TOKEN = "xapp-demo"  # noqa: S105  as above
_PEOPLE = (("U0CHEN", "陈经理", "zh-CN"), ("U0LIN", "林秘書", "zh-TW"), ("U0BOB", "Bob", "en-US"))


class _Workspace:
    name = "Slack"

    async def start(self, clock: Clock) -> RunningPlatform:
        """Start it on a free port of loopback."""
        platform = FakePlatform(_TOKEN, _APP_TOKEN, clock)
        for user, name, locale in _PEOPLE:
            platform.contact(user, name, locale)
        base = await platform.start()
        return RunningPlatform(
            page=platform.address,
            environment={
                "POINTSMAN_DEMO_SLACK": base,
                "POINTSMAN_DEMO_SLACK_TOKEN": _TOKEN,
                "POINTSMAN_DEMO_SLACK_APP_TOKEN": _APP_TOKEN,
            },
            stop=platform.stop,
        )


DEMO: DemoPlatform = _Workspace()
