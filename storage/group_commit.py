"""Group commit on PostgreSQL: what comes while a transaction is under way goes into the next one together.

A transaction of a connection's own costs an answer nine round trips; shared, they are for many. Nobody is confirmed
before the commit. Where a shared transaction fails, none of it is kept and each is done by itself: so the one that is
at fault, or whose row somebody else holds, spoils nothing for the others. Where one takes long, another thread goes on.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage.awaited import Awaited, Done, StorageUnavailable, answer_all, is_away

A = TypeVar("A")
R = TypeVar("R")

MOST_IN_ONE_COMMIT = 32
PATIENCE = 0.2  # seconds that all wait for a row which somebody else holds, before each waits for itself
THREADS = 3
SLOW = 0.1  # seconds that a transaction is under way before another begins beside it
_HELD = ("55P03", "40P01")  # lock_not_available, deadlock_detected


@dataclass(frozen=True, slots=True)
class Asked(Generic[A]):
    """What somebody wants done; `within` is what stood in the asker's context, as the id of the log lines."""

    what: A
    within: Context


@dataclass(frozen=True, slots=True)
class Grouped(Generic[A, R]):
    """Work that can be done for several at once: `one` and `several` come to the same for each.

    `key`: of two with the same the second is begun when the first is done, so that it sees what that has done.
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
    """`engine` waits for locks as long as PATIENCE; `alone` runs a piece of work with the usual patience, in `pool`."""

    def __init__(
        self, engine: Engine, pool: ThreadPoolExecutor, alone: Callable[[Callable[[Connection], Any]], Any]
    ) -> None:
        self._engine, self._pool, self._alone = engine, pool, alone
        self._changed = threading.Condition()
        self._closed = False
        self._waiting: list[_Job[Any, Any]] = []
        self._in_hand: set[Hashable] = set()  # keys
        self._begun: list[float] = []  # when the transactions that are under way were begun
        self._watching = 0  # threads that see to it when one of these takes long
        self._threads = [
            threading.Thread(target=self._write_forever, name=f"store-group-{n}", daemon=True)
            for n in range(THREADS)
        ]
        for one in self._threads:
            one.start()

    async def run(self, kind: Grouped[A, R], what: A) -> R:
        """What the work returns, once it is durably committed; on an exception nothing of it is kept."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        job = _Job(kind, Asked(what, copy_context()), Awaited(answer, loop), kind.key(what))
        with self._changed:
            if self._closed:
                raise StorageUnavailable("the store is closed")
            self._waiting.append(job)
            if not self._begun or not self._watching:
                self._changed.notify()  # or whoever is at work takes it next
        return await answer

    def close(self) -> None:
        """Finishes what waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for one in self._threads:
            one.join()
        self._engine.dispose()

    # --- in turn

    def _write_forever(self) -> None:
        while batch := self._next():
            later: frozenset[Hashable] = frozenset()
            try:
                later = self._done(batch)
            finally:
                with self._changed:
                    self._begun.pop()
                    self._in_hand.difference_update({one.key for one in batch} - later)

    def _next(self) -> list[_Job[Any, Any]]:
        """What goes into the next transaction, waited for; nothing when it is the end."""
        with self._changed:
            while True:
                self._waiting = [one for one in self._waiting if not one.waits.gone()]
                pause = self._begun[-1] + SLOW - monotonic() if self._begun else 0.0
                batch = self._fitting() if pause <= 0 else []
                if batch:
                    self._begun.append(monotonic())
                    return batch
                if self._closed and not self._waiting:
                    return []
                self._wait(pause if pause > 0 and self._waiting else None)

    def _wait(self, seconds: float | None) -> None:
        self._watching += seconds is not None
        self._changed.wait(seconds)
        self._watching -= seconds is not None

    def _fitting(self) -> list[_Job[Any, Any]]:
        """Taken out of what waits, in the order of their coming: of one kind, and no two with one key."""
        batch: list[_Job[Any, Any]] = []
        rest: list[_Job[Any, Any]] = []
        keys = set(self._in_hand)
        for job in self._waiting:
            fits = job.key not in keys and len(batch) < MOST_IN_ONE_COMMIT
            fits = fits and (not batch or job.kind is batch[0].kind)
            (batch if fits else rest).append(job)
            keys.add(job.key)
        self._waiting = rest
        self._in_hand.update(one.key for one in batch)
        return batch

    # --- done

    def _done(self, batch: Sequence[_Job[Any, Any]]) -> frozenset[Hashable]:
        """Together, or else each by itself. The keys of those in hand that still wait for what somebody else holds."""
        error = self._tried(batch)
        held: set[Hashable] = set()
        for n, one in enumerate(batch if error else ()):
            if len(batch) > 1 and not is_away(error):
                error = self._tried([one])
            if is_away(error):
                self._give_back(batch[n:], error)
                break
            if _is_held(error):
                held.add(one.key)
                self._pool.submit(self._done_alone, one)
            elif error:
                answer_all([(one.waits, None, error)])
        return frozenset(held)

    def _tried(self, batch: Sequence[_Job[Any, Any]]) -> Exception | None:
        """Answers all of them, or none where it fails."""
        try:
            answer_all(self._committed(batch))
        except Exception as error:
            return error
        return None

    def _committed(self, batch: Sequence[_Job[Any, Any]]) -> list[Done]:
        with self._engine.begin() as tx:
            results = batch[0].kind.several(tx, [one.asked for one in batch])
            return [(one.waits, result, None) for one, result in zip(batch, results, strict=True)]

    def _give_back(self, batch: Sequence[_Job[Any, Any]], error: Exception | None) -> None:
        """The database is gone: whoever waits would only wait for that once more."""
        with self._changed:
            waiting, self._waiting = self._waiting, []
        answer_all([(one.waits, None, error) for one in (*batch, *waiting)])

    def _done_alone(self, job: _Job[Any, Any]) -> None:
        try:
            if not job.waits.gone():
                answer_all([(job.waits, self._alone(job.alone), None)])
        except Exception as error:
            answer_all([(job.waits, None, error)])
        finally:
            with self._changed:
                self._in_hand.discard(job.key)
                self._changed.notify_all()


def _is_held(error: Exception | None) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _HELD
