"""Several deliveries on one database, each with a store of its own: every notice once, and one limit for all."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.chat_service import Commands, TryAgain
from bot.delivery import Delivery
from bot.pace import Pace
from bot.service import utc_now
from bot.simulator import Simulator
from bot.telegram.client import Telegram
from flows.core.chat import Drawing, Listing, Out, ShownPhoto
from flows.core.text import Language
from storage import outbox
from storage.db import Store, Tx

RATE = 30
STALL = 2  # that a machine which stops for a moment, here with all of them in one loop, may bring together
NOTICES, BUSY = 500, 6  # one chat has more than one waiting


class Troubled:
    """Telegram, which sometimes is down, and takes its time to answer."""

    def __init__(self, telegram: Telegram, chance: random.Random) -> None:
        self._telegram = telegram
        self._chance = chance
        self.failed = 0

    async def fetch(self, file_id: str) -> bytes:
        return await self._telegram.fetch(file_id)

    async def set_commands(self, commands: Commands, chat_id: int | None = None) -> None:
        await self._telegram.set_commands(commands, chat_id)

    async def send(self, chat_id: int, out: Sequence[Out], language: Language, **more: Any) -> None:
        if self._chance.random() < 0.1:
            self.failed += 1
            raise TryAgain("502", self._chance.choice([None, 1.0]))
        await self._telegram.send(chat_id, out, language, **more)
        await asyncio.sleep(self._chance.choice([0, 0, 0.1, 0.5]))


async def _no_photo(shown: ShownPhoto) -> bytes:
    raise AssertionError(shown)


async def _no_drawing(drawing: Drawing | Listing, language: Language) -> bytes | None:
    raise AssertionError(drawing)


@asynccontextmanager
async def deliveries(database: str, simulator: Simulator, count: int) -> AsyncIterator[list[Troubled]]:
    """As many processes would run them, running."""
    stores = [Store(database) for _ in range(count)]
    paces = [Pace(store, RATE) for store in stores]
    bots = [
        Telegram(simulator.token, simulator.url, read_photo=_no_photo, make=_no_drawing, pace=pace)
        for pace in paces
    ]
    services = [Troubled(bot, random.Random(seed)) for seed, bot in enumerate(bots)]
    running = [
        Delivery(store, service, utc_now, pace)
        for store, service, pace in zip(stores, services, paces, strict=True)
    ]
    for bot in bots:
        await bot.start()
    tasks = [asyncio.create_task(one.run()) for one in running]
    try:
        yield services
    finally:
        for one in running:
            one.stop()
        await asyncio.gather(*tasks)
        for bot in bots:
            await bot.stop()
        for store in stores:
            await asyncio.to_thread(store.close)


def _put(tx: Tx, chats: Sequence[int]) -> None:
    for number, chat_id in enumerate(chats):
        payload = {"name": f"สมศรี {number}", "lao": "เทศบาลตำบลต้นธงชัย"}
        outbox.put(tx, f"n{number}", chat_id, "handed", payload, utc_now())


async def _until_sent(store: Store) -> None:
    async with asyncio.timeout(90):
        while await store.read(outbox.waiting_count):  # noqa: ASYNC110 - the rows say it
            await asyncio.sleep(0.1)


def _most_in_a_second(moments: Sequence[float]) -> int:
    return max(sum(begun <= one < begun + 1 for one in moments) for begun in moments)


@pytest.mark.parametrize("count", [2, 4])
async def test_each_notice_is_sent_once_and_all_keep_to_one_limit(
    store: Store, database: str, count: int
) -> None:
    async with Simulator(rate_limit=RATE) as simulator:
        people = [simulator.person(f"คนที่ {n}", started=True) for n in range(NOTICES)]
        chats = [one.id for one in people] + [people[0].id] * (BUSY - 1)
        store.run_now(_put, chats)
        async with deliveries(database, simulator, count) as services:
            await _until_sent(store)
        calls = [entry for entry in simulator.log if entry.get("method") == "sendMessage"]
        assert simulator.refusals == []
    said = Counter(str(entry["parameters"]["text"]) for entry in calls)
    assert len(said) == len(calls) == len(chats)
    moments = [entry["at"] for entry in calls]
    assert _most_in_a_second(moments) <= RATE + STALL
    most_of_it = len(calls) * 3 // 4  # the rest waits for its next try
    assert moments[most_of_it] - moments[0] < most_of_it / RATE * 2 + 5
    assert all(one.failed for one in services)
