"""Telegram's limits on sending: over all chats by the shared pace, to one chat about a message a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.pace import Pace
from bot.telegram.failures import seconds
from bot.telegram.recent import Recent

PERSON = (1.0, 3)  # seconds between messages to one chat, and how many may come at once
GROUP = (3.0, 1)  # 20 a minute

Answer = bool | dict[str, Any] | list[dict[str, Any]]


@dataclass(slots=True)
class InNoHurry:
    """The first message of a notice has its slot already."""

    paid: bool = True


in_no_hurry: ContextVar[InNoHurry | None] = ContextVar("in_no_hurry", default=None)


class Limiting(BaseRateLimiter[int]):
    """Nothing is tried again here: a 429 is told to whoever sent it, so that one chat's own holds no other."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free_at: Recent[int, float] = (
            Recent()
        )  # by chat: when what was sent to it would be sent at its rate

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Answer:
        chat_id = data.get("chat_id")
        if not isinstance(chat_id, int):
            return await callback(*args, **kwargs)
        await self._turn(chat_id)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._pace.refused(chat_id, seconds(error))
            raise

    async def _turn(self, chat_id: int) -> None:
        notice = in_no_hurry.get()
        if notice is None:
            self._count(chat_id)
            await self._pace.reply()
            return
        await asyncio.sleep(self._count(chat_id))
        if notice.paid:
            notice.paid = False
        else:
            await self._pace.another()

    def _count(self, chat_id: int) -> float:
        """Seconds that this message should wait; replies do not, as a person waits for them.

        What was sent above the rate and not refused is no debt: the next one is a `gap` away at most.
        """
        gap, burst = PERSON if chat_id > 0 else GROUP
        now = monotonic()
        free_at = max(self._free_at.get(chat_id) or now, now) + gap
        wait = max(0.0, free_at - gap * burst - now)
        self._free_at.put(chat_id, free_at if in_no_hurry.get() else min(free_at, now + gap * burst))
        return wait
