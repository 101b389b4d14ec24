"""Delivery by webhook: posted until answered with 2xx, in order within a chat, callbacks on their own queue."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp

from bot.simulator.shapes import Json
from bot.simulator.updates import Updates, Waiting

BACKOFF = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds; Telegram's are longer, a test has no time for them


@dataclass(slots=True)
class Address:
    url: str
    secret_token: str
    max_connections: int


class Webhook:
    def __init__(
        self, updates: Updates, now: Callable[[], float], backoff: Sequence[float] = BACKOFF
    ) -> None:
        self._updates = updates
        self._now = now
        self._backoff = backoff
        self.in_order = True  # within a chat; else an update that is posted again comes after later ones
        self._address: Address | None = None
        self._session: aiohttp.ClientSession | None = None
        self._connections = asyncio.Semaphore(40)
        self._queues: dict[tuple[str, int], deque[Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_error: tuple[int, str] | None = None
        updates.on_added = self._added

    @property
    def active(self) -> bool:
        return self._address is not None

    async def set(self, address: Address) -> None:
        await self.stop()
        self._address = address
        self._last_error = None
        self._connections = asyncio.Semaphore(address.max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        for waiting in list(self._updates.waiting.values()):
            self._added(waiting)

    async def stop(self) -> None:
        self._address = None
        self._queues.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def info(self) -> Json:
        info: Json = {
            "url": self._address.url if self._address else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
        }
        if self._address:
            info["max_connections"] = self._address.max_connections
        if self._last_error:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    def _added(self, waiting: Waiting) -> None:
        if self._address is None:
            return
        name = waiting.queue if self.in_order else (waiting.kind, waiting.id)
        if name in self._queues:
            self._queues[name].append(waiting)
            return
        self._queues[name] = deque([waiting])
        task = asyncio.get_running_loop().create_task(self._drain(name, self._address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, name: tuple[str, int], address: Address) -> None:
        queue = self._queues[name]
        failures = 0
        while queue:
            waiting = queue[0]
            if waiting.until <= self._now() or await self._posted(waiting, address):
                self._updates.confirm(waiting.id)
                queue.popleft()
                failures = 0
            else:
                await asyncio.sleep(self._backoff[min(failures, len(self._backoff) - 1)])
                failures += 1
        del self._queues[name]

    async def _posted(self, waiting: Waiting, address: Address) -> bool:
        assert self._session is not None
        headers = {"Content-Type": "application/json"}
        if address.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = address.secret_token
        body = json.dumps(waiting.update).encode()
        async with self._connections:
            self._updates.on_given(waiting.update)
            try:
                async with self._session.post(address.url, data=body, headers=headers) as answer:
                    if 200 <= answer.status < 300:
                        return True
                    reason = f"Wrong response from the webhook: {answer.status} {answer.reason}"
            except (aiohttp.ClientError, TimeoutError) as error:
                reason = "Connection timed out" if isinstance(error, TimeoutError) else "Connection refused"
        self._last_error = (int(self._now()), reason)
        return False
