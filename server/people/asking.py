"""Who asked for a link because they cannot sign in. Kept table: this module alone writes `link_asked`.

Whoever asks is answered before anybody looks whether the address is known here, so neither words nor time
tell it. Only the SHA-256 of an address is stored, and only until the sweep has looked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from server.people.state import PartnershipState
from server.people.words import email_from
from server.record.chain import micros

AT_ONCE = 100


class LinkAsked(SQLModel, table=True):
    """An address, by hash, for which a link was asked. `at` is in microseconds since 1970."""

    __tablename__ = "link_asked"

    digest: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)


link_asked = LinkAsked.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Asked(NamedTuple):
    """One of those who wait for the sweep."""

    digest: str
    at: int


def ask(connection: Connection, email: str, now: datetime) -> None:
    """Note that a link was asked for. The same work for every address, and one row however often."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    noted = dialect.insert(link_asked).values(digest=digest(email), at=micros(now))
    connection.execute(noted.on_conflict_do_update(index_elements=["digest"], set_={"at": micros(now)}))


def waiting(connection: Connection) -> Sequence[Asked]:
    """The longest waiting first."""
    query = select(link_asked.c.digest, link_asked.c.at).order_by(link_asked.c.at).limit(AT_ONCE)
    return [Asked(*row) for row in connection.execute(query)]


def seen(connection: Connection, asked: Sequence[Asked]) -> None:
    """They were looked at. Who has asked again since waits on."""
    for each in asked:
        connection.execute(
            delete(link_asked).where(link_asked.c.digest == each.digest, link_asked.c.at == each.at)
        )


def whose(state: PartnershipState, asked: Sequence[Asked]) -> Iterator[tuple[str, Asked]]:
    """Of those who asked, who works here."""
    known = {digest(email): person for email, person in state.emails.items() if state.here(person)}
    return ((known[each.digest], each) for each in asked if each.digest in known)


def digest(email: str) -> str:
    return hashlib.sha256(f"link {email_from(email) or email.strip().lower()}".encode()).hexdigest()
