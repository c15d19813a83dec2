"""The demonstration's clock goes forward for every process alike, and takes along what only measures time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from server.chasing import pulse
from server.demo.ahead import Ahead, clock_over
from server.people.sessions import Sessions
from server.record.refusals import Reauth
from server.record.store import Store
from tests.journeys.demo import Demo
from tests.lab.pace import within
from tests.lab.services import Postgres, Redis, wait_for
from tests.lab.town import NOW, Clock, settings

WEEK = timedelta(days=7)


@pytest.fixture
def base() -> Clock:
    return Clock()


@pytest.fixture
def ahead(store: Store, base: Clock) -> Ahead:
    return Ahead(store, base)


async def test_it_goes_to_the_moment_that_was_asked_for_and_runs_on(ahead: Ahead, base: Clock) -> None:
    assert ahead() == NOW
    assert await ahead.move(NOW + WEEK)
    assert (ahead(), ahead.moved_at) == (NOW + WEEK, NOW + WEEK)
    base.pass_by(minutes=5)
    assert (ahead(), ahead.moved_at) == (NOW + WEEK + timedelta(minutes=5), NOW + WEEK)


async def test_it_never_goes_back(ahead: Ahead) -> None:
    await ahead.move(NOW + WEEK)
    for earlier in (NOW, NOW + WEEK, NOW - WEEK):
        assert not await ahead.move(earlier)
    assert ahead() == NOW + WEEK


async def test_moved_by_two_at_once_it_goes_there_once(ahead: Ahead, store: Store, base: Clock) -> None:
    other = Ahead(store, base)
    moved = await asyncio.gather(ahead.move(NOW + WEEK), other.move(NOW + WEEK))
    assert sorted(moved) == [False, True]
    assert ahead() == other() == NOW + WEEK


async def test_every_process_follows_and_one_that_starts_later_begins_there(
    store: Store, base: Clock
) -> None:
    demo = settings(store.url)
    async with clock_over(demo, store, base) as one, clock_over(demo, store, base) as other:
        assert isinstance(one, Ahead)
        await one.move(NOW + WEEK)
        async with asyncio.timeout(within(3.0)):
            while other() < NOW + WEEK:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)
    async with clock_over(demo, store, base) as later:
        assert later() == NOW + WEEK


async def test_outside_the_demonstration_the_clock_is_the_one_that_was_given(
    store: Store, base: Clock
) -> None:
    await Ahead(store, base).move(NOW + WEEK)
    async with clock_over(settings(store.url, demo=False), store, base) as clock:
        assert clock is base


async def test_whoever_is_signed_in_is_so_for_as_long_as_before(
    store: Store, ahead: Ahead, base: Clock
) -> None:
    sessions = Sessions(store, ahead)
    idle = await sessions.begin("leo-marsh", ahead())
    base.pass_by(minutes=10)
    busy = await sessions.begin("priya-nair", ahead())
    await ahead.move(base() + WEEK)
    carried = await sessions.look(busy.sid, ahead())
    assert carried.idle_at(ahead()) - ahead() == timedelta(minutes=15)
    assert carried.ends_at - ahead() == timedelta(hours=12)
    base.pass_by(minutes=5)
    with pytest.raises(Reauth):
        await sessions.look(idle.sid, ahead())


async def test_an_act_of_a_process_that_has_not_heard_yet_signs_nobody_out(
    store: Store, ahead: Ahead, base: Clock
) -> None:
    there, here = Sessions(store, base), Sessions(store, ahead)
    session = await there.begin("priya-nair", base())
    await ahead.move(NOW + WEEK)
    base.pass_by(seconds=30)
    assert await there.act(session.sid, base())
    await here.look(session.sid, ahead())


async def test_a_screen_is_looked_at_again_before_the_new_time_holds(store: Store, ahead: Ahead) -> None:
    sessions = Sessions(store, ahead)
    session = await sessions.begin("priya-nair", ahead())
    await sessions.watch(session.sid)
    ahead.before.append(sessions.refresh)
    held = []
    ahead.after.append(lambda: held.append(sessions.alive(session.sid, ahead())))
    await ahead.move(NOW + WEEK)
    assert held == [True]


async def test_chasing_counts_as_proved_for_as_long_as_before(store: Store, ahead: Ahead) -> None:
    await pulse.beat(store, pulse.VERIFIED, NOW - timedelta(minutes=10))
    await pulse.beat(store, pulse.SWEPT, NOW)
    await ahead.move(NOW + WEEK)
    health = await pulse.health(store)
    assert health.verified == NOW + WEEK - timedelta(minutes=10)
    assert health.unreliable_since(ahead()) is None
    assert health.swept == NOW, "what is due at the new time is still to be looked for"


@contextmanager
def worker(demo: Demo) -> Iterator[Path]:
    """`huddle work` beside a demonstration, in a process of its own, and its log."""
    log = demo.folder / "work.log"
    here = demo.environment | {"HUDDLE_DEMO": "true", "HUDDLE_BASE_URL": demo.address}
    with log.open("wb") as file, subprocess.Popen(
        [sys.executable, "-m", "server", "work"],
        cwd=demo.folder, env=here, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
    ) as process:  # fmt: skip
        try:
            wait_for(lambda: b"worker.ready" in log.read_bytes(), "the worker did not start")
            yield log
        finally:
            process.terminate()


@pytest.mark.slow
def test_a_worker_in_a_process_of_its_own_sends_what_is_due_by_the_clock_that_a_page_moved(
    postgres_server: Postgres, redis_server: Redis
) -> None:
    database = postgres_server.create_database()
    environment = {"HUDDLE_DATABASE_URL": database, "HUDDLE_REDIS_URL": redis_server.url}
    with Demo(**environment) as demo, worker(demo) as log, browser_of(demo) as browser:
        browser.post("/sign-in/as/priya-nair")
        due = {"due-day": "1", "due-month": "12", "due-year": "2099", "due-time": "12pm"}
        asked = {"question": "When was Remi last weighed?", "person": "martin-yeo", **due}
        assert browser.post("/families/NMR-0147/ask", data=asked).status_code == 303
        browser.post("/demo/clock", data={"to": "due"})
        page = browser.get("/demo/post").text
        assert "Moved to Monday 30 November 2099, 9am" in page
        assert "been sent since" in page and "No mail" not in page, log.read_text()
        assert "Martin Yeo" in page


def browser_of(demo: Demo) -> httpx2.Client:
    return httpx2.Client(base_url=demo.address, headers={"origin": demo.address}, timeout=20)
