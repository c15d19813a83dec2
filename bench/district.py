"""The people and families that the bench works with, made by the product's own commands.

A district is R families with P practitioners each, every one of them joined to a huddle that is live; and, if
asked for, one family more whose record is long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from server.core import Core, opened
from server.families.commands import AddMember, OpenFamily, book_for
from server.families.knowledge import Contribute
from server.families.labels import BEARINGS, DOMAINS
from server.families.plan import ExpectKnowledge
from server.huddles.commands import Convene, Join
from server.huddles.state import HuddlesState
from server.people.commands import FoundPartnership, RegisterAgency, RegisterPractitioner
from server.people.facts import AgencyKind
from server.people.sessions import Sessions
from server.people.tokens import Tokens
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM, Actor
from server.record.migrate import migrate
from server.settings import Settings

AGENCIES: tuple[tuple[str, str, AgencyKind], ...] = (
    ("SOC", "Social care", "childrens_services"),
    ("POL", "Police", "police"),
    ("HEA", "Health visitor", "community_health"),
    ("SCH", "School", "school"),
    ("REC", "Recovery", "substance_use"),
    ("HOU", "Housing", "housing"),
)
COOKIE = "huddle"


class Plan(msgspec.Struct, frozen=True):
    """How much to make. `long` is how many facts the long record holds, 0 for none."""

    rooms: int = 100
    people: int = 15
    long: int = 0


class Seat(msgspec.Struct, frozen=True):
    """Somebody in a live huddle, and their session."""

    person: str
    agency: str
    sid: str
    ends: datetime


class Place(msgspec.Struct, frozen=True):
    """One live huddle and everybody in it."""

    book: str
    huddle: str
    seats: tuple[Seat, ...]


class District(msgspec.Struct, frozen=True):
    """What was made. The long record, if there is one, is the last place."""

    places: tuple[Place, ...]
    plan: Plan

    @property
    def rooms(self) -> tuple[Place, ...]:
        return self.places[: self.plan.rooms]

    @property
    def long(self) -> Place:
        return self.places[-1]


async def populate(settings: Settings, plan: Plan) -> District:
    """Make a district in an empty database."""
    await migrate(settings.database_url)
    async with opened(settings) as core:
        numbers = range(plan.rooms + bool(plan.long))
        await found(core, [actor(room, n) for room in numbers for n in range(plan.people)])
        books = await asyncio.gather(*(family(core, room, plan.people) for room in numbers))
        if plan.long:
            await lengthen(core, books[-1][0], plan)
        sessions = Sessions(core.store, core.ledger.clock)
        seated = [await seats(sessions, room, plan.people) for room in numbers]
        places = [Place(*where, who) for where, who in zip(books, seated, strict=True)]
        return District(tuple(places), plan)


def actor(room: int, n: int) -> Actor:
    return Actor(f"bench-{room}-{n}", AGENCIES[n % len(AGENCIES)][0])


async def found(core: Core, people: Sequence[Actor]) -> None:
    record = core.ledger.record
    await record(PARTNERSHIP, FoundPartnership(name="Bench", nation="england"), THE_SYSTEM, key="bench found")
    for code, name, sort in AGENCIES:
        agency = RegisterAgency(code=code, name=name, short=name, sort=sort)
        await record(PARTNERSHIP, agency, THE_SYSTEM, key=f"bench agency {code}")
    for who in people:
        register = RegisterPractitioner(
            person=who.person,
            name=who.person.replace("-", " ").title(),
            email=f"{who.person}@bench.example",
            agency=who.agency,
            job_title="Practitioner",
        )
        await record(PARTNERSHIP, register, THE_SYSTEM, key=f"bench person {who.person}")


async def family(core: Core, room: int, people: int) -> tuple[str, str]:
    """One family with everybody in its team and in its live huddle: the ids of its book and its huddle."""
    record, everybody = core.ledger.record, [actor(room, n) for n in range(people)]
    chair = everybody[0]
    team = tuple(who.person for who in everybody)
    opened_by = f"bench open {room}"
    book = book_for(chair.person, opened_by)
    opening = OpenFamily(
        reference=f"BEN-{room:04}", name=f"Family {room}", level="child_protection", team=team
    )
    await record(book, opening, chair, key=opened_by)
    await record(book, AddMember(name="A Child", child=True), chair, key=f"bench child {room}")
    for n, (code, _, _) in enumerate(AGENCIES):
        domains = tuple(DOMAINS)[n : n + 3]
        await record(
            book, ExpectKnowledge(agency=code, domains=domains), chair, key=f"bench expects {room} {n}"
        )
    convene = Convene(
        purpose="To measure", starts=core.ledger.clock(), chair=chair.person, invited=team, minutes=240
    )
    await record(book, convene, chair, key=f"bench convene {room}")
    huddle = next(iter((await core.ledger.look(book, chair)).state[HuddlesState].by_id))
    for who in everybody:
        await record(book, Join(huddle=huddle, accepted=True), who, key=f"bench join {who.person}")
    return book, huddle


async def lengthen(core: Core, book: str, plan: Plan) -> None:
    """Contribute to one record until it holds as many facts as planned."""
    domains, bearings = tuple(DOMAINS), tuple(BEARINGS)
    begun = (await core.ledger.books.open(book)).main.seq
    for n in range(plan.long - begun):
        said = Contribute(
            domain=domains[n % len(domains)],
            basis="observed_fact",
            text=f"Entry {n} of a long record. " + "What an agency knows stands here in a few lines. " * 5,
            bearing=bearings[n % len(bearings)],
        )
        await core.ledger.record(book, said, actor(plan.rooms, n % plan.people), key=f"bench long {n}")


async def seats(sessions: Sessions, room: int, people: int) -> tuple[Seat, ...]:
    made = []
    for n in range(people):
        who = actor(room, n)
        session = await sessions.begin(who.person, datetime.now().astimezone())
        made.append(Seat(who.person, who.agency, session.sid, session.ends_at))
    return tuple(made)


def cookie(settings: Settings, seat: Seat) -> str:
    """The `Cookie` header of somebody's browser."""
    tokens = Tokens(settings.secret_key.get_secret_value().encode(), settings.base_url)
    now = datetime.now().astimezone()
    return f"{COOKIE}={tokens.mint(seat.person, seat.sid, now, seat.ends)}"
