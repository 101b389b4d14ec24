"""Which errors of a database are waited out, and which are a mistake of ours."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storage.db import StorageUnavailable, Store
from tests.conftest import on_postgresql, on_sqlite

WRONG = [
    *(("sqlite", one) for one in ("SELECT no_such_column", "SELECT * FROM no_such_table", "SELEC 1")),
    ("sqlite", f"SELECT 1 WHERE {'NOT ' * 1_100}1"),
    *(("postgresql", one) for one in ("SELECT no_such_column", "SELECT array_fill(0, ARRAY[2000000000])")),
]


@pytest.mark.parametrize(("database", "wrong"), WRONG, indirect=["database"])
async def test_a_wrong_statement_is_not_waited_out(store: Store, wrong: str) -> None:
    for ask in (store.run, store.read):
        with pytest.raises(sa.exc.DBAPIError):
            await ask(lambda tx: tx.execute(sa.text(wrong)))
    assert await store.read(lambda tx: tx.scalar(sa.text("SELECT 1"))) == 1


@on_postgresql
@pytest.mark.parametrize(
    "state", ["40001", "40P01", "55P03", "57014", "57P01", "53100", "58030", "08006", "25006"]
)
async def test_what_passes_on_postgresql_is_waited_out(store: Store, state: str) -> None:
    raising = sa.text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    with pytest.raises(StorageUnavailable):
        await store.run(lambda tx: tx.execute(raising))
    assert await store.read(lambda tx: tx.scalar(sa.text("SELECT 1"))) == 1


@on_sqlite
async def test_what_passes_on_sqlite_is_waited_out(store: Store) -> None:
    with pytest.raises(StorageUnavailable):
        await store.run(_on_a_full_disk)
    assert await store.read(lambda tx: tx.scalar(sa.text("SELECT 1"))) == 1


@on_sqlite
async def test_a_file_that_was_taken_away_is_waited_for(store: Store) -> None:
    await store.run(lambda tx: tx.execute(sa.text("ALTER TABLE web_session RENAME TO gone")) and None)
    with pytest.raises(StorageUnavailable):
        await store.read(lambda tx: tx.execute(sa.text("SELECT * FROM web_session")))


def _on_a_full_disk(tx: sa.Connection) -> None:
    tx.exec_driver_sql("PRAGMA max_page_count = 1")
    tx.exec_driver_sql("CREATE TABLE filling (x)")
    tx.exec_driver_sql("INSERT INTO filling SELECT zeroblob(1000000)")
