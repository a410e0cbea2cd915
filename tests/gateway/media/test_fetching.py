"""Files follow their messages; what cannot be had is said in words, once and for all."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Fetched
from adapters.errors import Ambiguous, DeliveryError, NotConnected, Rejected
from gateway.media import fetching
from gateway.store import Store
from gateway.store.codec import decode_parts
from gateway.store.schema import fetches, messages
from router.message import Media, MediaKind, Text
from tests.fakes.scripted_channel import ScriptedChannel, call
from tests.gateway.house import RED, House, open_house
from tests.gateway.images import picture
from tests.gateway.waiting import until, until_found


async def shown(house: House, condition: Callable[[Media], Any]) -> Media:
    """Wait for a file of a message to be so."""

    async def found() -> Media | None:
        parts = [part for row in await house.rows(messages) for part in decode_parts(row.parts)]
        return next((part for part in parts if isinstance(part, Media) and condition(part)), None)

    part = await until_found(found)
    assert part is not None
    return part


def brought(**item: str) -> Any:
    """A call that brings a file."""
    return call({"key": "1", "address": "ada", "text": "look", **item})


async def test_file_follows(store: Store, tmp_path: Path) -> None:
    """The message is there at once; its file comes after, recognised and measured, and the desk is told."""
    channel = ScriptedChannel(RED, files={"f": picture()})
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, brought(file="f", kind="file", name="photo.png"))
        part = await shown(house, lambda part: part.media)
        assert (part.kind, part.mime, part.name, part.width) == (MediaKind.FILE, "image/png", "photo.png", 8)
        assert part.media is not None
        assert (await house.media.read(part.media)).startswith(b"\x89PNG")
        assert await house.rows(fetches) == []
        (row,) = await house.rows(messages)
        assert decode_parts(row.parts)[0] == Text(text="look")
        assert row.edited_at is None
        await until(lambda: len(house.heard) == 2)
        assert [getattr(effect, "subject", "") for effect in house.heard[-1].effects] == [row.id]


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        (Rejected("too_big", "file is too big"), "file is too big"),
        (Rejected("gone"), fetching.NOT_FETCHED),
    ],
)
async def test_never(store: Store, tmp_path: Path, trouble: DeliveryError, problem: str) -> None:
    """A file that the platform will not give is said to be missing, and not asked for again."""
    channel = ScriptedChannel(RED, files={"f": trouble})
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, brought(file="f"))
        part = await shown(house, lambda part: part.problem)
        assert (part.problem, part.media) == (problem, None)
        assert await house.rows(fetches) == []


class LateFile(ScriptedChannel):
    """A channel whose file is there when it is asked for the second time."""

    troubles: list[DeliveryError]

    async def fetch(self, media: Media) -> Fetched:
        """The trouble first, then the file."""
        if self.troubles:
            raise self.troubles.pop()
        return await super().fetch(media)


@pytest.mark.parametrize("trouble", [NotConnected("refused"), Ambiguous("server_error")])
async def test_later(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: DeliveryError) -> None:
    """What may work later is tried later; a file may be asked for twice, unlike a message."""
    monkeypatch.setattr(fetching, "backoff", lambda _subject, _attempts: timedelta(milliseconds=20))
    channel = LateFile(RED, files={"f": b"at last"})
    channel.troubles = [trouble]
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, brought(file="f"))
        part = await shown(house, lambda part: part.media)
        assert part.kind is MediaKind.FILE
        assert channel.troubles == []


async def test_given_up(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After six attempts the words say that there is no file."""
    monkeypatch.setattr(fetching, "backoff", lambda _subject, _attempts: timedelta(0))
    channel = ScriptedChannel(RED, files={"f": NotConnected("refused")})
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, brought(file="f"))
        part = await shown(house, lambda part: part.problem)
        assert part.problem == fetching.NOT_FETCHED


@pytest.mark.parametrize(
    ("data", "problem"), [(b"", fetching.EMPTY), (b"x" * (20 * 1024 * 1024 + 1), fetching.TOO_LARGE)], ids=["0", "20MB"]
)
async def test_not_kept(store: Store, tmp_path: Path, data: bytes, problem: str) -> None:
    """An empty file and one of more than 20 MB are not kept; the message stays, and says why."""
    async with open_house(store, tmp_path, ScriptedChannel(RED, files={"f": data})) as house:
        await house.intake.webhook(RED, brought(file="f"))
        assert (await shown(house, lambda part: part.problem)).problem == problem


async def test_survives_a_restart(open_store: Callable[[], Store], tmp_path: Path) -> None:
    """What was due when the process ended is fetched by the next one."""
    store = open_store()
    channel = ScriptedChannel(RED, files={"f": NotConnected("refused")})
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, brought(file="f"))
    store.close()
    async with open_house(open_store(), tmp_path, ScriptedChannel(RED, files={"f": picture()})) as house:
        await shown(house, lambda part: part.media)


async def test_mistake_of_an_adapter(store: Store, tmp_path: Path) -> None:
    """An adapter that fails in its own way costs its file, not those of others."""
    channel = ScriptedChannel(RED, files={"f": picture()})
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, brought(file="nobody scripted this"))
        await house.intake.webhook(RED, call({"key": "2", "address": "bob", "file": "f"}))
        assert (await shown(house, lambda part: part.problem)).problem == fetching.NOT_FETCHED
        await shown(house, lambda part: part.media)


async def test_edited_message_keeps_its_file(store: Store, tmp_path: Path) -> None:
    """When the contact edits the words beside a file, the file is there again, though the edit speaks of it anew."""
    async with open_house(store, tmp_path, ScriptedChannel(RED, files={"f": picture()})) as house:
        await house.intake.webhook(RED, brought(file="f"))
        await shown(house, lambda part: part.media)
        await house.intake.webhook(RED, call({"key": "2", "address": "ada", "edit": "1", "text": "look!", "file": "f"}))
        await shown(house, lambda part: part.media)
        (row,) = await house.rows(messages)
        assert (row.text, row.edited_at is None) == ("look!", False)
