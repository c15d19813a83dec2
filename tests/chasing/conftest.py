"""A running town for each test; and an empty, migrated database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.chasing.chaser import Chaser
from tests.lab.mailbox import Mailbox
from tests.lab.town import Town
from tests.realtime import conftest as towns
from tests.realtime.conftest import served
from tests.record import conftest as databases

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town, town_url = towns.told_postgres, towns.postgres_town, towns.town_url
one_town = towns.one_town

sqlite_template, sqlite_url = databases.sqlite_template, databases.sqlite_url
postgres_template, postgres_url = databases.postgres_template, databases.postgres_url
url, store = databases.url, databases.store


@pytest.fixture
async def town(one_town: Town) -> Town:
    """Everybody in the huddle that is on was asked to it, and has heard of it."""
    with Mailbox() as earlier:
        await Chaser(one_town, earlier).look()
    return one_town


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture
def chaser(town: Town, box: Mailbox) -> Chaser:
    return Chaser(town, box)


@pytest.fixture(params=["sqlite", "postgresql"])
async def late(request: pytest.FixtureRequest, box: Mailbox) -> AsyncIterator[Chaser]:
    """Over both databases, with nothing more to be told of what was before."""
    async with served(request, request.param) as town:
        with Mailbox() as earlier:
            await Chaser(town, earlier).look()
        yield Chaser(town, box)
