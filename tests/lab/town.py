"""The whole product in the test's own loop, with the demonstration's cast around one live huddle.

A town is copied from a template that is told once; its clock stands still until a test moves it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import websockets
from httpx2 import AsyncClient
from starlette.applications import Starlette

from server.app import build
from server.core import new_id as random_id
from server.core import opened
from server.demo.cast import BY_ID
from server.demo.seed import ensure_live_huddle, seed
from server.people import signed_in
from server.people.session import new_session
from server.people.tokens import Tokens
from server.realtime.frames import JSON
from server.realtime.live import Live
from server.record.commands import Actor, Command
from server.record.committer import Hooks
from server.record.migrate import migrate
from server.record.receipts import Receipt
from server.record.store import Store
from server.serving import Server, config
from server.settings import Settings
from server.stewards.watching import Matching
from server.web.house import House

NOW = datetime(2026, 3, 19, 14, 20, tzinfo=UTC)
SECRET = "0123456789abcdef" * 4
ROWE = "NMR-0147"
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For browsers that never speak TLS: each would read the machine's authorities anew, for 25 ms."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


def settings(url: str, port: int = 8000, **more: Any) -> Settings:
    usual: dict[str, Any] = {
        "database_url": url,
        "secret_key": SECRET,
        "base_url": f"http://127.0.0.1:{port}",
        "port": port,
        "demo": True,
        "chase": False,  # what is due is looked for when a test says so
    }
    return Settings(**usual | more)


async def tell_story(url: str) -> None:
    """Migrate and tell the demonstration's story up to its live huddle, for copies to be made of."""
    await migrate(url)
    async with opened(settings(url), clock=lambda: NOW) as core:
        await seed(core.ledger, NOW)
        await ensure_live_huddle(core.ledger, core.books, NOW)
        queue = Matching(core.store, core.ledger)  # once here, and not at the start of every copy
        await queue.keep()
        await queue.look()


Headers = Mapping[str, str]


async def sign_in_everybody(
    url: str, address: str, people: Iterable[str] = BY_ID, now: datetime = NOW
) -> dict[str, Headers]:
    """Plant a session of each person into a told database, for copies of it that answer at `address`.

    Whoever shows these headers is signed in, in every copy, under the same session id and token.
    """
    tokens, store = Tokens(SECRET.encode(), address), Store(url)
    planted = [new_session(person, now) for person in people]
    for session in planted:
        await store.write(lambda connection, session=session: signed_in.begin(connection, session))
    await store.close()
    return {
        s.person: cookie("huddle", tokens.mint(s.person, s.sid, now, s.ends_at), address) for s in planted
    }


def cookie(name: str, token: str, address: str) -> Headers:
    return {"cookie": f"{name}={token}", "origin": address}


class Listener:
    """A program on the live socket: everything it received, in order."""

    def __init__(
        self, connection: websockets.ClientConnection, after: str = "", head: Callable[[], str] | None = None
    ) -> None:
        self.connection = connection
        self.cursor = after
        self._head = head or (lambda: self.cursor)
        self.received: list[dict[str, Any]] = []
        self.raw: list[str] = []

    async def next(self, kind: str | None = None, within: float = 5.0) -> dict[str, Any]:
        """The next message (of a kind), or a timeout."""
        async with asyncio.timeout(within):
            while True:
                text = await self.connection.recv()
                assert isinstance(text, str)
                message: dict[str, Any] = json.loads(text)
                self.raw.append(text)
                self.received.append(message)
                self.cursor = message.get("cursor", self.cursor)
                if kind is None or message["type"] == kind:
                    return message

    async def quiet(self, during: float = 0.3) -> list[dict[str, Any]]:
        """What comes in a while in which nothing should."""
        seen = []
        with contextlib.suppress(TimeoutError, websockets.ConnectionClosed):
            while True:
                seen.append(await self.next(within=during))
        return seen

    async def caught_up(self) -> list[dict[str, Any]]:
        """Every fact so far, once this socket has been told of all that its reader may read."""
        with contextlib.suppress(websockets.ConnectionClosed):
            while self.cursor != self._head():
                await self.next()
        return self.facts

    @property
    def facts(self) -> list[dict[str, Any]]:
        return [fact for m in self.received if m["type"] == "facts" for fact in m["facts"]]

    async def say(self, do: str, key: str = "", **body: Any) -> str:
        """Ask for an act; its key."""
        key = key or secrets.token_hex(16)
        await self.connection.send(json.dumps({"do": do, "key": key, "body": body}))
        return key

    async def closed(self, within: float = 5.0) -> int | None:
        """Read to the end; the close code."""
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await self.next(within=within)
        return self.connection.close_code


@dataclass
class Town:
    """One running product."""

    app: Starlette
    clock: Clock
    settings: Settings
    huddle: str
    book: str
    seats: Mapping[str, Headers] = field(default_factory=dict)
    browsers: list[AsyncClient] = field(default_factory=list)

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    @property
    def live(self) -> Live:
        live: Live = self.app.state.live
        return live

    @property
    def address(self) -> str:
        return self.settings.base_url

    async def actor(self, person: str) -> Actor:
        known = (await self.house.partnership()).practitioners[person]
        return Actor(person, known.agency)

    async def do(self, person: str, command: Command, key: str = "") -> Receipt:
        """What `person` does, through the product's own door."""
        who = await self.actor(person)
        return await self.house.ledger.record(self.book, command, who, key=key or secrets.token_hex(16))

    async def signed_in(self, person: str) -> Headers:
        """The headers of a browser in which `person` is signed in (their planted session, if any)."""
        if person in self.seats:
            return self.seats[person]
        now = self.clock()
        session = await self.house.sessions.begin(person, now)
        token = self.house.tokens.mint(person, session.sid, now, session.ends_at)
        return cookie(self.house.cookie, token, self.address)

    async def browser(self, person: str = "") -> AsyncClient:
        """A browser at our address, of `person` or of nobody; it is closed with the town."""
        browser = browser_at(self.settings.port, self.address, await self.signed_in(person) if person else {})
        self.browsers.append(browser)
        return browser

    @contextlib.asynccontextmanager
    async def socket(
        self,
        person: str,
        protocol: str = JSON,
        after: str = "",
        headers: Headers | None = None,
        huddle: str = "",
    ) -> AsyncIterator[Listener]:
        """A socket of `person` on the live huddle."""
        headers = headers or await self.signed_in(person)
        connecting = socket_at(
            self.settings.port, self.address, huddle or self.huddle, headers, protocol, after
        )
        async with connecting as connection:
            yield Listener(connection, after, (lambda: self.head(person)) if person else None)

    def head(self, person: str) -> str:
        """The cursor of somebody who has seen all that they may read of the Rowe family."""
        book = self.house.books.known(self.book)
        assert book, "nobody has opened the family yet"
        return self.live.cursors.write(book.heads(book.audience(person, self.clock())))


def browser_at(port: int, address: str, headers: Headers) -> AsyncClient:
    """A browser that opened `address`, talking to whoever listens on `port` of this machine."""
    sent = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "host": urlsplit(address).netloc}
    return AsyncClient(base_url=f"http://127.0.0.1:{port}", headers={**headers, **sent}, verify=PLAIN)


def socket_at(
    port: int, address: str, huddle: str, headers: Headers, protocol: str = JSON, after: str = ""
) -> websockets.connect:
    """A socket to `address`, at whoever listens on `port` of this machine."""
    return websockets.connect(
        f"ws://{urlsplit(address).netloc}/huddles/{huddle}/live?after={after}",
        host="127.0.0.1",
        port=port,
        origin=headers.get("origin"),  # type: ignore[arg-type]
        additional_headers={"cookie": headers["cookie"]},
        subprotocols=[protocol],  # type: ignore[list-item]
        max_size=2**22,
        compression=None,
    )


class Prompt(Server):
    """The product's own server, that looks every few milliseconds whether it is to end."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # noqa: ASYNC110 - uvicorn sets no event
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def running(
    url: str,
    *,
    hooks: Hooks | None = None,
    clock: Clock | None = None,
    new_id: Callable[[], str] = random_id,
    seats: Mapping[str, Headers] | None = None,
    **more: Any,
) -> AsyncIterator[Town]:
    """The product over a told database, listening on a free port of loopback.

    `seats` are the sessions that were planted in it (`sign_in_everybody`); `more` are settings.
    """
    clock = clock or Clock()
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # named, or asyncio would leave Nagle on
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        chosen = settings(url, listening.getsockname()[1], **more)
        app = build(chosen, hooks=hooks, clock=clock, new_id=new_id)
        server = Prompt(config(app, chosen))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started:
                assert not serving.done(), "the server did not start"
                await asyncio.sleep(0.005)
            home: House = app.state.house
            book = await book_of(home, ROWE)
            huddle = await ensure_live_huddle(home.ledger, home.books, clock())
            town = Town(app, clock, chosen, huddle, book, seats or {})
            try:
                yield town
            finally:
                for browser in town.browsers:
                    await browser.aclose()
        finally:
            server.should_exit = True
            await serving


async def book_of(home: House, reference: str) -> str:
    from server.families.queries import book_of as find

    found = await find(home.store, reference)
    assert found, f"{reference} was not told"
    return found
