"""The Rowe family in a real record on a file of its own, with the cast of `stage`, and browsers for them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from pydantic import SecretStr
from sqlalchemy import create_engine, insert
from sqlmodel import SQLModel
from starlette.applications import Starlette

from server.families import pages, tables
from server.families.commands import AddMember, OpenFamily, book_for
from server.families.state import FamilyState
from server.people import tables as people_tables
from server.people.commands import FoundPartnership, RegisterAgency, RegisterPractitioner
from server.people.permissions import may
from server.people.signed_in import signed_in
from server.record import tables as record
from server.record.books import PARTNERSHIP, Books
from server.record.commands import THE_SYSTEM, Actor, Command
from server.record.deciding import Decider
from server.record.ledger import Ledger
from server.record.receipts import Receipt
from server.record.store import Store
from server.settings import Settings
from server.web.errors import HANDLERS
from server.web.gates import guarded
from server.web.guard import Guard
from server.web.house import House, furnish
from server.web.templates import Templates
from tests.families.stage import AGENCIES, CAST, NOW, TEAM, WHOLE

HERE = "http://127.0.0.1:8000"
KEPT = (signed_in,)


class Shown(Templates):
    """Renders every page as it is, and keeps what it was given."""

    def __init__(self) -> None:
        super().__init__(lambda: ZoneInfo("Europe/London"))
        self.given: dict[str, Any] = {}

    def render(self, name: str, /, **context: Any) -> str:
        self.given = {"template": name} | context
        return super().render(name, **context)


@dataclass
class Village:
    """A running record, its pages, and what they last showed."""

    house: House
    app: Guard
    book: str
    shown: Shown
    keys: Iterator[int]

    async def do(self, who: str, command: Command, key: str = "") -> Receipt:
        return await self.house.ledger.record(
            self.book, command, await self.actor(who), key=key or self.key()
        )

    def key(self) -> str:
        return f"key-{next(self.keys)}"

    async def actor(self, who: str) -> Actor:
        return Actor(who, (await self.house.partnership()).practitioners[who].agency)

    async def family(self, who: str) -> FamilyState:
        return (await self.house.ledger.look(self.book, await self.actor(who))).state[FamilyState]

    async def browser(self, who: str) -> AsyncClient:
        """A browser in which `who` is signed in."""
        now = self.house.clock()
        session = await self.house.sessions.begin(who, now)
        token = self.house.tokens.mint(who, session.sid, now, session.ends_at)
        headers = {"cookie": f"{self.house.cookie}={token}", "origin": HERE, "sec-fetch-site": "same-origin"}
        transport = ASGITransport(app=self.app, raise_app_exceptions=True)
        return AsyncClient(transport=transport, base_url=HERE, headers=headers)

    async def get(self, who: str, address: str) -> Response:
        async with await self.browser(who) as browser:
            return await browser.get(address)

    async def post(self, who: str, address: str, **form: Any) -> Response:
        """A form sent without a script."""
        async with await self.browser(who) as browser:
            return await browser.post(address, data={"key": self.key()} | form)


@pytest.fixture(scope="session")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a village in which nothing has been shared yet, for copies to be made of."""
    file = tmp_path_factory.mktemp("village") / "huddle.sqlite3"

    async def tell() -> None:
        async with living(made(file), first=1) as village:
            await settle(village)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, tell()).result()
    return file


@pytest.fixture
async def village(told_once: Path, tmp_path: Path) -> AsyncIterator[Village]:
    file = tmp_path / "huddle.sqlite3"
    shutil.copy(told_once, file)
    async with living(file, first=1000) as village:
        yield village


@asynccontextmanager
async def living(file: Path, *, first: int) -> AsyncIterator[Village]:
    """A village over a file; its ids and keys count from `first`."""
    store = Store(f"sqlite:///{file}")
    books = Books(store, WHOLE)
    ids = (f"{n:04d}-made-for-tests" for n in count(first))
    decider = Decider(books, PARTNERSHIP, may, (), lambda: next(ids))
    indexes = (people_tables.index, tables.index)
    ledger = Ledger(store, books, decider, indexes, clock=lambda: NOW)
    running = asyncio.create_task(ledger.run())
    shown = Shown()
    settings = Settings(secret_key=SecretStr("0123456789abcdef" * 4), base_url=HERE)
    house = furnish(
        settings, store, books, ledger, clock=lambda: NOW, new_id=lambda: next(ids), templates=shown
    )
    app = Starlette(routes=guarded(pages.routes), exception_handlers=HANDLERS)
    app.state.house = house
    yield Village(house, Guard(app, HERE), book_for("priya", "opening"), shown, count(first))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await store.close()


def made(file: Path) -> Path:
    assert KEPT, "its table must be known before the tables are made"
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(record.epoch).values(id=1, value="e1"))
    engine.dispose()
    return file


async def settle(village: Village) -> None:
    """The partnership, the family with its children, and its team."""
    people: list[Command] = [FoundPartnership(name="Northmere", nation="england")]
    people += [RegisterAgency(code=c, name=n, short=s, sort=k) for c, n, s, k in AGENCIES]
    people += [
        RegisterPractitioner(
            person=person,
            name=name,
            email=f"{person}@northmere.example",
            agency=agency,
            job_title="Practitioner",
            role=role,
            tier=1 if role == "supervisor" else 0,
        )
        for person, name, agency, role in CAST
    ]
    for command in people:
        await village.house.ledger.record(PARTNERSHIP, command, THE_SYSTEM, key=village.key())
    opening = OpenFamily(reference="NMR-0147", name="Rowe", level="child_in_need", team=TEAM)
    await village.do("priya", opening, key="opening")
    await village.do("priya", AddMember(name="Isla", child=True))
    await village.do("priya", AddMember(name="Tamsin Rowe", child=False))
