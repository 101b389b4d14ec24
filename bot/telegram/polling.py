"""Asks Telegram for updates and confirms only those that are done, so that a crash loses none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat_service import TryAgain
from bot.inbox import Inbox, InboxClosed
from bot.telegram.client import Telegram, WebhookState
from bot.telegram.failures import WAIT_WHEN_REJECTED, seconds
from bot.telegram.request import redact
from bot.telegram.updates import UnreadableUpdate, read_update
from storage.causes import caused_by, of_update

LONG_POLL = 50.0  # seconds
MOST_UPDATES = 100  # Telegram gives no more at once
SETTLE = 0.05  # seconds for new updates to be done before the next question
MOVE_ON = 25  # done are enough for it, so that there is always something to do
RECHECK = 0.5  # seconds until the next question while an update stays in hand
FIRST_PAUSE, MOST_PAUSE = 0.5, 30.0  # seconds between tries
CONFLICT_PAUSE = 10.0  # seconds
DESERTED = 3  # looks in a row
GRACE = 20.0  # seconds for what is in hand when stopping

KeepUnreadable = Callable[[int, dict[str, Any], Exception], Awaitable[None]]

_log = logging.getLogger("thongthin.telegram")


class Polling:
    """`keep_unreadable` sets an update aside that could not be parsed: its id, as it came, and why. `ignored` hears of each that asks
    nothing of us.
    """

    def __init__(
        self,
        telegram: Telegram,
        inbox: Inbox,
        keep_unreadable: KeepUnreadable,
        *,
        long_poll: float = LONG_POLL,
        grace: float = GRACE,
        ignored: Callable[[], None] = lambda: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._telegram, self._inbox, self._keep_unreadable = telegram, inbox, keep_unreadable
        self._long_poll, self._grace, self._sleep = long_poll, grace, sleep
        self._ignored = ignored
        self._in_hand: dict[
            int, asyncio.Future[None]
        ] = {}  # by update id; done ones until they are confirmed
        self._offset: int | None = None  # everything before it is done
        self._pause = FIRST_PAUSE
        # A webhook at the first look and at the last one, and for how many it delivered nothing of what waits.
        self._in_the_way: tuple[WebhookState, WebhookState, int] | None = None
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`; then the inbox is closed, what is in hand finished, and what is done confirmed."""
        asking = asyncio.create_task(self._ask_forever())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([asking, stopping], return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                asking.result()
        finally:
            for task in (asking, stopping):
                task.cancel()
            await asyncio.gather(asking, stopping, return_exceptions=True)
            await self._finish()

    async def _finish(self) -> None:
        await self._inbox.close(self._grace)
        self._move_offset()
        late = [future for future in self._in_hand.values() if not future.done()]
        for future in late:
            future.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if self._offset is not None:
            with suppress(TelegramError):
                await self._telegram.updates(self._offset, limit=1, wait=0)

    async def _ask_forever(self) -> None:
        await self._tried(self._telegram.leave_webhook)
        while True:
            await self._room()
            new = await self._tried(self._ask)
            if new:
                await self._settle()
            elif unfinished := [future for future in self._in_hand.values() if not future.done()]:
                await _pause_for(unfinished)

    async def _room(self) -> None:
        """Telegram shows the oldest hundred: with as many in hand, nothing new before the oldest of them is done."""
        self._move_offset()
        if len(self._in_hand) >= MOST_UPDATES:
            await asyncio.wait([self._in_hand[min(self._in_hand)]], timeout=RECHECK)
            await self._settle()

    async def _settle(self) -> None:
        """Until the oldest are done: asked for each by itself, Telegram would answer with all others again."""
        oldest = [self._in_hand[update_id] for update_id in sorted(self._in_hand)[:MOVE_ON]]
        if unfinished := [future for future in oldest if not future.done()]:
            await asyncio.wait(unfinished, timeout=SETTLE)

    async def _ask(self) -> bool:
        """Whether there was something new."""
        self._move_offset()
        offset = self._offset
        delivered = await self._telegram.updates(offset, limit=MOST_UPDATES, wait=self._long_poll)
        if offset is not None and not self._in_hand:
            # It is confirmed now. After a quiet week Telegram starts anew with any number, even a lower one.
            self._offset = None
        new = [raw for raw in delivered if not self._has(raw["update_id"])]
        for raw in new:
            with caused_by(of_update(raw["update_id"])):
                self._in_hand[raw["update_id"]] = self._begun(raw["update_id"], raw)
        return bool(new)

    def _has(self, update_id: int) -> bool:
        future = self._in_hand.get(update_id)
        return future is not None and not _is_left(future)

    def _begun(self, update_id: int, raw: dict[str, Any]) -> asyncio.Future[None]:
        _log.debug("received")
        try:
            arrived = read_update(raw)
            if arrived is not None:
                return self._inbox.put(arrived)
            self._ignored()
            return _done()
        except UnreadableUpdate as error:
            _log.error("unreadable update", extra={"fields": _fields(raw)})
            return asyncio.create_task(self._kept_aside(update_id, raw, error))

    async def _kept_aside(self, update_id: int, raw: dict[str, Any], error: Exception) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._keep_unreadable(update_id, raw, error)
            except Exception as trouble:
                _log.error("unreadable update not kept", extra={"error": type(trouble).__name__})
            await self._sleep(pause)
            pause = min(pause * 2, MOST_PAUSE)

    def _move_offset(self) -> None:
        """Past the oldest updates that are done, up to the first that is not."""
        for update_id in sorted(self._in_hand):
            future = self._in_hand[update_id]
            if not future.done() or _is_left(future):
                break
            del self._in_hand[update_id]
            self._offset = max(self._offset or 0, update_id + 1)

    async def _tried(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """What the call returns, tried until Telegram answers."""
        while True:
            try:
                answer = await call()
                self._pause = FIRST_PAUSE
                return answer
            except InboxClosed:
                await self._stopping.wait()
            except Conflict as error:
                await self._in_conflict(error)
            except (TelegramError, TryAgain) as error:
                await self._sleep(self._wait_after(error))

    async def _in_conflict(self, error: Conflict) -> None:
        """Somebody else has the updates. A webhook at which nobody answers any more is taken away."""
        if "webhook" not in str(error).lower():
            _log.error("another process is polling with this token", extra=_why(error))
        elif await self._webhook_is_deserted():
            _log.warning("a webhook at which nobody answers is taken away")
            self._in_the_way = None
            with suppress(TelegramError, TryAgain):
                return await self._telegram.leave_webhook()
        else:
            _log.error(
                "a webhook is set: another process with this token has THONGTHIN_WEBHOOK; this one waits",
                extra=_why(error),
            )
        await self._sleep(CONFLICT_PAUSE)

    async def _webhook_is_deserted(self) -> bool:
        """Whether deliveries to it have failed since the first look at it, and none has succeeded for a few looks."""
        with suppress(TelegramError, TryAgain):
            now = await self._telegram.webhook()
            first, before, looks = self._in_the_way or (now, now, 0)
            stuck = now.waiting >= max(before.waiting, 1)
            self._in_the_way = (first, now, looks + 1 if stuck else 0)
            return now.failed_at != first.failed_at and self._in_the_way[2] >= DESERTED
        return False

    def _wait_after(self, error: TelegramError | TryAgain) -> float:
        match error:
            case InvalidToken():
                _log.critical("telegram rejects the token", extra=_why(error))
                return WAIT_WHEN_REJECTED
            case RetryAfter():
                wait = seconds(error)
            case TryAgain(after=float() as wait):
                pass
            case _:
                wait, self._pause = self._pause, min(self._pause * 2, MOST_PAUSE)
        _log.warning("telegram did not answer", extra=_why(error) | {"again_in": wait})
        return wait


async def _pause_for(unfinished: Sequence[asyncio.Future[None]]) -> None:
    """Asked at once, Telegram would answer with the same updates again."""
    await asyncio.sleep(SETTLE)
    await asyncio.wait(unfinished, timeout=RECHECK, return_when=asyncio.FIRST_COMPLETED)


def _is_left(future: asyncio.Future[None]) -> bool:
    """Neither handled nor in hand any more: it has to come again."""
    return future.done() and (future.cancelled() or future.exception() is not None)


def _done() -> asyncio.Future[None]:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


def _why(error: Exception) -> dict[str, object]:
    return {"error": type(error).__name__, "why": redact(str(error))}


def _fields(raw: Mapping[str, Any]) -> str:
    return ",".join(sorted(raw))
