"""Who waits for the end of a transaction, in a thread or in an event loop, and how they are told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from storage.tables import metadata

# SQLSTATEs: connection exception, operator intervention, insufficient resources, system error; read only, timed out in
# a transaction.
_AWAY = ("08", "57P", "53", "58", "25006", "25P03")
_IN_THE_WAY = ("40", "55", "57014")  # rolled back for another, a lock not had in time, cancelled
# SQLite's: busy, locked, no memory, read only, input and output, corrupt, full, not to be opened, locking, no database.
_SQLITE_AWAY = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 15, 26})


class StorageUnavailable(Exception):
    """The database or the disk did not take it (locked, full, gone): nothing was kept, try again later."""


@dataclass(slots=True)
class Awaited:
    """Somebody waits for `answer`, in a thread or, with `loop`, in an event loop."""

    answer: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None

    def gone(self) -> bool:
        """Nobody waits any more and it has not begun: then it is not done at all."""
        return self.answer.cancelled()


Done = tuple[Awaited, Any, Exception | None]


def answer_all(done: Sequence[Done]) -> None:
    """Wakes each event loop once, however many of its transactions are done."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Done]] = {}
    for one in done:
        waits = one[0]
        if waits.loop is not None:
            by_loop.setdefault(waits.loop, []).append(one)
        elif not waits.answer.done():
            _settle([one])
    for loop, some in by_loop.items():
        with contextlib.suppress(RuntimeError):  # it was closed: nobody waits there any more
            loop.call_soon_threadsafe(_settle, some)


def _settle(done: Sequence[Done]) -> None:
    for waits, value, error in done:
        if waits.answer.done():
            continue  # whoever waited has gone away
        if error is None:
            waits.answer.set_result(value)
        else:
            waits.answer.set_exception(named(error))


def named(error: Exception) -> Exception:
    """The same, or that nothing was kept, where trying it again may help."""
    if not is_away(error) and not _is_in_the_way(error):
        return error
    unavailable = StorageUnavailable(str(getattr(error, "orig", error)))
    unavailable.__cause__ = error
    return unavailable


def is_away(error: Exception | None) -> bool:
    """Whether the database is gone, not there yet, or takes no writes; a lock that another holds is not that."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if (code := getattr(error.orig, "sqlite_errorcode", None)) is not None:
        # A statement that is wrong is an operational error there too; but where a table of ours is not, the file was
        # taken away, and SQLite has made an empty one in its place.
        missing = str(error.orig).partition("no such table: ")[2].removeprefix("main.")
        return code & 0xFF in _SQLITE_AWAY or missing in metadata.tables
    if (state := getattr(error.orig, "sqlstate", None)) is not None:
        return bool(state.startswith(_AWAY))
    return isinstance(error, OperationalError)  # the driver's own: it has not got a connection


def _is_in_the_way(error: Exception) -> bool:
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return (state or "").startswith(_IN_THE_WAY)
