"""Statements of the hot path: written with SQLAlchemy, compiled once for each kind of database, run on its driver.

One answer of an officer takes half a dozen statements, the sending of an entry a dozen. Each costs the database some microseconds and SQLAlchemy's
`execute` ten times as many, for what never changes: which columns, which types, in which order.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Delete, Insert, Update

from storage.db import Tx


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`writes` turns values into the driver's, where it has no such type itself."""

    text: str
    order: Sequence[str] | None  # of the values, where the driver takes them by place
    given: Mapping[str, Any]  # values that the statement brings along
    writes: Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class _Columns:
    """`reads` turns the driver's values back, each at its place."""

    reads: Sequence[tuple[int, Callable[[Any], Any]]]
    row: Callable[[Sequence[Any]], Any]

    def of(self, found: Sequence[Any]) -> Any:
        read = list(found)
        for at, change in self.reads:
            if read[at] is not None:
                read[at] = change(read[at])
        return self.row(read)


def named(*columns: str) -> dict[str, Any]:
    """The values of an INSERT, each given later under the name of its column."""
    return {name: bindparam(name) for name in columns}


class Prepared:
    """One statement without an expanding IN; the values of its `bindparam`s are given by name."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}
        self._columns: dict[str, _Columns] = {}

    def row(self, tx: Tx, **values: Any) -> Any | None:
        """The first row, its columns by name, or None. A key or a LIMIT sees to it that there is no second."""
        found = self.rows(tx, **values)
        return found[0] if found else None

    def rows(self, tx: Tx, **values: Any) -> list[Any]:
        """All rows, their columns by name."""
        cursor = self._run(tx, self._for(tx.dialect), values)
        found = cursor.fetchall()  # a write that returns something is done only when all of it is read
        if not found:
            return []
        columns = self._columns.get(tx.dialect.name) or self._read_columns(tx.dialect, cursor.description)
        return [columns.of(one) for one in found]

    def run(self, tx: Tx, **values: Any) -> int:
        """How many rows it changed."""
        changed: int = self._run(tx, self._for(tx.dialect), values).rowcount
        return changed

    def _run(self, tx: Tx, compiled: _Compiled, values: Mapping[str, Any]) -> Any:
        bound = {**compiled.given, **values}
        for name, change in compiled.writes.items():
            bound[name] = change(bound[name])
        cursor = tx.connection.cursor()
        try:
            if compiled.order is None:
                cursor.execute(compiled.text, bound)
            else:
                cursor.execute(compiled.text, tuple(bound[name] for name in compiled.order))
        except tx.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy_says(tx, compiled.text, error) from error
        return cursor

    def _for(self, dialect: Dialect) -> _Compiled:
        made = self._compiled.get(dialect.name)
        if made is None:
            made = self._compiled[dialect.name] = self._compile(dialect)
        return made

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect)
        kinds = {name: one.type.dialect_impl(dialect) for one, name in compiled.bind_names.items()}
        writes = {name: change for name, kind in kinds.items() if (change := kind.bind_processor(dialect))}
        return _Compiled(compiled.string, compiled.positiontup, compiled.params, writes)

    def _read_columns(self, dialect: Dialect, described: Sequence[Sequence[Any]]) -> _Columns:
        selected = list(self._statement.exported_columns)
        kinds = [one.type.dialect_impl(dialect) for one in selected]
        reads = [
            (at, change)
            for at, kind in enumerate(kinds)
            if (change := kind.result_processor(dialect, described[at][1]))
        ]
        row = namedtuple("Row", [str(one.key) for one in selected])  # type: ignore[misc]  # known when it runs
        made = self._columns[dialect.name] = _Columns(reads, row._make)
        return made


def _as_sqlalchemy_says(tx: Tx, text: str, error: Any) -> Exception:
    """The same exceptions as from `tx.execute`: who tells a locked database from a mistake need not know of this."""
    dbapi = tx.dialect.loaded_dbapi
    raw = tx.connection.dbapi_connection
    gone = tx.dialect.is_disconnect(error, raw, None)
    named: Exception = DBAPIError.instance(
        text, None, error, dbapi.Error, hide_parameters=True, connection_invalidated=gone, dialect=tx.dialect
    )
    if gone:
        tx.invalidate(error)
    return named
