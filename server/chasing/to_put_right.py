"""Families in which what is owed is still to be put right, and from which moment on. Kept table: this module
alone writes `to_put_right`.

A row is put in with the fact that gives reason to look, and taken out once somebody has looked, so that no
crash leaves a family out. After a rebuild of the index every family is looked through again, which changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, Executable, delete, func, insert, select
from sqlmodel import Field, SQLModel

from server.actions.facts import ActionAgreed
from server.families.request_facts import InformationRequested
from server.families.tables import FAMILY
from server.record import tables
from server.record.chain import micros
from server.record.facts import Admits, Bars, Entry, Removes

AT_ONCE = 100
PROMISES = (ActionAgreed.kind(), InformationRequested.kind())
"""With one of these begins whatever is ever owed in a stream."""


class ToPutRight(SQLModel, table=True):
    """A family's book, and the moment, in microseconds since 1970, from which it is to be looked through."""

    __tablename__ = "to_put_right"

    book: str = Field(primary_key=True)
    at: int = Field(primary_key=True, sa_type=BigInteger, index=True)


to_put_right = ToPutRight.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
c = to_put_right.c


class Waits(NamedTuple):
    """A family that waits to be looked through, for every reason up to `at`."""

    book: str
    at: int


def index(entry: Entry) -> Iterable[Executable]:
    """What gives reason to look through a family, and when."""
    for at in sorted({micros(moment) for moment in moments(entry)}):
        yield delete(to_put_right).where(c.book == entry.book, c.at == at)
        yield insert(to_put_right).values(book=entry.book, at=at)


def moments(entry: Entry) -> Iterator[datetime]:
    """At once, where something is promised without a ladder, somebody is let in or leaves: nothing can follow
    from main in a compartment as a reaction. And when somebody's time ends; that it was lengthened in the
    meantime is seen when somebody looks."""
    if promised_without_ladder(entry):
        yield entry.at
    if entry.stream == entry.book and entry.book.startswith(FAMILY):
        for standing in entry.fact.standing():
            if isinstance(standing, Admits):
                yield standing.until or entry.at
            elif isinstance(standing, Removes | Bars):
                yield entry.at


def promised_without_ladder(entry: Entry) -> bool:
    """A promise that nothing chases: recorded before anything was chased, or by a node of that time."""
    fact = entry.fact
    if isinstance(fact, ActionAgreed):
        return bool(fact.terms.owner) and not fact.owes()
    return isinstance(fact, InformationRequested) and not fact.owes()


def waiting(connection: Connection, now: datetime, most: int = AT_ONCE) -> list[Waits]:
    """Those that wait at `now`, the longest first: one look into an index."""
    query = (
        select(c.book, func.max(c.at))
        .where(c.at <= micros(now))
        .group_by(c.book)
        .order_by(func.min(c.at), c.book)
        .limit(most)
    )
    return [Waits(*row) for row in connection.execute(query)]


def streams_of(connection: Connection, book: str) -> Sequence[tuple[str, int]]:
    """The streams of a family in which anything was ever promised, with their heads."""
    link, head = tables.chain.c, tables.stream.c
    query = (
        select(link.stream, head.head_seq)
        .distinct()
        .join_from(tables.chain, tables.stream, head.id == link.stream)
        .where(link.book == book, link.kind.in_(PROMISES))
        .order_by(link.stream)
    )
    return [(row.stream, row.head_seq) for row in connection.execute(query)]


def looked(connection: Connection, waits: Waits) -> None:
    """It was looked through. What gave reason since waits on."""
    connection.execute(delete(to_put_right).where(c.book == waits.book, c.at <= waits.at))


def later(connection: Connection, waits: Waits, at: datetime) -> None:
    """It could not be looked through: somebody looks again at that moment."""
    again = Waits(waits.book, micros(at))
    looked(connection, waits)
    connection.execute(delete(to_put_right).where(c.book == again.book, c.at == again.at))
    connection.execute(insert(to_put_right).values(**again._asdict()))
