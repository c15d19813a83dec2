"""A job is a hint: one for each time that a mail is tried, and one that comes too soon waits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
import redis as redis_client
from arq.worker import Retry

from server.chasing import outbox
from server.chasing.jobs import QUEUE, Jobs, deliver
from server.chasing.sending import Sending
from server.chasing.sweep import Sweep
from server.core import new_id
from tests.chasing.chaser import Chaser, people
from tests.chasing.test_chase import MARTIN, asked
from tests.chasing.test_sending import mails_of
from tests.lab.services import Redis
from tests.lab.town import Clock


@pytest.fixture
def waiting(redis_server: Redis) -> Iterator[redis_client.Redis]:
    """The queue, empty."""
    with contextlib.closing(redis_client.Redis.from_url(redis_server.url)) as client:
        client.flushall()
        yield client


@pytest.fixture
async def jobs(chaser: Chaser, redis_server: Redis) -> AsyncIterator[Jobs]:
    town = chaser.town
    jobs = Jobs(redis_server.url, town.house.store, chaser.sending, town.clock)
    yield jobs
    await jobs.close()


@pytest.fixture
def sweep(chaser: Chaser, jobs: Jobs) -> Sweep:
    """One that hands over what it gathers."""
    house = chaser.town.house
    return Sweep(house.store, house.ledger, chaser.sending, chaser.town.clock, new_id, jobs.hand_over)


async def test_j17_however_often_a_mail_is_handed_over_there_is_one_job_for_it(
    chaser: Chaser, waiting: redis_client.Redis, sweep: Sweep
) -> None:
    town = chaser.town
    await asked(town)
    for _ in range(3):
        await sweep.look()
        town.clock.pass_by(seconds=16)
    (mail,) = await mails_of(town, MARTIN)
    queued = [name for name, _ in waiting.zrange(QUEUE, 0, -1, withscores=True)]
    assert queued.count(f"{mail} 0".encode()) == 1


async def test_j7_a_job_that_is_lost_by_half_is_handed_over_again(
    chaser: Chaser, waiting: redis_client.Redis, jobs: Jobs, sweep: Sweep
) -> None:
    """A full Redis, or time, took the job and left its place in the queue."""
    town = chaser.town
    await asked(town)
    await sweep.look()
    assert waiting.delete(*waiting.keys("arq:job:*")) > 0  # type: ignore[misc, arg-type]  # no asyncio here
    working = asyncio.create_task(jobs.work())
    async with asyncio.timeout(20):
        while waiting.zcard(QUEUE):  # noqa: ASYNC110 - Redis
            await asyncio.sleep(0.05)
        assert people(chaser.box.mails) == []
        town.clock.pass_by(seconds=16)
        await sweep.look()
        while not people(chaser.box.mails):  # noqa: ASYNC110 - a relay in a thread of its own
            await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert people(chaser.box.mails) == [MARTIN]


async def test_what_a_clock_ahead_of_this_one_handed_over_is_sent_a_little_later(chaser: Chaser) -> None:
    town = chaser.town
    await asked(town)
    behind = Clock(town.clock() - timedelta(minutes=20))
    sending = Sending(chaser.town.settings, town.house.store, town.house.ledger, chaser.quick(), behind)
    ctx = {"sending": sending}
    await chaser.sweep.gather()
    (mail,) = await mails_of(town, MARTIN)
    with pytest.raises(Retry):
        await deliver(ctx, mail)
    behind.pass_by(minutes=20)
    await deliver(ctx, mail)
    await deliver(ctx, mail)
    assert people(chaser.box.mails) == [MARTIN]


async def test_seconds_between_two_clocks_hold_nothing_up(chaser: Chaser) -> None:
    town = chaser.town
    await asked(town)
    await chaser.sweep.gather()
    (mail,) = await mails_of(town, MARTIN)
    handed_over = await town.house.store.read(lambda c: outbox.due(c, town.clock(), 10))
    await town.house.store.write(lambda c: outbox.queued(c, handed_over, town.clock()))
    town.clock.pass_by(seconds=-4)
    await deliver({"sending": chaser.sending}, mail)
    assert people(chaser.box.mails) == [MARTIN]


async def test_what_waits_to_be_tried_again_is_not_tried_sooner_by_a_job(chaser: Chaser) -> None:
    town = chaser.town
    chaser.box.mode = "later"
    await asked(town)
    await chaser.look()
    chaser.box.mode = "accept"
    (mail,) = await mails_of(town, MARTIN)
    await deliver({"sending": chaser.sending}, mail)
    assert people(chaser.box.mails) == []
