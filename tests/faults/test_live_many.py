"""A node that everybody was connected to is started again: all of them come back at once (F3)."""

from __future__ import annotations

import itertools
import random
import time

import pytest

from tests.faults.live import Client, Node, agree, check, everybody
from tests.faults.test_live_crash import nodes, signed_in
from tests.lab.services import Redis

pytestmark = pytest.mark.fault

MANY = 500
PATIENCE = 90.0
"""Seconds after which they count as not coming back: five hundred programs share their server's machine."""
TEAM = ("farah-siddiqui", "priya-nair", "leo-marsh")


class Page(Client):
    """Waits as a page of ours does (`line.js`, `socket.js`): a crowd that asks again at once
    keeps a busy machine from ever answering."""

    opens_within = 10

    def pause(self) -> float:
        self.tries += 1
        return random.uniform(0, min(4.0, 0.25 * 2**self.tries))


@pytest.mark.slow
async def test_f3_five_hundred_come_back_at_once_and_miss_nothing(
    postgres_town: str, redis_server: Redis
) -> None:
    huddle, seats = await signed_in(postgres_town)
    struck, steady = Node(postgres_town, redis_server.url), Node(postgres_town, redis_server.url)
    async with nodes(struck, steady):
        people = itertools.islice(itertools.cycle(TEAM), MANY)
        crowd = [Page(person, seats[person], huddle, [struck.port]) for person in people]
        farah = Client("farah-siddiqui", seats["farah-siddiqui"], huddle, [steady.port])
        async with everybody(farah, *crowd, within=PATIENCE):
            struck.process.kill()
            for each in crowd:
                await each.until(lambda each=each: not each.open, PATIENCE)
            await farah.told("Isla came at 10.", "crowd-key-1")
            await struck.start_again()
            answers = time.monotonic()
            await farah.told("And Theo.", "crowd-key-2")
            for each in crowd:
                await each.until(lambda each=each: each.knows("And Theo."), PATIENCE)
            took = sorted((each.heard("Isla came at 10.") or 0) - answers for each in crowd)
            assert not any(each.refused for each in crowd), "nobody was turned away"
            await agree(farah, *crowd, within=PATIENCE)
        assert await check(postgres_town, farah) == 2
    late = took[MANY * 95 // 100]
    print(f"F3: of {MANY} the middle is back after {took[MANY // 2]:.2f} s, 19 of 20 after {late:.2f} s")
