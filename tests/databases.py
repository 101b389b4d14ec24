"""Databases of PostgreSQL with every table and no row: emptied and lent again, as making one takes far longer."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import psycopg

from tests.postgres import Server

MOST_GROWN = 2**20  # bytes that deleted rows may take up before a new database is the better one

# Whatever was made, changed or dropped since, settings and statistics too, has left another transaction's number here.
CATALOGUES = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_type", "pg_enum",
    "pg_proc", "pg_namespace", "pg_extension", "pg_collation", "pg_policy", "pg_sequence", "pg_statistic",
    "pg_default_acl", "pg_event_trigger",
)  # fmt: skip
SHAPE = " UNION ALL ".join(
    f"SELECT '{name}', count(*), sum(xmin::text::bigint) FROM {name}" for name in CATALOGUES
)
OF_THE_SERVER = (
    "SELECT datname, datacl::text, (SELECT array_agg(setconfig::text) FROM pg_db_role_setting"
    " WHERE setdatabase = pg_database.oid) FROM pg_database WHERE datname = current_database()"
)
TABLES = (
    "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
OTHERS = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True)
class _Made:
    connection: psycopg.Connection  # stays open: opening one takes longer than all the rest
    shape: list[tuple[object, ...]]
    size: int


class Databases:
    """Copies of one template; what a test did to the tables themselves is noticed, and then the copy is dropped."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._made: dict[str, _Made] = {}
        with contextlib.closing(self._connected(template)) as connection:
            tables = [name for (name,) in connection.execute(TABLES)]
            self._filled = [name for name in tables if _count(connection, name)]
        self._empty = [name for name in tables if name not in self._filled]

    def lend(self) -> str:
        """The name of a database that nobody else has."""
        if self._free:
            return self._free.pop()
        name = self._server.make(self._template)
        connection = self._connected(name)
        self._made[name] = _Made(connection, self._shape(connection), _size(connection))
        return name

    def take_back(self, name: str) -> None:
        if self._emptied(self._made[name]):
            self._free.append(name)
            return
        self._made.pop(name).connection.close()
        self._server.drop(name)

    def close(self) -> None:
        for one in self._made.values():
            one.connection.close()

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self._server.setting(name), autocommit=True)

    def _emptied(self, made: _Made) -> bool:
        """Whether it is as it was when it was made; not where its tables are others or still take up much room."""
        connection = made.connection
        try:
            connection.execute(OTHERS)
            if self._shape(connection) != made.shape:
                return False
            self._clear(connection)
            return _size(connection) - made.size <= MOST_GROWN
        except psycopg.Error:  # a test cut this connection too, or removed what it reads
            return False

    def _shape(self, connection: psycopg.Connection) -> list[tuple[object, ...]]:
        """What the database is, beside the rows of the tables that are empty in the template."""
        found = [*connection.execute(SHAPE), *connection.execute(OF_THE_SERVER)]
        for name in self._filled:
            found += connection.execute(f"SELECT '{name}', t::text FROM {name} t ORDER BY 2")
        return found

    def _clear(self, connection: psycopg.Connection) -> None:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # neither checks nor triggers
            for name in self._empty:
                connection.execute(f"DELETE FROM {name}")
            connection.execute("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence")


def _count(connection: psycopg.Connection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def _size(connection: psycopg.Connection) -> int:
    found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(found[0]) if found else 0
