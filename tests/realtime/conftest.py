"""A running town for each test, on SQLite and on PostgreSQL, copied from one that was told once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.lab.services import Postgres, Redis
from tests.lab.spread import spread
from tests.lab.town import Town, running, tell_story


@pytest.fixture(scope="session")
def told_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("town") / "huddle.sqlite3"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, tell_story(f"sqlite:///{file}")).result()
    return file


@pytest.fixture(scope="session")
def told_postgres(postgres_server: Postgres) -> str:
    url = postgres_server.create_database()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, tell_story(url)).result()
    return url.rpartition("/")[2]


@pytest.fixture
def sqlite_town(told_sqlite: Path, tmp_path: Path) -> str:
    file = tmp_path / "huddle.sqlite3"
    shutil.copy(told_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_town(postgres_server: Postgres, told_postgres: str) -> str:
    return postgres_server.create_database(template=told_postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def town_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("sqlite_town" if request.param == "sqlite" else "postgres_town"))


def served(request: pytest.FixtureRequest, where: str) -> AbstractAsyncContextManager[Town]:
    """A town on SQLite, on PostgreSQL, or on two nodes over PostgreSQL and Redis."""
    if where == "two nodes":
        redis: Redis = request.getfixturevalue("redis_server")
        return spread(request.getfixturevalue("postgres_town"), redis.url)
    return running(request.getfixturevalue("sqlite_town" if where == "sqlite" else "postgres_town"))


@pytest.fixture
async def one_town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """For most tests: on SQLite, or where `ONE_AND_TWO` says."""
    async with served(request, getattr(request, "param", "sqlite")) as town:
        yield town


@pytest.fixture(params=["sqlite", "two nodes"])
async def town(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """On one node and on two: each act, browser and socket at another than the one before it."""
    async with served(request, request.param) as town:
        yield town


@pytest.fixture(params=["sqlite", "postgresql", "two nodes"])
async def town_wherever(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """For races: on each database, and on two nodes."""
    async with served(request, request.param) as town:
        yield town


ONE_AND_TWO = pytest.mark.parametrize("town", ["sqlite", "two nodes"], indirect=True)
"""For what must hold on one node and on two, in a file whose other tests run on one."""
