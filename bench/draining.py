"""How fast two processes empty a queue of notices, beside arq with as many jobs that do nothing."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import Connection, func, insert, select

from bench.district import AGENCIES, found
from bench.finding import FIRST
from server.chasing.jobs import QUEUE, connect
from server.chasing.tables import notice
from server.core import opened
from server.deadlines.tables import deadline, deadline_owner
from server.people.facts import PractitionerRegistered, RoleGranted
from server.record.books import PARTNERSHIP
from server.record.chain import micros
from server.record.commands import THE_SYSTEM, Command, Draft, Hand
from server.record.migrate import migrate
from server.record.store import Store
from tests.chasing.machines import Chasing, chasing, sent, told
from tests.lab.mailbox import Mailbox
from tests.lab.town import settings

PATIENCE = 900.0
TOGETHER = 500
DUE = FIRST + timedelta(days=10)
"""So late that no morning's digest counts it."""


class RegisterMany(Command):
    """So many practitioners at once, from a number on."""

    may: ClassVar[str] = "register_practitioner"
    first: int
    count: int

    def follows(self, hand: Hand) -> Iterable[Draft]:
        for n in range(self.first, self.first + self.count):
            person = PractitionerRegistered(
                person=who(n),
                name=f"Bench {n}",
                email=f"{who(n)}@bench.example",
                agency=AGENCIES[n % len(AGENCIES)][0],
                job_title="Practitioner",
            )
            yield Draft(PARTNERSHIP, person)
            yield Draft(PARTNERSHIP, RoleGranted(person=who(n), role="practitioner"))


def who(n: int) -> str:
    return f"bench-{n}"


async def people(url: str, count: int) -> None:
    """A partnership of so many people, each with something that they owe."""
    await migrate(url)
    async with opened(settings(url, demo=False), clock=lambda: FIRST) as core:
        await found(core, [])
        for first in range(0, count, TOGETHER):
            register = RegisterMany(first=first, count=min(TOGETHER, count - first))
            await core.ledger.record(PARTNERSHIP, register, THE_SYSTEM, key=f"bench people {first}")
        await core.store.write(lambda c: owe(c, count), patient=True)


def owe(connection: Connection, count: int) -> None:
    every = [
        {
            "deadline": f"deadline-{n}",
            "version": 1,
            "kind": "action",
            "stream": "family:bench",
            "book": "family:bench",
            "owner": who(n),
            "about": "action",
            "due": micros(DUE),
        }
        for n in range(count)
    ]
    connection.execute(insert(deadline), every)
    owners = [{"person": each["owner"], "deadline": each["deadline"]} for each in every]
    connection.execute(insert(deadline_owner), owners)


def notify(connection: Connection, count: int) -> None:
    """A notice to each of them."""
    every = [
        {
            "subject": f"deadline-{n}",
            "version": 1,
            "rung": "0",
            "person": who(n),
            "stream": "family:bench",
            "book": "family:bench",
            "kind": "action",
            "part": "owner",
            "others": "owner",
            "at": micros(FIRST),
            "due": micros(DUE),
            "urgent": False,
        }
        for n in range(count)
    ]
    connection.execute(insert(notice), every)


async def drain(url: str, redis_url: str, count: int) -> list[tuple[str, float]]:
    """From the moment at which the notices stand there to the record of the last mail."""
    await people(url, count)
    store = Store(url)
    try:
        with Mailbox() as box:
            both = [Chasing(url, redis_url, box.url, FIRST) for _ in range(2)]
            with chasing(*both):
                while not all("ready" in each.said() for each in both):  # noqa: ASYNC110 - others begin
                    await asyncio.sleep(0.1)
                await store.write(lambda c: notify(c, count), patient=True)
                began = time.perf_counter()
                while await store.read(waiting):
                    assert time.perf_counter() - began < PATIENCE, "it never came to an end"
                    await asyncio.sleep(0.2)
                taken = time.perf_counter() - began
            counted = told(await sent(url))
            ids = [str(m.message["Message-ID"]) for m in box.mails if m.to.startswith("bench-")]
    finally:
        await store.close()
    return [
        ("notices told", len(counted)),
        ("told twice", sum(counted.values()) - len(counted)),
        ("mails that came", len(ids)),
        ("mails that came twice", len(ids) - len(set(ids))),
        ("seconds", taken),
        ("notices a second", count / taken),
    ]


def waiting(connection: Connection) -> int:
    n = notice.c
    query = select(func.count()).select_from(notice).where(n.outcome.is_(None), n.person != "canary")
    return int(connection.execute(query).scalar_one())


async def empty_jobs(redis_url: str, count: int) -> list[tuple[str, float]]:
    """As many jobs that do nothing, for two processes with the settings of ours."""
    pool = await connect(redis_url)
    await pool.flushall()
    with idle_workers(redis_url):
        while len(await pool.client_list()) < 3:  # noqa: ASYNC110 - other processes begin here
            await asyncio.sleep(0.1)
        began = time.perf_counter()
        for _ in range(count):
            await pool.enqueue_job("nothing")
        put = time.perf_counter() - began
        while await pool.zcard(QUEUE):  # noqa: ASYNC110 - other processes work here
            await asyncio.sleep(0.05)
        taken = time.perf_counter() - began
    await pool.aclose()
    return [("seconds to put them there", put), ("seconds", taken), ("jobs a second", count / taken)]


@contextlib.contextmanager
def idle_workers(redis_url: str) -> Iterator[None]:
    """Two processes of arq, until the block ends."""
    processes = [subprocess.Popen([sys.executable, "-m", "bench.idle", redis_url]) for _ in range(2)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
