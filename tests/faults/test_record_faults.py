"""What was acknowledged is stored exactly once, after any crash (A1 to A5, C1, C12)."""

import asyncio
import itertools
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from server.families.facts import FragmentContributed
from server.record import ledger
from server.record import store as stores
from server.record.facts import Entry
from server.record.migrate import migrate
from server.record.reading import every_entry
from server.record.refusals import Unavailable
from server.record.store import Store
from server.record.verify import verify
from tests.lab.proxy import Proxy
from tests.lab.services import Postgres
from tests.record.conftest import apart
from tests.record.world import FARAH, PRIYA, ROWE, Node, stored

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = [f"family:{n}" for n in range(4)]
WRITERS = 8


def worker(url: str, where: str, with_signal: str = "SIGKILL", count: int = 5) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.lab.start", "tests.faults.record_worker"]
    command = [*program, url, where, with_signal, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def lines(entries: list[Entry]) -> list[str]:
    return [e.fact.text for e in entries if isinstance(e.fact, FragmentContributed)]


def said(output: str) -> list[str]:
    return [line.split()[0] for line in output.splitlines() if line.startswith("k")]


@pytest.mark.parametrize(
    ("where", "kept"), [("before_commit", 2), ("after_commit", 3), ("before_ring", 3)], ids=["A2", "A3", "A1"]
)
async def test_a_process_killed_round_its_commit_loses_and_doubles_nothing(
    url: str, where: str, kept: int
) -> None:
    """kill -9 before COMMIT, between COMMIT and the answer, between the answer and the ring."""
    store = Store(url)
    onlooker = Node(store)
    with worker(url, where) as killed:
        output = killed.communicate(timeout=30)[0]
    assert killed.returncode == -signal.SIGKILL
    assert said(output) == ["k1", "k2"], "nobody was told of what the kill struck"
    assert lines(await stored(store)) == [f"Line {n}" for n in range(1, kept + 1)]
    assert await verify(store) == []

    await onlooker.books.open(ROWE)
    with worker(url, "never") as again:
        output = again.communicate(timeout=30)[0]
    told = [line.split() for line in output.splitlines() if line.startswith("k")]
    assert [replayed == "True" for _, _, replayed in told] == [n <= kept for n in range(1, 6)]
    assert lines(await stored(store)) == [f"Line {n}" for n in range(1, 6)], "each of them once"
    assert await verify(store) == []

    behind = await onlooker.books.behind()
    assert [book.id for book in behind] == [ROWE], "no ring came; the look at the heads finds it"
    await onlooker.books.catch_up(behind[0])
    assert (await onlooker.heard()).words[1:] == [f"Line {n}" for n in range(1, 6)]
    await store.close()


async def test_a_process_halted_with_the_lock_in_hand_keeps_nobody_waiting(postgres_url: str) -> None:
    """C12: the database takes the lock back; what the halted one meant to say is recorded once."""
    store = Store(postgres_url)
    with worker(postgres_url, "before_commit", "SIGSTOP") as halted:
        assert halted.stdout is not None
        for line in halted.stdout:
            if line.startswith("k2"):
                break
        await until(lambda: psutil.Process(halted.pid).status() == psutil.STATUS_STOPPED)
        started = time.monotonic()
        async with Node(store) as node:
            await node.say("Meanwhile", key="meanwhile")
        waited = time.monotonic() - started
        halted.send_signal(signal.SIGCONT)
        halted.stdout.read()
    assert waited < 10
    assert Counter(lines(await stored(store))) == Counter(["Meanwhile", *(f"Line {n}" for n in range(1, 6))])
    assert await verify(store) == []
    await store.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.01)


class History:
    """What writers were told: the place of everything acknowledged, and how often they were refused."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, tuple[str, int]] = {}
        self.refused = 0
        self.longest = 0.0

    async def write(self, node: Node, writer: int, count: int, over: asyncio.Event | None = None) -> None:
        """Say `count` things, and go on until it is `over`; each until it is acknowledged, by its own key."""
        for n in itertools.count():
            if n >= count and (over is None or over.is_set()):
                return
            key = f"{writer}.{n}"
            started = time.monotonic()
            while key not in self.acknowledged:
                try:
                    receipt = await node.say(key, key=key, book=FAMILIES[writer % 4])
                    self.acknowledged[key] = (receipt.stream, receipt.seq)
                except Unavailable:
                    self.refused += 1
            self.longest = max(self.longest, time.monotonic() - started)

    async def check(self, store: Store) -> None:
        """Invariants 1 and 2: what was acknowledged stands where it was said to, once, and nothing else."""
        entries = [e for e in await stored(store) if isinstance(e.fact, FragmentContributed)]
        assert Counter(e.key for e in entries) == Counter(list(self.acknowledged)), "0 lost, 0 doubled"
        assert {e.key: (e.stream, e.seq) for e in entries} == self.acknowledged
        assert await verify(store) == []


@asynccontextmanager
async def two_nodes(url: str) -> AsyncIterator[list[Node]]:
    one, other = Store(url), Store(url)
    async with Node(one) as here, Node(other) as there:
        for family in FAMILIES:
            await here.gather(PRIYA, FARAH, book=family)
        yield [here, there]
    await one.close()
    await other.close()


@asynccontextmanager
async def proxied(url: str, server: Postgres) -> AsyncIterator[tuple[Proxy, str]]:
    async with Proxy(server.port) as proxy:
        yield proxy, url.replace(f":{server.port}/", f":{proxy.port}/")


async def test_replies_to_commit_that_never_arrive_lose_and_double_nothing(
    postgres_url: str, postgres_server: Postgres
) -> None:
    """A4: the database has committed and nobody hears: the author's key says so when it is asked again."""
    history = History()
    async with proxied(postgres_url, postgres_server) as (proxy, url), two_nodes(url) as nodes:
        proxy.cut_reply_after(b"COMMIT", 0.2, seed=4)
        await asyncio.gather(*(history.write(nodes[w % 2], w, 20) for w in range(WRITERS)))
        proxy.pass_on()
        assert proxy.cuts > 10, "replies must have been lost, or this means nothing"
    store = Store(postgres_url)
    await history.check(store)
    await store.close()
    assert len(history.acknowledged) == 160
    print(f"A4: {len(history.acknowledged)} acknowledged, {proxy.cuts} replies cut")


@pytest.mark.parametrize("fault", ["reset", "blackhole"])
async def test_a_wire_that_is_cut_and_mended_loses_and_doubles_nothing(
    postgres_url: str, postgres_server: Postgres, fault: str
) -> None:
    """A4: three times for a second, in the middle of everything."""
    history = History()
    async with proxied(postgres_url, postgres_server) as (proxy, url), two_nodes(url) as nodes:
        over = asyncio.Event()
        writing = asyncio.gather(*(history.write(nodes[w % 2], w, 20, over) for w in range(WRITERS)))
        for _ in range(3):
            await asyncio.sleep(0.2)
            assert not writing.done(), "the fault must strike under load, or this means nothing"
            getattr(proxy, fault)()
            await asyncio.sleep(0.7)
            proxy.pass_on()
        over.set()
        await writing
    store = Store(postgres_url)
    await history.check(store)
    await store.close()


async def test_a_wire_that_swallows_everything_is_given_up(
    postgres_url: str, postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for ever: the author is told in time, and the next command finds a new connection."""
    monkeypatch.setattr(ledger, "PATIENCE", 3.0)
    monkeypatch.setattr(stores, "LIMIT", 1.5)
    async with proxied(postgres_url, postgres_server) as (proxy, url), two_nodes(url) as nodes:
        proxy.blackhole()
        started = time.monotonic()
        with pytest.raises(Unavailable):
            await nodes[0].say("Into the dark", key="dark", book=FAMILIES[0])
        assert 2 < time.monotonic() - started < 8, "its author waited, and was told"
        proxy.lose()
        started = time.monotonic()
        await nodes[0].say("Into the dark", key="dark", book=FAMILIES[0])
        assert time.monotonic() - started < 10
    store = Store(postgres_url)
    assert lines(await stored(store)) == ["Into the dark"]
    await store.close()


@pytest.fixture
def own_postgres() -> Iterator[tuple[Postgres, str]]:
    with Postgres() as server:
        url = server.create_database()
        apart(migrate(url))
        yield server, url


async def test_a_database_killed_three_times_under_load_loses_and_doubles_nothing(
    own_postgres: tuple[Postgres, str],
) -> None:
    """A5: kill -9; writers go on by themselves within ten seconds, without a restart."""
    server, url = own_postgres
    history = History()
    async with two_nodes(url) as nodes:
        writing = asyncio.gather(*(history.write(nodes[w % 2], w, 60) for w in range(WRITERS)))
        for reached in (100, 200, 300):
            await until(lambda reached=reached: len(history.acknowledged) > reached or writing.done())
            assert not writing.done(), "the kill must strike under load, or this means nothing"
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(server.start)
        await writing
    store = Store(url)
    await history.check(store)
    await store.close()
    assert history.longest < 10
    print(f"A5: {len(history.acknowledged)} acknowledged, longest {history.longest:.1f} s")


async def test_whoever_looks_sees_a_prefix(url: str) -> None:
    """C1: a number that commits late and is then never seen is impossible, whoever looks when."""
    history = History()
    store = Store(url)
    seen: dict[str, list[int]] = {family: [] for family in FAMILIES}
    looks = 0

    async def look() -> None:
        nonlocal looks
        while True:
            looks += 1
            for entry in await store.read(lambda connection: list(every_entry(connection))):
                if entry.seq > len(seen[entry.stream]):
                    seen[entry.stream].append(entry.seq)
            await asyncio.sleep(0)

    async with two_nodes(url) as nodes:
        looking = asyncio.create_task(look())
        await asyncio.gather(*(history.write(nodes[w % 2], w, 15) for w in range(WRITERS)))
        before = looks
        await until(lambda: looks > before + 1)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    assert looks > 10
    for family in FAMILIES:
        assert seen[family] == list(range(1, 33)), "each number once, in order, as it came"
    await store.close()
