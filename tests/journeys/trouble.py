"""The troubles that journeys share: a database that another process holds, and how it is told."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bot.simulator import Person
from bot.simulator.person import said
from storage.db import Store
from storage.tables import chat

SORRY_NOT_YET = "ไม่ต้องส่งซ้ำ"


def sorries(o: Person) -> int:
    return sum(SORRY_NOT_YET in said(one) for one in o.messages)


@contextlib.contextmanager
def impatient(store: Store) -> Iterator[None]:
    """Connections made from now on give up on a lock at once, so that no test waits for long."""

    def hurry(connection: Any, _record: object) -> None:
        if store.is_sqlite:
            connection.execute("PRAGMA busy_timeout=50")
        else:
            connection.autocommit = True
            connection.execute("SET lock_timeout='50ms'")
            connection.autocommit = False

    sa.event.listen(store.engine, "connect", hurry)
    store.engine.dispose()
    try:
        yield
    finally:
        sa.event.remove(store.engine, "connect", hurry)


class Locked:
    """Another process holds the table of chats; from a thread of its own, as SQLite's connections like it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held, self._release = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        with self._store.engine.connect() as connection, connection.begin():  # BEGIN IMMEDIATE on SQLite
            if not self._store.is_sqlite:
                connection.execute(sa.text(f"LOCK TABLE {chat.name} IN ACCESS EXCLUSIVE MODE"))
            self._held.set()
            self._release.wait(20)

    async def __aenter__(self) -> None:
        self._thread.start()
        await asyncio.to_thread(self._held.wait, 5)

    async def __aexit__(self, *_: object) -> None:
        self._release.set()
        await asyncio.to_thread(self._thread.join)
