"""The simulated workspace is held to account by the platform's own library: what works there works here."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.fake_platform.workspace import BOT_USER, TEAM
from tests.adapters.slack.bench import APP_TOKEN, DIRECT, SIGNING, TOKEN, USER, SlackStage


@pytest.fixture
def client(on_stage: SlackStage) -> AsyncWebClient:
    """The library's client, as anybody would use it."""
    return AsyncWebClient(token=TOKEN, base_url=f"{on_stage.platform.address}/api/")


async def test_who_we_are(client: AsyncWebClient) -> None:
    """``auth.test`` names the bot and the workspace."""
    answer = await client.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (BOT_USER, TEAM)


async def test_messages_and_threads(client: AsyncWebClient, on_stage: SlackStage) -> None:
    """A message to a person goes to the direct channel; an answer goes into its thread; both can be edited."""
    first = await client.chat_postMessage(channel=USER, text="hello")
    assert first["channel"] == DIRECT
    second = await client.chat_postMessage(channel=DIRECT, text="and", thread_ts=first["ts"])
    await client.chat_update(channel=DIRECT, ts=second["ts"], text="or")
    assert [message["text"] for message in on_stage.platform.sent(DIRECT)] == ["hello", "or"]
    assert second["message"]["thread_ts"] == first["ts"]
    assert (await client.conversations_open(users=USER))["channel"]["id"] == DIRECT
    assert (await client.users_info(user=USER))["user"]["real_name"] == "王芳"


async def test_files(client: AsyncWebClient, on_stage: SlackStage) -> None:
    """The library's own upload works against it, and what it shows is what ``files.info`` gives."""
    await client.files_upload_v2(
        channel=DIRECT, content="a,b", filename="list.csv", title="List", initial_comment="see"
    )
    (message,) = on_stage.platform.sent(DIRECT)
    assert (message["text"], message["files"][0]["name"]) == ("see", "List")
    found = await client.files_info(file=message["files"][0]["id"])
    assert found["file"]["size"] == 3


def buttons(count: int = 1, **more: Any) -> list[dict[str, Any]]:
    """A block with buttons."""
    one = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "value": "v", **more}
    return [{"type": "actions", "elements": [{"action_id": f"a{n}", **one} for n in range(count)]}]


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": DIRECT, "text": " "}, "no_text"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x", "thread_ts": ""}, "invalid_thread_ts"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x", "blocks": buttons(26)}, "invalid_blocks"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x", "blocks": buttons(value="v" * 2_001)}, "invalid_blocks"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x", "blocks": buttons(action_id="a")*51}, "invalid_blocks"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x",
                              "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]},
         "invalid_blocks"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x",
                              "blocks": buttons(text={"type": "plain_text", "text": "x" * 76})}, "invalid_blocks"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x", "blocks": [{"type": "hologram"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": DIRECT, "text": "x", "blocks": "x"}, "invalid_blocks_format"),
        ("chat.update", {"channel": DIRECT, "text": "x", "ts": "1.2"}, "message_not_found"),
        ("users.info", {"user": "U0NONE"}, "user_not_found"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
        ("files.getUploadURLExternal", {"filename": "a"}, "missing_argument"),
        ("files.completeUploadExternal", {"files": [{"id": "F0NONE"}], "channel_id": DIRECT}, "file_not_found"),
        ("hologram.project", {}, "unknown_method"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)  # fmt: skip
async def test_it_refuses_what_the_platform_refuses(
    client: AsyncWebClient, method: str, arguments: dict[str, Any], code: str
) -> None:
    """Lengths, blocks, places, tokens: with the platform's own codes."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    assert caught.value.response["error"] == code


async def test_tokens_and_scopes(on_stage: SlackStage) -> None:
    """No token, another one, and a missing permission are told apart."""
    base = f"{on_stage.platform.address}/api/"
    on_stage.platform.scopes -= {"chat:write"}
    for token, code in (("", "not_authed"), ("xoxb-other", "invalid_auth"), (TOKEN, "missing_scope")):
        with pytest.raises(SlackApiError) as caught:
            await AsyncWebClient(token=token, base_url=base).chat_postMessage(channel=DIRECT, text="x")
        assert caught.value.response["error"] == code
        assert caught.value.response.get("needed", "chat:write") == "chat:write"


async def test_the_librarys_socket(on_stage: SlackStage) -> None:
    """The library's Socket Mode client connects, takes what happens and confirms it; a dropped one comes back."""
    heard: list[str] = []
    web_client = AsyncWebClient(token=TOKEN, base_url=f"{on_stage.platform.address}/api/")
    client = SocketModeClient(app_token=APP_TOKEN, web_client=web_client)

    async def listen(one: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request.payload["event"]["text"])
        await one.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client.socket_mode_request_listeners.append(listen)
    await client.connect()  # type: ignore[no-untyped-call]  # the library's
    async with asyncio.timeout(20):
        await on_stage.platform.write(USER, "one")
        await on_stage.platform.until(on_stage.platform.dispatch.is_empty)
        await on_stage.platform.dispatch.drop("refresh_requested")
        await on_stage.platform.write(USER, "two")
        await on_stage.platform.until(on_stage.platform.dispatch.is_empty)
    await client.close()  # type: ignore[no-untyped-call]  # the library's
    assert heard == ["one", "two"]


@pytest.fixture
async def hooked(
    on_stage: SlackStage,
) -> AsyncIterator[tuple[SlackStage, list[tuple[dict[str, str], bytes]], list[int]]]:
    """A server of an app that keeps the calls and answers with the statuses given, then with 200."""
    calls: list[tuple[dict[str, str], bytes]] = []
    statuses: list[int] = []

    async def answer(request: web.Request) -> web.Response:
        calls.append((dict(request.headers), await request.read()))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/hook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    on_stage.platform.call(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", SIGNING)
    yield on_stage, calls, statuses
    await runner.cleanup()


async def test_calls_are_signed(hooked: Any) -> None:
    """The library's verifier believes each call: event, press and command."""
    stage, calls, _ = hooked
    await stage.platform.write(USER, "hello")
    await stage.platform.command(USER, "/visa", "Japan")
    await stage.platform.until(stage.platform.dispatch.is_empty)
    now = stage.platform.clock.now().timestamp()
    verifier = SignatureVerifier(SIGNING, clock=StoppedClock(now))
    assert [verifier.is_valid_request(body, headers) for headers, body in calls] == [True, True]
    assert not hmac.compare_digest(calls[0][1], calls[1][1])


class StoppedClock(Clock):
    """The verifier's clock."""

    def __init__(self, at: float) -> None:
        self._at = at

    def now(self) -> float:
        """Always the same."""
        return self._at


async def test_an_event_is_offered_four_times(hooked: Any) -> None:
    """At once, at once again, after a minute, after five; the headers count, and say why."""
    stage, calls, statuses = hooked
    statuses += [500, 404, 503, 500]
    await stage.platform.write(USER, "hello")
    await stage.platform.until(stage.platform.dispatch.is_empty)
    assert [headers.get("X-Slack-Retry-Num") for headers, _ in calls] == [None, "1", "2", "3"]
    assert {headers.get("X-Slack-Retry-Reason") for headers, _ in calls[1:]} == {"http_error"}
    assert len({body for _, body in calls}) == 1


async def test_a_press_is_offered_once(hooked: Any) -> None:
    """What was pressed is not repeated: the person sees an error."""
    stage, calls, statuses = hooked
    statuses += [500]
    await stage.platform.command(USER, "/visa", "Japan")
    await stage.platform.until(stage.platform.dispatch.is_empty)
    assert len(calls) == 1


async def test_a_mention_is_two_events(on_stage: SlackStage) -> None:
    """Who addresses the app in a channel causes ``message`` and ``app_mention`` with the same time stamp."""
    on_stage.platform.channel("C0HELP")
    events = await on_stage.platform.write(USER, f"<@{BOT_USER}> hi", channel="C0HELP", is_held=True)
    assert [one["event"]["type"] for one in events] == ["message", "app_mention"]
    assert len({one["event"]["ts"] for one in events}) == 1
    assert len({one["event_id"] for one in events}) == 2
    assert datetime.fromtimestamp(float(events[0]["event"]["ts"]), UTC).year == 2026
