"""The troubles that journeys share: a database that another process holds, and how it is told."""

from __future__ import annotations

import asyncio
import threading

import sqlalchemy as sa

from bot.simulator import Person
from bot.simulator.person import said
from storage.db import Store
from storage.tables import chat

SORRY_NOT_YET = "ไม่ต้องส่งซ้ำ"


def sorries(o: Person) -> int:
    return sum(SORRY_NOT_YET in said(one) for one in o.messages)


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
