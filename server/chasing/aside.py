"""Payloads that were put where jobs are and are none. Kept table: this module alone writes `dead_letter`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from server.record.chain import micros
from server.record.store import Store


class DeadLetter(SQLModel, table=True):
    """What something was that could not be read as a job: never what stood in it."""

    __tablename__ = "dead_letter"

    digest: str = Field(primary_key=True)
    size: int
    at: int = Field(sa_type=BigInteger)


dead_letter = DeadLetter.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


async def keep(store: Store, digest: str, size: int, now: datetime) -> None:
    def put(connection: Connection) -> None:
        dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
        row = dialect.insert(dead_letter).values(digest=digest, size=size, at=micros(now))
        connection.execute(row.on_conflict_do_nothing())

    await store.write(put)
