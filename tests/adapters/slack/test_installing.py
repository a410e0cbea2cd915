"""Several workspaces: installing through two pages, a token in the vault, its end."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from adapters.contract import Outbound
from adapters.errors import ChannelBroken, Forged, MalformedPayload, Rejected
from adapters.secret import Secret
from adapters.slack.adapter import SlackAdapter
from adapters.slack.fake_platform.workspace import TEAM
from adapters.wire import WebhookReply, WebhookRequest
from router.ids import InboxId, MessageId
from router.message import Text
from tests.adapters.bench import pure_tools
from tests.adapters.slack.bench import (
    ADDRESS,
    CLIENT_SECRET,
    DIRECT,
    NOW,
    TOKEN,
    OpenVault,
    SlackStage,
    settings,
    signed,
)
from tests.fakes.platforms.slack import Answer

AT = datetime.fromtimestamp(NOW, UTC)
OURS = "https://chat.shop.example/hooks/sl"


@dataclass
class Site:
    """An app that several workspaces install, and a browser."""

    adapter: SlackAdapter
    vault: OpenVault
    session: aiohttp.ClientSession

    async def call(self, request: WebhookRequest, at: datetime = AT) -> WebhookReply:
        """What the gateway does with a call."""
        self.adapter.authenticate(request, at)
        parsed = self.adapter.parse(request)
        assert parsed.reason
        return parsed.reply if parsed.errand is None else await parsed.errand(at)

    async def agree(self, at: datetime = AT) -> dict[str, str]:
        """Somebody begins, and agrees; what the browser comes back with."""
        begun = await self.call(page("/install"), at)
        assert begun.status == 302
        async with self.session.get(begun.headers["Location"], allow_redirects=False) as answer:
            back = urlsplit(answer.headers["Location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == f"{OURS}/oauth"
        return {name: value for name, (value,) in parse_qs(back.query).items()}


@pytest.fixture
async def site(on_stage: SlackStage) -> AsyncIterator[Site]:
    """An app without a token of its own."""
    async with aiohttp.ClientSession() as session:
        vault = OpenVault()
        bare = replace(settings(f"{on_stage.platform.address}/api"), bot_token=Secret(""))
        adapter = SlackAdapter(InboxId("sl"), bare, replace(pure_tools(), session=session, vault=vault))
        await adapter.prepare(OURS)
        yield Site(adapter, vault, session)


def page(below: str, **query: str) -> WebhookRequest:
    """A browser comes."""
    return WebhookRequest(method="GET", path=f"/hooks/sl{below}", query=query, headers={}, body=b"")


def outbound() -> Outbound:
    """A short message."""
    return Outbound(message=MessageId("msg_1"), address=ADDRESS, parts=(Text(text="hello"),))


async def test_a_workspace_installs_the_app(site: Site, on_stage: SlackStage) -> None:
    """Before it there is no token for the workspace; afterwards there is, in the vault, and messages arrive."""
    with pytest.raises(ChannelBroken):
        await site.adapter.deliver(outbound())
    reply = await site.call(page("/oauth", **await site.agree()))
    assert reply.status == 200
    assert "Pointsman demo" in reply.body.decode()
    assert site.vault.kept == {f"sl/{TEAM}": TOKEN.encode()}
    await site.adapter.deliver(outbound())
    assert len(on_stage.platform.sent(DIRECT)) == 1


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U9"]}}])
async def test_an_installation_ends(site: Site, on_stage: SlackStage, event: dict[str, object]) -> None:
    """A workspace that removes the app, or revokes its token, is forgotten."""
    await site.call(page("/oauth", **await site.agree()))
    await site.call(signed(json.dumps(on_stage.platform.event(event)).encode()))
    assert site.vault.kept == {}


async def test_somebodys_own_token_is_not_ours(site: Site, on_stage: SlackStage) -> None:
    """Revoked tokens of people leave the app installed."""
    await site.call(page("/oauth", **await site.agree()))
    event = on_stage.platform.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    parsed = site.adapter.parse(signed(json.dumps(event).encode()))
    assert parsed.errand is None


async def test_a_code_is_good_once(site: Site) -> None:
    """The same way back a second time is refused by the platform, and changes nothing."""
    back = await site.agree()
    await site.call(page("/oauth", **back))
    with pytest.raises(Rejected):
        await site.call(page("/oauth", **back))
    assert len(site.vault.kept) == 1


async def test_tokens_that_end_are_not_kept(site: Site, on_stage: SlackStage) -> None:
    """An app with token rotation is refused with a word, rather than installed for twelve hours."""
    back = await site.agree()
    rotating = {"ok": True, "access_token": "xoxe.xoxb-1", "refresh_token": "xoxe-1", "team": {"id": TEAM}}
    on_stage.platform.script("oauth.v2.access", Answer(200, json.dumps(rotating).encode()))
    with pytest.raises(Rejected, match="token rotation"):
        await site.call(page("/oauth", **back))
    assert site.vault.kept == {}


async def test_somebody_does_not_agree(site: Site) -> None:
    """Who says no is told so, and nothing is kept."""
    back = await site.agree()
    reply = await site.call(page("/oauth", state=back["state"], error="access_denied"))
    assert (reply.status, site.vault.kept) == (200, {})


async def test_a_state_that_is_not_ours(site: Site) -> None:
    """Without a state of ours, made within ten minutes, nobody comes back in; nor on another page or inbox."""
    state = (await site.agree())["state"]
    instant, _, signature = state.partition(".")
    wrong = ["", "x", f"{instant}.", f".{signature}", f"{int(instant) + 1}.{signature}", f"{instant}.{signature[:-1]}x",
             f"{instant}.密", f"١.{signature}"]  # fmt: skip
    for one in wrong:
        with pytest.raises(Forged):
            site.adapter.authenticate(page("/oauth", code="x", state=one), AT)
    for at in (AT + timedelta(seconds=601), AT - timedelta(seconds=1)):
        with pytest.raises(Forged):
            site.adapter.authenticate(page("/oauth", code="x", state=state), at)
    for below in ("", "/other"):
        with pytest.raises(Forged):
            site.adapter.authenticate(page(below, code="x", state=state), AT)
    other = SlackAdapter(InboxId("other"), settings(), pure_tools())
    with pytest.raises(Forged):
        other.authenticate(page("/oauth", code="x", state=state), AT)


async def test_neither_code_nor_reason(site: Site) -> None:
    """A way back without either means nothing."""
    state = (await site.agree())["state"]
    with pytest.raises(MalformedPayload):
        site.adapter.parse(page("/oauth", state=state))


async def test_an_app_of_one_workspace_has_no_pages() -> None:
    """Without a client id nobody can install anything through us."""
    one = replace(settings(), client_id="", client_secret=Secret(""))
    adapter = SlackAdapter(InboxId("sl"), one, pure_tools())
    assert [route.methods for route in adapter.routes()] == [("POST",)]
    with pytest.raises(Forged):
        adapter.authenticate(page("/install"), AT)


async def test_the_secret_does_not_travel_through_the_browser(site: Site) -> None:
    """What the browser carries has the client's id, the scopes and the state, and never the secret."""
    begun = await site.call(page("/install"))
    asked = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert set(asked) == {"client_id", "scope", "state", "redirect_uri"}
    assert "chat:write" in asked["scope"][0].split(",")
    assert CLIENT_SECRET not in begun.headers["Location"]
