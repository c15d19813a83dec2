"""Passwords: argon2id, off the event loop, a few at a time.

Kept table: this module alone writes `credential`.

An account without a password, and an address without an account, cost the same work as any other: a hash of
nobody's password is checked in their place.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from functools import cache

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from sqlalchemy import BigInteger, Connection, delete, insert, select
from sqlmodel import Field, SQLModel

from server.record.chain import micros
from server.record.store import Store

SHORTEST = 12
LONGEST = 200
AT_ONCE = 2
"""Each check takes 64 MiB and a tenth of a second of one core."""


class Credential(SQLModel, table=True):
    """The hash of one person's password, and when it was last chosen (microseconds since 1970)."""

    person: str = Field(primary_key=True)
    hash: str
    changed_at: int = Field(sa_type=BigInteger)


credential = Credential.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Credentials:
    """Checks and makes password hashes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hasher = PasswordHash.recommended()
        self._turns = CapacityLimiter(AT_ONCE)

    async def check(self, person: str | None, password: str, now: datetime) -> bool:
        """Whether this is `person`'s password. Nobody's password is never right, and takes as long."""
        known = await self._store.read(lambda c: hash_of(c, person or ""))
        right, newer = await to_thread.run_sync(self._verify, password, known, limiter=self._turns)
        if right and newer and person:
            await self._store.write(lambda c: put(c, person, newer, now))
        return right

    async def hash(self, password: str) -> str:
        """What to keep of a password."""
        return await to_thread.run_sync(self._hasher.hash, prepared(password), limiter=self._turns)

    def _verify(self, password: str, known: str | None) -> tuple[bool, str | None]:
        right, newer = self._hasher.verify_and_update(prepared(password), known or nobodys_hash())
        return (right, newer) if known else (False, None)

    async def warm(self) -> None:
        """Make nobody's hash before the first sign-in, which would otherwise take twice as long."""
        await to_thread.run_sync(nobodys_hash, limiter=self._turns)


@cache
def nobodys_hash() -> str:
    """The hash of a password that nobody knows, made once in a process."""
    return PasswordHash.recommended().hash(secrets.token_urlsafe(32))


def prepared(password: str) -> str:
    """The same password however it was composed; never more than we are ready to hash."""
    return unicodedata.normalize("NFKC", password)[:LONGEST]


def password_problem(password: str) -> str:
    """Why this cannot be somebody's password, or nothing."""
    if not SHORTEST <= len(unicodedata.normalize("NFKC", password)) <= LONGEST:
        return f"Enter a password of {SHORTEST} to {LONGEST} characters"
    if len(set(password)) < 5:
        return "Enter a password with more different characters, for example three words"
    return ""


def hash_of(connection: Connection, person: str) -> str | None:
    return connection.execute(select(credential.c.hash).where(credential.c.person == person)).scalar()


def put(connection: Connection, person: str, hash: str, now: datetime) -> None:
    """Keep `hash` as the only one of `person`."""
    connection.execute(delete(credential).where(credential.c.person == person))
    connection.execute(insert(credential).values(person=person, hash=hash, changed_at=micros(now)))
