"""A PostgreSQL database that is lent again is as a new one: no row, ids from 1, the tables as they were."""

from __future__ import annotations

import contextlib

import psycopg
import pytest

from tests.conftest import Postgres

ADD = "INSERT INTO reviewer (name, password_hash, created_at) VALUES ('สมหญิง', '', now()) RETURNING id"


def did(postgres: Postgres, name: str, *statements: str) -> int:
    """The number that the last of them answers, 0 where it answers none."""
    found = 0
    with contextlib.closing(psycopg.connect(postgres.server.setting(name), autocommit=True)) as connection:
        for statement in statements:
            cursor = connection.execute(statement.replace("{name}", name))
            row = cursor.fetchone() if cursor.description else None
            found = int(row[0]) if row else 0
    return found


def test_a_database_is_lent_again_without_a_row_and_with_ids_from_one(postgres_server: Postgres) -> None:
    lender = postgres_server.databases
    name = lender.lend()
    assert did(postgres_server, name, ADD, ADD.replace("สมหญิง", "มานะ")) == 2
    lender.take_back(name)
    again = lender.lend()
    assert again == name
    assert did(postgres_server, again, "SELECT count(*) FROM reviewer") == 0
    assert did(postgres_server, again, ADD) == 1
    lender.take_back(again)


def test_nobody_gets_a_database_that_another_has(postgres_server: Postgres) -> None:
    lender = postgres_server.databases
    both = [lender.lend(), lender.lend()]
    assert len(set(both)) == 2
    for name in both:
        lender.take_back(name)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id integer)",
        "ALTER TABLE reviewer ADD COLUMN more integer",
        "CREATE INDEX more ON reviewer (created_at)",
        "DROP EXTENSION IF EXISTS pg_trgm CASCADE; CREATE FUNCTION more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "ANALYZE reviewer",
        "ALTER TABLE reviewer DISABLE TRIGGER ALL",
        "ALTER SEQUENCE reviewer_id_seq RESTART WITH 50",
        "UPDATE alembic_version SET version_num = 'another'",
        'ALTER DATABASE "{name}" SET work_mem = 100',
        "INSERT INTO reviewer (name, password_hash, created_at) SELECT 'no ' || n, '', now() FROM generate_series(1, 20000) n",
    ],
)
def test_one_that_is_not_as_it_was_is_not_lent_again(postgres_server: Postgres, statement: str) -> None:
    lender = postgres_server.databases
    name = lender.lend()
    did(postgres_server, name, ADD, statement)
    lender.take_back(name)
    again = lender.lend()
    assert again != name
    assert did(postgres_server, again, ADD) == 1
    lender.take_back(again)


def test_what_a_test_left_connected_is_cut_off(postgres_server: Postgres) -> None:
    lender = postgres_server.databases
    name = lender.lend()
    with contextlib.closing(psycopg.connect(postgres_server.server.setting(name))) as left:
        left.execute("LOCK TABLE reviewer")
        lender.take_back(name)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    assert did(postgres_server, lender.lend(), ADD) == 1
