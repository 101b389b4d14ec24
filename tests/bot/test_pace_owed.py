"""What the pace of sending owes is neither forgotten nor counted twice, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from datetime import datetime
from time import monotonic
from typing import Any

from bot.pace import Pace
from storage.db import Store
from tests.bot.test_pace import RATE, waiting


async def test_slots_of_a_second_ago_are_forgotten_whatever_stands_before_them(store: Store) -> None:
    """As where a moment far ahead was kept silent and then slots were given back, or the database's clock was set."""
    ours = Pace(store, RATE)
    now = monotonic()
    ours._had.extend([now + 100, *(now - 30 + n for n in range(29))])
    assert len(ours._within_a_second(ours._had)) <= 1


async def test_replies_and_given_back_slots_leave_no_slot_uncounted(store: Store, now: datetime) -> None:
    waiting(store, 40, now)
    ours = Pace(store, RATE)
    claimed = await ours.claim(4, now)
    for _, slot in claimed.messages[2:]:
        ours.give_back(slot)
    for _ in range(2):
        await ours.reply()
    again = await ours.claim(20, now)
    assert ours._unpaid == 0
    slots = [slot for _, slot in (*claimed.messages[:2], *again.messages)]
    assert min(b - a for a, b in itertools.pairwise(slots)) > 0.9 * ours._seconds


async def test_a_cancelled_reach_lets_the_next_go(store: Store, now: datetime) -> None:
    waiting(store, 10, now)
    ours = Pace(store, RATE)
    claimed = await ours.claim(3, now)
    slots = [slot for _, slot in claimed.messages]
    for _ in range(2):
        await ours.reply()
    tasks = [asyncio.create_task(ours.reach(slot)) for slot in slots]
    await asyncio.sleep(max(0, slots[0] - monotonic()) + 0.01)
    tasks[0].cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert not ours._turn.locked()


async def test_what_was_counted_while_it_was_told_is_told_too(store: Store) -> None:
    """A reply counted while the database is asked."""
    ours = Pace(store, RATE)
    await ours.reply()
    run = store.run

    async def slow(*args: Any, **more: Any) -> Any:
        found = await run(*args, **more)
        await asyncio.sleep(0.1)
        return found

    store.run = slow  # type: ignore[method-assign]
    await asyncio.sleep(0.3)
    await ours.reply()
    await asyncio.sleep(1)
    assert ours._unpaid == 0


async def test_what_the_database_did_not_take_is_owed_all_the_same(store: Store, now: datetime) -> None:
    from storage.db import StorageUnavailable

    ours, run = Pace(store, RATE), store.run
    for _ in range(8):
        await ours.reply()

    async def away(*args: object, **more: object) -> object:
        raise StorageUnavailable("x")

    store.run = away  # type: ignore[method-assign,assignment]
    with contextlib.suppress(StorageUnavailable):
        await ours.claim(1, now)
    store.run = run  # type: ignore[method-assign]
    assert ours._unpaid == 8
