"""Files that are seconds of a processor's work: only so many are made at once, others wait for their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

R = TypeVar("R")

AT_ONCE: Final = 2  # in a process: more would be ready no sooner, and pages and answers would wait for them
PATIENCE: Final = 10.0  # seconds that whoever asked for a file waits until it is begun
AGAIN: Final = 5  # seconds after which it is worth to ask again


class TooBusy(Exception):
    """So many other files were wanted that this one was not begun."""


class Making:
    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)

    async def in_turn(self, make: Callable[[], Coroutine[Any, Any, R]], patience: float | None = None) -> R:
        """What `make` gives, once it is its turn. Raises TooBusy after `patience` seconds, and begins nothing then.

        What is begun keeps its place until it is done, also where nobody waits for it any more: its thread goes on.
        """
        try:
            async with asyncio.timeout(patience):
                await self._places.acquire()
        except TimeoutError:
            raise TooBusy from None
        making = asyncio.create_task(make())
        making.add_done_callback(lambda _: self._places.release())
        return await asyncio.shield(making)
