"""A small real record on a file of its own, with the partnership of `stage` registered in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert
from sqlmodel import SQLModel

from server.people import credentials, links, tables, throttle
from server.people.permissions import may
from server.record import tables as record
from server.record.books import PARTNERSHIP, Books
from server.record.deciding import Decider
from server.record.ledger import Ledger
from server.record.store import Store
from tests.people.clock import Clock
from tests.people.stage import PARTS

TABLES = (tables.person_index, credentials.credential, links.one_time_link, throttle.throttle)
"""Named here so that their modules are known before the tables are made."""


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
async def played(tmp_path: Path, clock: Clock) -> AsyncIterator[Record]:
    file = tmp_path / "huddle.sqlite3"
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(record.epoch).values(id=1, value="e1"))
    engine.dispose()
    store = Store(f"sqlite+aiosqlite:///{file}")
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
