"""The demo's Official Account: the fake platform with a few followers who can write at once."""

from adapters.demo import Clock, DemoPlatform, RunningPlatform
from adapters.wechat.fake_platform import Account, FakePlatform

_SECRET = "demo-app-secret-0000000000000001"  # noqa: S105  it opens nothing but the platform that it is made up for
_TOKEN = "demo"  # noqa: S105  likewise
_AES_KEY = "demoDEMOdemoDEMOdemoDEMOdemoDEMOdemoDEMO001"
_FOLLOWERS = (("oDemo-chen", "陈女士"), ("oDemo-lin", "林同学"), ("oDemo-wu", "吴先生"))
_INBOX = "official-account"  # as config/demo/inboxes.yaml calls it


class _OfficialAccount:
    name = "WeChat"

    async def start(self, clock: Clock) -> RunningPlatform:
        """Start it on a free port of loopback."""
        account = Account(app_id="wxdemo", app_secret=_SECRET, token=_TOKEN, aes_key=_AES_KEY)
        platform = FakePlatform(account, clock)
        for openid, name in _FOLLOWERS:
            platform.follower(openid, name)
        base = await platform.start()

        def connect(public_url: str) -> None:
            """What an administrator does in the console: enter the server address."""
            account.hook = f"{public_url.rstrip('/')}/hooks/{_INBOX}"

        return RunningPlatform(
            page=base,
            environment={
                "POINTSMAN_DEMO_WECHAT": base,
                "POINTSMAN_DEMO_WECHAT_SECRET": _SECRET,
                "POINTSMAN_DEMO_WECHAT_TOKEN": _TOKEN,
                "POINTSMAN_DEMO_WECHAT_KEY": _AES_KEY,
            },
            stop=platform.stop,
            connect=connect,
        )


DEMO: DemoPlatform = _OfficialAccount()
