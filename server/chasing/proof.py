"""Proves that everybody was told who should have been: what the record expects, held against what was sent.

It shares nothing with the sweep: it reads every fact that begins, climbs or ends a deadline, and works out by
itself which steps are behind. So a sweep that looks into the wrong column is found out (R32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from server.chasing.canary import EVERY
from server.chasing.commands import AGAIN
from server.chasing.facts import CANARY
from server.chasing.hours import at_work
from server.chasing.tables import notice
from server.deadlines.facts import OwnerChased, QueueSettled
from server.deadlines.owing import Climb, Over, Owed, Owing
from server.people.state import PartnershipState
from server.record.chain import micros, moment
from server.record.facts import Entry, kinds
from server.record.reading import every_entry

GRACE = timedelta(minutes=10)
"""For so long after it was due nothing counts as missing."""


class Step(msgspec.Struct, frozen=True):
    """A step of a ladder that was to be climbed, and has not been. Names nobody and no family."""

    deadline: str
    version: int
    step: int
    due: datetime


class Proof(msgspec.Struct, frozen=True):
    """What was found. `told` counts notices by what became of them."""

    at: datetime
    expected: int
    climbed: int
    missing: tuple[Step, ...]
    told: dict[str, int]
    stuck: int
    canary: str

    @property
    def trouble(self) -> str:
        """In words, or empty."""
        if self.missing:
            return f"{len(self.missing)} reminders that were due were not made"
        if self.canary:
            return self.canary
        if self.stuck:
            return f"{self.stuck} messages wait that should have left"
        return ""


def prove(connection: Connection, partnership: PartnershipState, now: datetime) -> Proof:
    """Read all of it, and compare."""
    owing = [kind for kind, fact in kinds().items() if issubclass(fact, Owing)]
    expected, climbed, missing = 0, 0, []
    for step, done in steps(every_entry(connection, kinds=owing), now):
        expected += 1
        climbed += done
        if not done:
            missing.append(step)
    return Proof(
        at=now,
        expected=expected,
        climbed=climbed,
        missing=tuple(missing),
        told=outcomes(connection),
        stuck=stuck(connection, partnership, now),
        canary=canary(connection, now),
    )


class Ladder:
    """One ladder while it stands."""

    def __init__(self, owed: Owed) -> None:
        self.owed = owed
        self.climbs = list(owed.climbs)
        self.climbed: set[int] = set()
        self.back = 0

    def comes_back(self, at: datetime) -> None:
        """Somebody settled that it is still owed: it stands in the queue again at that moment."""
        self.back += 1
        self.climbs.append(Climb(step=AGAIN + self.back, at=at))

    def until(self, end: datetime) -> Iterator[tuple[Step, bool]]:
        """The steps that were to be climbed before the ladder was taken away."""
        for climb in self.climbs:
            if climb.at + GRACE <= end:
                step = Step(self.owed.deadline, self.owed.version, climb.step, climb.at)
                yield step, climb.step in self.climbed


def steps(entries: Iterable[Entry], now: datetime) -> Iterator[tuple[Step, bool]]:
    """Each step that should have been climbed by now, and whether it was. Entries in their streams' order."""
    standing: dict[str, Ladder] = {}
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, OwnerChased) and fact.deadline in standing:
            standing[fact.deadline].climbed.add(fact.step)
        if isinstance(fact, QueueSettled) and fact.again and fact.deadline in standing:
            standing[fact.deadline].comes_back(fact.again)
        if not isinstance(fact, Owing):
            continue
        for owes in fact.owes():
            if isinstance(owes, Owed | Over) and owes.deadline in standing:
                yield from standing.pop(owes.deadline).until(entry.at)
            if isinstance(owes, Owed) and owes.deadline != CANARY:
                standing[owes.deadline] = Ladder(owes)
    for ladder in standing.values():
        yield from ladder.until(now)


def outcomes(connection: Connection) -> dict[str, int]:
    told: dict[str, int] = {}
    for outcome in connection.execute(select(notice.c.outcome)).scalars():
        told[outcome or "waiting"] = told.get(outcome or "waiting", 0) + 1
    return told


def stuck(connection: Connection, partnership: PartnershipState, now: datetime) -> int:
    """Notices that might have left ten minutes ago, and have no outcome."""
    n = notice.c
    then = now - GRACE
    could = at_work(then.astimezone(partnership.zone), partnership.nation)
    query = select(n.urgent).where(
        n.outcome.is_(None), n.at <= micros(then), n.kind != "digest", n.person != CANARY
    )
    return sum(bool(urgent) or could for urgent in connection.execute(query).scalars())


def canary(connection: Connection, now: datetime) -> str:
    """What is wrong with the newest synthetic deadline."""
    n = notice.c
    query = select(n.at, n.outcome).where(n.person == CANARY).order_by(n.at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None or now - moment(row.at) > EVERY + GRACE:
        return "The daily test reminder was not made"
    if row.outcome not in (None, "sent") or (row.outcome is None and now - moment(row.at) > GRACE):
        return "The daily test reminder did not leave"
    return ""
