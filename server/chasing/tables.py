"""Index: who is to be told what, and what became of it: a row for each deadline, version, rung, person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Executable, Index, insert, text, update
from sqlmodel import Field, SQLModel

from server.chasing import outbox
from server.chasing.facts import (
    DigestPrepared,
    MailFailed,
    MailReplaced,
    MailSent,
    MailWithheld,
    NoticeRef,
)
from server.deadlines.facts import NoticeFailed, OwnerChased, Told
from server.families.request_facts import InformationRequested
from server.huddles.telling import Telling, Tells
from server.people.facts import SignInLinkMade
from server.record.chain import micros
from server.record.facts import Entry


class NoticeIndex(SQLModel, table=True):
    """A notice. Moments in microseconds since 1970; `outcome` is empty until it was sent or given up."""

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "notice_waiting",
            "at",
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    subject: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    rung: str = Field(primary_key=True)
    person: str = Field(primary_key=True, index=True)
    stream: str
    book: str
    kind: str
    part: str
    others: str
    at: int = Field(sa_type=BigInteger)
    planned: int | None = Field(default=None, sa_type=BigInteger)
    due: int | None = Field(default=None, sa_type=BigInteger)
    minutes: int | None = None
    urgent: bool
    outcome: str | None = None
    outcome_at: int | None = Field(default=None, sa_type=BigInteger)
    mail: str | None = Field(default=None, index=True)


notice = NoticeIndex.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it

OUTCOMES = {MailSent: "sent", MailReplaced: "shown", MailFailed: "failed", MailWithheld: "withheld"}


def index(entry: Entry) -> Iterable[Executable]:
    """What an entry changes in this table, and that what is settled leaves the outbox."""
    fact = entry.fact
    match fact:
        case OwnerChased():
            for told in fact.told:
                yield row(entry, fact.deadline, fact.ladder, str(fact.step), told, **of_chase(fact))
        case NoticeFailed():
            for told in fact.instead:
                rung = f"{fact.step} for {fact.person}"
                yield row(
                    entry,
                    fact.deadline,
                    fact.ladder,
                    rung,
                    told,
                    kind=fact.kind_owed,
                    due=fact.due,
                    urgent=True,
                )
        case InformationRequested() if fact.climbs:
            for person in fact.asked:
                told = Told(person, "owner")
                yield row(entry, fact.request, 1, "asked", told, kind="asked", due=fact.due)
        case Telling(tells=Tells() as tells):
            for hears in tells.people:
                yield row(
                    entry,
                    fact.huddle,
                    hears.version,
                    tells.how,
                    Told(hears.person, "owner"),
                    kind=tells.how,
                    due=tells.starts,
                    minutes=tells.minutes,
                    urgent=tells.urgent,
                )
        case SignInLinkMade() if fact.how != "shown":
            yield row(
                entry, entry.stream, entry.seq, "link", Told(fact.person, "owner"), kind="link", urgent=True
            )
        case DigestPrepared():
            told = Told(fact.person, "owner")
            yield row(entry, entry.stream, entry.seq, "digest", told, kind="digest")
        case MailSent() | MailReplaced() | MailFailed() | MailWithheld():
            yield from settled(entry, fact)


def of_chase(fact: OwnerChased) -> dict[str, Any]:
    parts = sorted({told.part for told in fact.told})
    return {
        "kind": fact.kind_owed,
        "due": fact.due,
        "urgent": fact.urgent,
        "planned": fact.planned,
        "others": " ".join(parts),
    }


def row(
    entry: Entry,
    subject: str,
    version: int,
    rung: str,
    told: Told,
    *,
    kind: str,
    due: datetime | None = None,
    minutes: int | None = None,
    urgent: bool = False,
    planned: datetime | None = None,
    others: str = "",
) -> Executable:
    """One notice. It is sent from the entry's moment on; `planned` is when that was to be."""
    return insert(notice).values(
        subject=subject,
        version=version,
        rung=rung,
        person=told.person,
        stream=entry.stream,
        book=entry.book,
        kind=kind,
        part=told.part,
        others=others,
        at=micros(entry.at),
        planned=micros(planned) if planned else None,
        due=micros(due) if due else None,
        minutes=minutes,
        urgent=urgent,
    )


def settled(entry: Entry, fact: MailSent | MailReplaced | MailFailed | MailWithheld) -> Iterator[Executable]:
    for ref in fact.notices:
        yield (
            update(notice)
            .where(*this(ref, fact.person))
            .values(outcome=OUTCOMES[type(fact)], outcome_at=micros(entry.at), mail=fact.mail)
        )
    yield from outbox.done(fact.mail)


def this(ref: NoticeRef, person: str) -> tuple[Any, ...]:
    c = notice.c
    return (c.subject == ref.subject, c.version == ref.version, c.rung == ref.rung, c.person == person)
