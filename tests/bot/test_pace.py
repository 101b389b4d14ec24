"""The pace: replies at once, notices in slots; everybody yields to people, and a refusal of the whole bot is heard."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

import pytest

from bot import pace
from bot.pace import Pace
from storage import outbox, send_limit, tables
from storage.db import Store, Tx

RATE = 20.0


def waiting(store: Store, count: int, now: datetime) -> None:
    def put(tx: Tx) -> None:
        for n in range(count):
            outbox.put(tx, f"k{n}", n + 1, "reminder", {}, now)

    store.run_now(put)


async def test_replies_go_at_once_and_cost_no_look_at_the_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TELL_EVERY", 0.05)
    asked: list[object] = []
    run = store.run

    async def noted(work: object, *args: object) -> object:
        asked.append(work)
        return await run(work, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "run", noted)
    ours = Pace(store, RATE)
    begun = time.monotonic()
    for _ in range(10):
        await ours.reply()
    assert time.monotonic() - begun < 0.1
    assert asked == []
    await asyncio.sleep(0.5)
    assert asked == [send_limit.standing]  # all ten at once


async def test_more_replies_than_the_limit_wait_their_turn(store: Store) -> None:
    ours = Pace(store, RATE)
    begun = time.monotonic()
    await asyncio.gather(*(ours.reply() for _ in range(30)))
    assert time.monotonic() - begun >= 30 / RATE - pace.BURST - 0.1


async def test_replies_of_one_process_are_waited_for_by_the_notices_of_another(
    store: Store, now: datetime
) -> None:
    waiting(store, 5, now)
    people, notices = Pace(store, RATE), Pace(store, RATE)
    for _ in range(12):
        await people.reply()
    await asyncio.sleep(pace.TELL_EVERY + 0.1)
    claimed = await notices.claim(5, now)
    if claimed.messages:  # on a slow machine the replies are paid by now
        assert len(claimed.messages) < 5 or claimed.messages[0][1] > claimed.read_at
    else:
        assert claimed.wait > 0
    async with asyncio.timeout(10):
        sent = len(claimed.messages)
        while sent < 5:
            await asyncio.sleep(claimed.wait or 0.05)
            claimed = await notices.claim(5, now)
            sent += len(claimed.messages)


async def test_a_reply_does_not_wait_for_slots_that_notices_hold(store: Store, now: datetime) -> None:
    waiting(store, 30, now)
    ours = Pace(store, RATE)
    claimed = await ours.claim(30, now)
    assert len(claimed.messages) > 5
    assert claimed.wait > 0
    begun = time.monotonic()
    await ours.reply()
    assert time.monotonic() - begun < 0.05


async def test_a_slot_whose_moment_has_passed_is_not_used(store: Store, now: datetime) -> None:
    waiting(store, 1, now)
    ours = Pace(store, RATE)
    [(message, slot)] = (await ours.claim(1, now)).messages
    await asyncio.sleep(
        max(0.0, slot - time.monotonic()) + pace.LATE + 0.1
    )  # as when the process was stopped
    assert not await ours.reach(slot)
    await store.run(outbox.let_go, message)
    [(_, slot)] = (await ours.claim(1, now)).messages
    assert slot > time.monotonic() - pace.LATE


async def test_never_more_than_the_limit_within_a_second(store: Store) -> None:
    ours = Pace(store, 5)
    begun = time.monotonic()
    for _ in range(8):
        await ours.another()
    assert time.monotonic() - begun >= 1.0


async def test_refusals_of_different_chats_silence_notices_of_every_process(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(store, 5, now)
    ours, other = Pace(store, RATE), Pace(store, RATE)
    for chat_id in (1, 2, 2, 1, 2):
        ours.refused(chat_id, 2.0)
    await asyncio.sleep(0.1)
    assert len((await other.claim(1, now)).messages) == 1  # two chats' own matter
    ours.refused(3, 1.0)
    await asyncio.sleep(0.2)
    silent = await other.claim(5, now)
    assert (len(silent.messages), silent.wait > 0) == (0, True)
    await ours.reply()  # people are answered
    await asyncio.sleep(1.1)
    assert len((await other.claim(5, now)).messages) == 4


async def lost(store: Store, now: datetime, count: int, replies: int) -> int:
    """Of so many notices how many miss their slots, while replies are sent among them."""
    waiting(store, count, now)
    ours, tasks = Pace(store, RATE), list[asyncio.Task[bool]]()
    talking = asyncio.create_task(replying(ours, replies, count / RATE / replies))
    async with asyncio.timeout(20):
        while len(tasks) < count:
            claimed = await ours.claim(count, now)
            tasks += [asyncio.create_task(ours.reach(slot)) for _, slot in claimed.messages]
            await asyncio.sleep(claimed.wait)
    missed = (await asyncio.gather(*tasks)).count(False)
    await talking
    await store.run(lambda tx: tx.execute(tables.outbox.delete()))
    return missed


async def replying(ours: Pace, count: int, apart: float) -> None:
    for _ in range(count):
        await asyncio.sleep(apart)
        await ours.reply()


async def test_a_reply_makes_no_notice_miss_its_slot(store: Store, now: datetime) -> None:
    """Another slot is left empty for it, and that is enough: if each costs two, what goes to many takes longer.

    A machine that stands still for a moment makes some miss theirs all the same.
    """
    tries = [await lost(store, now, 50, 5)]
    while len(tries) < 4 and tries[-1] > 1:
        tries.append(await lost(store, now, 50, 5))
    assert tries[-1] <= 1, tries
