"""The examination of a bot's set-up, against the simulated platform: what is wrong is said, and nothing is changed."""

import json
from dataclasses import replace

import aiohttp
import pytest

from adapters.contract import Examined, Tools
from adapters.finding import Finding, Severity
from adapters.secret import Secret
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.examine import MANY_WAIT, own_address
from adapters.telegram.settings import PLATFORM, Mode, TelegramSettings
from router.ids import InboxId
from tests.adapters.bench import pure_tools
from tests.adapters.telegram.bench import SECRET, TOKEN, TelegramStage, settings
from tests.fakes.platforms.telegram import Answer, error

URL = "http://127.0.0.1:9/hooks/tg"


async def troubles(stage: TelegramStage, webhook_url: str = URL) -> list[Finding]:
    """What is not well."""
    assert isinstance(stage.adapter, Examined)
    findings = await stage.adapter.examine(webhook_url)
    assert all(finding.what and bool(finding.advice) is not (finding.severity is Severity.OK) for finding in findings)
    assert not any(secret in f"{finding}" for finding in findings for secret in (TOKEN, SECRET))
    assert not {"setWebhook", "deleteWebhook"} & set(stage.platform.calls[-2:])
    return [finding for finding in findings if finding.severity is not Severity.OK]


async def test_all_is_well(on_stage: TelegramStage) -> None:
    """After the start there is nothing to say, but whose token it is and where the platform calls."""
    await on_stage.adapter.prepare(URL)
    assert await troubles(on_stage) == []


@pytest.mark.parametrize(
    ("answer", "severity", "words"),
    [
        (error(401, "Unauthorized"), Severity.ERROR, "refuses the token"),
        (error(404, "Not Found"), Severity.ERROR, "refuses the token"),
        (Answer(302, b"", {"Location": "/"}), Severity.ERROR, "address is wrong"),
        (Answer(200, b'{"ok": true, "result": 7}'), Severity.ERROR, "not readable"),
        (Answer(502, b""), Severity.WARNING, "no useful answer"),
    ],
)
async def test_the_token(on_stage: TelegramStage, answer: Answer, severity: Severity, words: str) -> None:
    """A token that is refused, and an address that is no Bot API, are told apart."""
    on_stage.platform.script("getMe", answer)
    (found,) = await troubles(on_stage)
    assert found.severity is severity
    assert words in found.what


async def test_nobody_there(on_stage: TelegramStage) -> None:
    """A platform that is not reached is no fault of the token."""
    on_stage.adapter = on_stage.broken
    (found,) = await troubles(on_stage)
    assert "not reached" in found.what


async def test_the_address(on_stage: TelegramStage) -> None:
    """No webhook yet, another program's webhook, kinds that are not sent, no address of our own."""
    assert [found.what for found in await troubles(on_stage)] == ["no webhook is set"]
    await on_stage.adapter.prepare("http://127.0.0.1:9/hooks/other")
    (found,) = await troubles(on_stage)
    assert (found.severity, "and not" in found.what) == (Severity.ERROR, True)
    on_stage.platform.mailbox.allowed = frozenset({"message"})
    assert any("message_reaction" in found.what for found in await troubles(on_stage))
    assert any("no public address" in found.what for found in await troubles(on_stage, ""))


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("Wrong response from the webhook: 401 Unauthorized", "another secret"),
        ("Wrong response from the webhook: 403 Forbidden", "149.154.160.0/20"),
        ("Wrong response from the webhook: 404 Not Found", "--public-url"),
        ("SSL error {error:0A000086:SSL routines::certificate verify failed}", "certificate"),
        ("Connection refused", "firewall"),
        ("Connection timed out", "firewall"),
        ("Failed to resolve host: Name or service not known", "not known to the world"),
        ("Wrong response from the webhook: 503 Service Unavailable", "log"),
        ("Something new", "log"),
    ],
)
async def test_the_last_error(on_stage: TelegramStage, words: str, advice: str) -> None:
    """What the platform met when it called us becomes what to do about it."""
    body = {"url": URL, "allowed_updates": [], "last_error_message": words, "pending_update_count": MANY_WAIT + 1}
    on_stage.platform.script("getWebhookInfo", Answer(200, json.dumps({"ok": True, "result": body}).encode()))
    *_, waiting, last = await troubles(on_stage)
    assert "101 updates wait" in waiting.what
    assert words in last.what
    assert advice in last.advice


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://chat.shop.example/hooks/tg", SECRET, "not HTTPS"),
        ("https://chat.shop.example:8080/hooks/tg", SECRET, "port 8080"),
        ("https://chat.shop.example/hooks/tg", "", "no secret"),
    ],
)
def test_what_the_platform_would_never_call(url: str, secret: str, words: str) -> None:
    """Addresses and secrets that cannot work are known without asking anybody."""
    given = TelegramSettings(token=Secret(TOKEN), secret=Secret(secret), api_base=PLATFORM)
    (found,) = own_address(given, url)
    assert found.severity is Severity.ERROR
    assert words in found.what


async def test_who_asks(asking: TelegramStage) -> None:
    """In polling mode a webhook is what is wrong."""
    assert await troubles(asking, "") == []
    async with aiohttp.ClientSession() as session:
        tools = Tools(session=session, push=pure_tools().push)
        other = TelegramAdapter(InboxId("tg"), replace(settings(asking.platform.address), mode=Mode.WEBHOOK), tools)
        await other.prepare(URL)
    (found,) = await troubles(asking, "")
    assert found.what == "a webhook is set"
