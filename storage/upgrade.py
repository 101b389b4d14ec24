"""Brings a database to the tables that this program knows, by one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from storage import search_index
from storage.db import StorageUnavailable, Tx, engine_for

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as nothing else in the database takes the same lock.
_UPGRADE_LOCK = 0x7468_6F6E_6774


class DatabaseIsNewer(Exception):
    """The database has been upgraded by a newer version of the program than this one."""


def upgrade(setting: str) -> str:
    """Runs the steps that the database still lacks, all or none; returns its revision.

    Raises DatabaseIsNewer, and StorageUnavailable when the database cannot be opened or written.
    """
    try:
        make_folder(setting)
        return _upgraded(engine_for(setting))
    except (DatabaseError, OSError) as error:
        raise StorageUnavailable(str(getattr(error, "orig", error))) from error


def _upgraded(engine: Engine) -> str:
    try:
        with engine.connect() as connection:
            _loosen_foreign_keys(connection)
            with connection.begin():  # on SQLite this takes the write lock
                if engine.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
                _refuse_newer(connection)
                command.upgrade(alembic_config(connection), "head")
                search_index.prepare(connection)
                _check_foreign_keys(connection)
                return revision_of(connection) or ""
    finally:
        engine.dispose()


def readiness(setting: str) -> Literal["unreachable", "empty", "older", "newer", "ready"]:
    """What a database lacks for this program; makes and changes nothing."""
    engine = engine_for(setting)
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return "empty"
    try:
        with engine.connect().execution_options(reading=True) as connection:
            revision = revision_of(connection)
    except DatabaseError:
        return "unreachable"
    finally:
        engine.dispose()
    if revision is None:
        return "empty"
    if revision not in _revisions():
        return "newer"
    return "ready" if revision == head() else "older"


def head() -> str:
    """The revision that this program needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def knows(revision: str) -> bool:
    """Whether a database of that revision can be used, after an upgrade if need be."""
    return revision in _revisions()


def _revisions() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def revision_of(tx: Tx) -> str | None:
    """The revision that a database is at; None when nothing was ever made in it."""
    return MigrationContext.configure(tx).get_current_revision()


def make_folder(setting: str) -> None:
    """Makes the folder that an SQLite file is to lie in."""
    engine: Engine = engine_for(setting)
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> None:
    revision = revision_of(connection)
    if revision is not None and revision not in _revisions():
        raise DatabaseIsNewer(revision)


def _loosen_foreign_keys(connection: Connection) -> None:
    """SQLite changes a table by copying it, which foreign keys would forbid; they are checked at the end."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and raw is not None:
        raw.execute("PRAGMA foreign_keys=OFF")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError(
            f"an upgrade step left a row of {broken[0]} without the row of {broken[2]} it needs"
        )
