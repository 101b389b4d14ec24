"""Sends what waits in the outbox: claimed, sent, tried again later, or given up where nobody can be reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import assert_never

from bot import notices
from bot.chat_service import ChatService, TryAgain, Unreachable
from bot.conversation import Answer
from bot.notices import OwnMenu
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
        self._in_hand: set[asyncio.Task[None]] = set()
        self._said: dict[int, int] = {}  # how much of a message was said before it broke off

    def stop(self) -> None:
        """What is being sent is finished first."""
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                taken = await self._take()
            except StorageUnavailable as error:
                log.warning(
                    "the outbox cannot be read", extra={"error": type(error.__cause__ or error).__name__}
                )
                taken = 0
            if not taken:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), IDLE)
        await self._finish()

    async def send_due(self) -> int:
        """One round: sends what is due and returns how many were tried."""
        taken = await self._take()
        await self._finish()
        return taken

    async def _take(self) -> int:
        """Begins what is due, each message by itself: a slow chat holds up no other."""
        due = await self._store.read(outbox.next_due)
        room = AT_ONCE - len(self._in_hand)
        if due is None or due > self._now() or not room:
            return 0
        claimed = await self._store.run(outbox.claim, room, self._now())
        for message in claimed:
            task = asyncio.create_task(self._send(message))
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        return len(claimed)

    async def _finish(self) -> None:
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def _send(self, message: Waiting) -> None:
        try:
            answer = await self._store.read(notices.said, message, self._now())
            if answer is None:
                await self._store.run(notices.not_said, message, self._now())
                return
            await self._say(message, answer)
            await self._store.run(notices.note_said, message, answer, self._now())
        except TryAgain as error:
            self._said[message.id] = error.said
            await self._later(message, str(error), error.after)
        except Unreachable as error:
            await self._store.run(_unreachable, message, str(error), self._now())
        except StorageUnavailable as error:
            # Its claim runs out and it is taken again; one that was sent may then be said twice.
            log.warning("a notice is not noted", extra={"error": type(error.__cause__ or error).__name__})
        except Exception as error:
            log.exception("a notice failed", extra={"notice": message.id, "kind": message.kind})
            await self._later(message, type(error).__name__, None)

    async def _say(self, message: Waiting, answer: Answer | OwnMenu) -> None:
        match answer:
            case OwnMenu(commands):
                await self._service.set_commands(commands, message.chat_id)
            case Answer():
                said = self._said.pop(message.id, 0)
                await self._service.send(message.chat_id, answer.out, answer.language, hurry=False, said=said)
            case _:
                assert_never(answer)

    async def _later(self, message: Waiting, why: str, after: float | None) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 20), MOST_PAUSE)
        if after is not None:
            pause = max(timedelta(seconds=after), timedelta(seconds=1))
        await self._store.run(outbox.try_later, message.id, self._now() + pause, why)


def _unreachable(tx: Tx, message: Waiting, why: str, now: datetime) -> None:
    outbox.give_up(tx, message.id, why, now)
    conversations.set_reachable(tx, message.chat_id, False, now)
