"""The real process: a customer writes, an agent answers; forged and repeated calls; stopping; a second process."""

import asyncio
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import SECRET, TELLS_WITHIN, TOKEN, Agent, Running, Start, until

pytestmark = pytest.mark.acceptance


def update(number: int, text: str) -> dict[str, object]:
    """An update of the platform, made by hand."""
    person = {"id": 1, "is_bot": False, "first_name": "陈小明", "language_code": "zh-hans"}
    chat = {"id": 1, "type": "private", "first_name": "陈小明"}
    message = {"message_id": number, "from": person, "chat": chat, "date": 1_800_000_000, "text": text}
    return {"update_id": number, "message": message}


async def answered(running: Running, agent: Agent, text: str, reply: str) -> str:
    """The contact writes, the agent accepts and answers, the contact sees it; the conversation's id."""
    feed = await agent.ready()
    await running.platform.write(1, text)
    offer = (await until(feed, "offer"))["offer"]
    path = f"/conversations/{offer['conversation']}"
    await agent.call("POST", f"{path}/accept", {"offer": offer["id"]})
    await agent.call("POST", f"{path}/messages", {"client_id": "first", "text": reply})
    while ((await until(feed, "message"))["message"]["delivery"] or {}).get("state") != "sent":
        pass
    assert [message["text"] for message in running.platform.sent(1)] == [reply]
    return str(offer["conversation"])


async def test_a_customer_writes_and_the_right_agent_answers(running: Running) -> None:
    """A question about Japan reaches Li Na through the real webhook, and her answer reaches the customer."""
    li_na = await running.agent("li.na")
    conversation = await answered(running, li_na, "我想办日本签证", "您好，需要护照。")
    found = await li_na.call("GET", f"/conversations/{conversation}")
    assert (found["group"], found["owner"]["id"]) == ("japan-korea", "li.na")
    assert found["messages"][-1]["delivery"]["state"] == "sent"


async def test_forged_and_foreign_calls(running: Running) -> None:
    """A forged call is 401, an unknown inbox 404, broken JSON 400; nothing is stored of any, nothing is a 5xx."""
    assert await running.webhook(update(1, "x"), secret="wrong") == 401
    assert await running.webhook(update(1, "x"), inbox="nobodys") == 404
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    url = f"{running.url}/hooks/messenger"
    for body, status in ((b"{", 400), (b"[]", 400), (b"\xff", 400), (b'{"update_id": "x"}', 400)):
        async with running.session.post(url, data=body, headers=headers) as answer:
            assert answer.status == status, body
    zhao = await running.agent("zhao.min")
    assert (await zhao.call("GET", "/conversations"))["items"] == []


async def test_the_same_update_five_times(running: Running) -> None:
    """Five deliveries of one update at once are one message; each is acknowledged."""
    one = update(77, "我想办日本签证")
    assert await asyncio.gather(*(running.webhook(one) for _ in range(5))) == [200] * 5
    zhao = await running.agent("zhao.min")
    (conversation,) = (await zhao.call("GET", "/conversations"))["items"]
    messages = await zhao.call("GET", f"/conversations/{conversation['id']}/messages")
    assert [message["text"] for message in messages["items"] if message["direction"] == "in"] == ["我想办日本签证"]


async def test_stop_and_go_on(start: Start) -> None:
    """SIGTERM ends it with 0 and closes feeds; started again on the same data, everything is there and goes on."""
    running = await start()
    li_na = await running.agent("li.na")
    conversation = await answered(running, li_na, "我想办日本签证", "您好")
    feed = await li_na.connect()
    stopping = asyncio.create_task(running.stop())
    while not feed.closed:
        await feed.receive()
    assert feed.close_code == 1001
    assert await stopping == 0
    assert '"event": "stopped"' in running.log[-1]
    again = await start(data=running.data)
    li_na = await again.agent("li.na")
    await li_na.ready()
    found = await li_na.call("GET", f"/conversations/{conversation}")
    assert (found["state"], found["owner"]["id"]) == ("active", "li.na")
    await li_na.call("POST", f"/conversations/{conversation}/messages", {"client_id": "second", "text": "再见"})
    async with asyncio.timeout(TELLS_WITHIN):
        await again.platform.until(lambda: len(again.platform.sent(1)) > 1)


async def test_killed_and_started_again(start: Start) -> None:
    """After a kill, what was acknowledged is there."""
    running = await start()
    assert await running.webhook(update(5, "东京")) == 200
    await running.stop(signal.SIGKILL)
    again = await start(data=running.data)
    zhao = await again.agent("zhao.min")
    (conversation,) = (await zhao.call("GET", "/conversations"))["items"]
    assert conversation["excerpt"] == "东京"


async def test_a_second_process_on_the_same_data(running: Running, start: Start) -> None:
    """A second process on the same data is refused by name, with exit code 2, and harms nothing."""
    second = await start(data=running.data)
    assert await second.process.wait() == 2
    assert "is in use by another process" in "".join(second.log)
    async with running.session.get(f"{running.url}/-/ready") as answer:
        assert answer.status == 200


async def test_files_that_change_while_it_runs(running: Running) -> None:
    """A valid change of a file is noticed and applied without a restart; a broken one is named and changes nothing."""
    admin = await running.agent("admin")
    feed = await admin.connect()
    routing = running.config / "routing.yaml"
    text = routing.read_text(encoding="utf-8")
    replace(routing, text.replace("within: 30s", "within: 40s"))
    frame = await until(feed, "config")
    assert (frame["version"], frame["problem"]) == (2, "")
    replace(routing, text.replace("otherwise: reception", "otherwise: recepton"))
    frame = await until(feed, "config")
    assert frame["version"] == 2
    assert 'unknown group "recepton"' in frame["problem"]


def replace(file: Path, text: str) -> None:
    """Put another file in its place, as editors do: nobody ever reads half of it."""
    draft = file.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


async def test_no_secret_and_no_word_in_the_log(running: Running) -> None:
    """The log has neither the bot's token, nor the webhook's secret, nor what was said, nor a session's token."""
    li_na = await running.agent("li.na")
    await answered(running, li_na, "我想办日本签证，护照号 E12345678", "秘密的回答")
    await running.webhook(update(9, "x"), secret="wrong")
    assert await running.stop() == 0
    log = "".join(running.log)
    for secret in (TOKEN, TOKEN.partition(":")[2], SECRET, "护照号", "秘密的回答", li_na.token):
        assert secret not in log


async def test_commands_beside_the_service(running: Running, tmp_path: Path) -> None:
    """While the service runs, a password is set, a backup is written and opens, and health is asked for."""
    shared = ["--config", str(running.config), "--data", str(running.data)]
    code, _ = await command("agent", "password", "chen.jie", "--stdin", *shared, given="a new password\n")
    assert code == 0
    body = {"login": "chen.jie", "password": "a new password"}
    async with running.session.post(f"{running.url}/api/v1/sessions", json=body) as answer:
        assert answer.status == 200
    assert await running.webhook(update(6, "大阪")) == 200
    copy = tmp_path / "copy" / "pointsman.db"
    copy.parent.mkdir()
    code, _ = await command("backup", str(copy), "--data", str(running.data))
    assert code == 0
    code, said = await command("healthcheck", "--listen", running.url.removeprefix("http://"))
    assert (code, "ready" in said) == (0, True)
    assert await running.stop() == 0
    code, _ = await command("healthcheck", "--listen", running.url.removeprefix("http://"))
    assert code == 2
    assert copy.stat().st_size > 0


async def test_a_backup_is_a_service(start: Start, tmp_path: Path) -> None:
    """A service started on a backup has everything that was there when it was written."""
    running = await start()
    assert await running.webhook(update(6, "大阪")) == 200
    restored = tmp_path / "restored"
    restored.mkdir()
    code, _ = await command("backup", str(restored / "pointsman.db"), "--data", str(running.data))
    assert code == 0
    assert await running.stop() == 0
    shutil.rmtree(running.data)
    again = await start(data=restored)
    zhao = await again.agent("zhao.min")
    (conversation,) = (await zhao.call("GET", "/conversations"))["items"]
    assert conversation["excerpt"] == "大阪"


async def command(*words: str, given: str = "") -> tuple[int, str]:
    """Run a command of ours; its exit code and everything that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gateway",
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate(given.encode())
    assert process.returncode is not None
    return process.returncode, said.decode()
