"""Who is still to be compared with the people of other families. Kept table: this module alone writes it.

A row is put in with the fact that adds somebody and taken out when they have been compared, so that no crash
leaves anybody out. After a rebuild of the index everybody is compared again, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, Executable, delete, insert, select, tuple_
from sqlmodel import Field, SQLModel

from server.families.facts import MemberAdded
from server.record.facts import Entry, Ref
from server.record.store import Store

AT_ONCE = 100


class ToCompare(SQLModel, table=True):
    """Somebody of a family, by the fact that added them."""

    __tablename__ = "to_compare"

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)


to_compare = ToCompare.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def index(entry: Entry) -> Iterable[Executable]:
    """Whoever is added waits to be compared."""
    if isinstance(entry.fact, MemberAdded):
        c = to_compare.c
        yield delete(to_compare).where(c.stream == entry.stream, c.seq == entry.seq)
        yield insert(to_compare).values(stream=entry.stream, seq=entry.seq)


async def waiting(store: Store, after: str) -> list[Ref]:
    """Who waits, family by family, in families past `after`: a hundred at most."""
    c = to_compare.c
    query = select(c.stream, c.seq).where(c.stream > after).order_by(c.stream, c.seq).limit(AT_ONCE)
    rows = await store.read(lambda connection: connection.execute(query).all())
    return [Ref(row.stream, row.seq) for row in rows]


async def compared(store: Store, refs: Sequence[Ref]) -> None:
    """These have been compared."""
    c = to_compare.c
    gone = delete(to_compare).where(tuple_(c.stream, c.seq).in_([(ref.stream, ref.seq) for ref in refs]))
    await store.write(lambda connection: connection.execute(gone))
