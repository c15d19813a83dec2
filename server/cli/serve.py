"""`huddle setup`, `serve` and `work`."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import structlog
import typer

from server import serving, worker
from server.app import build, survive
from server.chasing.posts import post_for
from server.cli.record import Json
from server.cli.shell import MISUSE, answer, fail, run, settings
from server.core import new_id, opened
from server.people.setup import FirstAgency, found
from server.record import hourly, lockfile
from server.record import migrate as migrations
from server.record.books import PARTNERSHIP
from server.record.checkpoint import make_key
from server.settings import Settings

log = structlog.get_logger()


def setup(
    partnership: Annotated[str, typer.Option(prompt="Name of the partnership")],
    agency_code: Annotated[str, typer.Option(prompt="Short code of the first agency, for example NCS")],
    agency_name: Annotated[str, typer.Option(prompt="Name of the first agency")],
    administrator: Annotated[str, typer.Option(prompt="Name of the first administrator")],
    email: Annotated[str, typer.Option(prompt="Their work email address")],
    nation: Annotated[str, typer.Option(help="england, wales, scotland or northern-ireland")] = "england",
    time_zone: Annotated[str, typer.Option(help="Name of a time zone")] = "Europe/London",
    as_json: Json = False,
) -> None:
    """Found the partnership: its first agency and first administrator, who gets a one-time link."""
    chosen = settings()

    async def work() -> str:
        with lockfile.held(chosen.database_url, "migrate"):
            await migrations.migrate(chosen.database_url)
        if chosen.checkpoint_key_file is not None:
            make_key(chosen.checkpoint_key_file)
        async with opened(chosen) as core:
            agency = FirstAgency(agency_code, agency_name, administrator, email)
            link = await found(core.store, core.ledger, partnership, nation, time_zone, agency)
            await hourly.write_if_due(chosen, core.store, core.ledger.clock())
            return link

    link = chosen.base_url.rstrip("/") + run(work())
    words = (
        f"{partnership} is founded. Give this link to {administrator}; it works once, for 72 hours:\n{link}"
    )
    answer({"link": link}, words, as_json=as_json)


def serve() -> None:
    """Serve the web application (and, where SQLite is used, all of it in this one process)."""
    chosen = settings()
    if chosen.demo and chosen.host not in ("127.0.0.1", "localhost", "::1"):
        fail("HUDDLE_DEMO works on this machine alone. Set HUDDLE_HOST to 127.0.0.1, or leave the demo off.")
    run(serving_alone(chosen))


async def serving_alone(chosen: Settings) -> None:
    """Hold the lock of an embedded database, check its form, and serve until told to stop."""
    with lockfile.held(chosen.database_url, "serve"):
        if not await migrations.is_current(chosen.database_url):
            fail("The database does not have the form that this release needs. Run `huddle migrate` first.")
        serving.check_free(chosen.host, chosen.port)
        server = serving.Server(serving.config(build(chosen), chosen))
        await server.serve()
        if not server.started:
            raise typer.Exit(MISUSE)


def work() -> None:
    """Chase what is owed: look every second for what is due, and send it. Any number of these may run."""
    chosen = settings()
    if chosen.embedded:
        fail("With SQLite `huddle serve` chases by itself: one process holds the database.")
    if chosen.smtp_url is None and not chosen.demo:
        log.warning("worker.no_relay", words="HUDDLE_SMTP_URL is not set: reminders stand on the page alone")
    run(working(chosen))


async def working(chosen: Settings) -> None:
    """Run every part of chasing until told to stop. A part that fails is begun again."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with opened(chosen) as core:
        await core.books.open(PARTNERSHIP)
        parts = worker.chasing(core, post_for(chosen, core.store), core.ledger.clock, new_id)
        tasks = [asyncio.create_task(survive(name, part)) for name, part in parts]
        log.info("worker.ready")
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    log.info("worker.stopped")
