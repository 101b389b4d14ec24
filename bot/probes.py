"""What load balancers and Prometheus ask a process: /healthz, /readyz, and on a port by itself /metrics too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.health import Condition, Health
from bot.looking import Look
from bot.measurements import CONTENT_TYPE, Measurements
from storage.census import Backlog

LASTS = 5.0  # seconds that the database's numbers are told again
PATIENCE = 2.0  # seconds of waiting for them


def add_probes(app: web.Application, health: Health) -> None:
    """Anybody may ask; nothing is told that names a person, an address or a secret."""

    def answering(
        ask: Callable[[], Awaitable[Condition]],
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            return answer_of(await ask())

        return answer

    app.router.add_get("/healthz", answering(health.alive))
    app.router.add_get("/readyz", answering(health.ready))


def answer_of(found: Condition) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.json_response(found.to_json(), status=200 if found.well else 503, headers=headers)


class Probes:
    """The port by itself. `backlog` asks the database for what waits in it."""

    def __init__(
        self,
        health: Health,
        measurements: Measurements,
        backlog: Callable[[], Awaitable[Backlog]],
        *,
        host: str,
        port: int,
    ) -> None:
        self.port = port
        self._host, self._health, self._measurements = host, health, measurements
        self._backlog: Look[Backlog | None] = Look(backlog, None, lasts=LASTS, patience=PATIENCE)
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        """Raises OSError where the port cannot be had."""
        app = web.Application()
        add_probes(app, self._health)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        await self._backlog.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _metrics(self, request: web.Request) -> web.Response:
        self._measurements.found(await self._backlog.found())
        told = await asyncio.to_thread(self._measurements.told)
        return web.Response(body=told, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})
