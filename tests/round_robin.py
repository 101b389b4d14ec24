"""A tiny load balancer on loopback: each request to the next process in turn, with faults on order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal

import aiohttp
from aiohttp import web

# 503: the answer of a proxy that reaches nobody. lost: it is done, but the answer never arrives.
# both: two processes get it at the same time. slow, or so many seconds: it is held up on its way.
Trouble = Literal["", "503", "lost", "both", "slow"] | float
SLOW = 0.4  # seconds


class RoundRobin:
    """`trouble` says for each posted update what befalls it, by how often it has been posted before."""

    def __init__(self) -> None:
        self.url = ""
        self.behind: list[str] = []
        self.trouble: Callable[[dict[str, Any], int], Trouble] = lambda update, times: ""
        self.answered: Counter[tuple[str, int]] = Counter()  # (process, status)
        self.posted: Counter[int] = Counter()  # by update id
        self._turn = 0
        self._session: aiohttp.ClientSession | None = None

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        update = await request.json()
        number = int(update["update_id"])
        befalls = self.trouble(update, self.posted[number])
        self.posted[number] += 1
        if befalls == "503" or not self.behind:
            return web.Response(status=503)
        if befalls == "slow" or isinstance(befalls, float):
            await asyncio.sleep(befalls if isinstance(befalls, float) else SLOW)
        asked = [self._asked(request, body) for _ in range(2 if befalls == "both" else 1)]
        status = max(await asyncio.gather(*asked))
        if befalls == "lost" and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status)

    async def _asked(self, request: web.Request, body: bytes) -> int:
        self._turn += 1
        process = self.behind[self._turn % len(self.behind)]
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        assert self._session is not None
        try:
            async with self._session.post(process + request.path, data=body, headers=headers) as answer:
                self.answered[process, answer.status] += 1
                return answer.status
        except aiohttp.ClientError:
            return 502


@asynccontextmanager
async def round_robin() -> AsyncIterator[RoundRobin]:
    balancer = RoundRobin()
    app = web.Application()
    app.router.add_post("/{path:.*}", balancer._pass_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    balancer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        balancer._session = session
        try:
            yield balancer
        finally:
            await runner.cleanup()
