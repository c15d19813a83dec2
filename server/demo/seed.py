"""Seeding the fictional partnership and its families, by the product's own commands and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime

from server.demo import cast
from server.demo.clock import Calendar
from server.demo.families import FAMILIES
from server.demo.sitting import ensure_live_huddle as ensure_live_huddle
from server.demo.telling import FOUNDED, KEY, calendar_for, tell, told
from server.people import commands as people
from server.people.roles import GrantRole
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM, Command
from server.record.ledger import Ledger

COVER = "2026-03-16 09:00"


async def seed(ledger: Ledger, now: datetime) -> None:
    """Everything that the story tells before its huddle. What stands already is left as it is."""
    calendar = await calendar_for(ledger, now)
    await found(ledger, calendar)
    await asyncio.gather(*(tell(ledger, family.reference, family.acts, calendar) for family in FAMILIES))


async def found(ledger: Ledger, calendar: Calendar) -> None:
    """The partnership: its agencies, the cast and their roles, and who covers for whom."""
    book = await ledger.books.open(PARTNERSHIP)
    known = await told(ledger, book, (PARTNERSHIP,))
    for code, at, command in partnership(calendar):
        if code not in known:
            moment = calendar.moment(at)
            await ledger.record(PARTNERSHIP, command, THE_SYSTEM, key=KEY + code, now=moment)


def partnership(calendar: Calendar) -> Iterator[tuple[str, str, Command]]:
    """Code, story time and command of each founding act, in order."""
    yield "found", FOUNDED, people.FoundPartnership(name=cast.PARTNERSHIP_NAME, nation="england")
    for agency in cast.AGENCIES:
        yield f"agency {agency.code}", FOUNDED, people.RegisterAgency(**agency._asdict())
    for person in cast.PEOPLE:
        yield from registered(person)
    for person in cast.PEOPLE:
        if person.manager:
            named = people.NameManager(person=person.id, manager=person.manager)
            yield f"manager {person.id}", FOUNDED, named
    day = calendar.day(date(2026, 3, 18))
    cover = people.ArrangeCover(person="priya-nair", covered_by="owen-blake", first_day=day, last_day=day)
    yield "cover priya-nair", COVER, cover


def registered(person: cast.Person) -> Iterator[tuple[str, str, Command]]:
    """Somebody of the cast with every role they hold."""
    first, *more = person.roles
    register = people.RegisterPractitioner(
        person=person.id,
        name=person.name,
        email=person.email,
        agency=person.agency,
        job_title=person.job_title,
        role=first,
        tier=person.tier,
    )
    yield f"person {person.id}", FOUNDED, register
    for role in more:
        yield f"role {person.id} {role}", FOUNDED, GrantRole(person=person.id, role=role)
