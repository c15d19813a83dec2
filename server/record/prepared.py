"""Statements that run in every commit, compiled once for each database.

What Core does anew for each call (keys of its cache, bound types, expanded lists) costs more than the
database does. A list travels as one value: an array on PostgreSQL, a JSON text on SQLite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import ClauseElement


class Prepared:
    """One statement. Called with a row of its named values, or with several rows to run it for each."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, tuple[str, ...]]] = {}

    def __call__(self, connection: Connection, *rows: Mapping[str, Any]) -> CursorResult[Any]:
        sql, names = self._for(connection.dialect)
        values = [tuple([row[name] for name in names]) for row in rows]
        return connection.exec_driver_sql(sql, values if len(values) > 1 else values[0])

    def _for(self, dialect: Dialect) -> tuple[str, Sequence[str]]:
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = self._compile(dialect)
        return known

    def _compile(self, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
        columns = [c.name for c in self._statement.table.c] if isinstance(self._statement, Insert) else None
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=columns)
        return str(compiled), tuple(compiled.positiontup)
