"""Processes that chase, started and killed by a test, over PostgreSQL, Redis and a real relay."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from server.actions.agreeing import AgreeAction
from server.chasing.facts import MailSent, NoticeRef
from server.chasing.gathering import Allowed
from server.chasing.gathering import waiting as waiting_notices
from server.chasing.hours import at_work, digest_is_due
from server.chasing.outbox import outgoing
from server.chasing.pulse import health
from server.chasing.tables import notice
from server.deadlines.state import Deadline, DeadlinesState
from server.demo.ahead import Ahead
from server.record.reading import every_entry
from server.record.store import Store
from tests.chasing.chaser import LONDON, local
from tests.lab.mailbox import Mail, Mailbox
from tests.lab.services import wait_for
from tests.lab.town import Town

ROOT = Path(__file__).resolve().parents[2]
DENISE = "denise-hallam"
PATIENCE = 120.0


class Chasing:
    """One such process, from a moment on."""

    def __init__(self, url: str, redis_url: str, smtp_url: str, at: datetime, how: str = "") -> None:
        self.log = Path(tempfile.mkstemp(prefix="chasing-")[1])
        self._output = self.log.open("w")
        module = "tests.chasing.chasing_process"
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, url, redis_url, smtp_url, at.isoformat(), *([how] if how else [])],
            cwd=ROOT,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self._output.close()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def said(self) -> str:
        return self.log.read_text()


class Afar:
    """The chase of a town as it is seen from outside: others look, by the demonstration's clock."""

    def __init__(self, town: Town, box: Mailbox) -> None:
        self.town, self.box = town, box

    async def stand_at(self, written: str) -> None:
        clock = self.town.house.clock
        assert isinstance(clock, Ahead)
        await clock.move(local(written))

    async def at(self, written: str) -> list[Mail]:
        """What is sent when it is this time in London, but for the counts of half past seven."""
        moment = local(written)
        morning = moment.replace(hour=7, minute=30)
        if self.town.house.clock() < morning < moment:
            await self.stand_at(f"{morning:%Y-%m-%dT%H:%M}")
            await self.settled()
        before = len(self.box.mails)
        await self.stand_at(written)
        await self.settled()
        return self.box.mails[before:]

    async def look(self) -> list[Mail]:
        """What comes while every process looks once more."""
        before = len(self.box.mails)
        await asyncio.sleep(1.2)
        await self.settled()
        return self.box.mails[before:]

    async def settled(self) -> None:
        """Somebody has looked since the clock was moved, and nothing is on its way any more."""
        store, began = self.town.house.store, time.monotonic()
        while not await self.looked() or await store.read(self.on_its_way):
            assert time.monotonic() - began < PATIENCE, "it never settled"
            await asyncio.sleep(0.1)

    def on_its_way(self, connection: Connection) -> bool:
        """Whether anything that may leave now has not left."""
        now = self.town.house.clock()
        there = now.astimezone(LONDON)
        allowed = Allowed(at_work(there, "england"), digest_is_due(there, "england"))
        mails = connection.execute(select(outgoing).limit(1)).all()
        return bool(mails or waiting_notices(connection, allowed, 1))

    async def looked(self) -> bool:
        known, now = await health(self.town.house.store), self.town.house.clock()
        return known.swept is not None and known.swept >= now

    async def deadline(self, id: str) -> Deadline:
        """As the database has it: the town hears of what others did up to two seconds later."""
        books = self.town.house.books
        await books.catch_up(await books.open(self.town.book))
        hand = await self.town.house.ledger.look(self.town.book, await self.town.actor(DENISE))
        return hand.state[DeadlinesState].by_id[id]


@contextlib.contextmanager
def chasing(*processes: Chasing) -> Iterator[None]:
    """These processes, until the block ends."""
    try:
        yield
    finally:
        for each in processes:
            each.kill()
            print(each.said()[-3000:])
            each.log.unlink(missing_ok=True)


async def promise(town: Town, count: int, due: str, owners: tuple[str, ...]) -> None:
    """So many critical actions, due at one moment, one owner after the other."""
    for number in range(count):
        command = AgreeAction(
            huddle=town.huddle,
            words=f"Ring about day {number}",
            owner=owners[number % len(owners)],
            due=local(due),
            critical=True,
        )
        await town.do(DENISE, command)


async def sent(url: str) -> list[MailSent]:
    """Every mail that was recorded as sent, but the service's own test reminder."""
    store = Store(url)
    try:
        entries = await store.read(lambda c: list(every_entry(c, kinds=("MailSent/1",))))
    finally:
        await store.close()
    mails = [entry.fact for entry in entries if isinstance(entry.fact, MailSent)]
    return [mail for mail in mails if mail.person != "canary"]


async def waiting(url: str) -> int:
    """How many notices have no outcome yet."""
    store = Store(url)
    try:
        query = select(notice.c.person).where(notice.c.outcome.is_(None))
        return len(await store.read(lambda c: c.execute(query).all()))
    finally:
        await store.close()


def told(mails: list[MailSent]) -> Counter[tuple[NoticeRef, str]]:
    return Counter((ref, mail.person) for mail in mails for ref in mail.notices)


__all__ = ["Chasing", "chasing", "promise", "sent", "told", "wait_for", "waiting"]
