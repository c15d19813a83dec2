"""One transaction's worth of the record: lock, compare versions, link, insert, index, raise the heads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Executable, bindparam, insert, text, update
from sqlalchemy.dialects import postgresql, sqlite

from server.record import chain, tables
from server.record.facts import Entry, encode
from server.record.prepared import Prepared
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
    if sqlite_:
        found = _versions_sqlite(connection, {"ids": json([*ids, shared])})
    else:
        found = _lock_postgres(
            connection, {"ids": list(ids), "shared": [shared] if shared not in ids else []}
        )
    return {row.id: row.version for row in found}


def begin_books(connection: Connection, ids: Sequence[str], sqlite_: bool) -> None:
    """Make the rows of books that were never written to, so that they can be locked."""
    dialect: Any = sqlite if sqlite_ else postgresql
    rows = [{"id": id, "kind": id.partition(":")[0], "version": 0} for id in sorted(ids)]
    connection.execute(dialect.insert(tables.book).on_conflict_do_nothing(), rows)


def answered(connection: Connection, keys: Sequence[Key]) -> dict[Key, tuple[str, str, int]]:
    """Which of these keys were answered before: digest, stream and number of the first fact."""
    if connection.dialect.name == "sqlite":
        rows = _answered_sqlite(connection, {"keys": json(keys)})
    else:
        books, authors, own = (list(part) for part in zip(*keys, strict=True))
        rows = _answered_postgres(connection, {"books": books, "authors": authors, "keys": own})
    return {(r.book, r.author, r.key): (r.digest, r.stream, r.seq) for r in rows}


def json(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()


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
        _link(connection, *self.chain)
        _fill(connection, *self.payload)
        if self.keys:
            _answer(connection, *self.keys)
        begun = [
            {"id": id, "book": book, "head_seq": seq, "head_hash": hash}
            for id, (book, seq, hash) in self.heads.items()
            if id in self.began
        ]
        if begun:
            _begin_stream(connection, *begun)
        raised = [
            {"of": id, "head_seq": seq, "head_hash": hash}
            for id, (_, seq, hash) in self.heads.items()
            if id not in self.began
        ]
        if raised:
            _raise_head(connection, *raised)
        _raise_version(connection, *({"of": id, "version": v} for id, v in self.versions.items()))


_link = Prepared(insert(tables.chain))
_fill = Prepared(insert(tables.payload))
_answer = Prepared(insert(tables.command_key))
_begin_stream = Prepared(insert(tables.stream))
_raise_head = Prepared(
    update(tables.stream)
    .where(tables.stream.c.id == bindparam("of"))
    .values(head_seq=bindparam("head_seq"), head_hash=bindparam("head_hash"))
)
_raise_version = Prepared(
    update(tables.book).where(tables.book.c.id == bindparam("of")).values(version=bindparam("version"))
)
_versions_sqlite = Prepared(
    text("SELECT id, version FROM book WHERE id IN (SELECT value FROM json_each(:ids))")
)
# One round trip; the shared row is always taken first, and every node takes the others in the same order.
_lock_postgres = Prepared(
    text("""
        WITH held AS (
            SELECT id, version FROM book WHERE id = ANY(CAST(:shared AS varchar[])) FOR SHARE
        ), locked AS (
            SELECT id, version FROM book WHERE id = ANY(CAST(:ids AS varchar[])) ORDER BY id FOR UPDATE
        )
        SELECT id, version FROM held UNION ALL SELECT id, version FROM locked
    """)
)
_answered_sqlite = Prepared(
    text("""
        SELECT k.book, k.author, k.key, k.digest, k.stream, k.seq
        FROM json_each(:keys) AS asked CROSS JOIN command_key AS k
        WHERE k.book = json_extract(asked.value, '$[0]')
        AND k.author = json_extract(asked.value, '$[1]')
        AND k.key = json_extract(asked.value, '$[2]')
    """)
)
_answered_postgres = Prepared(
    text("""
        SELECT k.book, k.author, k.key, k.digest, k.stream, k.seq
        FROM unnest(CAST(:books AS varchar[]), CAST(:authors AS varchar[]), CAST(:keys AS varchar[]))
        AS asked (book, author, key) JOIN command_key AS k USING (book, author, key)
    """)
)
