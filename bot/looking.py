"""A look at something outside that is taken once for all who ask, and is right for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

V = TypeVar("V")


class Look(Generic[V]):
    """`look` is never run twice at a time, nor again within `lasts` seconds of its end.

    Whoever asks waits `patience` seconds at most and is then told `otherwise`, as when it raises; the look goes on.
    """

    def __init__(
        self, look: Callable[[], Awaitable[V]], otherwise: V, *, lasts: float, patience: float
    ) -> None:
        self._look, self._found, self._otherwise = look, otherwise, otherwise
        self._lasts, self._patience = lasts, patience
        self._ended_at: float | None = None
        self._looking: asyncio.Task[None] | None = None

    async def found(self) -> V:
        if self._looking is None:
            if self._ended_at is not None and monotonic() - self._ended_at < self._lasts:
                return self._found
            self._looking = asyncio.create_task(self._taken())
        done, _ = await asyncio.wait({self._looking}, timeout=self._patience)
        return self._found if done else self._otherwise

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _taken(self) -> None:
        try:
            self._found = await self._look()
        except Exception:  # whatever it is, it is not well
            self._found = self._otherwise
        finally:
            self._ended_at, self._looking = monotonic(), None
