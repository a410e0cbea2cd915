"""The naive clocks notice what they are for: with a part of the counting switched off, the machine goes red."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from router import ticking
from router.clocks import Clock
from router.door import Doors
from tests.router.test_machine import Core

Break = Callable[[pytest.MonkeyPatch], None]


def played() -> None:
    """Somebody waits for Asia, becomes a vip, is answered and writes again; somebody waits over the closing of USA."""
    core = Core()
    core.write(budget=None, channel="web", contact="kim", entry="asia", is_vip=False, pressed=None)
    core.pass_time(span=20)
    core.tag(agent="anna", pick=0, priority="vip")
    core.pass_time(span=121)
    core.reply(is_elsewhere=True, is_owner=False, pick=0, stranger="bao")
    core.write(budget=None, channel="web", contact="kim", entry="asia", is_vip=False, pressed=None)
    core.pass_time(span=20_000)
    core.write(budget=None, channel="web", contact="lee", entry="usa", is_vip=False, pressed=None)


def test_nothing_is_wrong_with_the_clocks_as_they_are() -> None:
    """The story itself is in order."""
    played()


@pytest.mark.parametrize(
    "broken",
    [
        lambda patch: patch.setattr(ticking, "_spent", lambda *_: timedelta()),
        lambda patch: patch.setattr(ticking, "_end", lambda *_: None),
        lambda patch: patch.setattr(Doors, "reached", lambda _, __, ___, since, span: since + span),
        lambda patch: patch.setattr(Clock, "next_at", property(lambda clock: clock.due_at)),
        lambda patch: patch.setattr(Clock, "next_at", None),
    ],
    ids=["elapsed time is forgotten", "an answer ends nothing", "closed hours count", "told again", "never told"],
)
def test_it_notices(broken: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part of the counting is held by the oracle."""
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="clock: "):
        played()
