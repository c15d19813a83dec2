"""Throw the index away and make it again from the record: it must come out the same.

All in one transaction, in which nobody else can append: what stood is copied aside, the tables are emptied
and written again entry by entry, and the database itself compares both. Rows of an index are known by their
primary key, so that must come from the facts and never from a counter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, MetaData, Table, column, delete, func, select, text

from server.record import tables
from server.record.append import Index, index_keys
from server.record.reading import every_entry
from server.record.store import Store

SHOWN = 1000
"""How many rows that are gone, and as many that are new, are named for one table."""

Progress = Callable[[int, int], None]
"""Called with how many entries were indexed, and of how many."""


class Difference(msgspec.Struct, frozen=True):
    """A row of an index that is not what the record says. `row` is its primary key."""

    table: str
    row: tuple[Any, ...]
    what: str

    def __str__(self) -> str:
        return f"{self.table} {', '.join(map(str, self.row))}: {self.what}"


class _NotKept(Exception):
    def __init__(self, differences: list[Difference]) -> None:
        self.differences = differences


async def reindex(
    store: Store,
    indexes: Sequence[Index],
    index_tables: Sequence[Table],
    *,
    apply: bool = False,
    progress: Progress | None = None,
) -> list[Difference]:
    """Rebuild the rooms' index tables and the record's own. What came out is kept only with `apply`.

    `index_tables` stand in an order in which rows may be inserted.
    """
    rebuild = partial(
        _rebuild,
        indexes=(index_keys, *indexes),
        index_tables=(tables.command_key, *index_tables),
        progress=progress or (lambda done, total: None),
        keep=apply,
    )
    try:
        return await store.write(rebuild, patient=True)
    except _NotKept as tried:
        return tried.differences


def _rebuild(
    connection: Connection,
    indexes: Sequence[Index],
    index_tables: Sequence[Table],
    progress: Progress,
    keep: bool,
) -> list[Difference]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE book IN EXCLUSIVE MODE"))
    before = [_copy_aside(connection, each) for each in index_tables]
    for each in reversed(index_tables):
        connection.execute(delete(each))
    total = connection.scalar(select(func.count()).select_from(tables.chain)) or 0
    for done, entry in enumerate(every_entry(connection), 1):
        for index in indexes:
            for statement in index(entry):
                connection.execute(statement)
        progress(done, total)
    differences = [
        difference
        for was, now in zip(before, index_tables, strict=True)
        for difference in _compare(connection, was, now)
    ]
    if not keep:
        raise _NotKept(differences)
    for was in before:
        was.drop(connection)
    return differences


def _copy_aside(connection: Connection, stands: Table) -> Table:
    was = stands.to_metadata(MetaData(), name=f"was_{stands.name}")
    quote = connection.dialect.identifier_preparer.quote
    connection.execute(
        text(f"CREATE TEMPORARY TABLE {quote(was.name)} AS SELECT * FROM {quote(stands.name)}")  # noqa: S608 - names of our own tables
    )
    return was


def _compare(connection: Connection, was: Table, now: Table) -> Iterator[Difference]:
    stood = _only_in(connection, was, now)
    stands = _only_in(connection, now, was)
    for row, before in stood.items():
        if row not in stands:
            yield Difference(now.name, row, "stood here, and the record does not say so")
            continue
        changed = [name for name, value in before.items() if stands[row][name] != value]
        yield Difference(now.name, row, f"differed from the record in {', '.join(changed)}")
    for row in stands.keys() - stood.keys():
        yield Difference(now.name, row, "was missing")


def _only_in(connection: Connection, one: Table, other: Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows, by primary key, that `one` holds and `other` does not."""
    key = [column.name for column in one.primary_key]
    query = select(*one.c).except_(select(*other.c)).order_by(*map(column, key)).limit(SHOWN)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return {tuple(row[name] for name in key): row for row in rows}
