"""What is wrong with an app's set-up is found before a customer finds it."""

from dataclasses import replace

import aiohttp

from adapters.contract import Examined
from adapters.finding import Finding, Severity
from adapters.secret import Secret
from adapters.slack.adapter import SlackAdapter
from adapters.slack.fake_platform.methods import SCOPES as WORKING
from adapters.slack.installing import SCOPES
from adapters.slack.settings import Mode, SlackSettings
from router.ids import InboxId
from tests.adapters.bench import pure_tools
from tests.adapters.slack.bench import APP_TOKEN, SIGNING, TOKEN, SlackStage, settings
from tests.architecture.house import ROOT
from tests.fakes.platforms.nowhere import nowhere
from tests.fakes.platforms.slack import error, html, throttle

URL = "https://chat.shop.example/hooks/sl"
NONE = Secret("")


async def found(stage: SlackStage, address: str = URL, **other: object) -> list[Finding]:
    """The findings, with some settings changed."""
    async with aiohttp.ClientSession() as session:
        changed: SlackSettings = replace(settings(f"{stage.platform.address}/api"), **other)  # type: ignore[arg-type]
        adapter = SlackAdapter(InboxId("sl"), changed, replace(pure_tools(), session=session))
        assert isinstance(adapter, Examined)
        findings = list(await adapter.examine(address))
    assert all(bool(one.advice) is (one.severity is not Severity.OK) for one in findings)
    assert not any(secret in repr(findings) for secret in (TOKEN, SIGNING, APP_TOKEN))
    return findings


def words(findings: list[Finding], severity: Severity) -> str:
    """What was found of one severity."""
    return "\n".join(one.what for one in findings if one.severity is severity)


async def test_all_is_well(on_stage: SlackStage) -> None:
    """An app as the manifest makes it has nothing to complain of; it says whose token it is, and its address."""
    on_stage.platform.scopes = frozenset(SCOPES)
    findings = await found(on_stage)
    assert {one.severity for one in findings} == {Severity.OK}
    assert "pointsman's in Pointsman demo" in words(findings, Severity.OK)
    assert URL in words(findings, Severity.OK)


async def test_missing_scopes_are_named(on_stage: SlackStage) -> None:
    """Each permission that is missing is named, and no other."""
    on_stage.platform.scopes = frozenset(SCOPES) - {"files:write", "users:read"}
    assert words(await found(on_stage), Severity.WARNING) == "scopes are missing: files:write, users:read"


async def test_tokens_that_do_not_work(on_stage: SlackStage) -> None:
    """No token, a wrong one, and one of the wrong kind for a socket are errors with their reasons."""
    assert "no token" in words(await found(on_stage, bot_token=NONE, client_id="", client_secret=NONE), Severity.ERROR)
    assert words(await found(on_stage, bot_token=NONE), Severity.ERROR) == ""
    on_stage.platform.script("auth.test", error("account_inactive"))
    assert "account_inactive" in words(await found(on_stage), Severity.ERROR)
    socket = await found(on_stage, mode=Mode.SOCKET, app_token=Secret(TOKEN))
    assert "not_allowed_token_type" in words(socket, Severity.ERROR)
    assert "can be opened" in words(await found(on_stage, mode=Mode.SOCKET), Severity.OK)


async def test_a_platform_that_says_nothing_of_the_token(on_stage: SlackStage) -> None:
    """Who is not reached, is told to wait, or gets a page, is not told to install the app again."""
    for answer in (html(), html(503), throttle(3)):
        on_stage.platform.script("auth.test", answer)
        assert "no useful answer" in words(await found(on_stage), Severity.WARNING)
        on_stage.platform.script("apps.connections.open", answer)
        assert "no useful answer" in words(await found(on_stage, mode=Mode.SOCKET), Severity.WARNING)
    on_stage.platform.script("auth.test", html(404))
    assert "address is wrong" in words(await found(on_stage), Severity.ERROR)
    async with nowhere() as origin:
        unreached = await found(on_stage, api_base=f"{origin}/api")
    assert "not reached" in words(unreached, Severity.ERROR)
    assert not any("install the app again" in one.advice for one in unreached)


async def test_addresses_that_do_not_work(on_stage: SlackStage) -> None:
    """Not reachable, not HTTPS, no signing secret: said before the first customer writes in vain."""
    assert "cannot call us" in words(await found(on_stage, ""), Severity.ERROR)
    assert "HTTPS" in words(await found(on_stage, "http://x.example/hooks/sl"), Severity.WARNING)
    assert "signing secret" in words(await found(on_stage, signing_secret=NONE), Severity.ERROR)


def test_the_manifest_asks_for_what_we_use() -> None:
    """The scopes of the manifest, of the installation page, and those that the workspace checks are one list."""
    guide = (ROOT / "adapters" / "slack" / "setup.md").read_text(encoding="utf-8")
    listed = guide.partition("    bot:\n")[2].partition("settings:\n")[0].split()
    assert tuple(word for word in listed if word != "-") == SCOPES
    assert set(SCOPES) >= WORKING
