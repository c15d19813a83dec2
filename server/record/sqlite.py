"""SQLite's connections: one that writes (`BEGIN IMMEDIATE`), and some that can only query.

One copy of the library serves the whole process: two copies over one file would take each other's locks away.
Where it comes as a wheel it is a new one, whose write-ahead log is free of the reset fault, so that readers
and the writer do not wait for each other; else Python's own is used, with the rollback journal if it is old.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

try:
    import pysqlite3 as library
except ImportError:
    import sqlite3 as library

log = structlog.get_logger()


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether a SQLite is free of the WAL-reset fault (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    return version >= (3, 51, 3)


def connect(file: Path) -> Any:
    """A plain connection to a whole file, to copy it or make it ready. Writers wait for each other."""
    connection = library.connect(str(file), isolation_level=None)
    connection.execute("PRAGMA busy_timeout=5000")
    return connection


def writer(url: str) -> Engine:
    return _engine(url, 1, _prepare_writer, _begin_immediate)


def readers(url: str, size: int) -> Engine:
    return _engine(url, size, _prepare_reader, _begin_deferred)


def _engine(url: str, size: int, prepare: Any, begin: Any) -> Engine:
    address = make_url(url).set(drivername="sqlite")
    engine = create_engine(address, module=library, hide_parameters=True, pool_size=size, max_overflow=0)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _prepare_writer(connection: Any, _: Any) -> None:
    wal = wal_is_safe(library.sqlite_version_info)
    if not wal:
        log.info("sqlite.rollback_journal", version=library.sqlite_version)
    _prepare(connection, f"PRAGMA journal_mode={'WAL' if wal else 'TRUNCATE'}")


def _prepare_reader(connection: Any, _: Any) -> None:
    _prepare(connection, "PRAGMA query_only=ON")


def _prepare(connection: Any, own: str) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("PRAGMA busy_timeout=5000", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", own):
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
