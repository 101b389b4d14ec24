"""A transaction is confirmed only when it is durable, and a failed one leaves nothing and harms no other."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.db import MOST_IN_ONE_COMMIT, StorageUnavailable, Store, Tx, engine_for
from storage.tables import dead_letter, handled, running_number
from storage.upgrade import upgrade
from tests import postgres
from tests.conftest import WITHOUT_POSTGRES

NOW = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)


def note(tx: Tx, update_id: int, at: datetime = NOW) -> int:
    tx.execute(handled.insert().values(update_id=update_id, chat_id=1, at=at))
    return update_id


def noted(tx: Tx) -> list[int]:
    return list(tx.scalars(sa.select(handled.c.update_id).order_by(handled.c.update_id)))


def note_then_fail(tx: Tx, update_id: int) -> None:
    note(tx, update_id)
    raise ValueError("after writing")


async def test_what_was_written_is_read_back(store: Store) -> None:
    assert await store.run(note, 7) == 7
    assert await store.read(noted) == [7]
    assert store.run_now(note, update_id=8) == 8
    assert store.read_now(noted) == [7, 8]


async def test_a_failed_transaction_leaves_nothing_and_the_next_one_succeeds(store: Store) -> None:
    with pytest.raises(ValueError, match="after writing"):
        await store.run(note_then_fail, 1)
    await store.run(note, 1)
    assert await store.read(noted) == [1]


async def test_one_failure_among_many_at_once_takes_no_other_with_it(store: Store) -> None:
    work = [store.run(note_then_fail if n % 5 == 0 else note, n) for n in range(3 * MOST_IN_ONE_COMMIT)]
    answers = await asyncio.gather(*work, return_exceptions=True)
    assert [one for one in answers if isinstance(one, Exception) and not isinstance(one, ValueError)] == []
    failed = [n for n, answer in enumerate(answers) if isinstance(answer, ValueError)]
    assert failed == [n for n in range(3 * MOST_IN_ONE_COMMIT) if n % 5 == 0]
    assert await store.read(noted) == [n for n in range(3 * MOST_IN_ONE_COMMIT) if n % 5]


async def test_no_count_is_lost_when_many_count_at_once(store: Store) -> None:
    def count(tx: Tx) -> None:
        last = tx.execute(sa.select(running_number.c.last).with_for_update()).scalar_one()
        tx.execute(running_number.update().values(last=last + 1))

    store.run_now(lambda tx: tx.execute(running_number.insert().values(letter="N", year=2560, last=0)))
    await asyncio.gather(*(store.run(count) for _ in range(60)))
    assert store.read_now(lambda tx: tx.execute(sa.select(running_number.c.last)).scalar_one()) == 60


async def test_two_programs_can_write_to_one_database(store: Store, database: str) -> None:
    other = Store(database)
    await asyncio.gather(*((store if n % 2 else other).run(note, n) for n in range(40)))
    assert await other.read(noted) == list(range(40))
    other.close()


async def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    started, written = threading.Event(), threading.Event()

    def read_twice(tx: Tx) -> tuple[list[int], list[int]]:
        before = noted(tx)
        started.set()
        assert written.wait(10)
        return before, noted(tx)

    reading = asyncio.create_task(store.read(read_twice))
    await asyncio.to_thread(started.wait, 10)
    await store.run(note, 1)
    written.set()
    before, after = await reading
    assert before == after == []
    assert await store.read(noted) == [1]


async def test_reading_can_not_write(store: Store) -> None:
    with pytest.raises((StorageUnavailable, sa.exc.DBAPIError)):
        await store.read(note, 1)
    assert await store.read(noted) == []
    assert await store.run(note, 1) == 1


async def test_nothing_is_answered_before_its_commit(tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    upgrade(f"sqlite:///{file}")
    store = Store(f"sqlite:///{file}")
    await store.run(note, 1)
    outside = sqlite3.connect(file)
    assert outside.execute("SELECT update_id FROM handled").fetchall() == [(1,)]
    outside.close()
    store.close()


async def test_closing_finishes_what_is_queued_and_then_takes_no_more(store: Store, database: str) -> None:
    waiting = [asyncio.ensure_future(store.run(note, n)) for n in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(store.close)
    assert await asyncio.gather(*waiting) == list(range(50))
    with pytest.raises(StorageUnavailable):
        await store.run(note, 99)
    store.close()
    again = Store(database)
    assert again.read_now(noted) == list(range(50))
    again.close()


async def test_a_database_that_cannot_be_opened_is_named_and_works_once_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "not-yet"
    store = Store(f"sqlite:///{folder}/one.sqlite3")
    with pytest.raises(StorageUnavailable):
        await store.run(note, 1)
    with pytest.raises(StorageUnavailable):
        await store.read(noted)
    upgrade(f"sqlite:///{folder}/one.sqlite3")
    assert await store.run(note, 1) == 1
    store.close()


def test_sqlite_is_opened_durably_and_with_foreign_keys(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/one.sqlite3")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    engine.dispose()


def test_what_a_lax_postgresql_server_has_confirmed_outlives_its_crash() -> None:
    if (programs := postgres.programs()) is None:
        pytest.skip(WITHOUT_POSTGRES)
    with postgres.server(programs) as server:
        assert postgres.QUICK["synchronous_commit"] == "off"  # confirms what is on no disk yet
        setting = server.setting(server.make())
        upgrade(setting)
        store = Store(setting)
        for n in range(20):
            store.run_now(note, n)
        server.stop()
        server.start()
        assert store.read_now(noted) == list(range(20))
        store.close()


def test_thai_text_in_json_is_kept_as_letters(store: Store) -> None:
    letter = {"update_id": 1, "raw": {"text": "น้ำตก"}, "error": "", "attempts": 1, "at": NOW}
    store.run_now(lambda tx: tx.execute(dead_letter.insert().values(**letter)))
    kept = store.read_now(
        lambda tx: tx.execute(sa.text("SELECT CAST(raw AS TEXT) FROM dead_letter")).scalar_one()
    )
    assert "น้ำตก" in kept


def test_moments_come_back_as_they_were_and_sort_as_time(store: Store) -> None:
    in_bangkok = NOW.astimezone(timezone(timedelta(hours=7))) + timedelta(microseconds=1)
    store.run_now(note, 1, in_bangkok)
    store.run_now(note, 2, NOW)
    moments = store.read_now(lambda tx: list(tx.scalars(sa.select(handled.c.at).order_by(handled.c.at))))
    assert moments == [NOW, in_bangkok]
    with pytest.raises((ValueError, sa.exc.StatementError), match="time zone"):
        store.run_now(note, 3, datetime(2017, 1, 16))  # noqa: DTZ001 - a moment without its zone is the point


def test_what_no_database_takes_is_kept_with_a_mark_in_its_place(store: Store) -> None:
    raw = {"a": "x\0\0y", "written": "\\u0000", "both": "\\\0", "plain": "น้ำ"}
    values = {
        "update_id": 1,
        "chat_id": None,
        "raw": raw,
        "error": "",
        "attempts": 1,
        "at": NOW,
        "saved": False,
    }
    store.run_now(lambda tx: tx.execute(dead_letter.insert().values(values)))
    kept = store.read_now(lambda tx: tx.scalar(sa.select(dead_letter.c.raw)))
    assert kept == {"a": "x\ufffd\ufffdy", "written": "\\u0000", "both": "\\\ufffd", "plain": "น้ำ"}
