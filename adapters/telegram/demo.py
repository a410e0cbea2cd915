"""The demo's messenger: the fake platform with a few contacts who can write at once."""

from adapters.demo import Clock, DemoPlatform, RunningPlatform
from adapters.telegram.fake_platform import FakePlatform

_TOKEN = "4040:demo"  # noqa: S105  it opens nothing but the platform that it is made up for
_CONTACTS = ((1001, "陈小明", "zh-hans"), (1002, "林美玲", "zh-hant"), (1003, "Alice", "en"))


class _Messenger:
    name = "Telegram"

    async def start(self, clock: Clock) -> RunningPlatform:
        """Start it on a free port of loopback."""
        platform = FakePlatform(_TOKEN, clock)
        for number, name, language in _CONTACTS:
            platform.contact(number, name, language)
        base = await platform.start()
        return RunningPlatform(
            page=base,
            environment={"POINTSMAN_DEMO_TELEGRAM": base, "POINTSMAN_DEMO_TOKEN": _TOKEN},
            stop=platform.stop,
        )


DEMO: DemoPlatform = _Messenger()
