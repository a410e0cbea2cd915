"""``pointsman doctor`` against simulated platforms: what is wrong with each inbox, in words, with what to do."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner

from adapters.slack.installing import SCOPES
from adapters.wechat.fake_platform import Account
from config import load as config_load
from gateway.cli import main
from gateway.clock import SystemClock
from gateway.intake import FORGED
from tests.fakes.platforms.slack import ScriptedPlatform as Workspace
from tests.fakes.platforms.telegram import ScriptedPlatform as Messenger
from tests.fakes.platforms.wechat import ScriptedPlatform as OfficialAccount
from tests.fakes.platforms.wechat import errcode

DEMO = Path(config_load.__file__).parent / "demo"
TOKEN, APP_TOKEN, BOT = "xoxb-doctor", "xapp-doctor", "42:doctor"
APP_SECRET, AES_KEY = "doctor-app-secret-00000000000001", "doctorDOCTORdoctorDOCTORdoctorDOCTORdoctor1"
SECRETS = (TOKEN, APP_TOKEN, BOT, APP_SECRET, AES_KEY)
REFUSING = (FORGED.status, FORGED.body)


@dataclass
class Surgery:
    """The demo's platforms, what answers where they should call us, and the doctor."""

    config: Path
    messenger: Messenger
    workspace: Workspace
    account: OfficialAccount
    door: TestServer
    environment: dict[str, str]
    home: str = ""
    answer: tuple[int, bytes] = REFUSING
    called: list[str] = field(default_factory=list)

    async def findings(self, inbox: str, **environment: str) -> dict[str, str]:
        """What is said of one inbox: each fact, with its advice. No secret is among it."""
        words = ["doctor", "--config", str(self.config), "--data", str(self.config.parent), "--json"]
        words += ["--public-url", self.home]
        given = {**self.environment, **environment}
        # In a thread: the command has an event loop of its own, and the platforms need this one.
        result = await asyncio.to_thread(CliRunner().invoke, main, words, env=given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert not any(secret in result.output for secret in SECRETS)
        listed: list[dict[str, Any]] = json.loads(result.output)
        assert result.exit_code == any(each["advice"] for each in listed)
        return {each["state"]: each["advice"] for each in listed if each["what"] == f"inbox {inbox}"}

    async def open_the_door(self, request: web.Request) -> web.Response:
        """What is found at our address."""
        self.called.append(request.path)
        status, body = self.answer
        return web.Response(status=status, body=body)


@pytest.fixture
async def surgery(tmp_path: Path) -> AsyncIterator[Surgery]:
    """All of it, in good health."""
    shutil.copytree(DEMO, tmp_path / "config")
    clock = SystemClock()
    messenger, workspace = Messenger(BOT, clock), Workspace(TOKEN, APP_TOKEN, clock)
    workspace.scopes = frozenset(SCOPES)
    account = OfficialAccount(Account(app_id="wxdemo", app_secret=APP_SECRET, token="doctor", aes_key=AES_KEY), clock)
    app = web.Application()
    door = TestServer(app, host="127.0.0.1")
    environment = {
        "POINTSMAN_DEMO_TELEGRAM": await messenger.start(),
        "POINTSMAN_DEMO_TOKEN": BOT,
        "POINTSMAN_DEMO_SLACK": await workspace.start(),
        "POINTSMAN_DEMO_SLACK_TOKEN": TOKEN,
        "POINTSMAN_DEMO_SLACK_APP_TOKEN": APP_TOKEN,
        "POINTSMAN_DEMO_SLACK_MODE": "http",
        "POINTSMAN_DEMO_WECHAT": await account.start(),
        "POINTSMAN_DEMO_WECHAT_SECRET": APP_SECRET,
        "POINTSMAN_DEMO_WECHAT_KEY": AES_KEY,
    }
    one = Surgery(tmp_path / "config", messenger, workspace, account, door, environment)
    app.router.add_route("*", "/{any:.*}", one.open_the_door)
    await door.start_server()
    one.home = str(door.make_url("")).rstrip("/")
    yield one
    await door.close()
    for platform in (messenger, workspace, account):
        await platform.stop()


def advice_on(found: dict[str, str], words: str) -> str:
    """The advice that stands beside the one fact with these words."""
    (advice,) = [advice for state, advice in found.items() if words in state]
    return advice


async def test_a_workspace(surgery: Surgery) -> None:
    """A token that is none and scopes that are missing are named; then all is well, but that we have no HTTPS."""
    assert "install the app again" in advice_on(
        await surgery.findings("workspace", POINTSMAN_DEMO_SLACK_TOKEN="xoxb-other"), "invalid_auth"
    )
    surgery.workspace.scopes = frozenset(SCOPES) - {"files:write", "users:read"}
    assert "OAuth & Permissions" in advice_on(
        await surgery.findings("workspace"), "scopes are missing: files:write, users:read"
    )
    surgery.workspace.scopes = frozenset(SCOPES)
    found = await surgery.findings("workspace")
    assert [state for state, advice in found.items() if advice] == [
        f"{surgery.home}/hooks/workspace is no HTTPS address"
    ]
    assert "Socket Mode" in advice_on(
        await surgery.findings(
            "workspace", POINTSMAN_DEMO_SLACK_MODE="socket", POINTSMAN_DEMO_SLACK_APP_TOKEN="xapp-other"
        ),
        "no socket is opened: invalid_auth",
    )


async def test_an_official_account(surgery: Surgery) -> None:
    """The IP allow-list's refusal, a wrong AppSecret, and a port that the platform never calls."""
    surgery.account.script("stable_token", errcode(40164, "invalid ip 203.0.113.7, not in whitelist"))
    found = await surgery.findings("official-account")
    assert "IP 白名单" in advice_on(found, "40164")
    assert "203.0.113.7" in next(state for state in found if "40164" in state)
    assert "ports 80 and 443" in advice_on(found, "the server address is")
    other = "other-app-secret-00000000000000001"
    assert "AppSecret" in advice_on(
        await surgery.findings("official-account", POINTSMAN_DEMO_WECHAT_SECRET=other), "40125"
    )
    assert advice_on(await surgery.findings("official-account"), "IP allow-list are good") == ""


async def test_a_website(surgery: Surgery) -> None:
    """Sites that no browser states, and pages that could not load the widget."""
    assert not any((await surgery.findings("website")).values())
    inboxes = surgery.config / "inboxes.yaml"
    text = inboxes.read_text(encoding="utf-8")
    sites = '    visitor_tags: [promo, wholesale]\n    origins: ["shop.example", "https://shop.example"]\n'
    inboxes.write_text(text.replace("    visitor_tags: [promo, wholesale]\n", sites), encoding="utf-8")
    found = await surgery.findings("website")
    assert "https://shop.example" in advice_on(found, "'shop.example'")
    assert "--public-url" in advice_on(found, "browsers load nothing")


@pytest.mark.parametrize(
    ("answer", "words", "advice"),
    [
        (REFUSING, "this inbox answers", ""),
        ((401, b"Basic realm"), "something else answers", "--public-url"),
        ((404, b"unknown inbox"), "something else answers", "--public-url"),
        ((200, b"<h1>It works!</h1>"), "something else answers", "--public-url"),
        ((302, b""), "something else answers", "--public-url"),
        ((502, b""), "a proxy answers", "start the service"),
    ],
)
async def test_who_answers_at_our_address(surgery: Surgery, answer: tuple[int, bytes], words: str, advice: str) -> None:
    """An inbox that answers is told from a proxy without it, and from anybody else; each is called once, unsigned."""
    surgery.answer = answer
    assert advice in advice_on(await surgery.findings("official-account"), words)
    assert sorted(surgery.called) == ["/hooks/messenger", "/hooks/official-account", "/hooks/workspace"]


async def test_nobody_answers_at_our_address(surgery: Surgery) -> None:
    """A service that does not run, or a name that leads nowhere, is said to be just that."""
    await surgery.door.close()
    assert "start the service" in advice_on(await surgery.findings("messenger"), "nobody answers at")
