"""Index: which family's main stream a huddle stands in, when it starts, and whether it is over."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Executable, Update, insert, update
from sqlmodel import Field, SQLModel

from server.huddles.closing_facts import HuddleClosed
from server.huddles.course_facts import HuddleAbandoned, HuddleAdjourned, HuddleResumed
from server.huddles.facts import HuddleConvened, HuddleMoved
from server.record.chain import micros
from server.record.facts import Entry


class HuddleIndex(SQLModel, table=True):
    """A huddle and its stream. `starts`, or goes on: in microseconds since 1970."""

    __tablename__ = "huddle_index"

    huddle: str = Field(primary_key=True)
    stream: str = Field(index=True)
    starts: int = Field(sa_type=BigInteger, index=True)
    minutes: int
    over: bool = False


huddle_index = HuddleIndex.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def index(entry: Entry) -> Iterable[Executable]:
    """What an entry changes in this index."""
    fact = entry.fact
    if isinstance(fact, HuddleConvened):
        yield insert(huddle_index).values(
            huddle=fact.huddle,
            stream=entry.stream,
            starts=micros(fact.starts),
            minutes=fact.minutes,
            over=False,
        )
    elif isinstance(fact, HuddleMoved):
        yield of(fact.huddle).values(starts=micros(fact.starts), minutes=fact.minutes)
    elif isinstance(fact, HuddleAdjourned):
        yield of(fact.huddle).values(starts=micros(fact.resumes))
    elif isinstance(fact, HuddleResumed):
        yield of(fact.huddle).values(starts=micros(entry.at), minutes=fact.minutes)
    elif isinstance(fact, HuddleClosed | HuddleAbandoned):
        yield of(fact.huddle).values(over=True)


def of(huddle: str) -> Update:
    return update(huddle_index).where(huddle_index.c.huddle == huddle)
