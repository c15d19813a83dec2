"""Index: which family's main stream a huddle stands in, and when it starts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Executable, insert
from sqlmodel import Field, SQLModel

from server.huddles.facts import HuddleConvened
from server.record.chain import micros
from server.record.facts import Entry


class HuddleIndex(SQLModel, table=True):
    """A huddle and the stream it belongs to. `starts` in microseconds since 1970."""

    __tablename__ = "huddle_index"

    huddle: str = Field(primary_key=True)
    stream: str = Field(index=True)
    starts: int = Field(sa_type=BigInteger, index=True)
    minutes: int


huddle_index = HuddleIndex.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def index(entry: Entry) -> Iterable[Executable]:
    """What an entry changes in this index."""
    fact = entry.fact
    if isinstance(fact, HuddleConvened):
        yield insert(huddle_index).values(
            huddle=fact.huddle, stream=entry.stream, starts=micros(fact.starts), minutes=fact.minutes
        )
