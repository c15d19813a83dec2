"""Bring a database to the form that this release needs: all of it in one transaction, or nothing.

Takes no lock file: who calls this on SQLite holds it (`lockfile.held`). Alembic does one migration at a time
in a process; several processes may migrate the same cluster at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from server.record.store import Store

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('huddle migrate'))")


class TooNew(Exception):
    """This database was made by a newer release of Huddle. Nothing was changed. Start that release."""


async def migrate(url: str, to: str = "head") -> None:
    """Upgrade the database at `url`, made if it is a SQLite file that does not exist."""
    _make_file(url)
    await _change(url, lambda config: command.upgrade(config, to))


async def downgrade(url: str, to: str = "base") -> None:
    """Take the database back to an earlier form. What later tables held is gone."""
    await _change(url, lambda config: command.downgrade(config, to))


async def current(url: str) -> str | None:
    """The revision of the database, or None where nothing was migrated yet."""
    if not _exists(url):
        return None
    store = Store(url, app_role=False)
    try:
        return await store.read(_revision)
    finally:
        await store.close()


async def is_current(url: str) -> bool:
    """Whether the database has exactly the form that this release needs."""
    return await current(url) == head()


@cache
def head() -> str:
    """The revision that this release needs."""
    return _scripts().get_current_head() or ""


async def _change(url: str, change: Callable[[Config], None]) -> None:
    store = Store(url, app_role=False)
    try:
        await store.write(lambda connection: _within(connection, change), patient=True)
    finally:
        await store.close()


def migrate_within(connection: Connection) -> None:
    """Upgrade the database of an open transaction."""
    _within(connection, lambda config: command.upgrade(config, "head"))


def _within(connection: Connection, change: Callable[[Config], None]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(ONE_AT_A_TIME)
    known = {script.revision for script in _scripts().walk_revisions()}
    if (_revision(connection) or head()) not in known:
        raise TooNew(TooNew.__doc__)
    config = _config()
    config.attributes["connection"] = connection
    change(config)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _file(url: str) -> Path | None:
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def _exists(url: str) -> bool:
    file = _file(url)
    return file is None or file.exists()


def _make_file(url: str) -> None:
    """Only who runs the product may read its file; SQLite gives the journal the same rights."""
    file = _file(url)
    if file is not None and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
