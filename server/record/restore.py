"""A backup put in the place of a database: all of it at once, and what stood there is kept aside.

SQLite: the file takes the place of the old one, which stays beside it under another name. PostgreSQL: in one
transaction the schema `public` gets another name, a new one is made and filled.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, delete, insert, inspect, select, text
from sqlalchemy.engine import make_url

from server.record import migrate, sqlite, tables
from server.record.backup import LABEL, BackupRefused, pages, to_disk
from server.record.store import Store

BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps under the name of a database."""

IN_USE = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'huddle' AND pid <> pg_backend_pid()"
)


@contextmanager
def unpacking(url: str) -> Iterator[Path]:
    """Where a backup is looked at and made ready: on the disk of a SQLite database, or where TMPDIR says."""
    file = _file(url)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=file.parent if file else None) as folder:
        yield Path(folder) / "huddle.sqlite3"


async def unpack(backup: Path, to: Path) -> None:
    """The database that a backup holds, in the form that this release needs."""
    _copy(backup, to)
    await migrate.migrate(f"sqlite:///{to}")


def _copy(backup: Path, to: Path) -> None:
    to.touch(0o600)
    shutil.copyfile(backup, to)
    with closing(sqlite.connect(to)) as database:
        database.execute(f"DROP TABLE {LABEL}")


async def check_place(url: str, *, replace: bool) -> None:
    """Refuse a place where somebody works, or where a record stands that nobody said to replace."""
    if not _file(url):
        await check_nobody_serves(url)
    if not replace and await _holds_a_record(url):
        raise BackupRefused("There is a record in this database. Say --replace to put it aside.")


async def check_nobody_serves(url: str) -> None:
    """Refuse a PostgreSQL that some process of Huddle is connected to."""
    store = Store(url, app_role=False)
    try:
        await store.read(_refuse_in_use)
    finally:
        await store.close()


async def put(database: Path, url: str, every_table: Sequence[Table], now: datetime) -> str:
    """Put `database` in the place of the one at `url`. Where the old one is kept, or nothing if none was."""
    aside = f"before_{now:%Y%m%dt%H%M%S}"
    place = _file(url)
    if place:
        return _put_file(database, place, aside)
    store = Store(url, app_role=False)
    try:
        return await store.write(
            lambda connection: _put_rows(connection, database, every_table, aside), patient=True
        )
    finally:
        await store.close()


def _put_file(database: Path, place: Path, aside: str) -> str:
    kept = place.with_name(f"{place.name}.{aside}")
    stood = place.exists()
    with closing(sqlite.connect(database)) as whole:
        whole.execute("PRAGMA journal_mode=DELETE")
    for suffix in BESIDE:
        old = Path(f"{place}{suffix}")
        if old.exists():
            old.rename(f"{kept}{suffix}")
    database.rename(place)
    to_disk(place.parent)
    return str(kept) if stood else ""


def _put_rows(connection: Connection, database: Path, every_table: Sequence[Table], aside: str) -> str:
    _refuse_in_use(connection)
    stood = inspect(connection).has_table("chain")
    if stood:
        connection.execute(text(f"ALTER SCHEMA public RENAME TO {aside}"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate.migrate_within(connection)
    connection.execute(delete(tables.epoch))
    engine = sqlite.readers(f"sqlite:///{database}", 1)
    with engine.connect() as source:
        for table in every_table:
            for page in pages(source, table):
                connection.execute(insert(table), [dict(row._mapping) for row in page])
    engine.dispose()
    return f"schema {aside}" if stood else ""


def _refuse_in_use(connection: Connection) -> None:
    """Whoever has just left (this command's own earlier look, too) gets a moment to be gone."""
    for _ in range(20):
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        if not connection.execute(IN_USE).scalar_one():
            return
        connection.execute(text("SELECT pg_sleep(0.1)"))
    raise BackupRefused("Some process of Huddle is connected to this database. Stop all of them first.")


async def _holds_a_record(url: str) -> bool:
    file = _file(url)
    if file and not (file.exists() and file.stat().st_size):
        return False
    store = Store(url, app_role=False)
    try:
        return await store.read(_any_entry)
    finally:
        await store.close()


def _any_entry(connection: Connection) -> bool:
    """Whether something was recorded; a SQLite file that is not ours counts as a record."""
    if not inspect(connection).has_table("chain"):
        return connection.dialect.name == "sqlite"
    return connection.execute(select(tables.chain.c.seq).limit(1)).first() is not None


def _file(url: str) -> Path | None:
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None
