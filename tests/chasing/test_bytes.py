"""Every byte that leaves in a month of chasing: mail, calendar, jobs, Redis and logs name nobody."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from email.message import EmailMessage

import pytest
from structlog.testing import capture_logs

from server.chasing.jobs import Jobs
from server.chasing.outbox import Waiting
from server.core import INDEX_TABLES, INDEXES
from server.demo.cast import AGENCIES, BY_ID
from server.record.reindex import reindex
from tests.actions.promises import DENISE, FARAH, PRIYA, actions, agree
from tests.chasing.chaser import Chaser, people
from tests.chasing.test_chase import asked
from tests.faults.test_live_canary import overheard, told
from tests.lab.canary import CANARY
from tests.lab.mailbox import Mail, Mailbox
from tests.lab.services import Redis
from tests.lab.town import ROWE, Town, running

pytestmark = pytest.mark.slow

FAMILY = ("Rowe", "Tamsin", "Kieran", "Doyle", "Remi", "Isla", "Ellery", ROWE)
AGENCY_NAMES = tuple(agency.name for agency in AGENCIES)


def forbidden(but: str = "") -> list[str]:
    """Every name, but one person's own first."""
    names = {word for person in BY_ID.values() for word in person.name.split() if len(word) > 3}
    return sorted((names | {*FAMILY, *AGENCY_NAMES, CANARY}) - {but})


def found(text: str, but: str = "") -> list[str]:
    return [name for name in forbidden(but) if re.search(rf"\b{re.escape(name)}\b", text)]


def parts_of(mail: Mail) -> str:
    """All of it, decoded, without the address that it goes to."""
    message = mail.message
    headers = "\n".join(f"{name}: {value}" for name, value in message.items() if name != "To")
    bodies = [
        str(part.get_content())
        for part in message.walk()
        if isinstance(part, EmailMessage) and not part.is_multipart()
    ]
    return "\n".join([headers, *bodies])


async def a_month(town: Town, chaser: Chaser) -> None:
    """Promised, asked, read back by nobody; and looked at on every working day at nine and at two."""
    line = agree(town, f"Ring {CANARY} about Remi @farah in 2 days !critical")
    await town.do(DENISE, line)
    await town.do(PRIYA, agree(town, f"Visit the Rowes, {CANARY} @farah in 5 days", only_for=(FARAH,)))
    await asked(town)
    await chaser.look()
    for day in range(20, 32):
        for at in ("09:00", "14:00", "17:00"):
            await chaser.at(f"2026-03-{day}T{at}")
    for day in range(1, 18):
        await chaser.at(f"2026-04-{day:02}T09:00")


async def test_b10_i10_j10_nothing_that_leaves_names_anybody(
    sqlite_town: str, redis_server: Redis, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with capture_logs() as logs, overheard(redis_server.url) as said:
        async with running(sqlite_town, redis_url=redis_server.url, base_url="http://127.0.0.1:8000") as town:
            chaser = Chaser(town, box)
            jobs = Jobs(redis_server.url, town.house.store, chaser.sending, town.clock)
            await a_month(town, chaser)
            assert await actions(town)
            await chaser.sweep.gather()
            assert await jobs.hand_over([Waiting("0123456789abcdef", 0)])
            working = asyncio.create_task(jobs.work())
            await asyncio.sleep(0.5)
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
            await jobs.close()
            browser = await town.browser(FARAH)
            page = (await browser.post("/work/calendar", data={"key": "calendar"})).text
            address = re.search(r"/calendar/[\w-]+\.ics", page)
            assert address is not None
            feed = (await browser.get(address[0])).text
    assert len(box.mails) > 20
    for mail in box.mails:
        who = next((person for person in BY_ID.values() if person.email == mail.to), None)
        first = next((w for w in who.name.split() if w not in ("DS", "Dr")), "") if who else ""
        text = parts_of(mail)
        assert found(text, first) == [], text
        assert text.count(first) <= 4 if first else True, "in the greeting alone, plain and HTML"
    assert "BEGIN:VEVENT" in feed and found(feed) == []
    assert found("\n".join(said)) == []
    programs = ("httpx2", "httpcore2", "mail")  # the test's own browser, and its relay
    ours = [r.getMessage() for r in caplog.records if r.name.split(".")[0] not in programs]
    assert found("\n".join(told(logs) + ours)) == []


async def test_after_a_month_reindex_sends_nobody_anything_again(town: Town, chaser: Chaser) -> None:
    await a_month(town, chaser)
    store = town.house.store
    assert await reindex(store, INDEXES, INDEX_TABLES, apply=True) == []
    assert people(await chaser.look()) == []
    assert (await chaser.prove()).trouble == ""
