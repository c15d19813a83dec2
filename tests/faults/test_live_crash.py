"""A web node is killed around its commit: nothing lost or doubled, nothing said "saved" early (A1, A2, A3).

The author's program comes back, to another node or to the one that was started again, and sends the same key.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator

import pytest

from server.core import opened
from server.demo.seed import ensure_live_huddle
from tests.faults.live import ADDRESS, Client, Node, agree, check, everybody
from tests.lab.pace import within
from tests.lab.services import Redis
from tests.lab.town import NOW, Headers, settings, sign_in_everybody

pytestmark = pytest.mark.fault

STRUCK = [
    pytest.param("before_commit", False, id="A2-before-commit"),
    pytest.param("after_commit", True, id="A1-after-commit"),
    pytest.param("before_ring", True, id="A3-before-ring"),
    pytest.param("before_saved", True, id="A3-before-saved"),
    pytest.param("after_saved", True, id="A1-told-but-not-rung"),
]
LATE = 3.0
"""Seconds within which the others see what nobody rang for."""


async def signed_in(url: str) -> tuple[str, dict[str, Headers]]:
    """The live huddle of a told town, and everybody's session."""
    async with opened(settings(url), clock=lambda: NOW) as core:
        huddle = await ensure_live_huddle(core.ledger, core.books, NOW)
    return huddle, await sign_in_everybody(url, ADDRESS)


@contextlib.asynccontextmanager
async def nodes(*wanted: Node) -> AsyncIterator[None]:
    try:
        await asyncio.gather(*(node.answers() for node in wanted))
        yield
    finally:
        for node in wanted:
            node.stop()


@pytest.mark.parametrize(("where", "stored"), STRUCK)
async def test_a_node_is_killed_and_its_people_go_on_at_another(
    postgres_town: str, redis_server: Redis, where: str, stored: bool
) -> None:
    huddle, seats = await signed_in(postgres_town)
    doomed, steady = Node(postgres_town, redis_server.url, where), Node(postgres_town, redis_server.url)
    async with nodes(doomed, steady):
        farah = Client("farah-siddiqui", seats["farah-siddiqui"], huddle, [doomed.port, steady.port])
        others = [Client(p, seats[p], huddle, [steady.port]) for p in ("priya-nair", "leo-marsh")]
        async with everybody(farah, *others):
            await doomed.arm()
            farah.may_connect.clear()
            await farah.say("Isla came at 10.", "struck-key-1")
            assert await doomed.died() == -signal.SIGKILL
            died = time.monotonic()
            doomed.listening.close()
            await farah.until(lambda: not farah.open)
            assert ("struck-key-1" in farah.saved) == (where == "after_saved"), "saved is never said early"
            if stored:
                for other in others:
                    await other.until(lambda other=other: other.knows("Isla came at 10."), within=10)
                    assert (other.heard("Isla came at 10.") or 0) - died < within(LATE)
            farah.saved.pop("struck-key-1", None)
            await farah.say("Isla came at 10.", "struck-key-1")
            farah.may_connect.set()
            await farah.until(lambda: "struck-key-1" in farah.saved)
            assert farah.saved["struck-key-1"]["replayed"] is stored
            await farah.told("And Theo.", "struck-key-2")
            await agree(farah, *others)
            assert farah.knows("Isla came at 10.") and farah.knows("And Theo.")
        assert await check(postgres_town, farah) == 2


@pytest.mark.parametrize(("where", "stored"), [STRUCK[0], STRUCK[1], STRUCK[3]])
async def test_the_only_process_is_killed_and_started_again(
    sqlite_town: str, where: str, stored: bool
) -> None:
    huddle, seats = await signed_in(sqlite_town)
    only = Node(sqlite_town, "memory://", where)
    async with nodes(only):
        people = ("farah-siddiqui", "priya-nair")
        farah, priya = (Client(p, seats[p], huddle, [only.port]) for p in people)
        async with everybody(farah, priya):
            await only.arm()
            await farah.say("Isla came at 10.", "struck-key-1")
            assert await only.died() == -signal.SIGKILL
            await farah.until(lambda: not farah.open)
            assert ("struck-key-1" in farah.saved) == (where == "after_saved"), "saved is never said early"
            farah.saved.pop("struck-key-1", None)
            await farah.say("Isla came at 10.", "struck-key-1")
            await only.start_again()
            await farah.until(lambda: "struck-key-1" in farah.saved, within=20)
            assert farah.saved["struck-key-1"]["replayed"] is stored
            await priya.until(lambda: priya.knows("Isla came at 10."))
            await agree(farah, priya)
    assert await check(sqlite_town, farah) == 1
