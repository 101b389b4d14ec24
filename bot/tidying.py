"""Forgets what is of no more use, once an hour."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

from storage import conversations
from storage.db import StorageUnavailable, Store

EVERY = 3600.0  # seconds


class Tidying:
    def __init__(self, store: Store, now: Callable[[], datetime], every: float = EVERY) -> None:
        self._store = store
        self._now = now
        self._every = every
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(StorageUnavailable):
                await self._store.run(conversations.forget_handled, self._now())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._every)
