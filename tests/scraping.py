"""Reads what a running service tells on its port by itself, as Prometheus and a load balancer do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot.service import Service
from storage.db import Store
from tests.town import Town, town


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    text: str
    headers: Any

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


async def get(port: int, path: str) -> Answered:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return Answered(answer.status, await answer.text(), answer.headers.copy())


async def scraped(service: Service) -> dict[str, float]:
    """Every sample by its name and labels, as in `thongthin_updates_handled_total{outcome="answered"}`."""
    answer = await get(service.metrics_port, "/metrics")
    assert answer.status == 200
    return {
        sample.name + (f"{{{labels}}}" if (labels := _labels(sample.labels)) else ""): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in labels.items())


async def until(reached: Callable[[], Awaitable[bool]], within: float = 15.0) -> None:
    async with asyncio.timeout(within):
        while not await reached():  # noqa: ASYNC110
            await asyncio.sleep(0.1)


@asynccontextmanager
async def watched_town(store: Store, folder: Path, *, refusals: bool = False) -> AsyncIterator[Town]:
    """A town whose service has the port by itself."""
    async with town(store, folder, expects_refusals=refusals) as t:
        await t.stop()
        t.parts = replace(t.parts, metrics_port=0)
        await t.start()
        yield t
