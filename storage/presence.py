"""Which of the processes that send from the outbox are still there: what one that died had in hand is anybody's again.

A claim bears the name of the process it is of. On PostgreSQL a process that is there holds a lock of that name, on
the connection that hears wake-ups: the server lets go of it when the process is gone. On SQLite the one process that
holds the lock of a file beside the database knows that all claims with another's name are left over.
A process that cannot show that it is there claims without a name, and its claims run out by themselves only.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from storage.occupancy import locked

LETTERS = 7  # of a name, hexadecimal: an advisory lock's number has four bytes
# Any number will do, as long as nothing else in the database takes locks under it.
_LOCKS = 0x7468_6F73
_FILE = ".sending"
_HERE = text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :locks AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class OnPostgresql:
    """`name`: under which this process claims, "" while it cannot show that it is there.

    `patience`: seconds that a process must have been away for, as one whose connection broke comes back by itself.
    """

    patience = 10.0  # longer than a process needs to notice that its connection broke, and to connect again

    def __init__(self) -> None:
        self.name = ""
        self._own = _new_name()

    def appear(self, connection: Any) -> None:
        """From now on, for as long as this connection of the driver's lasts."""
        # Shared: a connection that broke without a word may still have it.
        connection.execute("SELECT pg_advisory_lock_shared(%s, %s)", (_LOCKS, int(self._own, 16)))
        self.name = self._own

    def vanish(self) -> None:
        self.name = ""

    def here(self, tx: Connection) -> frozenset[str] | None:
        """The names of all that are there; None where this process is not to judge."""
        found = tx.execute(_HERE, {"locks": _LOCKS}).scalars()
        return frozenset((self._own, *(f"{int(one):0{LETTERS}x}" for one in found)))

    def surely_gone(self, tx: Connection, name: str) -> bool:
        """Asked in the transaction that takes its claims away: until its end nobody appears under the name."""
        wanted = select(func.pg_try_advisory_xact_lock(_LOCKS, int(name, 16)))
        return bool(tx.execute(wanted).scalar_one())

    def close(self) -> None:
        self.vanish()


class OnSqlite:
    """The same for processes on one file: the first one has a name, the others none."""

    patience = 0.0  # a lock of the system's own: without it there is no process

    def __init__(self, database: str | None) -> None:
        self.name = ""
        self._file = Path(database).with_name(_FILE) if database and database != ":memory:" else None
        self._lock: int | None = None

    def appear(self, connection: Any) -> None:
        """There is nothing to be shown by a connection."""

    def vanish(self) -> None:
        """The lock of the file is kept until the end."""

    def here(self, tx: Connection) -> frozenset[str] | None:
        if self._lock is None and self._file is not None:
            with contextlib.suppress(OSError):  # a folder that takes no file: no name then
                self._lock = locked(self._file)
            self.name = _new_name() if self._lock is not None else ""
        return frozenset((self.name,)) if self.name else None

    def surely_gone(self, tx: Connection, name: str) -> bool:
        return bool(self.name) and name != self.name

    def close(self) -> None:
        self.name = ""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


Presence = OnPostgresql | OnSqlite


def presence_on(engine: Engine) -> Presence:
    return OnSqlite(engine.url.database) if engine.dialect.name == "sqlite" else OnPostgresql()


def _new_name() -> str:
    return secrets.token_hex(4)[:LETTERS]
