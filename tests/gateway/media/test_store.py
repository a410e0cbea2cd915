"""Files are kept once, for nobody else's eyes, and given out by links that run out."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from gateway.media.admission import Admission, EmptyFile, TooLarge
from gateway.media.links import BadLink, Links, signing_key
from gateway.media.store import MediaStore
from gateway.store import Store
from gateway.store.schema import media
from router.ids import MediaId
from router.message import MediaKind
from tests.fakes.clock import StandingClock
from tests.gateway.images import picture
from tests.gateway.media.test_kinds import bomb


@pytest.fixture
def files(store: Store, tmp_path: Path) -> MediaStore:
    """An empty store of files."""
    return MediaStore(tmp_path / "media", store, StandingClock())


async def test_kept_once(files: MediaStore, store: Store, tmp_path: Path) -> None:
    """The same bytes are one file and one row, found again with their kind."""
    first = await files.put(b"hello", "text/plain")
    assert await files.put(b"hello", "text/html") == first
    assert await files.read(first) == b"hello"
    found = await files.find(first)
    assert found is not None
    assert (found.mime, found.size) == ("text/plain", 5)
    rows = await store.read(lambda connection: connection.execute(select(media)).all())
    assert len(rows) == 1
    assert [path.name for path in (tmp_path / "media").rglob("*") if path.is_file()] == [first]


async def test_nobody_elses(files: MediaStore) -> None:
    """A file is readable and writable by its owner only, and its folder too."""
    path = files.path(await files.put(b"secret", "text/plain"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_no_such_file(files: MediaStore) -> None:
    """A file that we do not have is not found."""
    assert await files.find("0" * 64) is None
    with pytest.raises(FileNotFoundError):
        await files.read(MediaId("0" * 64))


@given(
    id=st.text(max_size=80)
    | st.sampled_from(["../../etc/passwd", "ab/../../x", "/etc/passwd", "0" * 64 + "\n", "A" * 64])
)
def test_no_path_leads_out(id: str) -> None:
    """An id that is not a content's name is no path at all."""
    files = MediaStore(Path("/nowhere"), None, StandingClock())  # type: ignore[arg-type]  # no row is asked for
    with pytest.raises(FileNotFoundError):
        files.path(id)


async def test_admitted(files: MediaStore) -> None:
    """A picture is redrawn and measured, its name is a label only, and what it is follows from its content."""
    admission = Admission(files)
    found = await admission.admit(picture(), name="C:\\secret\\..\\photo\u202egnp.exe", claimed="text/html")
    assert (found.kind, found.mime, found.width, found.height) == (MediaKind.IMAGE, "image/png", 8, 6)
    assert found.name == "photognp.exe"
    assert found.media is not None
    assert found.size == len(await files.read(found.media))
    as_file = await admission.admit(picture(), kind=MediaKind.FILE)
    assert (as_file.kind, as_file.mime) == (MediaKind.FILE, "image/png")


async def test_damaged_picture_is_a_file(files: MediaStore) -> None:
    """A picture that cannot be drawn is kept for saving, not for showing."""
    found = await Admission(files).admit(bomb(), name="holiday.png", claimed="image/png", kind=MediaKind.IMAGE)
    assert (found.kind, found.mime) == (MediaKind.FILE, "application/octet-stream")


async def test_not_admitted(files: MediaStore) -> None:
    """Nothing and too much are refused."""
    with pytest.raises(EmptyFile):
        await Admission(files).admit(b"")
    with pytest.raises(TooLarge):
        await Admission(files, most_bytes=10).admit(b"x" * 11)


async def test_link_runs_out(store: Store) -> None:
    """A link says what it stands for, for half a day; then it is refused."""
    clock = StandingClock()
    links = Links(await signing_key(store), clock, timedelta(hours=12))
    path = links.sign(MediaId("ab" * 32), "报价单.pdf")
    signed = path.removeprefix("/media/")
    assert (links.read(signed).media, links.read(signed).name) == ("ab" * 32, "报价单.pdf")
    clock.move(timedelta(hours=12))
    links.read(signed)
    clock.move(timedelta(hours=1, seconds=1))
    with pytest.raises(BadLink):
        links.read(signed)


async def test_links_are_the_same_for_a_while(store: Store) -> None:
    """Within the hour a file's link is the same, so that browsers keep what they have."""
    clock = StandingClock()
    links = Links(await signing_key(store), clock)
    clock.move(timedelta(minutes=10))
    before = links.sign(MediaId("ab"))
    clock.move(timedelta(minutes=10))
    assert links.sign(MediaId("ab")) == before


async def test_changed_links_are_refused(store: Store) -> None:
    """Every changed letter of a link is noticed."""
    links = Links(await signing_key(store), StandingClock())
    signed = links.sign(MediaId("ab" * 32), "x").removeprefix("/media/")
    for place in range(len(signed) - 1):  # the very last letter has bits that no byte needs
        other = "A" if signed[place] != "A" else "B"
        with pytest.raises(BadLink):
            links.read(signed[:place] + other + signed[place + 1 :])
    for nonsense in ("", ".", "a.b", "é", signed + "x", "." + signed):
        with pytest.raises(BadLink):
            links.read(nonsense)


async def test_key_stays(store: Store) -> None:
    """An installation keeps its key."""
    assert await signing_key(store) == await signing_key(store)
