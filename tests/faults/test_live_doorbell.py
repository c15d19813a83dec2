"""One node's link to Redis is cut, or goes silent; Redis is emptied again and again (B3, B4, B6).

Two nodes in the test's own loop; the first reaches Redis through a wire that can be cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import time
from collections.abc import AsyncIterator

import pytest
import redis

from tests.faults.live import ADDRESS, agree, check, everybody
from tests.faults.test_live_outage import LATE, becomes, client, converse, status, write
from tests.lab.pace import within
from tests.lab.proxy import Proxy
from tests.lab.services import Redis
from tests.lab.town import Headers, Town, running, sign_in_everybody

pytestmark = pytest.mark.fault

FARAH, PRIYA = "farah-siddiqui", "priya-nair"
NOTICED = 8.0
"""Seconds within which a silent link is known for one: 5 without an echo, and a moment to say so."""


@contextlib.asynccontextmanager
async def behind_a_wire(url: str, server: Redis) -> AsyncIterator[tuple[Town, Town, Proxy]]:
    """Two nodes, both hearing each other; the first behind the wire."""
    async with Proxy(server.port) as wire:
        far = server.url.replace(f":{server.port}/", f":{wire.port}/")
        more = {"base_url": ADDRESS, "demo": False}
        async with (
            running(url, redis_url=far, **more) as one,
            running(url, redis_url=server.url, **more) as other,
        ):
            await becomes(one, "ready")
            await becomes(other, "ready")
            yield one, other, wire


@pytest.fixture
async def seats(postgres_town: str) -> dict[str, Headers]:
    return await sign_in_everybody(postgres_town, ADDRESS)


async def test_b3_what_was_rung_while_one_link_was_cut_is_read_from_the_database(
    postgres_town: str, redis_server: Redis, seats: dict[str, Headers]
) -> None:
    """Cut for a second, three times, while the other node's people write."""
    async with behind_a_wire(postgres_town, redis_server) as (one, other, wire):
        farah, priya = client(FARAH, seats, one), client(PRIYA, seats, other)
        async with everybody(farah, priya):
            writing = asyncio.create_task(write(priya, 40, 0.1))
            for _ in range(3):
                wire.reset()
                await asyncio.sleep(1.0)
                wire.pass_on()
                await becomes(one, "ready")
            assert not writing.done(), "it must be cut while somebody writes, or this means nothing"
            await writing
            await agree(farah, priya)
            late = [farah.arrived[place(s)] - priya.saved_at[key] for key, s in priya.saved.items()]
            assert max(late) < within(LATE)
            after = await converse(farah, priya, 4)
            assert after < within(1.0), "rung again"
            assert not farah.closes and not farah.refused and not priya.refused
        await check(postgres_town, farah, priya)
    print(f"B3: the latest of 40 lines after {max(late):.2f} s, afterwards {after:.2f} s")


def place(saved: dict[str, object]) -> tuple[str, int]:
    return str(saved["stream"]), int(str(saved["seq"]))


@pytest.mark.slow
@pytest.mark.parametrize("ends", ["passes", "loses"])
async def test_b4_a_link_that_is_silent_without_an_error_is_noticed_and_made_anew(
    postgres_town: str, redis_server: Redis, seats: dict[str, Headers], ends: str
) -> None:
    """However long (BLACK_HOLE=30): no line is later than the poll, and the node knows that it is deaf."""
    async with behind_a_wire(postgres_town, redis_server) as (one, other, wire):
        farah, priya = client(FARAH, seats, one), client(PRIYA, seats, other)
        async with everybody(farah, priya):
            wire.blackhole()
            since = time.monotonic()
            await becomes(one, "degraded", within(NOTICED))
            noticed = time.monotonic() - since
            meanwhile = 0.0
            while time.monotonic() - since < float(os.environ.get("BLACK_HOLE", "12")):
                meanwhile = max(meanwhile, await converse(farah, priya, 2))
                assert await status(one) == "degraded", "connecting into the dark is no link"
            wire.pass_on() if ends == "passes" else wire.lose()
            await becomes(one, "ready", within(NOTICED))
            after = await converse(farah, priya, 4)
            await agree(farah, priya)
            assert not farah.closes and not farah.refused and not priya.refused
        await check(postgres_town, farah, priya)
    assert meanwhile < within(LATE)
    assert after < within(1.0), "rung again"
    print(f"B4 ({ends}): noticed after {noticed:.1f} s, worst {meanwhile:.2f} s, afterwards {after:.2f} s")


async def test_b6_an_emptied_redis_loses_nothing(
    postgres_town: str, redis_server: Redis, seats: dict[str, Headers]
) -> None:
    """FLUSHALL at random moments under load: sessions, cursors and what was said stand in the database."""
    chance = random.Random(6)
    async with behind_a_wire(postgres_town, redis_server) as (one, other, _):
        people = ("farah-siddiqui", "priya-nair", "leo-marsh", "ruth-adeyemi")
        writers = [client(person, seats, (one, other)[n % 2]) for n, person in enumerate(people)]
        async with everybody(*writers):
            writing = asyncio.gather(*(write(writer, 40, 0.02) for writer in writers))
            emptied = 0
            with redis.Redis.from_url(redis_server.url) as nemesis:
                while not writing.done():
                    await asyncio.sleep(chance.uniform(0.0, 0.2))
                    await asyncio.to_thread(nemesis.flushall)
                    emptied += 1
            await writing
            assert emptied >= 5, "it must be emptied while they write, or this means nothing"
            await agree(*writers)
            assert not any(writer.closes or writer.refused for writer in writers)
            assert (await (await one.browser()).get("/", headers=seats[FARAH])).status_code == 200
        assert await check(postgres_town, *writers) == 40 * len(people)
    print(f"B6: emptied {emptied} times under {40 * len(people)} lines")
