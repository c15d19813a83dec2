"""Two nodes behind the balancer of the composition: either may go at any moment, and nothing is lost."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.core import opened
from server.demo.seed import ensure_live_huddle, seed
from server.record.ledger import utc_now
from server.record.migrate import migrate
from tests.deploy.topology import DOT_ENV, WEBS, Stack, haproxy
from tests.faults.live import ADDRESS, Client, agree, check, everybody
from tests.lab import machine
from tests.lab.pace import within
from tests.lab.services import Postgres, Redis, wait_for
from tests.lab.town import SECRET, Headers, settings, sign_in_everybody

pytestmark = pytest.mark.fault

PEOPLE = ("farah-siddiqui", "priya-nair", "grace-lindqvist", "leo-marsh", "ruth-adeyemi", "sam-whitlock")
LINES = 20
HERE = DOT_ENV | {"HUDDLE_SECRET_KEY": SECRET, "HUDDLE_BASE_URL": ADDRESS}


class Place:
    """A told database, its live huddle, and everybody's session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.huddle = ""
        self.seats: dict[str, Headers] = {}

    async def tell(self) -> None:
        await migrate(self.url)
        async with opened(settings(self.url)) as core:
            await seed(core.ledger, utc_now())
            self.huddle = await ensure_live_huddle(core.ledger, core.books, utc_now())
        self.seats = await sign_in_everybody(self.url, ADDRESS, now=utc_now())

    @asynccontextmanager
    async def people(self, stack: Stack) -> AsyncIterator[list[Client]]:
        """Everybody in the room through the balancer, some at each node."""
        clients = [Client(person, self.seats[person], self.huddle, [stack.port]) for person in PEOPLE]
        async with everybody(*clients):
            assert all(screens(stack, web) for web in WEBS), "each node has people, or this means nothing"
            yield clients


@pytest.fixture
async def place(postgres_server: Postgres) -> AsyncIterator[Place]:
    place = Place(postgres_server.create_database())
    await place.tell()
    yield place
    postgres_server.drop_database(place.url)


def screens(stack: Stack, web: str) -> int:
    """How many sockets are open at one node."""
    counted = re.search(rb"^huddle_screens (\d+)", stack.get("/metrics", at=web)[1], re.M)
    return int(counted[1]) if counted else 0


async def write(client: Client) -> None:
    for n in range(LINES):
        await client.told(f"{client.person} {n}", f"key-{client.person}-{n}")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("doomed", WEBS)
async def test_either_node_is_killed_mid_huddle_and_all_are_equal_within_five_seconds(
    place: Place, redis_server: Redis, tmp_path: Path, doomed: str
) -> None:
    """Everybody writes while it happens: nothing is lost, nothing doubled, nobody has to do anything."""
    stack = Stack(tmp_path, place.url, redis_server.url, HERE)
    with stack.up(*WEBS, "balancer") as processes:
        async with place.people(stack) as clients:
            writing = asyncio.gather(*(write(client) for client in clients))
            while sum(len(client.saved) for client in clients) < 40:  # noqa: ASYNC110 - sockets, no event
                await asyncio.sleep(0.01)
            assert not writing.done(), "it must strike under load, or this means nothing"
            before = {client: len(client.saved) for client in clients}
            processes[doomed].send_signal(signal.SIGKILL)
            died = time.monotonic()
            for client in clients:
                await client.until(lambda c=client: c.open and len(c.saved) > before[c], within=within(5.0))
            all_back = time.monotonic() - died
            await writing
            written = time.monotonic()
            await agree(*clients, within=within(5.0))
            equal = time.monotonic() - written
            assert any(client.closes for client in clients), "somebody was at that node"
            assert not any(client.refused for client in clients)
        assert await check(place.url, *clients) == LINES * len(PEOPLE)
    assert all_back < within(5.0)
    print(f"{doomed}: all go on after {all_back:.2f} s, and are equal {equal:.2f} s after the last line")


async def test_a_node_that_is_told_to_end_sends_its_people_to_the_other(
    place: Place, redis_server: Redis, tmp_path: Path
) -> None:
    """A deploy: close 1012, nothing lost, and the other's people notice nothing."""
    stack = Stack(tmp_path, place.url, redis_server.url, HERE)
    with stack.up(*WEBS, "balancer") as processes:
        async with place.people(stack) as clients:
            moved = screens(stack, "web-1")
            await asyncio.to_thread(stack.end, processes["web-1"])
            for client in clients:
                await client.told(f"{client.person} goes on", f"key-{client.person}-on")
            await agree(*clients, within=within(5.0))
            closed = [client.closes for client in clients if client.closes]
            assert len(closed) == moved
            assert {code for closes in closed for code, _ in closes[:1]} == {1012}
        assert await check(place.url, *clients) == len(PEOPLE)


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except machine.Missing as why:
        pytest.skip(str(why))
    with server:
        yield server


def test_with_the_database_away_the_balancer_still_brings_the_numbers_to_ring(
    own_postgres: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    """No node is ready then, and they must be asked all the same."""
    if haproxy() is None:
        pytest.skip("no HAProxy here; the lab's stand-in asks nobody whether they are ready")
    stack = Stack(tmp_path, own_postgres.create_database(), redis_server.url)
    with stack.up(*WEBS, "balancer"):
        own_postgres.kill()
        wait_for(lambda: stack.get("/readyz")[0] == 503, "the nodes never noticed")
        for _ in range(20):
            status, page = stack.get("/sign-in")
            assert status in (200, 503) and b"Huddle" in page and b"999" in page
        own_postgres.start()
        wait_for(lambda: stack.get("/readyz")[0] == 200, "the nodes never came back")
