"""A simulator of Telegram and the real client that talks to it."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from bot.simulator.server import Simulator
from bot.telegram.client import Telegram
from flows.core.chat import ShownPhoto


@pytest.fixture
async def simulator(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Simulator]:
    """Fails the test where the bot was refused anything it does not `clear`, or logged the token."""
    caplog.set_level(logging.DEBUG)
    async with Simulator() as simulator:
        yield simulator
    assert simulator.refusals == []
    assert simulator.token not in caplog.text


class Photos:
    """Kept photos, by the first letter of their name; notes which were read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    async def __call__(self, photo: ShownPhoto) -> bytes:
        self.read.append(photo.photo)
        return jpeg(hash(photo.photo) % 255)


def jpeg(shade: int, size: tuple[int, int] = (640, 480)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (shade, 90, 120)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def photos() -> Photos:
    return Photos()


@pytest.fixture
async def telegram(simulator: Simulator, photos: Photos) -> AsyncIterator[Telegram]:
    telegram = Telegram(simulator.token, simulator.url, read_photo=photos)
    await telegram.start()
    yield telegram
    await telegram.stop()
