"""Journeys are walked in a real browser against a demonstration that runs as a process of its own.

One server and one browser for the whole run; each test sits its people down in browsers of their own, and
whatever a console or the page's policy complained of there fails it at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.demo import Demo
from tests.journeys.screens import NO_CONNECTION, REFUSED, Seat
from tests.lab.services import Postgres, Redis

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Sit = Callable[..., Seat]
People = Callable[[str], Seat]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)


@pytest.fixture(scope="session")
def embedded() -> Iterator[Demo]:
    """On SQLite and the stand-in for Redis, as `make run` starts it."""
    with Demo() as demo:
        yield demo


@pytest.fixture(scope="session")
def one_server(postgres_server: Postgres, redis_server: Redis) -> Iterator[Demo]:
    """On PostgreSQL and Redis."""
    with Demo(
        HUDDLE_DATABASE_URL=postgres_server.create_database(), HUDDLE_REDIS_URL=redis_server.url
    ) as demo:
        yield demo


@pytest.fixture
def demo(embedded: Demo) -> Demo:
    return embedded


@pytest.fixture(params=["embedded", "one_server"])
def either(request: pytest.FixtureRequest) -> Demo:
    """For what must hold whatever it runs on."""
    found: Demo = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def sit(browser: Browser) -> Iterator[Sit]:
    """`sit(demo, "priya-nair", …)`: a browser with her in it. What went wrong there fails the test."""
    seats: list[Seat] = []

    def down(demo: Demo, person: str = "", **context: Any) -> Seat:
        seats.append(Seat(browser, demo, person, **context))
        return seats[-1]

    yield down
    faults = [fault for seat in seats if (fault := left(seat))]
    assert not faults, faults


@pytest.fixture(scope="module")
def people(browser: Browser, embedded: Demo) -> Iterator[People]:
    """Browsers of the cast, each opened once: nothing here changes what the others look at."""
    seats: dict[str, Seat] = {}

    def find(person: str) -> Seat:
        if person not in seats:
            seats[person] = Seat(browser, embedded, person)
            seats[person].expects(REFUSED, NO_CONNECTION)
        return seats[person]

    yield find
    for seat in seats.values():
        seat.leave()


def left(seat: Seat) -> str:
    try:
        seat.leave()
    except AssertionError as fault:
        return str(fault)
    return ""
