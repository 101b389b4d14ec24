"""Sends what waits in the outbox: claimed, sent, tried again later, or given up where nobody can be reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot import notices
from bot.chat_service import ChatService, TryAgain, Unreachable
from storage import conversations, outbox
from storage.db import StorageUnavailable, Store, Tx
from storage.outbox import Waiting

AT_ONCE = 20
IDLE = 0.5  # seconds between looks at an empty outbox
FIRST_PAUSE, MOST_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
log = logging.getLogger("thongthin.delivery")


class Delivery:
    """Any number of these may run: a row is claimed by one, and a claim runs out."""

    def __init__(self, store: Store, service: ChatService, now: Callable[[], datetime]) -> None:
        self._store = store
        self._service = service
        self._now = now
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """What is being sent is finished first."""
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                sent = await self.send_due()
            except StorageUnavailable as error:
                log.warning(
                    "the outbox cannot be read", extra={"error": type(error.__cause__ or error).__name__}
                )
                sent = 0
            if not sent:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), IDLE)

    async def send_due(self) -> int:
        """One round: sends what is due and returns how many were tried."""
        due = await self._store.read(outbox.next_due)
        if due is None or due > self._now():
            return 0
        claimed = await self._store.run(outbox.claim, AT_ONCE, self._now())
        await asyncio.gather(*(self._send(message) for message in claimed))
        return len(claimed)

    async def _send(self, message: Waiting) -> None:
        try:
            answer = await self._store.read(notices.said, message, self._now())
            if answer is None:
                await self._store.run(outbox.give_up, message.id, "no officer", self._now())
                return
            await self._service.send(message.chat_id, answer.out, answer.language, hurry=False)
            await self._store.run(outbox.note_sent, message.id, self._now())
        except TryAgain as error:
            await self._later(message, str(error), error.after)
        except Unreachable as error:
            await self._store.run(_unreachable, message, str(error), self._now())
        except StorageUnavailable:
            raise
        except Exception as error:
            log.exception("a notice failed", extra={"notice": message.id, "kind": message.kind})
            await self._later(message, type(error).__name__, None)

    async def _later(self, message: Waiting, why: str, after: float | None) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 20), MOST_PAUSE)
        if after is not None:
            pause = max(timedelta(seconds=after), timedelta(seconds=1))
        await self._store.run(outbox.try_later, message.id, self._now() + pause, why)


def _unreachable(tx: Tx, message: Waiting, why: str, now: datetime) -> None:
    outbox.give_up(tx, message.id, why, now)
    conversations.set_reachable(tx, message.chat_id, False, now)
