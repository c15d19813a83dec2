"""Ways to tamper with a record that lies open in a database, as somebody could who owns it."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    delete,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.types import UserDefinedType

from server.record import chain, tables

Row = dict[str, Any]
Place = tuple[str, int]
Draw = Callable[[st.SearchStrategy[Any]], Any]

RECORD = {"chain": tables.chain, "payload": tables.payload, "stream": tables.stream, "book": tables.book}


class AsItIs(UserDefinedType[Any]):
    """A value that nothing makes fit its column."""

    cache_ok = True


class Tampering:
    """One change of the record, and the places one of which must be named for it."""

    def __init__(self, words: str, places: set[Place], *changes: Executable) -> None:
        self.words = words
        self.places = places
        self.changes = changes

    def __repr__(self) -> str:
        return self.words

    def happen(self, connection: Connection) -> None:
        for change in self.changes:
            connection.execute(change)


class Record:
    """What stands in a database, to choose a tampering from."""

    def __init__(self, connection: Connection) -> None:
        self.loose = connection.dialect.name == "sqlite"  # which takes any type in any column
        self.rows = {name: rows_of(connection, select(table)) for name, table in RECORD.items()}

    def edit(self, draw: Draw) -> Tampering:
        name, row = self._row(draw)
        column = draw(st.sampled_from(list(row)))
        new = draw(another(row[column], self.loose))
        places = self._near(name, row) | near_key(name, row | {column: new})
        words = f"{name} {id_of(name, row)}: {column} becomes {new!r}"
        return Tampering(words, places, changed(name, row, {column: literal(new, AsItIs())}))

    def drop(self, draw: Draw) -> Tampering:
        name, row = self._row(draw)
        words = f"{name} {id_of(name, row)} dropped"
        return Tampering(words, self._near(name, row), delete(RECORD[name]).where(*at(name, row)))

    def add(self, draw: Draw) -> Tampering:
        """One more row, as like a true one as can be, with every hash made to fit."""
        name, row = self._row(draw)
        match name:
            case "chain":
                row = self._next_link(row)
            case "payload":
                row = row | {"seq": row["seq"] + draw(st.integers(100, 200))}
            case _:
                row = row | {"id": row["id"] + draw(st.sampled_from("x:0"))}
        places = self._near(name, row) | near_key(name, row)
        return Tampering(f"{name} {id_of(name, row)} added", places, insert(RECORD[name]).values(row))

    def swap(self, draw: Draw) -> Tampering:
        """Two rows change places: in one stream or between two, with or without their contents.

        The order between two streams of a book is not part of the chain, so `position` stays.
        """
        name = draw(st.sampled_from(["chain", "payload", "stream", "chain and payload"]))
        parts = name.split(" and ")
        one, other = draw(st.sampled_from(list(combinations(self.rows[parts[0]], 2))))
        changes = []
        for part in parts:
            here, there = self._same(part, one), self._same(part, other)
            kept = {*(column.name for column in RECORD[part].primary_key), "book", "position"}
            for row, source in ((here, there), (there, here)):
                changes.append(changed(part, row, {k: v for k, v in source.items() if k not in kept}))
        places = self._near(parts[0], one) | self._near(parts[0], other)
        return Tampering(f"{name} {id_of(name, one)} and {id_of(name, other)} swapped", places, *changes)

    def _row(self, draw: Draw) -> tuple[str, Row]:
        name = draw(st.sampled_from(list(RECORD)))
        return name, draw(st.sampled_from(self.rows[name]))

    def _same(self, name: str, place: Row) -> Row:
        return next(row for row in self.rows[name] if id_of(name, row) == id_of(name, place))

    def _next_link(self, row: Row) -> Row:
        last = self._of("stream", row["stream"])[-1]
        position = max(r["position"] for r in self._of("book", row["book"])) + 1
        row = row | {"seq": last["seq"] + 1, "position": position, "at": last["at"], "prev": last["hash"]}
        return row | {"hash": rehash(row)}

    def _of(self, what: str, id: str) -> list[Row]:
        return [row for row in self.rows["chain"] if row[what] == id]

    def _near(self, name: str, row: Row) -> set[Place]:
        """The place that a row speaks of: an entry, the ends of a stream, or any entry of a book."""
        if name == "book":
            return {(r["stream"], r["seq"]) for r in self._of("book", row["id"])} | {(row["id"], 1)}
        if name == "stream":
            end = len(self._of("stream", row["id"]))
            return {(row["id"], seq) for seq in (1, end, end + 1, row["head_seq"])}
        return {(row["stream"], row["seq"]), (row["stream"], row["seq"] + 1)}


def near_key(name: str, row: Row) -> set[Place]:
    """Where a row would be named that lies where none belongs."""
    if name in ("book", "stream"):
        head = row.get("head_seq", 0)
        return {(str(row["id"]), 1), (str(row["id"]), head + 1 if isinstance(head, int) else 1)}
    whole = isinstance(row["seq"], int) or (isinstance(row["seq"], float) and row["seq"].is_integer())
    seq = int(row["seq"]) if whole else 0
    return {(str(row["stream"]), n) for n in (1, seq, seq + 1)}


def id_of(name: str, row: Row) -> tuple[Any, ...]:
    return (row["id"],) if name in ("book", "stream") else (row["stream"], row["seq"])


def at(name: str, row: Row) -> list[ColumnElement[bool]]:
    return [column == row[column.name] for column in RECORD[name].primary_key]


def changed(name: str, row: Row, new: Row) -> Executable:
    return update(RECORD[name]).where(*at(name, row)).values(new)


def rehash(row: Row) -> str:
    said = ("stream", "seq", "kind", "author", "agency", "at", "prev", "commitment")
    return chain.link(*(row[name] for name in said))


def another(value: Any, loose: bool) -> st.SearchStrategy[Any]:
    """Not this value: one near it, far from it, or (where the database lets it in) of another type."""
    words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
    numbers = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 30)
    kinds: dict[type, st.SearchStrategy[Any]] = {str: words, int: numbers, bytes: st.binary(max_size=8)}
    near = st.just(value)
    match value:
        case str() if value:
            near = st.sampled_from([value[:-1], value + "0", value.swapcase(), value[::-1]])
        case int():
            near = st.sampled_from([value - 1, value + 1, -value])
        case bytes() if value:
            near = st.integers(0, len(value) * 8 - 1).map(lambda bit: flipped(value, bit))
    same = near | kinds[type(value)]
    every = same | words | numbers | st.binary(max_size=8) | st.floats(allow_nan=False) if loose else same
    return every.filter(lambda new: new != value or type(new) is not type(value))


def flipped(value: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if n == bit // 8 else 0) for n, byte in enumerate(value))


def unguard(connection: Connection) -> None:
    """Take the guards away, as who owns the database can."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE chain DISABLE TRIGGER USER"))
        connection.execute(text("ALTER TABLE payload DISABLE TRIGGER USER"))
        return
    for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def rows_of(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query.order_by(text("1, 2"))).mappings()]


def chain_anew(connection: Connection, stream: str) -> None:
    """Make every link and the head of a stream fit what now stands there (K7)."""
    c, p = tables.chain.c, tables.payload.c
    contents = rows_of(connection, select(tables.payload).where(p.stream == stream))
    prev, number = chain.NOTHING, 0
    for number, found in enumerate(rows_of(connection, select(tables.chain).where(c.stream == stream)), 1):
        content = next(row for row in contents if row["seq"] == found["seq"])
        row = found | {"prev": prev, "seq": number}
        row["commitment"] = chain.commitment(content["salt"], content["content"])
        prev = row["hash"] = rehash(row)
        connection.execute(changed("chain", found, row))
        connection.execute(changed("payload", content, {"seq": number}))
    head = {"head_seq": number, "head_hash": prev}
    connection.execute(update(tables.stream).where(tables.stream.c.id == stream).values(head))


def order_anew(connection: Connection, book: str) -> None:
    """Make positions and the version of a book fit what now stands there."""
    c = tables.chain.c
    rows = rows_of(connection, select(tables.chain).where(c.book == book))
    for position, row in enumerate(sorted(rows, key=lambda row: row["position"]), 1):
        connection.execute(changed("chain", row, {"position": position}))
    connection.execute(update(tables.book).where(tables.book.c.id == book).values(version=len(rows)))


def link_anew(connection: Connection, stream: str, seq: int, **said: Any) -> None:
    """Let one link say something else, with a hash that fits it, and nothing after it."""
    row = rows_of(connection, select(tables.chain).where(*at("chain", {"stream": stream, "seq": seq})))[0]
    new = row | said
    connection.execute(changed("chain", row, new | {"hash": rehash(new)}))
    head = tables.stream.c
    is_last = (head.id == stream) & (head.head_seq == seq)
    connection.execute(update(tables.stream).where(is_last).values(head_hash=rehash(new)))
