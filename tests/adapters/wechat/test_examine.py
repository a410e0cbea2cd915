"""An examination says what is wrong with an account, and what to do."""

from dataclasses import replace

import aiohttp
import pytest

from adapters.contract import Examined
from adapters.finding import Severity
from adapters.secret import Secret
from adapters.wechat.api import Api
from adapters.wechat.examine import examine
from adapters.wechat.settings import Mode, Passive
from tests.adapters.wechat.bench import PATIENCE, WeChatStage, settings
from tests.fakes.platforms.wechat import errcode

URL = "https://chat.shop.example/hooks/oa"


async def test_a_good_account(on_stage: WeChatStage) -> None:
    """Nothing to complain of."""
    assert isinstance(on_stage.adapter, Examined)
    found = await on_stage.adapter.examine(URL)
    assert [finding.severity for finding in found] == [Severity.OK] * 3
    assert any(URL in finding.what for finding in found)


@pytest.mark.parametrize(
    ("code", "advice"), [(40164, "allow-list"), (40125, "AppSecret"), (40013, "AppID"), (40243, "unfreeze")]
)
async def test_refused_credentials(on_stage: WeChatStage, code: int, advice: str) -> None:
    """Each refusal comes with what to do about it."""
    assert isinstance(on_stage.adapter, Examined)
    on_stage.platform.script("stable_token", errcode(code))
    found = await on_stage.adapter.examine(URL)
    assert (found[0].severity, advice in found[0].advice) == (Severity.ERROR, True)


async def test_an_unreachable_platform(on_stage: WeChatStage) -> None:
    """Nobody listens there: said, not raised."""
    assert isinstance(on_stage.broken, Examined)
    found = await on_stage.broken.examine("")
    assert [finding.severity for finding in found[:2]] == [Severity.ERROR] * 2


async def test_what_is_worth_a_look() -> None:
    """Plain mode, a port that the platform does not call, no AppSecret."""
    relaying = replace(settings(mode=Mode.PLAIN, passive=Passive.RELAY), secret=Secret(""))
    async with aiohttp.ClientSession() as session:
        found = await examine(relaying, Api(session, relaying, PATIENCE), "https://chat.shop.example:8443/hooks/oa")
    assert [finding.severity for finding in found] == [Severity.WARNING] * 3
    assert all(finding.advice for finding in found)
