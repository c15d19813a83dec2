"""One transaction's worth of the record: lock, compare versions, link, insert, index, raise the heads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Executable, insert
from sqlalchemy.dialects import postgresql, sqlite

from server.record import chain, statements, tables
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
    if sqlite_:
        found = statements.versions_sqlite(connection, {"ids": json([*ids, shared])})
    else:
        found = statements.lock_postgres(
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
        rows = statements.answered_sqlite(connection, {"keys": json(keys)})
    else:
        books, authors, own = (list(part) for part in zip(*keys, strict=True))
        rows = statements.answered_postgres(connection, {"books": books, "authors": authors, "keys": own})
    return {(r.book, r.author, r.key): (r.digest, r.stream, r.seq) for r in rows}


def json(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()


Rows = list[dict[str, Any]]


class Links:
    """The rows of one transaction, linked to the heads that the streams had before it."""

    def __init__(self) -> None:
        self.chain: Rows = []
        self.payload: Rows = []
        self.keys: Rows = []
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
        heads = [
            {"id": id, "book": book, "head_seq": seq, "head_hash": hash}
            for id, (book, seq, hash) in self.heads.items()
        ]
        begun = [head for head in heads if head["id"] in self.began]
        raised = [head for head in heads if head["id"] not in self.began]
        store = self._in_one if connection.dialect.name == "postgresql" else self._one_by_one
        store(connection, begun, raised)

    def _one_by_one(self, connection: Connection, begun: Rows, raised: Rows) -> None:
        versions = [{"of": id, "version": version} for id, version in self.versions.items()]
        for statement, rows in (
            (statements.link, self.chain),
            (statements.fill, self.payload),
            (statements.answer, self.keys),
            (statements.begin_stream, begun),
            (statements.raise_head, raised),
            (statements.raise_version, versions),
        ):
            if rows:
                statement(connection, *rows)

    def _in_one(self, connection: Connection, begun: Rows, raised: Rows) -> None:
        parts = {
            "chain": json(self.chain),
            "streams": [row["stream"] for row in self.payload],
            "seqs": [row["seq"] for row in self.payload],
            "salts": [row["salt"] for row in self.payload],
            "contents": [row["content"] for row in self.payload],
            "keys": json(self.keys),
            "begun": json(begun),
            "raised": json(raised),
            "versions": json([{"id": id, "version": version} for id, version in self.versions.items()]),
        }
        statements.append_postgres(connection, parts)
