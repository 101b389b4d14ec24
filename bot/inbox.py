"""What has arrived and is not done yet: in order and one at a time within a chat, the chats side by side."""

from __future__ import annotations

import asyncio
import bisect
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.chat_service import Arrived, FileSent, TryAgain
from bot.trouble import RETRIES, Sleep, about, is_outside, note, waited
from storage.causes import caused_by, of_update

AT_ONCE = 256  # chats; more would wait for the connections to Telegram anyway
ALBUM_PAUSE = 0.8  # seconds without another photo of the album
ALBUM_MOST = 3.0  # seconds from its first photo
MOST_IN_ALBUM = 10
FIRST_PAUSE, MOST_PAUSE = 0.5, 30.0  # seconds

Receive = Callable[[Sequence[Arrived]], Awaitable[None]]
GiveUp = Callable[[Sequence[Arrived], Exception, int], Awaitable[None]]

_log = logging.getLogger("thongthin.inbox")


class InboxClosed(Exception):
    """Nothing more is taken; Telegram keeps what it has delivered and delivers it again."""


@dataclass(slots=True)
class _Chat:
    """Waiting updates by id, the one in hand among them."""

    waiting: list[int] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _Taken:
    arrived: Arrived
    done: asyncio.Future[None]


class Inbox:
    """`receive` handles one update, or an album's together; `give_up` keeps what it cannot handle as dead letters,
    with the error and how often it was tried; `apologise` tells a chat that its answer is not saved yet.
    """

    def __init__(
        self,
        receive: Receive,
        give_up: GiveUp,
        apologise: Callable[[int], Awaitable[None]],
        *,
        at_once: int = AT_ONCE,
        album_pause: float = ALBUM_PAUSE,
        album_most: float = ALBUM_MOST,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._receive, self._give_up, self._apologise = receive, give_up, apologise
        self._album_pause, self._album_most = album_pause, album_most
        self._sleep, self._clock = sleep, clock
        self._slots = asyncio.Semaphore(at_once)
        self._taken: dict[int, _Taken] = {}
        self._chats: dict[int, _Chat] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    def put(self, arrived: Arrived) -> asyncio.Future[None]:
        """Done when the update is handled or kept as a dead letter; cancelled when it is left to come again.

        An update that is in hand already is not taken twice: its future is the same. Raises InboxClosed.
        """
        if self._closing.is_set():
            raise InboxClosed
        known = self._taken.get(arrived.update_id)
        if known and not known.done.cancelled():
            return known.done
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._taken[arrived.update_id] = _Taken(arrived, done)
        if known:  # whoever waited for it went away; it is in hand all the same
            return done
        chat = self._chats.get(arrived.chat_id)
        if chat is None:
            chat = self._chats[arrived.chat_id] = _Chat()
            task = asyncio.create_task(self._work(arrived.chat_id, chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        bisect.insort(chat.waiting, arrived.update_id)
        chat.changed.set()
        return done

    def depth(self) -> int:
        """How many updates are in hand or wait."""
        return len(self._taken)

    async def close(self, grace: float) -> None:
        """Takes nothing more and gives what is in hand `grace` seconds; what only waits comes again later."""
        self._closing.set()
        for chat in self._chats.values():
            chat.changed.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, chat_id: int, chat: _Chat) -> None:
        try:
            while chat.waiting and not self._closing.is_set():
                batch = await self._next(chat)
                if not batch or not await self._handled(chat_id, batch):
                    return
                for one in batch:
                    chat.waiting.remove(one.update_id)
                    done = self._taken.pop(one.update_id).done
                    if not done.done():
                        done.set_result(None)
        finally:
            for update_id in chat.waiting:
                self._taken.pop(update_id).done.cancel()
            del self._chats[chat_id]

    async def _next(self, chat: _Chat) -> list[Arrived]:
        """The oldest update; of an album, all that come in a row, waited for a little; nothing when closing."""
        begun = self._clock()
        while not self._closing.is_set():
            batch, complete = self._batch(chat)
            left = min(self._album_pause, begun + self._album_most - self._clock())
            if complete or left <= 0:
                return batch
            chat.changed.clear()
            try:
                await asyncio.wait_for(chat.changed.wait(), left)
            except TimeoutError:
                return self._batch(chat)[0]
        return []

    def _batch(self, chat: _Chat) -> tuple[list[Arrived], bool]:
        waiting = [self._taken[update_id].arrived for update_id in chat.waiting]
        group = _group(waiting[0])
        if not group:
            return waiting[:1], True
        same = 1
        while same < min(len(waiting), MOST_IN_ALBUM) and _group(waiting[same]) == group:
            same += 1
        return waiting[:same], same < len(waiting) or same == MOST_IN_ALBUM

    async def _handled(self, chat_id: int, batch: Sequence[Arrived]) -> bool:
        with caused_by(of_update(batch[0].update_id)):
            if len(batch) > 1:
                _log.debug("an album", extra={"updates": [one.update_id for one in batch]})
            return await self._handle(chat_id, batch)

    async def _handle(self, chat_id: int, batch: Sequence[Arrived]) -> bool:
        """Whether all of it is done; False when it is left to come again."""
        pause, tries, apologised = FIRST_PAUSE, 0, False
        while True:
            try:
                async with self._slots:
                    await self._receive(batch)
                return True
            except Exception as error:
                outside = is_outside(error)
                tries += not outside
                note(_log, error, tries)
                if tries > RETRIES:
                    return await self._set_aside(chat_id, batch, error, tries)
                wait = pause
                if outside:
                    apologised = apologised or await self._apologised(chat_id, error)
                    wait = max(FIRST_PAUSE, error.after or pause) if isinstance(error, TryAgain) else pause
            if not await waited(wait, self._closing, self._sleep):
                return False
            pause = min(pause * 2, MOST_PAUSE)

    async def _set_aside(self, chat_id: int, batch: Sequence[Arrived], error: Exception, tries: int) -> bool:
        """Kept as dead letters; but of an album only the photos that fail by themselves too."""
        if len(batch) > 1:
            return all([await self._handled(chat_id, [one]) for one in batch])
        pause = FIRST_PAUSE
        while True:
            try:
                await self._give_up(batch, error, tries)
                return True
            except Exception as trouble:
                _log.error("dead letter not kept", extra=about(trouble))
            if not await waited(pause, self._closing, self._sleep):
                return False
            pause = min(pause * 2, MOST_PAUSE)

    async def _apologised(self, chat_id: int, error: Exception) -> bool:
        # Where the chat service itself is the trouble, an apology would go the same way; and what failed may
        # have been an answer to something that is saved.
        if isinstance(error, TryAgain):
            return False
        with suppress(Exception):
            await self._apologise(chat_id)
        return True


def _group(arrived: Arrived) -> str:
    """A dead letter's photo comes by itself: the album it was in is long done."""
    return arrived.what.group if isinstance(arrived.what, FileSent) and not arrived.again else ""
