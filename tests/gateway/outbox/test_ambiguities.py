"""Whatever a platform does with a call, no message arrives twice and none is lost without a word; on every platform."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from adapters.errors import Ambiguous
from router.message import Text
from tests.fakes.platforms.faults import Answer, Fault, Hang, Reset, Truly
from tests.gateway.outbox.bench import Bench, open_bench
from tests.gateway.outbox.platforms import PEOPLE, STAGES, Stage, Unhurried, sending

AMBIGUITIES = 400
"""How many of a round's messages meet one; 10,000 under `make torture`."""

FEW = 4

HANG_EVERY = 200
"""One ambiguity of so many is a silence: each holds up a contact until nothing else is under way."""

_QUICK: Sequence[Fault] = (
    Reset(is_taken=True),
    Answer(500, b"Internal Server Error", is_taken=True),
    Answer(200, b"<html>Welcome to the hotel</html>", is_taken=True),
    Reset(),
    Answer(503, b"<html>Bad Gateway</html>"),
)


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> Stage:
    """Each platform in turn."""
    return STAGES[request.param]()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A store; what the two databases do differently, the outbox's own suite shows."""
    made = open_bench(tmp_path)
    yield made
    made.store.close()


async def owe(bench: Bench, stage: Stage, count: int, *, each: int = FEW) -> None:
    """So many messages, a few to each person in turn."""
    people = [stage.address(number // each % PEOPLE) for number in range(count)]
    await bench.owe_all([(f"m{number}", to) for number, to in enumerate(people)], stage.inbox)


def ambiguities(count: int) -> list[Fault]:
    """So many calls of which nobody can know what became of them."""
    silences = [Hang(is_taken=number % 2 == 0) for number in range(count // HANG_EVERY)]
    quick = [_QUICK[number % len(_QUICK)] for number in range(count - len(silences))]
    step = len(quick) // len(silences)
    for place, silence in enumerate(silences):
        quick.insert(place * (step + 1), silence)
    return quick


def is_taken(fault: Fault) -> bool:
    """Whether the platform carried the call out."""
    return isinstance(fault, Truly) or fault.is_taken


async def test_scripted_ambiguities(bench: Bench, stage: Stage, effort: int) -> None:
    """Nothing arrives twice, nothing is lost silently, and unverified is what was ambiguous, no more and no less."""
    count = AMBIGUITIES * effort
    script = [each for fault in ambiguities(count) for each in (fault, Truly(), stage.refused)]
    stage.platform.script(stage.call, *script)
    await owe(bench, stage, len(script))
    async with sending(bench, stage, rates=Unhurried(), is_silence_skipped=True):
        states = await bench.until_none_waits(within=1_800.0)
    there = Counter(stage.arrived())
    assert stage.platform.unused() == {}
    assert max(there.values()) == 1
    assert len(there) == sum(is_taken(fault) for fault in script)
    assert Counter(states.values()) == {"unverified": count, "sent": count, "rejected": count}
    of = {state: {text for text, each in states.items() if each == state} for state in states.values()}
    assert of["sent"] <= there.keys()
    assert not of["rejected"] & there.keys()
    assert len(of["unverified"] & there.keys()) == sum(is_taken(fault) for fault in ambiguities(count))


async def test_silence_in_the_middle(bench: Bench, stage: Stage) -> None:
    """What is cut short behind its first piece says so, and goes on behind it when somebody asks for it again."""
    stage.platform.script(stage.call, Truly(), Hang())
    await bench.owe("long", to=stage.address(0), inbox=stage.inbox, parts=(Text(text="签证" * 3_000),))
    async with sending(bench, stage, rates=Unhurried(), is_silence_skipped=True) as outbox:
        assert await bench.until_ended() == {"long": "unverified"}
        assert (await bench.message("long")).delivery_reason == "half_sent: 1 arrived, then timeout"
        assert len(stage.read(0)) == 1
        await bench.ask_again("long")
        outbox.wake(stage.inbox)
        assert await bench.until_ended() == {"long": "sent"}
    assert "".join(stage.read(0)).count("签证") == 3_000
    assert len(stage.read(0)) == len(await bench.keys("long"))


async def test_control_blind_retry(bench: Bench, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where an ambiguity counts as certain and is tried again, messages arrive twice."""
    monkeypatch.setattr(Ambiguous, "is_certain", True)
    monkeypatch.setattr(Ambiguous, "is_retryable", True)
    stage.platform.script(stage.call, *_QUICK)
    await owe(bench, stage, len(_QUICK), each=1)
    async with sending(bench, stage, rates=Unhurried()):
        assert set((await bench.until_ended()).values()) == {"sent"}
    assert max(Counter(stage.arrived()).values()) == 2
