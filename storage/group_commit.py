"""Group commit on PostgreSQL: what comes while a transaction is under way goes into the next one together.

A transaction of a connection's own costs an answer nine round trips; shared, they are for many. Nobody is confirmed
before the commit. Where a shared transaction fails, none of it is kept and each is done by itself: so the one that is
at fault, or whose row somebody else holds, spoils nothing for the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage.awaited import Awaited, Done, answer_all

A = TypeVar("A")
R = TypeVar("R")

MOST_IN_ONE_COMMIT = 32
PATIENCE = 0.2  # seconds that all wait for a row which somebody else holds, before each waits for itself


@dataclass(frozen=True, slots=True)
class Asked(Generic[A]):
    """What somebody wants done; `within` is what stood in the asker's context, as the id of the log lines."""

    what: A
    within: Context


@dataclass(frozen=True, slots=True)
class Grouped(Generic[A, R]):
    """Work that can be done for several at once: `one` and `several` come to the same for each.

    `key`: no two with the same are in one transaction, so that the second sees what the first has done.
    """

    one: Callable[[Connection, A], R]
    several: Callable[[Connection, Sequence[Asked[A]]], Sequence[R]]
    key: Callable[[A], Hashable]


@dataclass(frozen=True, slots=True)
class _Job(Generic[A, R]):
    kind: Grouped[A, R]
    asked: Asked[A]
    waits: Awaited
    key: Hashable

    def alone(self, tx: Connection) -> R:
        return self.asked.within.run(self.kind.one, tx, self.asked.what)


class GroupCommit:
    """`alone` runs a piece of work in a transaction of its own, with the usual patience, in one of the threads `pool`."""

    def __init__(
        self, engine: Engine, pool: ThreadPoolExecutor, alone: Callable[[Callable[[Connection], Any]], Any]
    ) -> None:
        self._engine, self._pool, self._alone = engine, pool, alone
        self._queue: queue.SimpleQueue[_Job[Any, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_forever, name="store-group", daemon=True)
        self._thread.start()

    async def run(self, kind: Grouped[A, R], what: A) -> R:
        """What the work returns, once it is durably committed; on an exception nothing of it is kept."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._queue.put(_Job(kind, Asked(what, copy_context()), Awaited(answer, loop), kind.key(what)))
        return await answer

    def close(self) -> None:
        """Finishes what is queued."""
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _write_forever(self) -> None:
        waiting: list[_Job[Any, Any]] = []
        closing = False
        while waiting or not closing:
            if not waiting:
                closing = self._take(waiting, self._queue.get()) or closing
            with contextlib.suppress(queue.Empty):
                while not closing:
                    closing = self._take(waiting, self._queue.get_nowait())
            batch, waiting = _batch_of([one for one in waiting if not one.waits.gone()])
            if batch:
                self._done(batch)

    @staticmethod
    def _take(waiting: list[_Job[Any, Any]], job: _Job[Any, Any] | None) -> bool:
        """Whether it was the last."""
        if job is not None:
            waiting.append(job)
        return job is None

    def _done(self, batch: Sequence[_Job[Any, Any]]) -> None:
        try:
            answer_all(self._committed(batch))
        except Exception as error:
            if _is_away(error):  # each would only wait for it once more
                answer_all([(one.waits, None, error) for one in batch])
                return
            for one in batch:
                self._pool.submit(self._done_alone, one)

    def _committed(self, batch: Sequence[_Job[Any, Any]]) -> list[Done]:
        kind = batch[0].kind
        with self._engine.begin() as tx:
            results = kind.several(tx, [one.asked for one in batch])
        return [(one.waits, result, None) for one, result in zip(batch, results, strict=True)]

    def _done_alone(self, job: _Job[Any, Any]) -> None:
        try:
            answer_all([(job.waits, self._alone(job.alone), None)])
        except Exception as error:
            answer_all([(job.waits, None, error)])


def _batch_of(waiting: Sequence[_Job[Any, Any]]) -> tuple[list[_Job[Any, Any]], list[_Job[Any, Any]]]:
    """What goes into the next transaction, and what waits for the one after it, both in the order of their coming."""
    batch: list[_Job[Any, Any]] = []
    rest: list[_Job[Any, Any]] = []
    keys: set[Hashable] = set()
    for job in waiting:
        fits = job.kind is waiting[0].kind and job.key not in keys and len(batch) < MOST_IN_ONE_COMMIT
        (batch if fits else rest).append(job)
        keys.add(job.key)
    return batch, rest


def _is_away(error: Exception) -> bool:
    """Whether it is the database that is gone, or not there yet; a lock that is held by another is not that."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) is None
