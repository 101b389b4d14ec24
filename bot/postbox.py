"""What is posted to us is handled while whoever posted it waits: done, set aside, or to be posted again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.chat_service import Arrived, TryAgain
from bot.inbox import GiveUp, Receive
from bot.trouble import RETRIES, Sleep, about, is_outside, note, waited
from storage.causes import caused_by, of_update

PATIENCE = 10.0  # seconds of trying before it has to be posted again; Telegram itself waits for a minute
FIRST_PAUSE, MOST_PAUSE = 0.5, 4.0  # seconds
REMEMBERED = 1_000

_log = logging.getLogger("thongthin.postbox")


class NotTaken(Exception):
    """Nothing of it is confirmed: it has to be posted again, here or at another process."""


class Postbox:
    """`receive` handles one update; `give_up` keeps what it cannot handle as a dead letter; `apologise` tells a chat
    that its answer is not saved yet.

    The order within a chat is that of the posting and of the chat's row in the database: two processes do the same
    as one.
    """

    def __init__(
        self,
        receive: Receive,
        give_up: GiveUp,
        apologise: Callable[[int], Awaitable[None]],
        *,
        patience: float = PATIENCE,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._receive, self._give_up, self._apologise = receive, give_up, apologise
        self._patience, self._sleep, self._clock = patience, sleep, clock
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._apologised: dict[int, None] = {}  # updates, the latest so many
        self._closing = asyncio.Event()

    async def take(self, arrived: Arrived) -> None:
        """Returns when the update is handled or kept as a dead letter. Raises NotTaken.

        Whoever waits may go away: it is in hand all the same, and posted again meanwhile it is not taken twice.
        """
        if self._closing.is_set():
            raise NotTaken
        task = self._in_hand.get(arrived.update_id)
        if task is None:
            with caused_by(of_update(arrived.update_id)):
                task = asyncio.create_task(self._handle(arrived))
            self._in_hand[arrived.update_id] = task
            task.add_done_callback(lambda done: self._done(arrived.update_id, done))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise NotTaken from None
            raise

    def depth(self) -> int:
        """How many updates are in hand."""
        return len(self._in_hand)

    async def close(self, grace: float) -> None:
        """Takes nothing more and gives what is in hand `grace` seconds."""
        self._closing.set()
        if tasks := list(self._in_hand.values()):
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, update_id: int, task: asyncio.Task[None]) -> None:
        del self._in_hand[update_id]
        if not task.cancelled():
            task.exception()  # whoever posted it may have gone away, and then nobody else looks

    async def _handle(self, arrived: Arrived) -> None:
        pause, tries, until = FIRST_PAUSE, 0, self._clock() + self._patience
        while True:
            try:
                return await self._receive([arrived])
            except Exception as error:
                outside = is_outside(error)
                tries += not outside
                note(_log, error, tries)
                if tries > RETRIES:
                    return await self._set_aside(arrived, error, tries)
                wait = pause
                if outside:
                    await self._apologise_once(arrived, error)
                    wait = max(pause, error.after or pause) if isinstance(error, TryAgain) else pause
                if self._clock() + wait > until:
                    raise NotTaken from error
            if not await waited(wait, self._closing, self._sleep):
                raise NotTaken  # another process may be quicker
            pause = min(pause * 2, MOST_PAUSE)

    async def _set_aside(self, arrived: Arrived, error: Exception, tries: int) -> None:
        try:
            await self._give_up([arrived], error, tries)
        except Exception as trouble:
            _log.error("dead letter not kept", extra=about(trouble))
            raise NotTaken from trouble

    async def _apologise_once(self, arrived: Arrived, error: Exception) -> None:
        # Where the chat service itself is the trouble, an apology would go the same way.
        if isinstance(error, TryAgain) or arrived.update_id in self._apologised:
            return
        self._apologised[arrived.update_id] = None
        if len(self._apologised) > REMEMBERED:
            del self._apologised[next(iter(self._apologised))]
        with suppress(Exception):
            await self._apologise(arrived.chat_id)
