"""The record's own tables. `chain` and `payload` are appended to and never changed; the rest are heads."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel


class Book(SQLModel, table=True):
    """One unit of order: a family, the partnership, a person's own referrals. Its row is the lock."""

    id: str = Field(primary_key=True)
    kind: str
    version: int = Field(sa_type=BigInteger)


class Stream(SQLModel, table=True):
    """The head of one stream. The main stream of a book has the book's own id."""

    id: str = Field(primary_key=True)
    book: str = Field(index=True)
    head_seq: int = Field(sa_type=BigInteger)
    head_hash: str


class Chain(SQLModel, table=True):
    """One link: who recorded what kind of fact when, and a commitment to its content."""

    __table_args__ = (Index("chain_in_order", "book", "position", unique=True),)

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    book: str
    position: int = Field(sa_type=BigInteger)
    kind: str
    author: str
    agency: str
    at: int = Field(sa_type=BigInteger)
    prev: str
    commitment: str
    hash: str


class Payload(SQLModel, table=True):
    """The content of one link and its salt: the only rows of the record that may ever be destroyed."""

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    salt: bytes = Field(sa_type=LargeBinary)
    content: bytes = Field(sa_type=LargeBinary)


class CommandKey(SQLModel, table=True):
    """Index: which fact answered a command, so that the same command sent twice is recorded once."""

    __tablename__ = "command_key"

    book: str = Field(primary_key=True)
    author: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    stream: str
    seq: int = Field(sa_type=BigInteger)


class Epoch(SQLModel, table=True):
    """Which database this is: a random number, made anew after every restore or move."""

    id: int = Field(primary_key=True)
    value: str


book = Book.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
stream = Stream.__table__  # type: ignore[attr-defined]  # as above
chain = Chain.__table__  # type: ignore[attr-defined]  # as above
payload = Payload.__table__  # type: ignore[attr-defined]  # as above
command_key = CommandKey.__table__  # type: ignore[attr-defined]  # as above
epoch = Epoch.__table__  # type: ignore[attr-defined]  # as above
