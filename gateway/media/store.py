"""Where files are kept: by their content's SHA-256, so that the same file is kept once and a name can do no harm.

``data/media/ab/abcd…``, readable by nobody else. A file is on the disk, with its name, before any row speaks of it.
"""

import asyncio
import hashlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from gateway.clock import Clock, micros
from gateway.store import Store
from gateway.store.schema import media
from gateway.store.statement import inserting
from router.ids import MediaId

_ID = re.compile(r"[0-9a-f]{64}\Z")
_OWN_FILE = 0o600
_OWN_FOLDER = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that we have; ``size`` in bytes."""

    id: MediaId
    mime: str
    size: int


class MediaStore:
    """Keeps files in a folder, and what is known of them in the table ``media``."""

    def __init__(self, folder: Path, store: Store, clock: Clock) -> None:
        self._folder = folder
        self._store = store
        self._clock = clock

    async def put(self, data: bytes, mime: str) -> MediaId:
        """Keep a file; when this returns it is durable. The same bytes are the same file, with its first ``mime``.

        Raises:
            OSError: the disk is full or not writable.
            StoreUnavailable: nothing could be committed.
        """
        id = await asyncio.to_thread(self._write, data)
        row = {"id": id, "mime": mime, "size": len(data), "created_at": micros(self._clock.now())}
        statement = inserting(self._store.dialect, media).values(row).on_conflict_do_nothing()

        def record(connection: Connection) -> None:
            connection.execute(statement)

        await self._store.write(record)
        return id

    async def find(self, id: str) -> StoredFile | None:
        """What is known of a file, None when there is no such file."""
        query = select(media.c.id, media.c.mime, media.c.size).where(media.c.id == id)
        row = await self._store.read(lambda connection: connection.execute(query).first())
        return StoredFile(id=MediaId(row.id), mime=row.mime, size=row.size) if row else None

    async def read(self, media: MediaId) -> bytes:
        """The bytes of a file.

        Raises:
            FileNotFoundError: there is no such file.
        """
        return await asyncio.to_thread(self.path(media).read_bytes)

    def path(self, id: str) -> Path:
        """Where a file's bytes are, for a server that can send a file by its path.

        Raises:
            FileNotFoundError: this cannot be a file of ours.
        """
        return file_in(self._folder, id)

    def _write(self, data: bytes) -> MediaId:
        id = hashlib.sha256(data).hexdigest()
        path = self.path(id)
        if path.exists():
            return MediaId(id)
        self._folder.mkdir(mode=_OWN_FOLDER, parents=True, exist_ok=True)
        path.parent.mkdir(mode=_OWN_FOLDER, exist_ok=True)
        draft = path.with_name(f"{id}.{os.getpid()}.{threading.get_ident()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWN_FILE)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
        _sync_folder(self._folder)
        return MediaId(id)


def file_in(folder: Path, id: str) -> Path:
    """Where a file's bytes are below the folder of all files.

    Raises:
        FileNotFoundError: this cannot be a file of ours.
    """
    if not _ID.match(id):
        raise FileNotFoundError(id)
    return folder / id[:2] / id


def _sync_folder(folder: Path) -> None:
    """A name is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
