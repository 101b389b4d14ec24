"""The steps of migrations/ lead to exactly what tables.py says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.db import Store, engine_for
from storage.tables import metadata
from storage.upgrade import DatabaseIsNewer, head, revision_of, upgrade


def test_the_steps_make_the_tables_that_the_code_knows(bare_database: str) -> None:
    assert upgrade(bare_database) == head()
    engine = engine_for(bare_database)
    with engine.connect() as connection:
        # Alembic reads SQLite's empty default texts wrongly; the steps are the same for both.
        defaults = engine.dialect.name == "postgresql"
        # The index of words is not for SQLAlchemy to describe; tests/storage/test_search_index.py looks at it.
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": defaults,
                "include_name": lambda name, _kind, _parents: not str(name).startswith("submission_words"),
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_conditions_of_partial_indexes_are_made_too(store: Store) -> None:
    def conditions(tx: sa.Connection) -> dict[str, object]:
        found: dict[str, object] = {}
        for table in metadata.tables:
            for index in sa.inspect(tx).get_indexes(table):
                options = index.get("dialect_options", {})
                where = options.get("sqlite_where", options.get("postgresql_where"))
                if where is not None and not str(index["name"]).startswith("submission_words"):
                    found[str(index["name"])] = str(where).replace("(", "").replace(")", "")
        return found

    wanted = {
        str(index.name): str(index.dialect_options["sqlite"]["where"].compile(store.engine))
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert wanted
    assert store.read_now(conditions) == wanted


def test_a_second_upgrade_changes_nothing(bare_database: str) -> None:
    upgrade(bare_database)
    assert upgrade(bare_database) == head()


def test_two_processes_that_start_at_once_upgrade_once(bare_database: str) -> None:
    with ThreadPoolExecutor(2) as starting:
        assert set(starting.map(upgrade, [bare_database, bare_database])) == {head()}


def test_a_database_of_a_newer_version_is_left_alone_and_opens_again_with_it(bare_database: str) -> None:
    upgrade(bare_database)
    engine = engine_for(bare_database)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseIsNewer):
        upgrade(bare_database)
    with engine.begin() as connection:
        assert revision_of(connection) == "9999"
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :head"), {"head": head()})
    engine.dispose()
    assert upgrade(bare_database) == head()


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path}/new/data/thongthin.sqlite3")
    assert (tmp_path / "new/data/thongthin.sqlite3").exists()
