"""Index: whose referral a stream is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Executable, insert
from sqlmodel import Field, SQLModel

from server.duty.facts import ReferralMade
from server.record.chain import micros
from server.record.facts import Entry


class ReferralIndex(SQLModel, table=True):
    """A referral and who made it. `at` in microseconds since 1970."""

    __tablename__ = "referral_index"

    stream: str = Field(primary_key=True)
    person: str = Field(index=True)
    at: int = Field(sa_type=BigInteger)


referral_index = ReferralIndex.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def index(entry: Entry) -> Iterable[Executable]:
    """What an entry changes in this index."""
    if isinstance(entry.fact, ReferralMade):
        yield insert(referral_index).values(
            stream=entry.stream, person=entry.fact.person, at=micros(entry.at)
        )
