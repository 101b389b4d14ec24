"""Files that take seconds to make are made a few at once; whoever waits too long is told so and asks again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from admin_web import exports, site
from admin_web.making import AGAIN, AT_ONCE, Making, TooBusy
from tests.admin_web.conftest import Town
from tests.admin_web.letters import make, offices
from tests.admin_web.test_progress import FILES

ENOUGH = 20.0  # seconds


class Bench:
    """Work that lasts until it is let go, and how much of it went on at once."""

    def __init__(self) -> None:
        self.going_on = self.most = 0
        self.go = asyncio.Event()

    async def work(self) -> str:
        self.going_on += 1
        self.most = max(self.most, self.going_on)
        try:
            await self.go.wait()
        finally:
            self.going_on -= 1
        return "made"


async def test_only_so_many_are_made_at_once_and_all_get_their_turn() -> None:
    making, bench = Making(at_once=2), Bench()
    asked = [asyncio.create_task(making.in_turn(bench.work)) for _ in range(5)]
    await asyncio.sleep(0.05)
    assert bench.going_on == 2
    bench.go.set()
    assert await asyncio.gather(*asked) == ["made"] * 5
    assert bench.most == 2


async def test_whoever_waits_too_long_begins_nothing_and_may_ask_again() -> None:
    making, bench = Making(at_once=1), Bench()
    first = asyncio.create_task(making.in_turn(bench.work))
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await making.in_turn(bench.work, patience=0.01)
    bench.go.set()
    assert await first == "made"
    assert await making.in_turn(bench.work, patience=0.01) == "made"
    assert bench.most == 1


async def test_what_nobody_waits_for_any_more_keeps_its_place_until_it_is_done() -> None:
    making, bench = Making(at_once=1), Bench()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await making.in_turn(bench.work)
    with pytest.raises(TooBusy):
        await making.in_turn(bench.work, patience=0.01)
    assert bench.going_on == 1
    bench.go.set()
    async with asyncio.timeout(ENOUGH):
        assert await making.in_turn(bench.work) == "made"


async def test_what_fails_gives_its_place_back() -> None:
    making = Making(at_once=1)

    async def broken() -> None:
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            await making.in_turn(broken, patience=0.01)


@contextmanager
def slow_sheets(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Every sheet of the progress is as good as endless; the semaphore counts those begun."""
    begun, go, usual = threading.Semaphore(0), threading.Event(), exports.progress_xlsx

    def slow(*facts: object) -> bytes:
        begun.release()
        assert go.wait(ENOUGH)
        return usual(*facts)  # type: ignore[arg-type]

    monkeypatch.setattr(exports, "progress_xlsx", slow)
    try:
        yield begun
    finally:
        go.set()


async def test_while_others_are_made_every_file_says_to_come_again_and_pages_are_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.put(offices)
    await town.put(make)
    browser, others = await town.signed_in(), await town.signed_in()
    with slow_sheets(monkeypatch) as begun:
        asked = [asyncio.create_task(others.get("/campaigns/1/sheet")) for _ in range(AT_ONCE)]
        for _ in asked:
            assert await asyncio.to_thread(begun.acquire, timeout=ENOUGH)
        monkeypatch.setattr(site, "PATIENCE", 0.01)
        for file in FILES:
            page = await browser.get(f"/campaigns/1/{file}")
            assert page.status == 503, file
            assert "กำลังสร้างไฟล์อื่นอยู่ ลองใหม่อีกครั้งในอีกสักครู่" in page.words
            assert page.headers["Retry-After"] == str(AGAIN)
        assert (await browser.get("/campaigns/1")).status == 200
        assert not begun.acquire(blocking=False), "nothing more was begun"
    assert [one.status for one in await asyncio.gather(*asked)] == [200] * AT_ONCE
    monkeypatch.undo()
    for file in FILES:
        assert (await browser.get(f"/campaigns/1/{file}")).status == 200, file
