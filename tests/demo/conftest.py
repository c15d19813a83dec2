"""The demonstration over a record of its own, at a quarter past ten on an ordinary day."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.core import Core, opened
from server.demo.seed import ensure_live_huddle, seed
from server.record.migrate import migrate
from server.settings import Settings
from tests.realtime import conftest as towns
from tests.record import conftest as databases

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url
sqlite_template, sqlite_url = databases.sqlite_template, databases.sqlite_url
postgres_template, postgres_url = databases.postgres_template, databases.postgres_url
url, store = databases.url, databases.store

NOW = datetime(2026, 6, 10, 9, 15, 30, tzinfo=UTC)

Another = Callable[[], AbstractAsyncContextManager[Core]]
"""Opens the same record once more, as another process does."""


@asynccontextmanager
async def opened_at(path: Path) -> AsyncIterator[Core]:
    url = f"sqlite:///{path}"
    if not path.exists():
        await migrate(url)
    settings = Settings(database_url=url, secret_key=SecretStr("0123456789abcdef" * 4))
    async with opened(settings, clock=lambda: NOW) as core:
        yield core


@pytest.fixture(scope="session")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which the story is told and its huddle is live: told once, copied for each test."""
    path = tmp_path_factory.mktemp("demo") / "told.sqlite3"

    async def tell() -> None:
        async with opened_at(path) as core:
            await seed(core.ledger, NOW)
            await ensure_live_huddle(core.ledger, core.books, NOW)

    with ThreadPoolExecutor(1) as elsewhere:  # a loop runs in this thread already
        elsewhere.submit(asyncio.run, tell()).result()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "demo.sqlite3"


@pytest.fixture
def another(path: Path) -> Another:
    return lambda: opened_at(path)


@pytest.fixture
async def core(path: Path) -> AsyncIterator[Core]:
    """A record in which nothing is written yet."""
    async with opened_at(path) as core:
        yield core


@pytest.fixture
async def demo(path: Path, told_once: Path) -> AsyncIterator[Core]:
    """The story is told, and its huddle is live."""
    shutil.copy(told_once, path)
    async with opened_at(path) as core:
        yield core
