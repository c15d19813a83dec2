"""Processes that chase are killed, doubled, and lose Redis: each notice is sent once, and none is lost."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import timedelta
from pathlib import Path

import pytest
import redis as redis_client
from sqlalchemy import select

from server.chasing.aside import dead_letter
from server.chasing.jobs import QUEUE
from server.record.store import Store
from tests.chasing.chaser import local, people
from tests.chasing.machines import Afar, Chasing, chasing, promise, sent, told, waiting
from tests.lab.mailbox import Mailbox
from tests.lab.services import Redis
from tests.lab.town import NOW, running

pytestmark = [pytest.mark.fault, pytest.mark.slow]

DUE = "2026-03-25T16:00"
AT = local(DUE)
TEAM = ("farah-siddiqui", "grace-lindqvist", "leo-marsh", "priya-nair", "hannah-pike")


async def until(there: object, patience: float = 150.0) -> None:
    """Until an answer is true: `there` is asked again and again."""
    ends = time.monotonic() + patience
    while not await there():  # type: ignore[operator]  # any question
        assert time.monotonic() < ends, "it never came to be"
        await asyncio.sleep(0.1)


async def all_told(url: str, expected: int) -> None:
    async def quiet() -> bool:
        return sum(told(await sent(url)).values()) >= expected and await waiting(url) == 0

    await until(quiet)


async def prepared(url: str, count: int) -> None:
    async with running(url, demo=False) as town:
        await promise(town, count, DUE, TEAM)


async def test_j2_two_workers_and_two_schedulers_tell_each_notice_once(
    postgres_town: str, redis_server: Redis
) -> None:
    """A thousand deadlines fall due (five hundred actions, none read back), while Redis is emptied again and
    again (B6)."""
    await prepared(postgres_town, 500)
    with Mailbox() as box:
        first = Chasing(postgres_town, redis_server.url, box.url, AT)
        second = Chasing(postgres_town, redis_server.url, box.url, AT)
        with chasing(first, second):
            client = redis_client.Redis.from_url(redis_server.url)
            flushing = asyncio.create_task(flush(client))
            try:
                await all_told(postgres_town, 1000)
            finally:
                flushing.cancel()
                client.close()
        counted = told(await sent(postgres_town))
        assert max(counted.values()) == 1
        ids = [str(mail.message["Message-ID"]) for mail in box.mails]
        assert len(ids) == len(set(ids)), "no mail left twice"


async def flush(client: redis_client.Redis) -> None:
    while True:
        await asyncio.sleep(0.7)
        await asyncio.to_thread(client.flushall)


async def test_a6_a_worker_that_dies_after_the_yes_repeats_at_most_once(
    postgres_town: str, redis_server: Redis
) -> None:
    await prepared(postgres_town, 5)
    with Mailbox() as box:
        dying = Chasing(postgres_town, redis_server.url, box.url, AT, "strike")
        await asyncio.to_thread(dying.process.wait, 60)
        dying.kill()
        assert box.mails, "the relay had said yes"
        box_before = {str(mail.message["Message-ID"]) for mail in box.mails}
        with chasing(Chasing(postgres_town, redis_server.url, box.url, AT + timedelta(seconds=60))):
            await all_told(postgres_town, 10)
        ids = [str(mail.message["Message-ID"]) for mail in box.mails]
        repeated = {id for id in ids if ids.count(id) > 1}
        assert repeated == repeated & box_before
        assert all(ids.count(id) <= 2 for id in ids)
        marked = {str(m.message["Message-ID"]) for m in box.mails if "already" in m.text}
        assert repeated <= marked, "whoever has it twice is told so"
        assert max(told(await sent(postgres_town)).values()) == 1


async def test_a7_what_a_killed_worker_had_in_hand_is_taken_up_within_a_minute(
    postgres_town: str, redis_server: Redis
) -> None:
    await prepared(postgres_town, 5)
    with Mailbox(mode="hang") as box:
        killed = Chasing(postgres_town, redis_server.url, box.url, AT)
        with chasing(killed):
            await asyncio.to_thread(box.wait_until_asked, 1)
        box.mode = "accept"
        box.mails.clear()
        with chasing(Chasing(postgres_town, redis_server.url, box.url, AT + timedelta(seconds=59))):
            await all_told(postgres_town, 10)
        assert max(told(await sent(postgres_town)).values()) == 1


async def test_j7_b7_without_redis_or_with_a_full_one_the_sweep_sends_by_itself(postgres_town: str) -> None:
    await prepared(postgres_town, 5)
    with Mailbox() as box, Redis() as own:
        client = redis_client.Redis.from_url(own.url)
        client.config_set("maxmemory", 1)
        with chasing(Chasing(postgres_town, own.url, box.url, AT)):
            await all_told(postgres_town, 10)
        own.kill()
        await prepared_again(postgres_town)
        late = Chasing(postgres_town, own.url, box.url, AT + timedelta(days=1))
        with chasing(late):
            await all_told(postgres_town, 14)
            own.start()
        assert max(told(await sent(postgres_town)).values()) == 1


async def test_b6_redis_away_for_an_evening_stops_no_chase(postgres_town: str) -> None:
    """From before five until the next morning. What falls due meanwhile is told at its time."""
    evening = ("2026-03-25T17:30", "2026-03-25T19:00", "2026-03-25T20:30", "2026-03-25T22:00")
    with Mailbox() as box, Redis() as own:
        async with running(postgres_town, redis_url=own.url, smtp_url=box.url) as town:
            for due, owner in zip(evening, TEAM[1:], strict=True):
                await promise(town, 1, due, (owner,))
            afar = Afar(town, box)
            with chasing(*(Chasing(postgres_town, own.url, box.url, NOW, "demo") for _ in range(2))):
                await afar.at("2026-03-25T16:30")
                own.kill()
                for due, owner in zip(evening, TEAM[1:], strict=True):
                    assert owner in people(await afar.at(due))
                own.start()
                assert "tom-okafor" in people(await afar.at("2026-03-26T09:00")), "who answers for them"
                await until(lambda: asyncio.to_thread(has_had_jobs, own.url))
        assert await waiting(postgres_town) == 0
        assert max(told(await sent(postgres_town)).values()) == 1


def has_had_jobs(url: str) -> bool:
    """Whether workers take what this Redis holds since it was started."""
    client = redis_client.Redis.from_url(url)
    with contextlib.closing(client):
        return "cmdstat_zrangebyscore" in client.info("commandstats")


async def prepared_again(url: str) -> None:
    async with running(url, demo=False) as town:
        await promise(town, 2, "2026-03-26T16:00", TEAM)


async def test_b9_what_is_no_job_is_never_run(
    postgres_town: str, redis_server: Redis, tmp_path: Path
) -> None:
    """A pickle that would write a file, where jobs are."""
    import pickle

    touched = tmp_path / "touched"

    class Gadget:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (touched.write_text, ("run",))

    client = redis_client.Redis.from_url(redis_server.url)
    client.flushall()
    client.set("arq:job:poison", pickle.dumps(Gadget()))
    client.zadd(QUEUE, {"poison": 1})
    with Mailbox() as box, chasing(Chasing(postgres_town, redis_server.url, box.url, AT)):
        store = Store(postgres_town)

        async def aside() -> bool:
            return bool(await store.read(lambda c: c.execute(select(dead_letter)).all()))

        try:
            await until(aside)
        finally:
            await store.close()
    assert not touched.exists()
    client.close()
