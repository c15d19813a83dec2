"""One transaction's worth of the record: lock, compare versions, link, insert, index, raise the heads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from server.record import chain, tables
from server.record.facts import Entry, encode
from server.record.reading import Chained

Index = Callable[[Entry], Iterable[Executable]]
"""What an entry changes in a room's index tables."""

Key = tuple[str, str, str]
"""Book, author, key."""


def index_keys(entry: Entry) -> Iterable[Executable]:
    """The record's own index: which fact answered which command."""
    if entry.key:
        yield insert(tables.command_key).values(**key_row(entry))


def key_row(entry: Entry) -> dict[str, Any]:
    return {
        "book": entry.book,
        "author": entry.author,
        "key": entry.key,
        "digest": entry.digest,
        "stream": entry.stream,
        "seq": entry.seq,
    }


def lock(connection: Connection, ids: Sequence[str], shared: str, sqlite_: bool) -> dict[str, int]:
    """Lock the books in order of id and read their versions. `shared` is only held still, not written."""
    rows = select(tables.book.c.id, tables.book.c.version).order_by(tables.book.c.id)
    if sqlite_:
        found = connection.execute(rows.where(tables.book.c.id.in_([*ids, shared])))
        return {row.id: row.version for row in found}
    versions: dict[str, int] = {}
    if shared not in ids:
        held = connection.execute(rows.where(tables.book.c.id == shared).with_for_update(read=True))
        versions |= {row.id: row.version for row in held}
    locked = connection.execute(rows.where(tables.book.c.id.in_(ids)).with_for_update())
    return versions | {row.id: row.version for row in locked}


def begin_books(connection: Connection, ids: Sequence[str], sqlite_: bool) -> None:
    """Make the rows of books that were never written to, so that they can be locked."""
    dialect: Any = sqlite if sqlite_ else postgresql
    rows = [{"id": id, "kind": id.partition(":")[0], "version": 0} for id in sorted(ids)]
    connection.execute(dialect.insert(tables.book).on_conflict_do_nothing(), rows)


def answered(connection: Connection, keys: Sequence[Key]) -> dict[Key, tuple[str, str, int]]:
    """Which of these keys were answered before: digest, stream and number of the first fact."""
    k = tables.command_key.c
    rows = connection.execute(
        select(k.book, k.author, k.key, k.digest, k.stream, k.seq).where(
            tuple_(k.book, k.author, k.key).in_(list(keys))
        )
    )
    return {(r.book, r.author, r.key): (r.digest, r.stream, r.seq) for r in rows}


class Links:
    """The rows of one transaction, linked to the heads that the streams had before it."""

    def __init__(self) -> None:
        self.chain: list[dict[str, Any]] = []
        self.payload: list[dict[str, Any]] = []
        self.keys: list[dict[str, Any]] = []
        self.heads: dict[str, tuple[str, int, str]] = {}
        self.began: set[str] = set()
        self.versions: dict[str, int] = {}

    def add(self, entries: Iterable[Entry], heads: dict[str, str]) -> list[Chained]:
        """Link entries of one book onto `heads` (the last hash of each of its streams)."""
        linked = []
        for entry in entries:
            prev = heads.get(entry.stream, chain.NOTHING)
            hash = self._link(entry, prev)
            heads[entry.stream] = hash
            if entry.key:
                self.keys.append(key_row(entry))
            if entry.seq == 1:
                self.began.add(entry.stream)
            self.heads[entry.stream] = (entry.book, entry.seq, hash)
            self.versions[entry.book] = entry.position
            linked.append(Chained(entry, hash))
        return linked

    def _link(self, entry: Entry, prev: str) -> str:
        stored = encode(entry.fact, entry.key, entry.digest, entry.cause)
        salt = os.urandom(chain.SALT_BYTES)
        committed = chain.commitment(salt, stored)
        at = chain.micros(entry.at)
        hash = chain.link(
            entry.stream, entry.seq, entry.kind, entry.author, entry.agency, at, prev, committed
        )
        place = {"stream": entry.stream, "seq": entry.seq}
        self.chain.append(
            place
            | {
                "book": entry.book,
                "position": entry.position,
                "kind": entry.kind,
                "author": entry.author,
                "agency": entry.agency,
                "at": at,
                "prev": prev,
                "commitment": committed,
                "hash": hash,
            }
        )
        self.payload.append(place | {"salt": salt, "content": stored})
        return hash

    def store(self, connection: Connection) -> None:
        """Insert everything and raise the heads."""
        if not self.chain:
            return
        connection.execute(insert(tables.chain), self.chain)
        connection.execute(insert(tables.payload), self.payload)
        if self.keys:
            connection.execute(insert(tables.command_key), self.keys)
        begun = [
            {"id": id, "book": book, "head_seq": seq, "head_hash": hash}
            for id, (book, seq, hash) in self.heads.items()
            if id in self.began
        ]
        if begun:
            connection.execute(insert(tables.stream), begun)
        raised = [
            {"of": id, "head_seq": seq, "head_hash": hash}
            for id, (_, seq, hash) in self.heads.items()
            if id not in self.began
        ]
        if raised:
            connection.execute(_raise_head, raised)
        connection.execute(_raise_version, [{"of": id, "version": v} for id, v in self.versions.items()])


_raise_head = (
    update(tables.stream)
    .where(tables.stream.c.id == bindparam("of"))
    .values(head_seq=bindparam("head_seq"), head_hash=bindparam("head_hash"))
)
_raise_version = (
    update(tables.book).where(tables.book.c.id == bindparam("of")).values(version=bindparam("version"))
)
