"""A small real record over each kind of database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from server.people import tables
from server.people.permissions import may
from server.record.books import PARTNERSHIP, Books
from server.record.deciding import Decider
from server.record.ledger import Ledger
from server.record.store import Store
from tests.people.clock import Clock
from tests.people.stage import PARTS
from tests.record import conftest as databases

sqlite_template, sqlite_url = databases.sqlite_template, databases.sqlite_url
postgres_template, postgres_url = databases.postgres_template, databases.postgres_url
url = databases.url


@dataclass
class Record:
    """An open record and its clock."""

    store: Store
    books: Books
    ledger: Ledger
    clock: Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def played(url: str, clock: Clock) -> AsyncIterator[Record]:
    store = Store(url)
    books = Books(store, PARTS)
    decider = Decider(books, PARTNERSHIP, may, (), clock.new_id)
    ledger = Ledger(store, books, decider, (tables.index,), clock=clock)
    running = asyncio.create_task(ledger.run())
    yield Record(store, books, ledger, clock)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await store.close()


@pytest.fixture
def store(played: Record) -> Store:
    return played.store
