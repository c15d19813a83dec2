"""The index of people: whom an address belongs to, and in which agency they work."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Executable, insert, update
from sqlmodel import Field, SQLModel

from server.people.facts import PractitionerLeft, PractitionerRegistered
from server.people.signed_in import leaving
from server.people.words import email_from
from server.record.facts import Entry


class PersonIndex(SQLModel, table=True):
    """Index: one row for everybody who was ever registered. `stream` is always the partnership's."""

    __tablename__ = "person_index"

    person: str = Field(primary_key=True)
    stream: str
    email_lower: str = Field(index=True)
    agency: str = Field(index=True)
    here: bool = True


person_index = PersonIndex.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def index(entry: Entry) -> Iterable[Executable]:
    """What a fact about people changes in the index, and that who leaves is signed out with it."""
    match entry.fact:
        case PractitionerRegistered(person=person, email=email, agency=agency):
            yield insert(person_index).values(
                person=person,
                stream=entry.stream,
                email_lower=email_from(email) or email,
                agency=agency,
                here=True,
            )
        case PractitionerLeft(person=person):
            yield update(person_index).where(person_index.c.person == person).values(here=False)
            yield from leaving(entry)
