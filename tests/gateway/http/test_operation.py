"""Health, metrics and the graceful stop."""

import asyncio
import resource

import aiohttp

from tests.gateway.http.office import PATIENCE, Office
from tests.gateway.http.test_conversation import accepted
from tests.gateway.http.test_routing import metrics

NAMES = {
    "pointsman_events_total",
    "pointsman_webhook_seconds",
    "pointsman_batch_seconds",
    "pointsman_batch_size",
    "pointsman_queue_waiting",
    "pointsman_queue_oldest_seconds",
    "pointsman_first_response_seconds",
    "pointsman_queue_wait_seconds",
    "pointsman_offers_total",
    "pointsman_abandoned_total",
    "pointsman_sla_total",
    "pointsman_deliveries_total",
    "pointsman_agents",
    "pointsman_invariant_breaches_total",
    "pointsman_quarantined_total",
    "pointsman_config_last_reload_successful",
    "pointsman_config_info",
    "pointsman_spool_events",
    "pointsman_loop_lag_seconds",
}


async def test_live_ready_version(office: Office) -> None:
    """A running service is alive and ready, and says which version it is."""
    said = {}
    for path in ("live", "ready", "version"):
        async with office.session.get(f"{office.url}/-/{path}") as answer:
            assert answer.status == 200
            said[path] = await answer.json()
    assert said["version"] == {"version": office.tools.version, "config_version": 1}


async def test_a_store_that_cannot_be_written(office: Office) -> None:
    """A service whose store takes nothing is not ready, and says why; it is again as soon as the store is."""

    async def ready() -> tuple[int, str]:
        async with office.session.get(f"{office.url}/-/ready") as answer:
            return answer.status, (await answer.json())["status"]

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))  # no file can grow: to this process the disk is full
    try:
        status, words = await ready()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (status, words.startswith("store: ")) == (503, True)
    assert await ready() == (200, "ready")


async def test_every_metric_by_its_name(office: Office) -> None:
    """The metrics have exactly the promised names, and no label tells of a contact, a text or a token."""
    li_na, conversation = await accepted(office)
    await li_na.post(f"/conversations/{conversation['id']}/messages", {"client_id": "a", "text": "很秘密"})
    page = await metrics(office)
    declared = {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE pointsman")}
    assert {name.removesuffix("_created") for name in declared if not name.endswith("_created")} == NAMES
    assert 'pointsman_first_response_seconds_count{group="japan"} 1.0' in page
    assert 'pointsman_queue_wait_seconds_count{group="japan"} 1.0' in page
    assert 'pointsman_offers_total{outcome="accepted"} 1.0' in page
    assert 'pointsman_events_total{kind="MessageReceived"}' in page
    assert "pointsman_batch_size_count 0.0" not in page
    assert 'pointsman_agents{group="japan",state="ready"} 1.0' in page
    assert 'pointsman_config_info{version="1"} 1.0' in page
    for secret in ("很秘密", "张三", "visitor-1", li_na.token):
        assert secret not in page


async def test_a_webhook_is_timed(office: Office) -> None:
    """A webhook is timed by its channel; an unknown inbox by none."""
    for inbox in ("bot", "none"):
        async with office.session.post(f"{office.url}/hooks/{inbox}", data=b"{}") as answer:
            assert answer.status == (401 if inbox == "bot" else 404)
    page = await metrics(office)
    assert 'pointsman_webhook_seconds_count{channel="telegram"} 1.0' in page
    assert "none" not in page.replace("default-src 'none'", "")


async def test_a_graceful_stop(office: Office) -> None:
    """While it stops, ready says 503; feeds close with 1001; a request in flight is still answered; it is quick."""
    li_na = await office.person("li.na")
    desk = await li_na.feed()
    li_na_again = await office.person("li.na")
    in_flight = asyncio.create_task(li_na_again.get("/queues"))
    await asyncio.sleep(0)
    began = asyncio.get_running_loop().time()
    office.tools.health.is_stopping = True
    async with office.session.get(f"{office.url}/-/ready") as answer:
        assert answer.status == 503
        assert "Retry-After" in answer.headers
    closing = asyncio.create_task(office.service.close())
    async with asyncio.timeout(PATIENCE):
        while (await desk.socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    assert desk.socket.close_code == 1001
    assert (await in_flight)["items"]
    await closing
    assert asyncio.get_running_loop().time() - began < 10, "what it waits for at most was not waited for"
