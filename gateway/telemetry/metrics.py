"""Metrics for Prometheus, by names that operators rely on. Labels are bounded: no contact, no text, no token."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from gateway.crossing import Committed, Decide
from gateway.views.queue import QueueView
from router.board import Board
from router.effects import Effect, Measure, Measurement
from router.events import AnyEvent
from router.ids import ChannelName
from skills.ids import GroupId

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_HUMAN = (1, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 14400)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Metrics:
    """All metrics of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.events = Counter("pointsman_events", "What happened, by kind.", ["kind"], registry=registry)
        self.webhook_seconds = Histogram(
            "pointsman_webhook_seconds",
            "From a platform's call to our answer, the commit included.",
            ["channel"],
            buckets=_FAST,
            registry=registry,
        )
        self._webhooks: dict[ChannelName, Histogram] = {}
        self.batch_seconds = Histogram(
            "pointsman_batch_seconds", "One batch: decide, write, commit.", buckets=_FAST, registry=registry
        )
        self.batch_size = Histogram("pointsman_batch_size", "Events per batch.", buckets=_SIZES, registry=registry)
        self.queue_waiting = Gauge(
            "pointsman_queue_waiting", "Conversations that could be answered now.", ["group"], registry=registry
        )
        self.queue_oldest = Gauge(
            "pointsman_queue_oldest_seconds", "How long the oldest of them has waited.", ["group"], registry=registry
        )
        self.first_response = Histogram(
            "pointsman_first_response_seconds",
            "From the start of waiting to a person's first answer.",
            ["group"],
            buckets=_HUMAN,
            registry=registry,
        )
        self.queue_wait = Histogram(
            "pointsman_queue_wait_seconds",
            "From the start of waiting to the first person who has it.",
            ["group"],
            buckets=_HUMAN,
            registry=registry,
        )
        self.offers = Counter("pointsman_offers", "Offers by how they ended.", ["outcome"], registry=registry)
        self.abandoned = Counter(
            "pointsman_abandoned",
            "Contacts who went away before a person answered: short within seconds, else long.",
            ["group", "wait"],
            registry=registry,
        )
        self.sla = Counter(
            "pointsman_sla",
            "Clocks that people are held to (first, next, resolve), by what became of them: at_risk, breached, met.",
            ["group", "clock", "outcome"],
            registry=registry,
        )
        self.deliveries = Counter(
            "pointsman_deliveries", "What became of outbound messages.", ["channel", "outcome"], registry=registry
        )
        self.agents = Gauge(
            "pointsman_agents",
            "People by what keeps them from receiving, or ready.",
            ["group", "state"],
            registry=registry,
        )
        self.breaches = Counter(
            "pointsman_invariant_breaches",
            "What must never be true, found and repaired.",
            ["invariant"],
            registry=registry,
        )
        self.quarantined = Counter("pointsman_quarantined", "Events set aside after failing alone.", registry=registry)
        self.config_successful = Gauge(
            "pointsman_config_last_reload_successful", "1 when the files on disk are in force.", registry=registry
        )
        self.config_info = Gauge("pointsman_config_info", "The version in force.", ["version"], registry=registry)
        self.spool_events = Gauge("pointsman_spool_events", "Events waiting for the store.", registry=registry)
        self.loop_lag = Gauge("pointsman_loop_lag_seconds", "How late the event loop runs.", registry=registry)

    def webhook(self, channel: ChannelName, seconds: float) -> None:
        """Note how long one webhook took."""
        histogram = self._webhooks.get(channel)
        if histogram is None:
            histogram = self._webhooks[channel] = self.webhook_seconds.labels(channel)
        histogram.observe(seconds)

    def on_commit(self, committed: Committed) -> None:
        """Count what a commit measured."""
        for effect in committed.effects:
            if type(effect) is Measure:
                self._measured(effect)

    def _measured(self, measure: Measure) -> None:
        label, value = measure.label, measure.value
        match measure.what:
            case Measurement.FIRST_RESPONSE_SECONDS:
                self.first_response.labels(label).observe(value)
            case Measurement.QUEUE_WAIT_SECONDS:
                self.queue_wait.labels(label).observe(value)
            case Measurement.OFFERS:
                self.offers.labels(label).inc(value)
            case Measurement.INVARIANT_BREACHES:
                self.breaches.labels(label).inc(value)
            case Measurement.ABANDONED:
                self.abandoned.labels(label, "long").inc(value)
            case Measurement.ABANDONED_SHORT:
                self.abandoned.labels(label, "short").inc(value)
            case Measurement.SLA:
                self.sla.labels(label, *measure.further).inc(value)
            case _:
                assert_never(measure.what)

    def batch(self, size: int, seconds: float) -> None:
        """Observe one batch (`gateway.engine.Observer`)."""
        self.batch_size.observe(size)
        self.batch_seconds.observe(seconds)

    def set_aside(self) -> None:
        """Count an event that was quarantined (`gateway.engine.Observer`)."""
        self.quarantined.inc()

    def delivered(self, channel: ChannelName, outcome: str) -> None:
        """Count one attempt to deliver."""
        self.deliveries.labels(channel, outcome).inc()

    def counting(self, decide: Decide) -> Decide:
        """The same function, counting the events that it decides by kind."""
        counters: dict[type, Counter] = {}  # a label is looked up once, not for every event

        def counted(board: Board, event: AnyEvent) -> tuple[Effect, ...]:
            kind = type(event)
            counter = counters.get(kind)
            if counter is None:
                counter = counters[kind] = self.events.labels(kind.__name__)
            counter.inc()
            return decide(board, event)

        return counted

    def configured(self, version: int, problem: str) -> None:
        """Another version is in force, or could not be."""
        self.config_info.clear()
        self.config_info.labels(str(version)).set(1)
        self.config_successful.set(0 if problem else 1)

    def page(self, queues: list[QueueView], agents: Mapping[tuple[GroupId, str], int], now: datetime) -> bytes:
        """The page that Prometheus reads, with the floor as it is now."""
        self.agents.clear()
        for (group, state), count in agents.items():
            self.agents.labels(group, state).set(count)
        for queue in queues:
            self.queue_waiting.labels(queue.group).set(queue.waiting)
            oldest = 0.0 if queue.oldest_at is None else max(0.0, (now - queue.oldest_at).total_seconds())
            self.queue_oldest.labels(queue.group).set(oldest)
        return generate_latest(self.registry)
