"""What goes wrong in a shared transaction stays with whom it is of, and the order of a key holds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from time import monotonic

import pytest
import sqlalchemy as sa

from storage.db import StorageUnavailable, Store, Tx
from storage.group_commit import Asked, Grouped
from storage.tables import handled
from tests.conftest import on_postgresql
from tests.storage.test_group_commit import NOW


def note(tx: Tx, number: int) -> int:
    tx.execute(handled.insert().values(update_id=number, chat_id=1, at=NOW))
    if number == 13:
        tx.execute(sa.text("SELECT CAST(:it AS text)"), {"it": "what the driver refuses\0"})
    return number


def one_by_one(tx: Tx, asked: Sequence[Asked[int]]) -> list[int]:
    return [one.within.run(note, tx, one.what) for one in asked]


async def together(
    store: Store, kind: Grouped[int, int], numbers: Sequence[int]
) -> list[int | BaseException]:
    """All in one batch: a first transaction is held open meanwhile."""
    opened, begun = threading.Event(), threading.Event()

    def hold(tx: Tx, asked: Sequence[Asked[int]]) -> list[int]:
        begun.set()
        assert opened.wait(20)
        return [0 for _ in asked]

    first = asyncio.create_task(store.run_grouped(Grouped(note, hold, lambda n: n), 1000))
    await asyncio.to_thread(begun.wait, 20)
    tasks = [asyncio.create_task(store.run_grouped(kind, number)) for number in numbers]
    await asyncio.sleep(0)
    opened.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


@on_postgresql
async def test_what_the_driver_itself_refuses_takes_no_other_with_it(store: Store) -> None:
    """psycopg's own errors have no SQLSTATE either, and the connection is well."""
    kind = Grouped(note, one_by_one, lambda n: n)
    *others, failed = await together(store, kind, [1, 2, 3, 13])
    assert isinstance(failed, Exception)
    assert others == [1, 2, 3]


@on_postgresql
async def test_what_fails_as_the_database_goes_is_named_unavailable_to_all(store: Store) -> None:
    """A session that the server ends is not always an OperationalError."""

    def several(tx: Tx, asked: Sequence[Asked[int]]) -> list[int]:
        if first:
            first.clear()
            tx.exec_driver_sql("SET idle_in_transaction_session_timeout = 50")
            threading.Event().wait(0.5)
        return one_by_one(tx, asked)

    first = [True]
    kind = Grouped(note, several, lambda n: n)
    done = await together(store, kind, [1, 2, 3])
    assert all(isinstance(one, StorageUnavailable | int) for one in done), done


@on_postgresql
async def test_the_second_of_one_key_waits_for_the_first_where_that_is_done_alone(store: Store) -> None:
    order: list[int] = []

    def one(tx: Tx, number: int) -> int:
        order.append(number)
        return number

    def several(tx: Tx, asked: Sequence[Asked[int]]) -> list[int]:
        if any(one.what == 13 for one in asked):
            raise ValueError
        return [one(tx, job.what) for job in asked]

    release = threading.Event()
    busy = [asyncio.create_task(store.run(lambda tx: release.wait(20))) for _ in range(4)]  # other work
    await asyncio.sleep(0.1)
    kind = Grouped(one, several, lambda number: number % 10)
    waits = asyncio.create_task(together(store, kind, [13, 1, 21]))
    await asyncio.sleep(1)
    release.set()
    await asyncio.gather(*busy, waits)
    assert [n for n in order if n % 10 == 1] == [1, 21]


@on_postgresql
async def test_too_few_answers_are_found_out_before_the_commit(store: Store) -> None:
    kind = Grouped(note, lambda tx, asked: one_by_one(tx, asked)[1:], lambda n: n)
    done = await together(store, kind, [1, 2])
    assert all(isinstance(one, ValueError) for one in done)
    assert await store.read(lambda tx: list(tx.scalars(sa.select(handled.c.update_id)))) == []


@on_postgresql
async def test_who_waits_for_a_held_row_keeps_nobody_of_the_same_transaction_waiting(store: Store) -> None:
    rows = [{"update_id": number, "chat_id": 0, "at": NOW} for number in range(10)]
    await store.run(lambda tx: tx.execute(handled.insert(), rows))

    def count(tx: Tx, number: int) -> int:
        row = 0 if number < 5 else number
        tx.execute(handled.update().where(handled.c.update_id == row).values(chat_id=handled.c.chat_id + 1))
        return number

    def several(tx: Tx, asked: Sequence[Asked[int]]) -> list[int]:
        return [count(tx, one.what) for one in asked]

    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with store.engine.begin() as tx:  # another process
            count(tx, 0)
            held.set()
            release.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    begun = monotonic()
    kind = Grouped(count, several, lambda n: n)
    tasks = [asyncio.create_task(store.run_grouped(kind, number)) for number in range(1, 8)]
    other = asyncio.create_task(store.run(lambda tx: None))
    await asyncio.wait([*tasks[4:], other], timeout=6)
    took = monotonic() - begun
    release.set()
    await asyncio.gather(*tasks, other, return_exceptions=True)
    thread.join()
    assert took < 3, took


@on_postgresql
async def test_a_slow_one_does_not_keep_the_others_waiting(store: Store) -> None:
    """As a search through many entries; before, three other threads went on."""

    def slow(tx: Tx, number: int) -> int:
        if number == 1:
            tx.exec_driver_sql("SELECT pg_sleep(1.5)")
        return number

    kind = Grouped(slow, lambda tx, asked: [slow(tx, one.what) for one in asked], lambda n: n)
    first = asyncio.create_task(store.run_grouped(kind, 1))
    await asyncio.sleep(0.1)
    begun = monotonic()
    await store.run_grouped(kind, 2)
    took = monotonic() - begun
    await first
    assert took < 1, took


@on_postgresql
async def test_what_is_asked_after_the_end_is_answered_all_the_same(store: Store) -> None:
    """Between the look at whether it is closed and this, another thread may have closed the store."""
    assert store._group is not None
    await asyncio.to_thread(store._group.close)
    with pytest.raises(StorageUnavailable):
        await asyncio.wait_for(store.run_grouped(Grouped(note, one_by_one, lambda n: n), 1), 3)
