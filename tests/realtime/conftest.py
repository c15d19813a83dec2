"""A running town for each test, on SQLite and on PostgreSQL, copied from one that was told once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
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


@pytest.fixture
async def town(town_url: str) -> AsyncIterator[Town]:
    async with running(town_url) as town:
        yield town


@pytest.fixture(params=["sqlite", "postgresql", "two nodes"])
async def town_wherever(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """For races: on each database, and with each act on another node than the one before it."""
    if request.param == "two nodes":
        redis: Redis = request.getfixturevalue("redis_server")
        served = spread(request.getfixturevalue("postgres_town"), redis.url)
    else:
        fixture = "sqlite_town" if request.param == "sqlite" else "postgres_town"
        served = running(request.getfixturevalue(fixture))
    async with served as town:
        yield town
