"""A small application on a real record: our routes behind our wall, with the product's own templates."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from pwdlib import PasswordHash
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.people import credentials, tables
from server.people.commands import (
    FoundPartnership,
    NameManager,
    RegisterAgency,
    RegisterPractitioner,
)
from server.people.permissions import may
from server.people.roles import GrantRole
from server.record.books import PARTNERSHIP, Books
from server.record.commands import THE_SYSTEM, Command
from server.record.deciding import Decider
from server.record.ledger import Ledger
from server.record.refusals import NotFound
from server.record.store import Store
from server.settings import Settings
from server.web import own, sign_in
from server.web.errors import HANDLERS
from server.web.forms import read_form
from server.web.guard import Guard
from server.web.house import House, furnish
from server.web.viewer import viewer
from tests.people.clock import Clock
from tests.people.stage import PARTS
from tests.record import conftest as databases

sqlite_template, sqlite_url = databases.sqlite_template, databases.sqlite_url

PASSWORD = "three random words"
HERE = "http://127.0.0.1:8000"
SAME = {"Origin": HERE}

PEOPLE: tuple[Command, ...] = (
    FoundPartnership(name="Northmere", nation="england"),
    RegisterAgency(code="NCS", name="Northmere Children's Services", sort="childrens_services"),
    RegisterPractitioner(
        person="ada",
        name="Ada Minton",
        email="ada@northmere.example",
        agency="NCS",
        job_title="Administrator",
        role="administrator",
    ),
    RegisterPractitioner(
        person="priya",
        name="Priya Nair",
        email="priya@northmere.example",
        agency="NCS",
        job_title="Social worker",
    ),
    RegisterPractitioner(
        person="sam",
        name="Sam Whitlock",
        email="sam@northmere.example",
        agency="NCS",
        job_title="Social worker",
    ),
    GrantRole(person="sam", role="oversight"),
    NameManager(person="priya", manager="sam"),
)


async def home(request: Request) -> Response:
    return PlainTextResponse(f"{(await viewer(request)).name} is here")


async def change(request: Request) -> Response:
    who = await viewer(request)
    form = await read_form(request, GrantRole, person="sam")
    if form.command is None:
        raise NotFound
    home: House = request.app.state.house
    await home.ledger.record(PARTNERSHIP, form.command, who.actor, key=form.key)
    return PlainTextResponse("done")


async def broken(request: Request) -> Response:
    raise RuntimeError("secret detail")


@dataclass
class Web:
    """The application, a browser that opened it, and the house behind it."""

    house: House
    clock: Clock
    app: Guard
    browser: AsyncClient

    async def sign_in(self, person: str = "priya", password: str = PASSWORD) -> None:
        form = {"email": f"{person}@northmere.example", "password": password}
        answer = await self.browser.post("/sign-in", data=form, headers=SAME)
        assert answer.status_code == 303, answer.text

    def another(self) -> AsyncClient:
        """A second browser."""
        return browser_of(self.app)


def browser_of(app: Guard) -> AsyncClient:
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url=HERE)


@pytest.fixture(params=[{}])
def changed(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings that a test wants otherwise."""
    return dict(request.param)


@pytest.fixture
async def web(sqlite_url: str, changed: dict[str, Any]) -> AsyncIterator[Web]:
    clock = Clock()
    store = Store(sqlite_url)
    books = Books(store, PARTS)
    ledger = Ledger(
        store, books, Decider(books, PARTNERSHIP, may, (), clock.new_id), (tables.index,), clock=clock
    )
    running = asyncio.create_task(ledger.run())
    for n, command in enumerate(PEOPLE):
        await ledger.record(PARTNERSHIP, command, THE_SYSTEM, key=f"k{n}")
    settings = Settings(secret_key=SecretStr("0123456789abcdef0123456789abcdef"), base_url=HERE, **changed)
    house = furnish(settings, store, books, ledger, clock=clock, new_id=clock.new_id)
    await store.write(lambda c: credentials.put(c, "priya", stored_hash(), clock.now))
    app = Starlette(
        routes=[
            *sign_in.routes,
            *own.routes,
            Route("/", home),
            Route("/change", change, methods=["POST"]),
            Route("/broken", broken, methods=["GET", "POST"]),
        ],
        exception_handlers=HANDLERS,
    )
    app.state.house = house
    guarded = Guard(app, settings.base_url)
    async with browser_of(guarded) as browser:
        yield Web(house, clock, guarded, browser)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await store.close()


@cache
def stored_hash() -> str:
    """What is kept of the password, worked out once for all tests."""
    return PasswordHash.recommended().hash(PASSWORD)
