"""The files as administrators were promised them: every key of the interface is read, and means what it says.

``interface/`` holds the examples of the interface's description, with what they leave out filled in.
"""

from datetime import timedelta
from pathlib import Path

from adapters.slack.settings import Mode as SlackMode
from adapters.slack.settings import SlackSettings
from adapters.wechat.settings import WeChatSettings
from config.problem import Severity
from router.ids import InboxId
from router.settings import AfterHours
from skills.ids import AgentId, GroupId, SkillId
from tests.config.loading import configured, load_directory

PROMISED = Path(__file__).parent / "interface"
ENVIRONMENT = {
    "TG_TOKEN": "1:t",
    "TG_SECRET": "s",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "signing",
    "SLACK_APP_TOKEN": "xapp-1",
    "WX_SECRET": "app-secret",
    "WX_TOKEN": "token",
    "WX_AES_KEY": "a" * 43,
}


def test_every_key_is_read() -> None:
    """No key of the promised files is unknown, and the tests in them pass."""
    loaded = load_directory(PROMISED, environment=ENVIRONMENT)
    assert [str(each) for each in loaded.problems if each.severity is Severity.ERROR] == []
    assert [test.passed for test in loaded.tests] == [True, True]


def test_inboxes() -> None:
    """Each channel's keys arrive in its settings under their promised names."""
    inboxes = configured(load_directory(PROMISED, environment=ENVIRONMENT)).inboxes
    workspace, socket = inboxes[InboxId("slack-b2b")].settings, inboxes[InboxId("slack-sock")].settings
    assert isinstance(workspace, SlackSettings)
    assert (workspace.bot_token.reveal(), workspace.mode) == ("xoxb-1", SlackMode.HTTP)
    assert (socket.app_token.reveal(), socket.mode) == ("xapp-1", SlackMode.SOCKET)
    account, unverified = inboxes[InboxId("wechat")].settings, inboxes[InboxId("wx-plain")].settings
    assert isinstance(account, WeChatSettings)
    assert (account.secret.reveal(), account.verified, account.is_relayed) == ("app-secret", True, False)
    assert (unverified.verified, unverified.is_relayed) == (False, True)
    assert not inboxes[InboxId("off")].enabled


def test_agents_and_routing() -> None:
    """An agent's and a group's keys arrive, too; a sample of each kind."""
    settings = configured(load_directory(PROMISED, environment=ENVIRONMENT)).settings
    li_na = settings.agents[AgentId("li.na")]
    assert (li_na.alias, li_na.units, li_na.skills[SkillId("visa-jp")]) == ("日本客服A", 6.0, 5)
    japan = settings.groups[GroupId("japan-korea")]
    assert [settings.groups[GroupId(name)].group.name for name in ("asia", "f1")] == [
        {"zh-CN": "亚洲", "en": "Asia"},
        {"zh-CN": "f1"},
    ]
    assert japan.offer.within == timedelta(seconds=20)
    assert [settings.groups[GroupId(name)].after_hours.then for name in ("japan-korea", "f1", "f2", "f3", "f4")] == [
        AfterHours.HOLD,
        AfterHours.FORM,
        AfterHours.REDIRECT,
        AfterHours.DECLINE,
        AfterHours.BOT,
    ]
