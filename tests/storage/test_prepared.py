"""Statements compiled once: the same rows and the same errors as from SQLAlchemy, on both kinds of database."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from storage.db import Store, Tx
from storage.prepared import Prepared, named
from storage.tables import chat, lao, running_number

BY_ID = select(chat).where(chat.c.id == bindparam("chat_id"))
ADD = insert(chat).values(
    id=bindparam("id"), language="th", focus=bindparam("focus"), seen_at=bindparam("seen_at")
)


def test_a_row_reads_as_from_sqlalchemy(store: Store, now: datetime) -> None:
    def work(tx: Tx) -> None:
        assert Prepared(ADD).run(tx, id=7, focus={"คำ": ["ก", 1]}, seen_at=now) == 1
        row, plain = Prepared(BY_ID).row(tx, chat_id=7), tx.execute(BY_ID, {"chat_id": 7}).one()
        assert row is not None
        assert row._asdict() == dict(plain._mapping)
        assert (row.focus, row.seen_at, row.told_at) == ({"คำ": ["ก", 1]}, now, None)

    store.run_now(work)


def test_numbers_with_a_point_and_nulls_are_read(store: Store, now: datetime) -> None:
    place = Prepared(select(lao.c.latitude, lao.c.longitude).where(lao.c.code == bindparam("code")))

    def work(tx: Tx) -> None:
        about = {"name": "ก", "type": "ข", "province": "ค", "district": "ง", "folded": "", "updated_at": now}
        tx.execute(insert(lao), [{"code": "1", "latitude": 18.25, "longitude": None, **about}])
        assert place.row(tx, code="1") == (18.25, None)
        assert place.row(tx, code="2") is None

    store.run_now(work)


def test_a_change_says_how_many_rows_it_met(store: Store, now: datetime) -> None:
    change = Prepared(update(chat).where(chat.c.id == bindparam("chat_id")).values(focus=bindparam("focus")))

    def work(tx: Tx) -> None:
        Prepared(ADD).run(tx, id=7, focus={}, seen_at=now)
        assert change.run(tx, chat_id=7, focus={"a": 1}) == 1
        assert change.run(tx, chat_id=8, focus={"a": 1}) == 0

    store.run_now(work)


def test_a_write_gives_back_what_it_is_asked_for(store: Store, now: datetime) -> None:
    make = postgresql.insert if not store.is_sqlite else sqlite.insert
    made = make(running_number).values(**named("letter", "year"), last=1)
    counted_up = {"last": running_number.c.last + 1}
    up = made.on_conflict_do_update(index_elements=["letter", "year"], set_=counted_up)
    count = Prepared(up.returning(running_number.c.last))

    def work(tx: Tx) -> None:
        assert [count.row(tx, letter="N", year=2560) for _ in range(3)] == [(1,), (2,), (3,)]

    store.run_now(work)


def test_an_error_is_sqlalchemys_and_the_store_goes_on(store: Store, now: datetime) -> None:
    def twice(tx: Tx) -> None:
        Prepared(ADD).run(tx, id=7, focus={}, seen_at=now)
        Prepared(ADD).run(tx, id=7, focus={}, seen_at=now)

    with pytest.raises(IntegrityError) as error:
        store.run_now(twice)
    assert "สมศรี" not in str(error.value)
    store.run_now(lambda tx: Prepared(ADD).run(tx, id=7, focus={"x": "สมศรี"}, seen_at=now))
    found = store.read_now(lambda tx: Prepared(BY_ID).row(tx, chat_id=7))
    assert found is not None
    assert found.focus == {"x": "สมศรี"}
