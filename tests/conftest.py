"""Every test of storage runs on SQLite and on PostgreSQL; what could not run is said loudly at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from storage.db import Store
from storage.upgrade import upgrade
from tests import postgres, s3
from tests.chromium import WITHOUT_BROWSER, browser, chromium, installed
from tests.databases import Databases
from tests.nginx import NGINX, WITHOUT_NGINX

# What only one kind of database does.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
WITHOUT_POSTGRES = "PostgreSQL is not installed: HALF OF THE STORAGE TESTS DID NOT RUN. On Debian or Ubuntu: apt-get install postgresql"

__all__ = ["browser", "chromium"]

# For one example: a fifth of a second, as it is without this, says more of what else runs on the machine.
settings.register_profile("tests", deadline=timedelta(seconds=2))
settings.load_profile("tests")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = [] if postgres.programs() else [WITHOUT_POSTGRES]
    missing += [] if installed() else [WITHOUT_BROWSER]
    missing += [] if NGINX else [WITHOUT_NGINX]
    for sentence in missing:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
        terminalreporter.write_line(sentence, red=True, bold=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes half a minute begins first, so that at the end no core waits for the other."""
    items.sort(key=lambda item: item.get_closest_marker("chaos") is None)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own THONGTHIN_* and AWS_* variables never reach a test."""
    for name in [name for name in os.environ if name.startswith(("THONGTHIN_", "AWS_"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def now() -> datetime:
    """Nine in the morning of Monday 16 January 2560 (2017) in Bangkok."""
    return datetime(2017, 1, 16, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Postgres:
    server: postgres.Server
    databases: Databases  # with every table and no row


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    folder = postgres.programs()
    if folder is None:
        pytest.skip(WITHOUT_POSTGRES)
    with postgres.server(folder) as server:
        template = server.make()
        upgrade(server.setting(template))
        databases = Databases(server, template)
        yield Postgres(server, databases)
        databases.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def s3_server() -> Iterator[s3.Server]:
    with s3.server() as server:
        yield server


@pytest.fixture(name="s3")
def s3_running(s3_server: s3.Server) -> Iterator[s3.Server]:
    """A server that speaks S3 on loopback; one that a test left away is back for the next."""
    yield s3_server
    s3_server.stop()
    s3_server.start()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What THONGTHIN_DATABASE would be, for a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/thongthin.sqlite3"
        return
    made: Postgres = request.getfixturevalue("postgres_server")
    name = made.server.make()
    yield made.server.setting(name)
    made.server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What THONGTHIN_DATABASE would be, for a database with every table and no row."""
    if request.param == "sqlite":
        file = tmp_path / "thongthin.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    made: Postgres = request.getfixturevalue("postgres_server")
    name = made.databases.lend()
    yield made.server.setting(name)
    made.databases.take_back(name)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An open store with every table and no row, on each kind of database in turn."""
    opened = Store(database)
    yield opened
    opened.close()
