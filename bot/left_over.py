"""What a process that died had in hand to send is taken up by another one, or by itself once it is back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import datetime

from storage import outbox
from storage.db import StorageUnavailable, Store, Tx

LOOK_EVERY = 2.0  # seconds
log = logging.getLogger("thongthin.delivery")


class LeftOver:
    """Any number of these may run. Until one has looked, and where none is to judge, a claim runs out by itself."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        look_every: float = LOOK_EVERY,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._now, self._clock = store, now, clock
        self._look_every = look_every
        self._stopping = asyncio.Event()
        self._seen: frozenset[str] | None = None  # who was there at the last look; None before the first
        self._away: dict[str, float] = {}  # who is not there, and since when

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            await self.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._look_every)

    async def look(self) -> None:
        try:
            await self._look()
        except StorageUnavailable:
            # No lock outlives the server: all have their time to come back, counted anew from the next look.
            if self._seen is not None:
                self._seen, self._away = self._seen | self._away.keys(), {}

    async def _look(self) -> None:
        patience, before = self._store.presence.patience, self._clock()
        here = await self._store.read(self._store.presence.here)
        if here is None:
            return
        gone = (self._seen - here) if self._seen is not None else await self._left_before(here)
        self._seen = here
        self._away = dict.fromkeys(gone, self._clock()) | {
            name: since for name, since in self._away.items() if name not in here
        }
        for name, since in list(self._away.items()):
            if not patience or before - since >= patience:
                await self._release(name)
                del self._away[name]

    async def _release(self, name: str) -> None:
        if released := await self._store.run(_release, self._store, name):
            facts = {"notices": released}
            log.warning("a process has died: what it had in hand is sent by others", extra=facts)

    async def _left_before(self, here: frozenset[str]) -> set[str]:
        return await self._store.read(outbox.claimants, self._now()) - here


def _release(tx: Tx, store: Store, name: str) -> int:
    return outbox.release_claims(tx, name) if store.presence.surely_gone(tx, name) else 0
