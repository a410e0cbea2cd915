"""What the handlers work with: built once in `gateway.app`, read by all, changed by none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.apart import Apart
from gateway.clock import Clock
from gateway.configuration import LiveConfiguration
from gateway.engine import Engine
from gateway.http.sessions import Sessions
from gateway.identifiers import Identifiers
from gateway.intake import Intake
from gateway.media.admission import Admission
from gateway.media.links import Links
from gateway.media.store import MediaStore
from gateway.realtime.desk_feed import DeskFeed
from gateway.realtime.doorkeeper import Doorkeeper
from gateway.reloading import Reloading
from gateway.replaying import Replaying
from gateway.store.store import Store
from gateway.telemetry.health import Health
from gateway.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The house, as HTTP sees it. ``demo_facts`` are what the demo pages show."""

    store: Store
    engine: Engine
    clock: Clock
    identifiers: Identifiers
    configuration: LiveConfiguration
    reloading: Reloading
    sessions: Sessions
    door: Doorkeeper
    intake: Intake
    media: MediaStore
    admission: Admission
    links: Links
    feed: DeskFeed
    metrics: Metrics
    health: Health
    version: str
    apart: Apart
    replaying: Replaying
    public_url: str
    demo_facts: Mapping[str, Any] | None = None

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo."""
        return self.demo_facts is not None
