"""When the parts of chasing last did their work, for every process to read. Kept table."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Row, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from server.deadlines.tables import deadline
from server.record.chain import micros, moment
from server.record.store import Store

SWEPT, VERIFIED, TROUBLE = "swept", "verified", "trouble"
BEAT_EVERY = timedelta(seconds=15)
SILENT = timedelta(minutes=3)
"""After so long without a sweep chasing counts as stopped."""
UNVERIFIED = timedelta(hours=2)


class Pulse(SQLModel, table=True):
    """When something last happened, in microseconds since 1970; of trouble, what is wrong in words."""

    __tablename__ = "chasing_pulse"

    name: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    words: str = ""


chasing_pulse = Pulse.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Health(msgspec.Struct, frozen=True):
    """How chasing is. `trouble` says in words what was last found wrong, or is empty; `behind` is since when
    something waits to be chased."""

    swept: datetime | None = None
    verified: datetime | None = None
    trouble: str = ""
    behind: datetime | None = None

    def problem(self, now: datetime) -> str:
        """Why nobody should rely on being reminded; empty where all is well."""
        if self.swept is None or now - self.swept > SILENT:
            return "Nothing is looked for: the worker does not run"
        if self.trouble:
            return self.trouble
        if self.verified is None or now - self.verified > UNVERIFIED:
            return "It was not proved in the last two hours that everybody was reminded"
        return ""

    def unreliable_since(self, now: datetime) -> datetime | None:
        """Since when people may not have been reminded, if that is two hours or more."""
        since = self.verified or self.behind
        return since if since is not None and now - since > UNVERIFIED else None


async def beat(store: Store, name: str, now: datetime, words: str = "") -> None:
    await store.write(lambda connection: put(connection, name, now, words))


def put(connection: Connection, name: str, now: datetime, words: str) -> None:
    """Two processes may say so at the same moment."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    said = {"at": micros(now), "words": words}
    row = dialect.insert(chasing_pulse).values(name=name, **said)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=said))


def carry_along(connection: Connection, by: int) -> None:
    """The clock leaps by so many microseconds, and it is no longer than before since chasing was proved."""
    connection.execute(
        update(chasing_pulse).where(chasing_pulse.c.name == VERIFIED).values(at=chasing_pulse.c.at + by)
    )


async def health(store: Store) -> Health:
    rows, behind = await store.read(look)
    return Health(
        swept=moment(rows[SWEPT].at) if SWEPT in rows else None,
        verified=moment(rows[VERIFIED].at) if VERIFIED in rows else None,
        trouble=str(rows[TROUBLE].words) if TROUBLE in rows else "",
        behind=None if behind is None else moment(behind),
    )


def look(connection: Connection) -> tuple[dict[str, Row[Any]], int | None]:
    """Every pulse by name, and what has waited longest to be chased."""
    rows = {str(row.name): row for row in connection.execute(select(chasing_pulse))}
    return rows, connection.execute(select(func.min(deadline.c.next_chase_at))).scalar()
