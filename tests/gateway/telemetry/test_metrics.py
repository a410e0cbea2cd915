"""What the core measures is exported, all of it."""

from datetime import UTC, datetime

import pytest

from gateway.crossing import Committed
from gateway.telemetry.metrics import Metrics
from router.effects import Measure, Measurement

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def page(*measures: Measure) -> set[str]:
    """The lines that Prometheus reads after these, without the instants at which they began."""
    metrics = Metrics()
    metrics.on_commit(Committed(rev=1, feed_seq=1, effects=measures))
    return {line for line in metrics.page([], {}, NOW).decode().splitlines() if "_created" not in line}


@pytest.mark.parametrize("what", list(Measurement), ids=lambda what: what.value)
def test_every_measurement_is_exported(what: Measurement) -> None:
    """Whatever the core can measure shows in a line of its own that bears its label."""
    further = ("first", "met") if what is Measurement.SLA else ()
    added = page(Measure(what=what, label="somewhere", value=3.0, further=further)) - page()
    assert any("somewhere" in line and line.endswith(" 3.0") for line in added)


def test_abandonment_by_its_kind() -> None:
    """Who left at once is counted apart from who left after waiting."""
    found = page(
        Measure(what=Measurement.ABANDONED, label="desk"),
        Measure(what=Measurement.ABANDONED, label="desk"),
        Measure(what=Measurement.ABANDONED_SHORT, label="desk"),
    )
    assert 'pointsman_abandoned_total{group="desk",wait="long"} 2.0' in found
    assert 'pointsman_abandoned_total{group="desk",wait="short"} 1.0' in found


def test_clocks_by_what_became_of_them() -> None:
    """A clock that was breached is counted for its group, by its name."""
    found = page(Measure(what=Measurement.SLA, label="desk", further=("next", "breached")))
    assert 'pointsman_sla_total{clock="next",group="desk",outcome="breached"} 1.0' in found
