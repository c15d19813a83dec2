"""One town lived through twice: the same open acts, with and without restricted activity among them.

Whoever looks on keeps every byte: each message of each socket on both subprotocols, each page with its status
and headers, each refusal. Nothing is masked but `NONCES`. The clock stands still, ids come from a seed that
is set anew before every step, and presence is told when the script says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import websockets
from httpx2 import AsyncClient
from websockets.protocol import State

from server.realtime.frames import HTML, JSON
from server.realtime.held import Held
from server.realtime.screens import PAGE, Screen
from server.record.commands import Command
from tests.lab.town import Town, socket_at

ADDRESS = "http://127.0.0.1:8000"

NONCES = {"date": "the wall clock's second, which the server itself puts on every answer"}
"""Headers that differ from answer to answer by purpose, each with its reason."""

INSIDERS = ("hannah-pike", "denise-hallam", "owen-blake", "grace-lindqvist", "tom-okafor")
OUTSIDERS = ("farah-siddiqui", "priya-nair", "leo-marsh", "sam-whitlock", "ruth-adeyemi", "cal-moss")
STRANGERS = ("dawn-tully", "judith-okonjo", "imran-sethi", "josie-tran")
"""Of them nobody reads this family: excluded, oversight, administrator, another team."""
PLACES = (*INSIDERS, *OUTSIDERS, *STRANGERS, "")
"""In this order people take their places at the nodes, and at last nobody in particular."""


class Ids:
    """Names that one node gives: the same in both worlds, however many were needed before this step."""

    def __init__(self, node: str = "") -> None:
        self.node = node
        self.step = ""
        self.given = 0

    def begin(self, step: str) -> None:
        self.step, self.given = step, 0

    def __call__(self) -> str:
        self.given += 1
        return hashlib.sha256(f"{self.node}{self.step} {self.given}".encode()).hexdigest()[:32]


@dataclass
class Seat:
    """One open socket and everything that came over it."""

    connection: websockets.ClientConnection
    heard: list[str] = field(default_factory=list)

    async def listen(self) -> None:
        """Keep what comes, to the end of the connection and how it ended."""
        connection = self.connection
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                self.heard.append(str(await connection.recv()))
        self.heard.append(f"closed {connection.close_code} {connection.close_reason}")

    async def drain(self) -> None:
        """What was sent before the answer to our ping has come by then."""
        with contextlib.suppress(websockets.ConnectionClosed):
            await (await self.connection.ping())

    def answered(self, key: str) -> list[dict[str, Any]]:
        """How an act was answered, each time that it was sent."""
        return [message for message in self.messages if message.get("key") == key]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.heard if text.startswith("{")]


@dataclass
class World:
    """One running town, who looks on, and what each of them has been sent.

    Its nodes are one or two. With two, the people inside and those outside sit by turns at the one and at the
    other, so that what happens and who looks on are on the same node and on different ones.
    """

    nodes: tuple[Town, ...]
    ids: tuple[Ids, ...]
    seats: dict[tuple[str, str], Seat] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    browsers: dict[str, AsyncClient] = field(default_factory=dict)
    listening: list[asyncio.Task[None]] = field(default_factory=list)
    open: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    @property
    def huddle(self) -> str:
        return self.nodes[0].huddle

    def node_of(self, person: str) -> Town:
        """Where this person sits."""
        return self.nodes[PLACES.index(person) % len(self.nodes)]

    def begin(self, step: str) -> None:
        for ids in self.ids:
            ids.begin(step)

    @contextlib.asynccontextmanager
    async def step(self, name: str) -> Any:
        """One act and all that comes of it, before the next begins."""
        self.begin(name)
        yield
        await self.calm()

    async def do(self, person: str, command: Command, key: str) -> None:
        """What a person does, by no page."""
        async with self.step(f"{person} {key}"):
            await self.node_of(person).do(person, command, key=key)

    async def enter(self, people: Iterable[str], protocols: Iterable[str] = (HTML, JSON)) -> None:
        """Open a socket of each person: as a browser does from its page, and as a program does."""
        for person, protocol in itertools.product(people, protocols):
            async with self.step(f"{person} comes in by {protocol}"):
                seat = self.seats[person, protocol] = Seat(await self.connect(person, protocol))
                self.listening.append(asyncio.create_task(seat.listen()))

    async def connect(self, person: str, protocol: str) -> websockets.ClientConnection:
        after = await self.cursor(person) if protocol == HTML else ""
        node = self.node_of(person)
        headers = await node.signed_in(person)
        connecting = socket_at(node.settings.port, ADDRESS, self.huddle, headers, protocol, after)
        return await self.open.enter_async_context(connecting)

    async def cursor(self, person: str) -> str:
        page = await self.fetch(person, "GET", f"/huddles/{self.huddle}", {})
        return page.split('data-cursor="')[1].split('"')[0] if 'data-cursor="' in page else "none"

    async def calm(self) -> None:
        """Until every screen shows the head, and everything sent has been received."""
        async with asyncio.timeout(5):
            while True:
                level = self.level()
                screens = [s for node in self.nodes for s in self.open_screens(node)]
                shown = all(self.shows_all(screen) for screen in screens)
                await asyncio.gather(*(seat.drain() for seat in self.seats.values()))
                await asyncio.sleep(0)
                reloaded = await self.reload()
                here = sum(seat.connection.state is State.OPEN for seat in self.seats.values())
                if level and shown and not reloaded and here == len(screens):
                    return

    def level(self) -> bool:
        """Whether every node knows what any of them knows, of each family and of who is here."""
        versions: dict[str, set[int]] = {}
        for node in self.nodes:
            for book in node.house.books.all_open():
                versions.setdefault(book.id, set()).add(book.version)
        known = [node.live.node.presence for node in self.nodes]
        seats = [(p.here(self.huddle, PLACES), p.writing(self.huddle, PLACES)) for p in known]
        return all(len(found) == 1 for found in versions.values()) and all(s == seats[0] for s in seats)

    def open_screens(self, node: Town) -> list[Screen]:
        return [s for s in node.live.node.rooms.screens() if not isinstance(s, Held)]

    def shows_all(self, screen: Screen) -> bool:
        """Whether a screen has nothing left to send."""
        heads = screen.room.book.heads(screen.room.audience(screen.person, self.nodes[0].clock()))
        return screen.since == heads and screen.presence is None and not screen.more.is_set()

    async def reload(self) -> bool:
        """Whoever was told to fetch the page again does so, as a browser does. Whether there was anybody."""
        told = [key for key, seat in self.seats.items() if seat.connection.close_code == PAGE]
        for key in told:
            self.seats[key].connection = await self.connect(*key)
            self.listening.append(asyncio.create_task(self.seats[key].listen()))
        return bool(told)

    async def say(self, person: str, do: str, key: str, **body: Any) -> dict[str, Any]:
        """What a person does from the page that they have open, and how it was answered."""
        seat, said = self.seats[person, HTML], json.dumps({"do": do, "key": key, "body": body})
        known = len(seat.answered(key))
        async with self.step(f"{person} {do} {key}"), asyncio.timeout(5):
            while len(seat.answered(key)) == known:
                connection = seat.connection
                await connection.send(said)  # and again over a new connection, as a browser does
                while seat.connection is connection and len(seat.answered(key)) == known:
                    await self.calm()
        return seat.answered(key)[-1]

    async def types(self, person: str) -> None:
        async with self.step(f"{person} types"):
            await self.seats[person, HTML].connection.send('{"do":"typing"}')

    async def tell_presence(self) -> None:
        for node in self.nodes:
            node.live.node.look_at_seats()
        await self.calm()

    async def get(self, person: str, path: str, **headers: str) -> str:
        return await self.ask(person, "GET", path, headers)

    async def post(self, person: str, path: str, **form: str) -> str:
        answer = await self.ask(person, "POST", path, {}, form)
        await self.calm()
        return answer

    async def ask(
        self, person: str, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None
    ) -> str:
        """What a person (or nobody: "") is answered, with status and headers, kept as it came."""
        self.begin(f"{person} {method} {path}")
        return await self.fetch(person, method, path, headers, form)

    async def fetch(
        self, person: str, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None
    ) -> str:
        if person not in self.browsers:
            self.browsers[person] = await self.node_of(person).browser(person)
        answer = await self.browsers[person].request(method, path, headers=headers, data=form)
        head = [f"{k}: {v}" for k, v in answer.headers.multi_items() if k.lower() not in NONCES]
        whole = "\n".join([f"{method} {path}", str(answer.status_code), *head, "", answer.text])
        self.answers.setdefault(person, []).append(whole)
        return answer.text

    def sent_to(self, person: str) -> list[str]:
        """Every byte that this person was sent, in order, over each of the ways."""
        over_sockets = [
            f"{protocol} {text}"
            for (who, protocol), seat in self.seats.items()
            if who == person
            for text in seat.heard
        ]
        return over_sockets + self.answers.get(person, [])
