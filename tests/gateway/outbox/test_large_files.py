"""Large files on slow lines."""

import asyncio

from adapters.contract import Delivered, Outbound
from gateway.clock import micros
from router.ids import MediaId
from router.message import Media, MediaKind
from tests.gateway.outbox.bench import RED, Bench


async def test_files_are_given_the_time_that_a_slow_line_needs(bench: Bench) -> None:
    """A message with a large file may take longer than one without, and holds its claim as much longer."""
    bench.deadline = 0.05
    bench.shelf.files["scan"] = b"%PDF"
    scan = Media(kind=MediaKind.FILE, media=MediaId("scan"), size=20 * 1024 * 1024)
    await bench.owe("large", parts=(scan,))
    await bench.owe("small", to="bob")
    go_on = asyncio.Event()
    deliver = bench.channels[RED].deliver

    async def slow(message: Outbound) -> Delivered:
        await go_on.wait()
        return await deliver(message)

    bench.channels[RED].deliver = slow  # type: ignore[method-assign]  # a line on which nothing moves for a while
    async with bench.sending():
        await bench.until(lambda states: states["small"] == "unverified")
        rows = await bench.rows()
        assert rows["large"].state == "claimed"
        now = micros(bench.clock.now())
        assert 100e6 < rows["large"].claimed_until - now < 200e6
        go_on.set()
        assert (await bench.until_ended())["large"] == "sent"
