"""One process at a time where the database is a file: a lock beside it, let go when its holder ends.

`serve`, `migrate` and `reindex` hold it; PostgreSQL needs none.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url


class InUse(Exception):
    """Another process works on this database. One line says which."""


@contextmanager
def held(url: str, doing: str) -> Iterator[None]:
    """Hold the database at `url` alone while `doing` (a word for who is refused: "serve", "migrate")."""
    file = lock_file(url)
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_RDWR, 0o600), "r+") as lock:
        _take(lock, file, doing)
        yield


def lock_file(url: str) -> Path | None:
    """Where the lock of a SQLite database lies."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database:
        return None
    return Path(f"{Path(parts.database).resolve()}.lock")


def _take(lock: IO[str], file: Path, doing: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = lock.read().strip() or "another process"
        raise InUse(
            f"{file.name.removesuffix('.lock')} is in use by `{holder}`. Stop that first, then {doing} again."
        ) from None
    lock.seek(0)
    lock.truncate()
    lock.write(f"huddle {doing}, process {os.getpid()}")
    lock.flush()
