"""A simulator on loopback, and a plain HTTP caller that talks to it as any bot could."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.simulator import Person, Simulator


@dataclass
class Clock:
    """Real enough to be read, and to be moved."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Caller:
    simulator: Simulator
    session: aiohttp.ClientSession

    async def __call__(self, method: str, /, **parameters: Any) -> Any:
        """The result, or the refusal's `(error_code, description)`."""
        answer = await self.raw(method, json=parameters)
        return answer["result"] if answer["ok"] else (answer["error_code"], answer["description"])

    async def raw(self, method: str, **request: Any) -> Any:
        url = f"{self.simulator.url}/bot{self.simulator.token}/{method}"
        async with self.session.post(url, **request) as response:
            answer = await response.json()
            assert answer["ok"] == (response.status == 200)
            return answer

    async def sim(self, method: str, path: str, **request: Any) -> Any:
        async with self.session.request(method, f"{self.simulator.url}/sim{path}", **request) as response:
            return await response.json()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def simulator(clock: Clock) -> AsyncIterator[Simulator]:
    async with Simulator(now=clock) as running:
        yield running


@pytest.fixture
async def call(simulator: Simulator) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(simulator, session)


@pytest.fixture
def person(simulator: Simulator) -> Person:
    return simulator.person("สมหญิง", started=True)


def picture(width: int = 640, height: int = 480, colour: str = "red") -> bytes:
    data = io.BytesIO()
    image = Image.new("RGB", (width, height), colour)
    exif = Image.Exif()
    exif[0x010F] = "Camera"  # its maker
    image.save(data, "JPEG", exif=exif)
    return data.getvalue()


@pytest.fixture
def photo() -> bytes:
    return picture()
