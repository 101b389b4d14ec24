"""Runs dead letters again that somebody has marked, by the way that every update goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.chat_service import Arrived
from bot.inbox import InboxClosed
from bot.postbox import NotTaken
from bot.reception import Reception
from storage import dead_letters
from storage.causes import caused_by, of_update
from storage.db import StorageUnavailable, Store, Tx
from storage.dead_letters import DeadLetter

LOOK_EVERY = 2.0  # seconds
log = logging.getLogger("thongthin.retrying")


class Retrying:
    """`read` reads a raw update, or raises; `take` puts one into the order of its chat, and returns when it is done.

    Any number of these may run: a letter is claimed by one, a claim runs out, and it is done in one transaction.
    """

    def __init__(
        self,
        store: Store,
        reception: Reception,
        now: Callable[[], datetime],
        *,
        read: Callable[[Mapping[str, Any]], Arrived | None],
        take: Callable[[Arrived], Awaitable[None]],
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._store, self._reception, self._now = store, reception, now
        self._read, self._take, self._look_every = read, take, look_every
        self._stopping = asyncio.Event()
        self._in_hand: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """What is in hand when it stops is the inbox's to finish; what that leaves stays marked."""
        while not self._stopping.is_set():
            with suppress(StorageUnavailable):
                for letters in _by_chat(await self._claimed()):
                    task = asyncio.create_task(self._again(letters))
                    self._in_hand.add(task)
                    task.add_done_callback(self._in_hand.discard)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._look_every)
        for task in self._in_hand:
            task.cancel()
        await asyncio.gather(*self._in_hand, return_exceptions=True)

    async def _claimed(self) -> list[DeadLetter]:
        if not await self._store.read(dead_letters.any_to_run, self._now()):
            return []
        return await self._store.run(dead_letters.claim, self._now())

    async def _again(self, letters: Sequence[DeadLetter]) -> None:
        for letter in letters:
            try:
                with caused_by(of_update(letter.update_id)):
                    await self._one(letter)
            except (InboxClosed, NotTaken, StorageUnavailable) as error:
                log.warning("a dead letter is left for later", extra={"error": type(error).__name__})
                return
            except Exception as error:  # it stays marked; the others are not to wait for it
                log.error("a dead letter could not be run again", exc_info=error)

    async def _one(self, letter: DeadLetter) -> None:
        log.info("a dead letter is run again", extra={"attempts": letter.attempts})
        try:
            arrived = self._read(letter.raw if isinstance(letter.raw, Mapping) else {})
        except Exception as error:
            return await self._reception.unreadable_again(letter.update_id, error)
        if arrived is None:  # this version knows that it asks nothing of us
            await self._store.run(_forget, letter)
        else:
            await self._take(replace(arrived, again=True))


def _by_chat(letters: Sequence[DeadLetter]) -> list[list[DeadLetter]]:
    chats: dict[int | None, list[DeadLetter]] = {}
    for letter in letters:
        chats.setdefault(letter.chat_id, []).append(letter)
    return list(chats.values())


def _forget(tx: Tx, letter: DeadLetter) -> None:
    dead_letters.take(tx, letter.update_id)
