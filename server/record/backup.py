"""The whole record copied into one file: a SQLite database, whichever database it is taken from.

So a backup needs no tools of the server's, can be verified where it lies, restores into either database, and
is the way from SQLite to PostgreSQL. It holds everything that the database holds, in the clear: keep it as
you keep the database. People go on working meanwhile.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.engine import make_url

from server.record import migrate, sqlite, tables
from server.record.chain import micros, moment
from server.record.store import Store

PAGE = 1000
LABEL = "huddle_backup"
"""The table that says of a file that it is a backup, and of when."""


class BackupRefused(Exception):
    """A backup cannot be taken or restored like this. One line says why, and nothing was changed."""


class Backup(msgspec.Struct, frozen=True):
    """What a backup holds: everything that was committed before `at`."""

    at: datetime
    entries: int
    streams: int


async def take(url: str, every_table: Sequence[Table], file: Path, now: datetime) -> Backup:
    """Copy the database at `url` into `file`, which must not exist yet; returns when it is on the disk."""
    part = _begin(file)
    try:
        if make_url(url).get_backend_name() == "sqlite":
            _copy_file(url, part)
        else:
            await _copy_rows(url, every_table, part)
        _label(part, now)
        _finish(part, file)
    except BaseException:
        _drop(part)
        raise
    return await about(file)


def _begin(file: Path) -> Path:
    """An empty file beside `file`, for its owner only. It gets the name when it is whole."""
    if file.exists():
        raise BackupRefused(f"{file} is there already. Name a file that does not exist yet.")
    if not file.parent.is_dir():
        raise BackupRefused(f"There is no folder {file.parent}.")
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(0o600, exist_ok=False)
    return part


def _finish(part: Path, file: Path) -> None:
    to_disk(part)
    part.rename(file)
    to_disk(file.parent)


def _drop(part: Path) -> None:
    part.unlink(missing_ok=True)


async def about(file: Path) -> Backup:
    """What the backup in `file` says of itself."""
    if not await asyncio.to_thread(file.is_file):
        raise BackupRefused(f"There is no file {file}.")
    store = Store(f"sqlite:///{file}")
    try:
        return await store.read(_said)
    except Exception as error:
        raise BackupRefused(f"{file.name} is not a backup that `huddle backup` made.") from error
    finally:
        await store.close()


def _said(connection: Connection) -> Backup:
    at = connection.execute(text(f"SELECT at FROM {LABEL}")).scalar_one()  # noqa: S608 - a name of our own
    entries = connection.scalar(select(func.count()).select_from(tables.chain)) or 0
    streams = connection.scalar(select(func.count()).select_from(tables.stream)) or 0
    return Backup(moment(int(at)), entries, streams)


def _copy_file(url: str, part: Path) -> None:
    """SQLite's own online backup, in one step: writers wait for it only where there is no write-ahead log."""
    database = Path(make_url(url).database or "")
    if not database.is_file():
        raise BackupRefused(f"There is no database {database}.")
    with (
        closing(sqlite.connect(database)) as source,
        closing(sqlite.connect(part)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, and nothing beside it


async def _copy_rows(url: str, every_table: Sequence[Table], part: Path) -> None:
    """Every row, as one look at the database shows them."""
    if not await migrate.is_current(url):
        raise BackupRefused(
            "The database does not have the form of this release. Back it up with the release that made it."
        )
    await migrate.migrate(f"sqlite:///{part}")
    server = Store(url)
    with closing(sqlite.connect(part)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA synchronous=OFF")  # it is written to the disk once, at the end
        copy.execute("BEGIN")
        copy.execute("DELETE FROM epoch")
        try:
            await server.write(lambda connection: _read_into(connection, every_table, copy), patient=True)
        finally:
            await server.close()
        copy.execute("COMMIT")


def _read_into(connection: Connection, every_table: Sequence[Table], copy: Any) -> None:
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    for table in every_table:
        marks = ", ".join("?" for _ in table.columns)
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        insert = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own
        for page in pages(connection, table):
            copy.executemany(insert, [tuple(row) for row in page])


def pages(connection: Connection, table: Table) -> Iterable[Sequence[Any]]:
    """All rows of a table, some at a time."""
    rows = connection.execution_options(yield_per=PAGE).execute(select(table))
    return rows.partitions(PAGE)


def _label(part: Path, now: datetime) -> None:
    with closing(sqlite.connect(part)) as copy:
        copy.execute(f"CREATE TABLE {LABEL} (at BIGINT NOT NULL)")
        copy.execute(f"INSERT INTO {LABEL} VALUES (?)", (micros(now),))  # noqa: S608 - as above


def to_disk(path: Path) -> None:
    """A file or a folder survives a power cut from here on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
