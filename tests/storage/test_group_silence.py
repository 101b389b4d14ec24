"""One connection that is cut without a word, as by a firewall or a machine that is gone, and a database that is well."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from storage.db import Store
from tests.conftest import on_postgresql
from tests.storage.test_group_commit import Notes, notes

__all__ = ["notes"]


class Between:
    """Passes on what comes over a Unix socket; `cut` connections pass nothing more on, new ones do."""

    def __init__(self, to: Path) -> None:
        self.folder, self.to = Path(tempfile.mkdtemp()), to
        self.open: list[asyncio.Event] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Between:
        self.server = await asyncio.start_unix_server(self._met, str(self.folder / ".s.PGSQL.5432"))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        self.end()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        shutil.rmtree(self.folder)

    def cut(self) -> None:
        for one in self.open:
            one.set()

    def end(self) -> None:
        for one in self.writers:
            one.close()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cut = asyncio.Event()
        far_reader, far_writer = await asyncio.open_unix_connection(str(self.to / ".s.PGSQL.5432"))
        self.open.append(cut)
        self.writers += [writer, far_writer]
        for a, b in ((reader, far_writer), (far_reader, writer)):
            self.tasks.append(asyncio.create_task(self._passing(a, b, cut)))

    @staticmethod
    async def _passing(a: asyncio.StreamReader, b: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while data := await a.read(65536):
            if not cut.is_set():
                b.write(data)
        b.close()


@on_postgresql
async def test_a_connection_cut_without_a_word_stops_not_all_answers(database: str, notes: Notes) -> None:
    notes.open.set()
    parts = urlsplit(database)
    async with Between(Path(parse_qs(parts.query)["host"][0])) as between:
        store = Store(f"postgresql://thongthin@{parts.path}?host={between.folder}")
        await store.run_grouped(notes.kind(), 1)
        between.cut()
        lost = asyncio.create_task(store.run_grouped(notes.kind(), 2))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(10):
            await asyncio.gather(*(store.run_grouped(notes.kind(), n) for n in (3, 4)))
        assert not lost.done()
        between.end()  # only now its thread hears of it
        await asyncio.gather(lost, return_exceptions=True)
        await asyncio.to_thread(store.close)


@on_postgresql
def test_a_silent_connection_is_given_up_in_seconds(store: Store) -> None:
    """By the kernel, which cannot be tried on a Unix socket."""
    raw = store.engine.raw_connection()
    asked = raw.driver_connection.info.get_parameters()  # type: ignore[union-attr]
    raw.close()
    assert (asked["keepalives_idle"], asked["tcp_user_timeout"]) == ("10", "15000")
