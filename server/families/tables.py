"""Index: the families by reference, name and people, and who reads which stream."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, Executable, delete, insert
from sqlmodel import Field, SQLModel

from server.families.facts import FamilyOpened, MemberAdded
from server.families.matching import name_words
from server.families.request_facts import InformationRequested, QuestionAsked
from server.people.words import visible
from server.record.chain import micros
from server.record.facts import Admits, Entry, Removes

FAMILY = "family:"
"""How the id of a family's book, and of its main stream, begins."""


class FamilyIndex(SQLModel, table=True):
    """A family, by its main stream."""

    __tablename__ = "family_index"

    stream: str = Field(primary_key=True)
    reference: str = Field(unique=True)
    name: str


class FamilyName(SQLModel, table=True):
    """A name under which a family is found (its own, its reference, its members'), as it is compared."""

    __tablename__ = "family_name"

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    name: str


class FamilyPerson(SQLModel, table=True):
    """Somebody of a family, as people are compared (`matching.py`). Days as they sort: 2026-01-03."""

    __tablename__ = "family_person"

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    member: str
    name: str
    words: str = Field(index=True)
    child: bool
    born: str | None = Field(default=None, index=True)
    due: str | None = Field(default=None, index=True)


class RequestIndex(SQLModel, table=True):
    """A request for information and somebody who was asked, by the stream in which they read it."""

    __tablename__ = "request_index"

    request: str = Field(primary_key=True)
    person: str = Field(primary_key=True, index=True)
    stream: str = Field(primary_key=True)
    book: str


class Membership(SQLModel, table=True):
    """Somebody reads a stream of a family; `until` in microseconds since 1970 where that ends by itself."""

    person: str = Field(primary_key=True)
    stream: str = Field(primary_key=True)
    book: str = Field(index=True)
    until: int | None = Field(default=None, sa_type=BigInteger)


family_index = FamilyIndex.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
family_name = FamilyName.__table__  # type: ignore[attr-defined]  # as above
family_person = FamilyPerson.__table__  # type: ignore[attr-defined]  # as above
request_index = RequestIndex.__table__  # type: ignore[attr-defined]  # as above
membership = Membership.__table__  # type: ignore[attr-defined]  # as above


def index(entry: Entry) -> Iterable[Executable]:
    """What an entry changes in these tables."""
    fact = entry.fact
    if isinstance(fact, FamilyOpened):
        yield insert(family_index).values(stream=entry.stream, reference=fact.reference, name=fact.name)
        yield found_by(entry, f"{fact.reference} {fact.name}")
    elif isinstance(fact, MemberAdded):
        yield found_by(entry, fact.name)
        yield somebody(entry, fact)
    elif isinstance(fact, InformationRequested | QuestionAsked):
        for person in fact.asked:
            yield insert(request_index).values(
                request=fact.request, person=person, stream=entry.stream, book=entry.book
            )
    if entry.book.startswith(FAMILY):
        yield from memberships(entry)


def found_by(entry: Entry, name: str) -> Executable:
    return insert(family_name).values(stream=entry.stream, seq=entry.seq, name=compared(name))


def somebody(entry: Entry, fact: MemberAdded) -> Executable:
    return insert(family_person).values(
        stream=entry.stream,
        seq=entry.seq,
        member=fact.member,
        name=fact.name,
        words=" ".join(name_words(fact.name)),
        child=fact.child,
        born=fact.born.isoformat() if fact.born else None,
        due=fact.due.isoformat() if fact.due else None,
    )


def memberships(entry: Entry) -> Iterable[Executable]:
    """Rows change by being taken out and put in again: the same on every database."""
    for standing in entry.fact.standing():
        if isinstance(standing, Admits | Removes):
            yield delete(membership).where(
                membership.c.person == standing.person, membership.c.stream == entry.stream
            )
        if isinstance(standing, Admits):
            yield insert(membership).values(
                person=standing.person, stream=entry.stream, book=entry.book, until=until(standing.until)
            )


def until(moment: datetime | None) -> int | None:
    return None if moment is None else micros(moment)


def compared(text: str) -> str:
    """A name as it is compared: without capitals, invisible characters, or ways of composing a letter."""
    folded = unicodedata.normalize("NFKC", visible(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
