"""Index: what is owed and not settled, by the moment at which its ladder climbs on."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Executable, delete, insert, update
from sqlmodel import Field, SQLModel

from server.deadlines.owing import Climbed, Owed, Owing
from server.record.chain import micros
from server.record.facts import Entry


class DeadlineIndex(SQLModel, table=True):
    """Something owed. Moments in microseconds since 1970; `next_chase_at` is empty once it is queued."""

    __tablename__ = "deadline"

    deadline: str = Field(primary_key=True)
    version: int
    kind: str
    stream: str
    book: str = Field(index=True)
    owner: str
    about: str
    due: int = Field(sa_type=BigInteger)
    next_chase_at: int | None = Field(default=None, sa_type=BigInteger, index=True)
    queued_at: int | None = Field(default=None, sa_type=BigInteger, index=True)


class DeadlineOwner(SQLModel, table=True):
    """Whose it is: one person; of a question to an agency, each who was asked."""

    __tablename__ = "deadline_owner"

    person: str = Field(primary_key=True)
    deadline: str = Field(primary_key=True, index=True)


deadline = DeadlineIndex.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
deadline_owner = DeadlineOwner.__table__  # type: ignore[attr-defined]  # as above


def index(entry: Entry) -> Iterable[Executable]:
    """What an entry changes in these tables. What is over leaves them."""
    fact = entry.fact
    if not isinstance(fact, Owing):
        return
    for owes in fact.owes():
        this = deadline.c.deadline == owes.deadline
        if isinstance(owes, Climbed):
            yield (
                update(deadline)
                .where(this)
                .values(
                    next_chase_at=micros(owes.next) if owes.next else None,
                    queued_at=micros(entry.at) if owes.queued else None,
                )
            )
            continue
        yield delete(deadline).where(this)
        yield delete(deadline_owner).where(deadline_owner.c.deadline == owes.deadline)
        if isinstance(owes, Owed):
            yield from begin(owes, entry)


def begin(owed: Owed, entry: Entry) -> Iterable[Executable]:
    first = owed.climbs[0].at if owed.climbs else None
    yield insert(deadline).values(
        deadline=owed.deadline,
        version=owed.version,
        kind=owed.kind,
        stream=entry.stream,
        book=entry.book,
        owner=owed.owners[0],
        about=owed.about,
        due=micros(owed.due),
        next_chase_at=micros(first) if first else None,
    )
    for person in owed.owners:
        yield insert(deadline_owner).values(person=person, deadline=owed.deadline)
