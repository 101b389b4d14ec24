"""The database: synchronous transactions in threads of its own, asynchronous at the door.

On SQLite one writer thread drains its queue, runs each transaction in a savepoint, commits them together and
answers them only then: nothing is confirmed before its commit, and a slow disk costs one fsync for many.
On PostgreSQL each transaction has a connection of its own, but for those that a group commit takes together.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from math import isfinite
from typing import Any, Concatenate, ParamSpec, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.awaited import Awaited, Done, answer_all, named
from storage.awaited import StorageUnavailable as StorageUnavailable
from storage.group_commit import PATIENCE as PATIENCE_TOGETHER
from storage.group_commit import A, GroupCommit, Grouped, R
from storage.presence import presence_on
from storage.wakeups import Wakeups

P = ParamSpec("P")
Tx = Connection

MOST_IN_ONE_COMMIT = 32
THREADS = 4
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
PATIENCE = 10.0  # seconds of waiting for a lock before the officer is told


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Tx], Any]
    waits: Awaited


def engine_for(setting: str, patience: float | None = None) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`, with the pragmas and locking that durability needs.

    `patience`: seconds of waiting for a lock.
    """
    url, patience = make_url(setting), PATIENCE if patience is None else patience
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, patience)
    return _postgresql(url, patience)


def _postgresql(url: URL, patience: float) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=_json,
        hide_parameters=True,  # an error's words go into the log, answers never
        pool_size=THREADS * 2,
        max_overflow=1,  # the one that hears wake-ups, until it leaves the pool
        pool_pre_ping=True,
        connect_args={
            "application_name": "thongthin",
            "connect_timeout": 10,
            # A connection that is cut without a word is known to be gone in seconds, not in a quarter of an hour.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,  # milliseconds
            "options": f"-c lock_timeout={int(patience * 1000)} -c random_page_cost=1.1",
        },
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # A server, database or role may be set to confirm what no disk has yet: a crash of the server takes it back.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.commit()

    return engine


def _json(value: object) -> str:
    """As every database takes it: what nobody can type must not keep a dead letter from being kept."""
    try:
        written = _written(value)
    except ValueError:
        written = _written(_without_nan(value))
    return kept_text(_NUL.sub("\\1\ufffd", written) if "\\u0000" in written else written)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def kept_text(text: str) -> str:
    """Without what no database takes as text: NUL, and half of a pair of surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _without_nan(value: object) -> object:
    match value:
        case float():
            return value if isfinite(value) else None
        case Mapping():
            return {name: _without_nan(one) for name, one in value.items()}
        case list() | tuple():
            return [_without_nan(one) for one in value]
    return value


def _sqlite(url: URL, patience: float) -> Engine:
    engine = create_engine(
        url, json_serializer=_json, hide_parameters=True, poolclass=NullPool,
        connect_args={"check_same_thread": False, "timeout": patience, "isolation_level": None},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={int(patience * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A plain BEGIN would fail at the first write when another process has written since.
        reading = connection.get_execution_options().get("reading", False)
        if reading:
            connection.exec_driver_sql("PRAGMA query_only=ON")  # the connection is closed after it
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


class Store:
    """Runs synchronous work over a transaction: `await store.run(work, …)` calls `work(tx, …)` and commits."""

    def __init__(self, setting: str) -> None:
        self.engine = engine_for(setting)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="store-read")
        self._writers = ThreadPoolExecutor(THREADS, thread_name_prefix="store-write")
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        # On SQLite a transaction is a snapshot by itself.
        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading: dict[str, Any] = {"reading": True} | ({} if self.is_sqlite else snapshot)
        self.presence = presence_on(self.engine)
        self.wakeups = Wakeups(self.engine, self.presence)
        self._closed = False
        self._writer: threading.Thread | None = None
        self._group: GroupCommit | None = None
        if self.is_sqlite:
            self._writer = threading.Thread(target=self._write_forever, name="store-writer", daemon=True)
            self._writer.start()
        else:
            impatient = engine_for(setting, PATIENCE_TOGETHER)
            self._group = GroupCommit(impatient, self._writers, self._run_alone)

    async def run(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work(tx, …)` returns, once it is durably committed; on an exception nothing of it is kept."""
        job = self._open_job(work, args, kwargs)
        if self._writer is None:
            return await asyncio.wrap_future(self._writers.submit(self._run_alone, job))
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._queue.put(_Job(job, Awaited(answer, loop)))
        return await answer

    async def run_grouped(self, kind: Grouped[A, R], what: A) -> R:
        """The same as `run` for work that can share its transaction, and its statements, with more of its kind."""
        if self._group is None:
            return await self.run(kind.one, what)
        if self._closed:
            raise StorageUnavailable("the store is closed")
        return await self._group.run(kind, what)

    async def read(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work(tx, …)` returns from one consistent snapshot; writes are not allowed."""
        loop = asyncio.get_running_loop()
        here = copy_context()
        return await loop.run_in_executor(
            self._readers, lambda: here.run(lambda: self.read_now(work, *args, **kwargs))
        )

    def run_now(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The same as `run` for the command line, where there is no event loop."""
        job = self._open_job(work, args, kwargs)
        if self._writer is None:
            return cast(R, self._run_alone(job))
        answer: Future[R] = Future()
        self._queue.put(_Job(job, Awaited(answer)))
        return answer.result()

    def read_now(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        with _as_unavailable(), self.engine.connect().execution_options(**self._reading) as tx, tx.begin():
            return work(tx, *args, **kwargs)

    def close(self) -> None:
        """Finishes what is queued, then closes every connection."""
        if self._closed:
            return
        self._closed = True
        self.wakeups.close()
        if self._writer is not None:
            self._queue.put(None)
            self._writer.join()
        if self._group is not None:
            self._group.close()
        self._readers.shutdown()
        self._writers.shutdown()
        self.presence.close()
        self.engine.dispose()

    def _open_job(
        self, work: Callable[..., R], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Callable[[Tx], R]:
        if self._closed:
            raise StorageUnavailable("the store is closed")
        # What stands in the context, as the id under which its log lines go, is there in the other thread too.
        here = copy_context()
        return lambda tx: here.run(_with_arguments, work, args, kwargs, tx)

    def _run_alone(self, work: Callable[[Tx], Any]) -> Any:
        with _as_unavailable(), self.engine.begin() as tx:
            return work(tx)

    def _write_forever(self) -> None:
        connection: Connection | None = None
        while (job := self._queue.get()) is not None:
            batch = [job]
            with contextlib.suppress(queue.Empty):
                while len(batch) < MOST_IN_ONE_COMMIT:
                    more = self._queue.get_nowait()
                    if more is None:
                        self._queue.put(None)
                        break
                    batch.append(more)
            wanted = [one for one in batch if not one.waits.gone()]
            done: list[Done] = []
            try:
                connection = connection or self.engine.connect()
                done = self._commit_together(connection, wanted)
            except Exception as error:
                done = [(one.waits, None, error) for one in wanted]
                with contextlib.suppress(Exception):
                    if connection is not None:
                        connection.close()
                connection = None
            answer_all(done)
        if connection is not None:
            connection.close()

    @staticmethod
    def _still_in_transaction(connection: Connection, error: Exception) -> None:
        """On a full disk SQLite may roll back everything, not the savepoint alone: then nobody is confirmed."""
        raw = connection.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection) and not raw.in_transaction:
            raise StorageUnavailable("the whole transaction was rolled back") from error

    def _commit_together(self, connection: Connection, batch: list[_Job]) -> list[Done]:
        """Each transaction in a savepoint, one COMMIT for all: only after it may they be answered."""
        done: list[Done] = []
        with connection.begin():
            # By the driver: SQLAlchemy's own savepoints would take as long as two statements of the work.
            raw = connection.connection.cursor()
            for job in batch:
                raw.execute("SAVEPOINT one")
                try:
                    done.append((job.waits, job.work(connection), None))
                except Exception as error:
                    self._still_in_transaction(connection, error)
                    raw.execute("ROLLBACK TO one")
                    done.append((job.waits, None, error))
                raw.execute("RELEASE one")
        self.wakeups.committed(connection)
        return done


def _with_arguments(work: Callable[..., R], args: tuple[Any, ...], kwargs: Mapping[str, Any], tx: Tx) -> R:
    return work(tx, *args, **kwargs)


@contextlib.contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if (unavailable := named(error)) is error:
            raise
        raise unavailable from error
