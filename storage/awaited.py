"""Who waits for the end of a transaction, in a thread or in an event loop, and how they are told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

# SQLSTATEs: connection exception, operator intervention, insufficient resources; read only, timed out in a transaction.
_AWAY = ("08", "57P", "53", "25006", "25P03")


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
    if not isinstance(error, OperationalError) and not is_away(error):
        return error
    unavailable = StorageUnavailable(str(getattr(error, "orig", error)))
    unavailable.__cause__ = error
    return unavailable


def is_away(error: Exception | None) -> bool:
    """Whether the database is gone, not there yet, or takes no writes; a lock that another holds is not that."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the driver's own: a mistake of ours, unless it has not got a connection
        return error.connection_invalidated or isinstance(error, OperationalError)
    return error.connection_invalidated or state.startswith(_AWAY)
