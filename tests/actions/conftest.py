"""A running town for each test, on SQLite; and on both databases where that matters."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.lab.town import Town, running
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url
town_wherever = towns.town_wherever


@pytest.fixture
async def town(sqlite_town: str) -> AsyncIterator[Town]:
    async with running(sqlite_town) as town:
        yield town
