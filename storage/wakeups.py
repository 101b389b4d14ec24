"""Says at once that something was put into the outbox: to this process, and on PostgreSQL to every other one.

On PostgreSQL by NOTIFY in the transaction itself, heard on a connection of its own. On SQLite the store that
committed it knows; another process on the same file looks from time to time. A wake-up may be lost, as when a
connection breaks: whoever waits for one looks from time to time too.
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine

from storage.presence import Presence

CHANNEL = "thongthin_outbox"
CHECK = 5.0  # seconds of silence after which the connection is asked whether it is still there
FIRST_PAUSE, MOST_PAUSE = 0.2, 5.0  # seconds between tries to connect
_PUT_IN = "put_in"
log = logging.getLogger("thongthin.storage")


def wake(tx: Connection) -> None:
    """Part of the transaction: nobody is woken before its commit, or when it is rolled back."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql(f"NOTIFY {CHANNEL}")
    else:
        tx.info[_PUT_IN] = True


class Wakeups:
    """Callbacks come from threads of the store's own, and may come without a cause."""

    def __init__(self, engine: Engine, presence: Presence) -> None:
        self._engine, self._presence = engine, presence
        self._told: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._listening: threading.Thread | None = None
        self._closed = threading.Event()
        self._ours, self._theirs = socket.socketpair()

    def listen(self, told: Callable[[], None]) -> Callable[[], None]:
        """From now on `told` is called; what is returned ends it."""
        with self._lock:
            self._told.append(told)
            if self._engine.dialect.name == "postgresql" and self._listening is None:
                self._listening = threading.Thread(
                    target=self._listen_forever, name="store-listen", daemon=True
                )
                self._listening.start()

        def end() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._told.remove(told)

        return end

    def committed(self, tx: Connection) -> None:
        """On SQLite: a transaction of this store is durable now."""
        if tx.info.pop(_PUT_IN, False):
            self._tell()

    def close(self) -> None:
        self._closed.set()
        with contextlib.suppress(OSError):
            self._ours.send(b"x")
        if self._listening is not None:
            self._listening.join()
        self._ours.close()
        self._theirs.close()

    def _tell(self) -> None:
        with self._lock:
            told = list(self._told)
        for one in told:
            one()

    def _listen_forever(self) -> None:
        pause = FIRST_PAUSE
        while not self._closed.is_set():
            try:
                with contextlib.closing(self._connection()) as connection:
                    pause = FIRST_PAUSE
                    self._tell()  # for what was put in before this connection listened
                    self._hear(connection)
            except Exception as error:  # psycopg's own, which only the engine knows here
                log.warning(
                    "wake-ups are not heard", extra={"error": type(error).__name__, "again_in": pause}
                )
                self._presence.vanish()
                self._closed.wait(pause)
                pause = min(pause * 2, MOST_PAUSE)

    def _connection(self) -> Any:
        """A connection outside of the pool, which listens, and shows others that this process is there."""
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        try:
            connection.rollback()
            connection.autocommit = True
            self._presence.appear(connection)
            connection.execute(f"LISTEN {CHANNEL}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _hear(self, connection: Any) -> None:
        while not self._closed.is_set():
            ready, _, _ = select.select([connection.fileno(), self._theirs], [], [], CHECK)
            if not ready:
                connection.execute("SELECT 1")  # raises where the other side is gone without a word
            connection.pgconn.consume_input()
            heard = False
            while connection.pgconn.notifies() is not None:
                heard = True
            if heard:
                self._tell()
