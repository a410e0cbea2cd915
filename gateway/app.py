"""The composition root: every object of the service is built here, once, and stopped here, in this order."""

import asyncio
import contextlib
import gc
import logging
import os
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.contract import Tools as AdapterTools
from adapters.errors import DeliveryError
from gateway.announcing import Announcer
from gateway.apart import Apart
from gateway.bot_line import BotLine
from gateway.bot_turn import Thinking
from gateway.bots import Bots
from gateway.clock import Clock, SystemClock
from gateway.configuration import LiveConfiguration, find_configuration
from gateway.delivery import Delivery
from gateway.engine import Engine
from gateway.http import server
from gateway.http.front import Call, Reception
from gateway.http.passwords import Passwords
from gateway.http.sessions import Sessions
from gateway.http.tools import Tools
from gateway.http.webhooks import answering
from gateway.http.widget import add_widget_routes
from gateway.identifiers import RandomIdentifiers
from gateway.inboxes import Inbox, InboxPlan, connect
from gateway.intake import Intake
from gateway.listening import listen, pulls
from gateway.media.admission import Admission
from gateway.media.fetching import Fetching
from gateway.media.links import Links, signing_key
from gateway.media.store import MediaStore
from gateway.outbox import Outbox
from gateway.platform_client import open_client
from gateway.realtime.desk_feed import DeskFeed
from gateway.realtime.doorkeeper import Doorkeeper
from gateway.realtime.pace import Pace
from gateway.realtime.transcript import Transcripts
from gateway.realtime.visits import Visits
from gateway.realtime.widget_socket import WidgetSockets
from gateway.reloading import Reloading
from gateway.replaying import Replaying
from gateway.schedule import Schedule
from gateway.signals.contract import Rates
from gateway.signals.local import LocalRates
from gateway.signature import signature
from gateway.store import Store
from gateway.store.reading import feed_seq
from gateway.supervisor import Supervisor
from gateway.telemetry.health import Health, watch_lag
from gateway.telemetry.logs import Redaction
from gateway.telemetry.metrics import Metrics
from gateway.typing_sign import TypingSign
from gateway.vault import KEY, SECRET, SealedVault, key_of
from router.board import Board
from router.decide import decide

REQUESTS_END_WITHIN = 8.0
"""Seconds that requests in flight get when the service stops; container runtimes kill after ten by default."""

DELIVERIES_END_WITHIN = 5.0
GARBAGE_THRESHOLD = 50_000
"""Allocations between two collections: a service's objects live long, and looking at them costs milliseconds."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the service is run. ``public_url`` is where platforms and browsers reach it; empty when they cannot.

    ``redis_url`` is where several gateways on one database count together what they send.
    """

    config: Path
    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    is_watching: bool = True
    demo_facts: Mapping[str, Any] | None = None


class Service:
    """One running service. Build it with `open`, end it with `close`."""

    def __init__(self, closing: contextlib.AsyncExitStack, tools: Tools, port: int) -> None:
        self._closing = closing
        self.tools = tools
        self.port = port

    @staticmethod
    async def open(options: Options, redaction: Redaction) -> "Service":
        """Start everything, in order; what has started is stopped again when something fails.

        Raises:
            DataInUse: another process works on the data.
            SchemaNewer, StoreUnavailable: the database cannot be used.
            NoConfiguration: the files cannot be applied, and nothing was applied before.
            OSError: the address cannot be listened on.
        """
        async with contextlib.AsyncExitStack() as opening:
            tools, port = await _open(options, redaction, opening)
            return Service(opening.pop_all(), tools, port)
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """Stop in the opposite order: nothing new, finish what runs, write everything down."""
        self.tools.health.is_stopping = True
        await self._closing.aclose()
        log.info("stopped")


async def _open(  # noqa: PLR0915  the one page on which everything is built
    options: Options, redaction: Redaction, stack: contextlib.AsyncExitStack
) -> tuple[Tools, int]:
    clock, identifiers, metrics = SystemClock(), RandomIdentifiers(), Metrics()

    # The store, and what the administrator wants
    store = await asyncio.to_thread(Store.open, options.database_url, options.data)
    stack.push_async_callback(asyncio.to_thread, store.close)
    found = await find_configuration(options.config, store, clock)
    configuration = found.configuration
    media = MediaStore(options.data / "media", store, clock)
    key = await signing_key(store)
    links, transcripts, admission = Links(key, clock), Transcripts(key, clock), Admission(media)

    # The channels' side
    session = await stack.enter_async_context(open_client())
    visits = Visits(store=store, settings=lambda: live.settings, sign=links.sign)
    plans = [
        InboxPlan(id=inbox.id, channel=inbox.channel, settings=inbox.settings)
        for inbox in configuration.inboxes.values()
        if inbox.enabled
    ]
    vault = SealedVault(store, key_of(os.environ.get(SECRET, ""), await signing_key(store, KEY)))
    inboxes = connect(plans, AdapterTools(session=session, push=visits.push, vault=vault))
    redaction.know(secret for bot in configuration.bots.values() for secret in bot.secrets)
    redaction.know(secret for inbox in inboxes.values() for secret in inbox.adapter.secrets())
    capabilities = {id_: inbox.adapter.capabilities() for id_, inbox in inboxes.items()}
    live = LiveConfiguration(configuration, found.problem, capabilities, links.sign)

    # The engine, and those who listen to it
    rates = await _rates(options.redis_url, store)
    stack.push_async_callback(rates.close)
    announcer = Announcer()
    engine = Engine(
        store,
        Board(live.settings),
        clock,
        identifiers,
        live,
        [announcer],
        decide=metrics.counting(decide),
        observer=metrics,
    )
    supervisor = Supervisor()
    health = Health(parts=supervisor.health)
    sessions = Sessions(store, clock, identifiers, Passwords())
    typing, pace = TypingSign(store, inboxes), Pace()
    feed = DeskFeed(
        store=store,
        engine=engine,
        clock=clock,
        identifiers=identifiers,
        sessions=sessions,
        configuration=live,
        show_typing=typing.show,
        viewed=visits.viewed,
    )
    outbox = Outbox(
        store,
        inboxes,
        engine,
        Delivery(media, lambda author, group: signature(live.settings, author, group)),
        clock,
        identifiers,
        rates=rates,
        count=metrics.delivered,
        alarm=feed.alarm,
        give_up={each.id: each.give_up_after for each in configuration.inboxes.values() if each.give_up_after},
    )
    schedule = Schedule(store, engine, clock, identifiers)
    line = BotLine()
    stack.push_async_callback(line.close)
    bots = Bots(store, engine, Thinking(live, line, clock, identifiers))
    fetching = Fetching(store, inboxes, engine, admission, clock, identifiers)
    intake = Intake(inboxes, engine, clock)
    widget = WidgetSockets(
        visits=visits,
        inboxes=inboxes,
        store=store,
        engine=engine,
        clock=clock,
        identifiers=identifiers,
        contact_types=feed.contact_types,
        transcripts=transcripts,
        pace=pace,
        has_open=feed.has_open,
    )
    reloading = Reloading(
        directory=options.config,
        read=found.files,
        live=live,
        store=store,
        engine=engine,
        clock=clock,
        tell=(feed.configured, lambda: metrics.configured(live.settings.version, live.problem)),
    )
    apart = Apart()
    replaying = Replaying(store, options.config, clock, apart)
    tools = Tools(
        store=store,
        engine=engine,
        clock=clock,
        identifiers=identifiers,
        configuration=live,
        reloading=reloading,
        sessions=sessions,
        door=Doorkeeper(),
        intake=intake,
        media=media,
        admission=admission,
        links=links,
        feed=feed,
        metrics=metrics,
        health=health,
        apart=apart,
        replaying=replaying,
        version=version("pointsman"),
        public_url=options.public_url,
        demo_facts=options.demo_facts,
    )
    app = server.build(tools)
    add_widget_routes(app, sockets=widget, admission=admission, sign=links.sign, transcripts=transcripts)
    announcer.listeners += [feed, visits, widget.absences, pace, outbox, schedule, fetching, metrics, bots]

    # Start; the stack stops in the opposite order
    await engine.start()
    stack.push_async_callback(engine.stop)
    stack.push_async_callback(intake.stop)
    stack.push_async_callback(supervisor.stop)
    stack.push_async_callback(outbox.stop, DELIVERIES_END_WITHIN)
    await replaying.begin(live.settings.version)
    await feed.start(await store.read(feed_seq))
    await widget.start()
    metrics.configured(live.settings.version, live.problem)
    supervisor.add("bots", bots.run)
    for name, start in _parts(outbox, schedule, fetching, health, metrics).items():
        supervisor.add(name, start)
    port = await _listen(app, answering(tools), clock, options, stack)
    stack.push_async_callback(widget.stop)
    stack.push_async_callback(feed.stop)
    for inbox in inboxes.values():
        webhook = f"{options.public_url}/hooks/{inbox.id}" if options.public_url else ""
        supervisor.add(f"prepare {inbox.id}", partial(_prepare, inbox, webhook), is_vital=False)
        if pulls(inbox.adapter):
            supervisor.add(f"listen {inbox.id}", partial(listen, inbox, intake), is_vital=False)
            stack.push_async_callback(supervisor.remove, f"listen {inbox.id}")
    supervisor.add("keep snapshots", replaying.run, is_vital=False)
    supervisor.add("follow the store's versions", reloading.follow, is_vital=False)
    if options.is_watching:
        supervisor.add("watch the files", reloading.watch, is_vital=False)
    health.is_started = True
    at = {"port": port, "version": tools.version, "config_version": live.settings.version}
    log.info("ready", extra=at)
    return tools, port


def settle() -> None:
    """Once everything is built: what lives as long as the process is not looked at again by the garbage collector.

    Commands that run the service switch the collector off before they import it: while a service is built hardly
    anything dies, and looking for it took a sixth of the start.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(GARBAGE_THRESHOLD)


def _parts(
    outbox: Outbox, schedule: Schedule, fetching: Fetching, health: Health, metrics: Metrics
) -> dict[str, Callable[[], Coroutine[None, None, None]]]:
    return {
        "outbox": outbox.run,
        "schedule": schedule.run,
        "fetching": fetching.run,
        "loop lag": partial(watch_lag, health, metrics),
    }


async def _rates(redis_url: str, store: Store) -> Rates:
    """Who counts what is sent; who shares a database shares its name in Redis."""
    if not redis_url:
        return LocalRates()
    from gateway.signals.redis import SharedRates  # noqa: PLC0415  only who uses the library pays for it

    shared = SharedRates(redis_url, (await signing_key(store, "signals")).hex()[:12])
    await shared.open()
    return shared


async def _listen(
    app: web.Application, call: Call, clock: Clock, options: Options, stack: contextlib.AsyncExitStack
) -> int:
    """Every connection begins at the front, which hands over to the application what is no plain webhook."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=REQUESTS_END_WITHIN, keepalive_timeout=75)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    reception = Reception(call, _protocols(runner), clock)
    listening = await reception.listen(options.host, options.port)
    stack.push_async_callback(reception.stop, REQUESTS_END_WITHIN)
    stack.callback(listening.close)
    return int(listening.sockets[0].getsockname()[1])


def _protocols(runner: web.AppRunner) -> Callable[[], asyncio.Protocol]:
    server = runner.server
    if server is None:
        raise RuntimeError("the runner is not set up")
    return server


async def _prepare(inbox: Inbox, webhook: str) -> None:
    """Tell the platform where we are; the supervisor tries again when it cannot be reached."""
    try:
        await inbox.adapter.prepare(webhook)
    except DeliveryError as error:
        if error.is_retryable:
            raise
        log.warning("the platform refuses this inbox", extra={"inbox": inbox.id, "reason": error.reason})
