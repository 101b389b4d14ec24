"""The database: synchronous transactions in threads of its own, asynchronous at the door.

On SQLite one writer thread drains its queue, runs each transaction in a savepoint, commits them together and
answers them only then: nothing is confirmed before its commit, and a slow disk costs one fsync for many.
On PostgreSQL each transaction has a connection of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from storage.presence import presence_on
from storage.wakeups import Wakeups

P = ParamSpec("P")
R = TypeVar("R")
Tx = Connection

MOST_IN_ONE_COMMIT = 32
THREADS = 4
PATIENCE = 10.0  # seconds of waiting for a lock before the officer is told


class StorageUnavailable(Exception):
    """The database or the disk did not take it (locked, full, gone): nothing was kept, try again later."""


@dataclass(slots=True)
class _Job:
    """Somebody waits for `answer`, in a thread or, with `loop`, in an event loop."""

    work: Callable[[Tx], Any]
    answer: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None

    def gone(self) -> bool:
        """Nobody waits any more and it has not begun: then it is not done at all."""
        return self.answer.cancelled()


_Done = tuple[_Job, Any, Exception | None]


def engine_for(setting: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`, with the pragmas and locking that durability needs."""
    url = make_url(setting)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    return _postgresql(url)


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=_json,
        hide_parameters=True,  # an error's words go into the log, answers never
        pool_size=THREADS * 2,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 10,
            "options": f"-c lock_timeout={int(PATIENCE * 1000)} -c random_page_cost=1.1",
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
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url, json_serializer=_json, hide_parameters=True, poolclass=NullPool,
        connect_args={"check_same_thread": False, "timeout": PATIENCE, "isolation_level": None},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={int(PATIENCE * 1000)}",
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
        if self.is_sqlite:
            self._writer = threading.Thread(target=self._write_forever, name="store-writer", daemon=True)
            self._writer.start()

    async def run(self, work: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work(tx, …)` returns, once it is durably committed; on an exception nothing of it is kept."""
        job = self._open_job(work, args, kwargs)
        if self._writer is None:
            return await asyncio.wrap_future(self._writers.submit(self._run_alone, job))
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._queue.put(_Job(job, answer, loop))
        return await answer

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
        self._queue.put(_Job(job, answer))
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
            wanted = [one for one in batch if not one.gone()]
            done: list[_Done] = []
            try:
                connection = connection or self.engine.connect()
                done = self._commit_together(connection, wanted)
            except Exception as error:
                done = [(one, None, error) for one in wanted]
                with contextlib.suppress(Exception):
                    if connection is not None:
                        connection.close()
                connection = None
            _answer(done)
        if connection is not None:
            connection.close()

    @staticmethod
    def _still_in_transaction(connection: Connection, error: Exception) -> None:
        """On a full disk SQLite may roll back everything, not the savepoint alone: then nobody is confirmed."""
        raw = connection.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection) and not raw.in_transaction:
            raise StorageUnavailable("the whole transaction was rolled back") from error

    def _commit_together(self, connection: Connection, batch: list[_Job]) -> list[_Done]:
        """Each transaction in a savepoint, one COMMIT for all: only after it may they be answered."""
        done: list[_Done] = []
        with connection.begin():
            # By the driver: SQLAlchemy's own savepoints would take as long as two statements of the work.
            raw = connection.connection.cursor()
            for job in batch:
                raw.execute("SAVEPOINT one")
                try:
                    done.append((job, job.work(connection), None))
                except Exception as error:
                    self._still_in_transaction(connection, error)
                    raw.execute("ROLLBACK TO one")
                    done.append((job, None, error))
                raw.execute("RELEASE one")
        self.wakeups.committed(connection)
        return done


def _with_arguments(work: Callable[..., R], args: tuple[Any, ...], kwargs: Mapping[str, Any], tx: Tx) -> R:
    return work(tx, *args, **kwargs)


def _answer(done: list[_Done]) -> None:
    """Wakes each event loop once, however many of its transactions are done."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Done]] = {}
    for one in done:
        job = one[0]
        if job.loop is not None:
            by_loop.setdefault(job.loop, []).append(one)
        elif not job.answer.done():
            _settle([one])
    for loop, some in by_loop.items():
        with contextlib.suppress(RuntimeError):  # it was closed: nobody waits there any more
            loop.call_soon_threadsafe(_settle, some)


def _settle(done: list[_Done]) -> None:
    for job, value, error in done:
        if job.answer.done():
            continue  # whoever waited has gone away
        if error is None:
            job.answer.set_result(value)
        else:
            job.answer.set_exception(_named(error))


def _named(error: Exception) -> Exception:
    if isinstance(error, OperationalError):
        named = StorageUnavailable(str(error.orig))
        named.__cause__ = error
        return named
    return error


@contextlib.contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StorageUnavailable(str(error.orig)) from error
