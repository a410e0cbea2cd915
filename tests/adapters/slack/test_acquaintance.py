"""People are named by id when they write: who they are is asked once, beside the answer."""

import json

import pytest

from adapters.contract import Came, Introduction, Parsed, Profile
from adapters.errors import Ambiguous, ChannelBroken
from adapters.slack.fake_platform.workspace import BOT_USER, TEAM
from tests.adapters.slack.bench import ADDRESS, USER, SlackStage, signed
from tests.fakes.platforms.slack import error, html


async def parsed(stage: SlackStage, text: str = "hello", **more: str) -> Parsed:
    """Somebody writes."""
    (event, *_) = await stage.platform.write(USER, text, is_held=True, **more)
    return stage.adapter.parse(signed(json.dumps(event).encode()))


async def introduction(stage: SlackStage) -> Introduction:
    """What is to be asked about who writes."""
    asked = (await parsed(stage)).introduction
    assert asked is not None
    return asked


async def test_somebody_is_introduced_once(on_stage: SlackStage) -> None:
    """Name and language come from the workspace, under a key of their own; the second message asks nothing."""
    first, second = await introduction(on_stage), await introduction(on_stage)
    came = await first()
    profile = Profile(name="王芳", username="u0wang", language="zh-CN", attributes={"member": USER})
    assert came == Came(delivery_key=f"{ADDRESS}:named", address=ADDRESS, profile=profile)
    assert await second() is None
    assert (await parsed(on_stage)).introduction is None
    assert on_stage.platform.calls == ["users.info"]


async def test_reading_asks_nobody(on_stage: SlackStage) -> None:
    """To understand a call is pure: only running the introduction calls the platform."""
    await parsed(on_stage)
    assert on_stage.platform.calls == []


async def test_a_failed_question_is_asked_again(on_stage: SlackStage) -> None:
    """A platform that does not answer, or a missing scope, costs the name for now and nothing else."""
    on_stage.platform.script("users.info", html(502), error("missing_scope", needed="users:read"))
    with pytest.raises(Ambiguous):
        await (await introduction(on_stage))()
    with pytest.raises(ChannelBroken):
        await (await introduction(on_stage))()
    assert await (await introduction(on_stage))() is not None


async def test_an_odd_answer_names_nobody(on_stage: SlackStage) -> None:
    """An answer of another form is no reason to fail."""
    on_stage.platform.script("users.info", error("ok", ok=True, user={"profile": 5}))
    came = await (await introduction(on_stage))()
    assert came is not None
    assert came.profile.name == ""


async def test_an_aside_introduces_nobody(on_stage: SlackStage) -> None:
    """Who does not talk to us is not asked about; who does is."""
    on_stage.platform.channel("C0HELP")
    aside = await parsed(on_stage, channel="C0HELP", thread_ts="1.000001", parent_user_id="U0X")
    assert aside.inbound[0].is_aside
    assert aside.introduction is None
    mention = await parsed(on_stage, f"<@{BOT_USER}> hello", channel="C0HELP")
    assert mention.inbound[0].address.startswith(f"{TEAM}:C0HELP:")
    assert mention.introduction is not None
