"""The postbox: done, set aside or to be posted again, within the time that whoever posts it has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.chat_service import Arrived, TryAgain
from bot.postbox import NotTaken, Postbox
from flows.core.chat import Said
from storage.db import StorageUnavailable


def text(update_id: int, chat_id: int = 1) -> Arrived:
    return Arrived(update_id, chat_id, True, "สมหญิง", "th", Said(str(update_id)))


class Desk:
    """Notes what it is handed; `troubles` are raised first, one a time. Waiting moves the clock and costs no time."""

    def __init__(self) -> None:
        self.handled: list[int] = []
        self.dead: list[tuple[int, str, int]] = []
        self.sorry: list[int] = []
        self.slept: list[float] = []
        self.troubles: list[Exception] = []
        self.dead_troubles: list[Exception] = []
        self.blocked: asyncio.Event | None = None
        self.begun = asyncio.Event()
        self.now = 0.0
        self.postbox = Postbox(
            self.receive, self.give_up, self.apologise, sleep=self.sleep, clock=lambda: self.now
        )

    async def receive(self, batch: Sequence[Arrived]) -> None:
        self.begun.set()
        if self.blocked:
            await self.blocked.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        self.handled += [one.update_id for one in batch]

    async def give_up(self, batch: Sequence[Arrived], error: Exception, tries: int) -> None:
        if self.dead_troubles:
            raise self.dead_troubles.pop(0)
        self.dead += [(one.update_id, type(error).__name__, tries) for one in batch]

    async def apologise(self, chat_id: int) -> None:
        self.sorry.append(chat_id)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_what_is_handled_is_taken(desk: Desk) -> None:
    await desk.postbox.take(text(1))
    assert desk.handled == [1]


async def test_a_short_outage_is_waited_out_while_telegram_waits(desk: Desk) -> None:
    desk.troubles = [StorageUnavailable("locked"), OSError("full"), TryAgain("slow")]
    await desk.postbox.take(text(1))
    assert desk.handled == [1]
    assert desk.sorry == [1]


async def test_a_long_outage_is_left_to_telegram_in_good_time_and_ends(desk: Desk) -> None:
    desk.troubles = [StorageUnavailable("gone")] * 100
    with pytest.raises(NotTaken):
        await desk.postbox.take(text(1))
    assert desk.now <= 10
    assert desk.dead == []
    desk.troubles = [StorageUnavailable("gone")] * 100
    with pytest.raises(NotTaken):
        await desk.postbox.take(text(1))
    assert desk.sorry == [1]  # once, however often it is posted
    desk.troubles = []
    await desk.postbox.take(text(1))
    assert desk.handled == [1]


async def test_a_wish_to_wait_long_is_left_to_telegram_at_once_without_a_word(desk: Desk) -> None:
    desk.troubles = [TryAgain("flood", 30.0)]
    with pytest.raises(NotTaken):
        await desk.postbox.take(text(1))
    assert (desk.slept, desk.sorry) == ([], [])
    await desk.postbox.take(text(1))
    assert desk.handled == [1]


async def test_our_own_mistake_is_tried_a_few_times_and_then_set_aside(desk: Desk) -> None:
    desk.troubles = [KeyError("ours")] * 100
    await desk.postbox.take(text(1))
    assert desk.dead == [(1, "KeyError", 4)]
    assert desk.now <= 5
    desk.troubles = []
    await desk.postbox.take(text(2))
    assert desk.handled == [2]


async def test_what_cannot_even_be_set_aside_comes_again(desk: Desk) -> None:
    desk.troubles, desk.dead_troubles = [KeyError("ours")] * 4, [StorageUnavailable("gone")]
    with pytest.raises(NotTaken):
        await desk.postbox.take(text(1))
    assert desk.dead == []
    desk.troubles = [KeyError("ours")] * 4
    await desk.postbox.take(text(1))
    assert desk.dead == [(1, "KeyError", 4)]


async def test_posted_again_while_in_hand_it_is_not_taken_twice(desk: Desk) -> None:
    desk.blocked = asyncio.Event()
    twice = [asyncio.create_task(desk.postbox.take(text(1))) for _ in range(2)]
    await desk.begun.wait()
    desk.blocked.set()
    await asyncio.gather(*twice)
    assert desk.handled == [1]


async def test_whoever_posted_it_may_go_away_and_it_is_handled_all_the_same(desk: Desk) -> None:
    desk.blocked = asyncio.Event()
    posted = asyncio.create_task(desk.postbox.take(text(1)))
    await desk.begun.wait()
    posted.cancel()
    await asyncio.gather(posted, return_exceptions=True)
    desk.blocked.set()
    await desk.postbox.take(text(1))
    assert desk.handled == [1]


async def test_nobody_there_when_it_fails_is_no_mistake_of_its_own(desk: Desk) -> None:
    desk.blocked, desk.troubles = asyncio.Event(), [TryAgain("flood", 60.0)]
    posted = asyncio.create_task(desk.postbox.take(text(1)))
    await desk.begun.wait()
    posted.cancel()
    await asyncio.gather(posted, return_exceptions=True)
    desk.blocked.set()
    await asyncio.sleep(0.01)  # a task whose failure nobody looked at would fail the test
    await desk.postbox.take(text(1))
    assert desk.handled == [1]


async def test_one_slow_update_holds_up_no_other(desk: Desk) -> None:
    desk.blocked = asyncio.Event()
    slow = asyncio.create_task(desk.postbox.take(text(1)))
    await desk.begun.wait()
    held, desk.blocked = desk.blocked, None
    await desk.postbox.take(text(2))
    assert desk.handled == [2]
    held.set()
    await slow
    assert desk.handled == [2, 1]


async def test_closing_finishes_what_is_in_hand_and_takes_nothing_more(desk: Desk) -> None:
    desk.blocked = asyncio.Event()
    inside = asyncio.create_task(desk.postbox.take(text(1)))
    await desk.begun.wait()
    closing = asyncio.create_task(desk.postbox.close(5))
    await asyncio.sleep(0)
    with pytest.raises(NotTaken):
        await desk.postbox.take(text(2))
    desk.blocked.set()
    await asyncio.gather(inside, closing)
    assert desk.handled == [1]


async def test_what_takes_longer_than_the_grace_comes_again(desk: Desk) -> None:
    desk.blocked = asyncio.Event()
    inside = asyncio.create_task(desk.postbox.take(text(1)))
    await desk.begun.wait()
    await desk.postbox.close(0.01)
    with pytest.raises(NotTaken):
        await inside
    assert desk.handled == []


async def test_closing_does_not_wait_for_the_next_try(desk: Desk) -> None:
    async def forever(seconds: float) -> None:
        desk.slept.append(seconds)
        await asyncio.Event().wait()

    postbox = Postbox(desk.receive, desk.give_up, desk.apologise, sleep=forever)
    desk.troubles = [StorageUnavailable("gone")]
    inside = asyncio.create_task(postbox.take(text(1)))
    await desk.begun.wait()
    await asyncio.sleep(0.01)
    assert desk.slept
    await postbox.close(5)
    with pytest.raises(NotTaken):
        await inside
