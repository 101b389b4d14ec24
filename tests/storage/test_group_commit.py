"""On PostgreSQL what comes meanwhile shares a transaction; whoever fails in it spoils nothing for the others."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa

from storage.causes import cause, caused_by
from storage.db import StorageUnavailable, Store, Tx
from storage.group_commit import MOST_IN_ONE_COMMIT, PATIENCE, Asked, Grouped
from storage.tables import handled
from tests.conftest import on_postgresql

GUIDE = Path(__file__).parents[2] / "docs" / "deploy" / "README.md"
NOW = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)


@dataclass
class Notes:
    """Notes numbers, each in the transaction whose number is its answer; 13 fails after it was written.

    Numbers with the same last digit have the same key. While `open` is not set, transactions wait.
    """

    open: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    causes: dict[int, str] = field(default_factory=dict)

    def kind(self) -> Grouped[int, int]:
        return Grouped(self.one, self.several, lambda number: number % 10)

    def one(self, tx: Tx, number: int) -> int:
        self.begun.set()
        assert self.open.wait(20)
        self.causes[number] = cause.get()
        tx.execute(handled.insert().values(update_id=number, chat_id=1, at=NOW))
        if number == 13:
            raise ValueError("after writing")
        return transaction(tx)

    def several(self, tx: Tx, asked: Sequence[Asked[int]]) -> list[int]:
        return [one.within.run(self.one, tx, one.what) for one in asked]


def transaction(tx: Tx) -> int:
    """Which one it is; on SQLite, where the store commits together by itself, always 0."""
    return 0 if tx.dialect.name == "sqlite" else tx.execute(sa.text("SELECT txid_current()")).scalar_one()


def noted(tx: Tx) -> list[int]:
    return list(tx.scalars(sa.select(handled.c.update_id).order_by(handled.c.update_id)))


@pytest.fixture
def notes() -> Iterator[Notes]:
    made = Notes()
    yield made
    made.open.set()


async def while_one_is_under_way(
    store: Store, notes: Notes, numbers: Sequence[int], meanwhile: Callable[[], object] = lambda: None
) -> list[int | BaseException]:
    """What becomes of these, which are all asked while number 0 holds the first transaction open."""
    kind = notes.kind()
    first = asyncio.create_task(store.run_grouped(kind, 0))
    await asyncio.to_thread(notes.begun.wait, 20)
    tasks = [asyncio.create_task(store.run_grouped(kind, number)) for number in numbers]
    await asyncio.sleep(0)
    meanwhile()
    notes.open.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_was_asked_is_done_and_answered(store: Store, notes: Notes) -> None:
    await while_one_is_under_way(store, notes, range(1, 8))
    assert await store.read(noted) == list(range(8))


@on_postgresql
async def test_what_comes_meanwhile_shares_a_transaction(store: Store, notes: Notes) -> None:
    assert len(set(await while_one_is_under_way(store, notes, range(1, 8)))) == 1


@on_postgresql
async def test_a_transaction_does_not_grow_without_end(store: Store, notes: Notes) -> None:
    kind = Grouped(notes.one, notes.several, lambda number: number)
    notes.open.set()
    many = await asyncio.gather(
        *(store.run_grouped(kind, number + 100) for number in range(3 * MOST_IN_ONE_COMMIT))
    )
    assert max(many.count(one) for one in many) <= MOST_IN_ONE_COMMIT
    assert len(await store.read(noted)) == len(many)


@on_postgresql
async def test_two_of_one_key_are_done_one_after_the_other(store: Store, notes: Notes) -> None:
    first, second, other = await while_one_is_under_way(store, notes, [1, 21, 2])
    assert first == other != second
    assert list(notes.causes) == [0, 1, 2, 21]


async def test_one_that_fails_is_told_and_takes_no_other_with_it(store: Store, notes: Notes) -> None:
    *done, failed = await while_one_is_under_way(store, notes, [1, 2, 13])
    assert not [one for one in done if isinstance(one, BaseException)]
    assert isinstance(failed, ValueError)
    assert await store.read(noted) == [0, 1, 2]


async def test_each_is_done_in_the_context_of_who_asked(store: Store, notes: Notes) -> None:
    def ask(number: int) -> asyncio.Task[int]:
        with caused_by(f"update:{number}"):
            return asyncio.create_task(store.run_grouped(notes.kind(), number))

    notes.open.set()
    await asyncio.gather(*(ask(number) for number in (1, 2, 3)))
    assert notes.causes == {number: f"update:{number}" for number in (1, 2, 3)}


async def test_what_nobody_waits_for_any_more_is_not_begun(store: Store, notes: Notes) -> None:
    first = asyncio.create_task(store.run_grouped(notes.kind(), 0))
    await asyncio.to_thread(notes.begun.wait, 20)
    left = asyncio.create_task(store.run_grouped(notes.kind(), 1))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.sleep(0)
    notes.open.set()
    await first
    await store.run_grouped(notes.kind(), 2)
    assert await store.read(noted) == [0, 2]


async def test_closing_finishes_what_is_queued(store: Store, notes: Notes) -> None:
    waits = [asyncio.create_task(store.run_grouped(notes.kind(), number)) for number in range(5)]
    await asyncio.to_thread(notes.begun.wait, 20)
    notes.open.set()
    await asyncio.to_thread(store.close)
    assert len(await asyncio.gather(*waits)) == 5
    with pytest.raises(StorageUnavailable):
        await store.run_grouped(notes.kind(), 9)


@on_postgresql
async def test_who_needs_a_row_that_another_holds_waits_alone(store: Store, database: str) -> None:
    """The others of its transaction are done, at the latest when the patience of all is at its end."""

    def count(tx: Tx, number: int) -> int:
        table = handled.update().where(handled.c.update_id == number)
        tx.execute(table.values(chat_id=handled.c.chat_id + 1))
        return number

    def several(tx: Tx, asked: Sequence[Asked[int]]) -> list[int]:
        return [count(tx, one.what) for one in asked]

    kind = Grouped(count, several, lambda number: number)
    rows = [{"update_id": number, "chat_id": 0, "at": NOW} for number in range(4)]
    await store.run(lambda tx: tx.execute(handled.insert(), rows))
    held, release = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        count(tx, 2)
        held.set()
        release.wait(20)

    holding = asyncio.create_task(store.run(hold))
    await asyncio.to_thread(held.wait, 20)
    begun = monotonic()
    tasks = [asyncio.create_task(store.run_grouped(kind, number)) for number in range(4)]
    await asyncio.gather(tasks[0], tasks[1], tasks[3])
    assert not tasks[2].done()
    assert monotonic() - begun < 20 * PATIENCE  # and not as long as the row is held
    release.set()
    await asyncio.gather(holding, tasks[2])
    counts = await store.read(
        lambda tx: list(tx.scalars(sa.select(handled.c.chat_id).order_by(handled.c.update_id)))
    )
    assert counts == [1, 1, 2, 1]


@on_postgresql
async def test_connections_that_broke_are_made_anew(store: Store, notes: Notes) -> None:
    notes.open.set()
    await store.run_grouped(notes.kind(), 1)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    store.read_now(lambda tx: tx.execute(sa.text(others)))
    await store.run_grouped(notes.kind(), 2)
    assert await store.read(noted) == [1, 2]


@on_postgresql
async def test_where_the_connection_breaks_nobody_is_confirmed_and_the_next_try_succeeds(
    store: Store, notes: Notes
) -> None:
    def break_it() -> None:
        other = store.engine.connect()
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        other.execute(sa.text(others))
        other.close()

    kind = notes.kind()
    first = asyncio.create_task(store.run_grouped(kind, 0))
    await asyncio.to_thread(notes.begun.wait, 20)
    break_it()
    notes.open.set()
    with pytest.raises(StorageUnavailable):
        await first
    assert await store.read(noted) == []
    await store.run_grouped(kind, 0)
    assert await store.read(noted) == [0]


@on_postgresql
async def test_a_process_has_no_more_connections_than_the_guide_says(store: Store, notes: Notes) -> None:
    def stay(tx: Tx) -> int:
        notes.open.wait(20)
        theirs = "datname = current_database() AND application_name = 'thongthin'"
        return int(tx.execute(sa.text(f"SELECT count(*) FROM pg_stat_activity WHERE {theirs}")).scalar_one())

    listening = store.wakeups.listen(lambda: None)
    asked = [*(store.run(stay) for _ in range(20)), *(store.read(stay) for _ in range(20))]
    counting = asyncio.gather(store.run_grouped(notes.kind(), 1), *asked)
    await asyncio.to_thread(notes.begun.wait, 20)
    await asyncio.sleep(1)
    notes.open.set()
    _, *counts = await counting
    listening()
    [said] = re.findall(r"at most (\d+) connections", GUIDE.read_text(encoding="utf-8"))
    assert 8 < max(counts) <= int(said)
