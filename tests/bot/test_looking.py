"""A look that many ask for is taken once, never keeps anybody waiting for long, and is taken again when it is old."""

from __future__ import annotations

import asyncio
from itertools import count

from bot.looking import Look


async def test_many_who_ask_at_once_and_soon_after_cause_one_look() -> None:
    looks = count(1)

    async def number() -> int:
        await asyncio.sleep(0.01)
        return next(looks)

    look = Look(number, 0, lasts=0.1, patience=1.0)
    assert await asyncio.gather(*(look.found() for _ in range(20))) == [1] * 20
    assert await look.found() == 1
    await asyncio.sleep(0.12)
    assert await look.found() == 2


async def test_a_look_that_hangs_keeps_nobody_and_is_not_taken_twice() -> None:
    begun, go_on = count(1), asyncio.Event()
    last = 0

    async def hanging() -> str:
        nonlocal last
        last = next(begun)
        await go_on.wait()
        return "well"

    look = Look(hanging, "away", lasts=10.0, patience=0.05)
    assert [await look.found() for _ in range(3)] == ["away"] * 3
    assert last == 1
    go_on.set()
    await asyncio.sleep(0.01)
    assert await look.found() == "well"
    await look.close()


async def test_a_look_that_fails_is_not_well_until_one_succeeds() -> None:
    troubles: list[Exception] = [OSError("away")]

    async def tried() -> bool:
        if troubles:
            raise troubles.pop()
        return True

    look = Look(tried, False, lasts=0.05, patience=1.0)
    assert not await look.found()
    assert not await look.found()
    await asyncio.sleep(0.06)
    assert await look.found()


async def test_closing_ends_a_look_that_hangs() -> None:
    look = Look(asyncio.Event().wait, False, lasts=1.0, patience=0.01)
    assert not await look.found()
    await asyncio.wait_for(look.close(), 1)
