"""What to make of a failure while updates are handled: whether waiting helps, what the log says, and the waiting."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable

from bot.chat_service import TryAgain
from storage.db import StorageUnavailable

RETRIES = 3  # of what looks like our own mistake

Sleep = Callable[[float], Awaitable[None]]


def is_outside(error: Exception) -> bool:
    """Whether waiting helps: the database, the disk or the chat service is the trouble, not what came."""
    # A file that is not there does not come back by waiting.
    return isinstance(error, StorageUnavailable | TryAgain | OSError) and not isinstance(
        error, FileNotFoundError
    )


def about(error: Exception) -> dict[str, str]:
    """What went wrong and where, without the error's text: that may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "where": where}


def note(log: logging.Logger, error: Exception, tries: int) -> None:
    """`tries`: of what looks like our own mistake."""
    outside = is_outside(error)
    facts = {"tries": tries, "outside": outside, **about(error)}
    log.log(logging.WARNING if outside else logging.ERROR, "update failed", extra=facts)


async def waited(seconds: float, closing: asyncio.Event, sleep: Sleep) -> bool:
    """False when it closes meanwhile."""
    waits = [asyncio.ensure_future(sleep(seconds)), asyncio.ensure_future(closing.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
    return not closing.is_set()
