"""One stream, link by link: the first place at which it is not what was recorded, in words."""

from __future__ import annotations

from typing import Any

import msgspec

from server.record import chain
from server.record.facts import PayloadDestroyed, decode


class Fault(msgspec.Struct, frozen=True, order=True):
    """The first bad place of a stream, in words."""

    stream: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.stream} number {self.seq}: {self.what}"


class First:
    """The fault with the lowest number of each stream."""

    def __init__(self) -> None:
        self._found: dict[str, Fault] = {}

    def add(self, stream: Any, seq: Any, what: str) -> None:
        fault = Fault(str(stream), seq if type(seq) is int else 0, what)
        known = self._found.get(fault.stream)
        if known is None or _rank(fault) < _rank(known):
            self._found[fault.stream] = fault

    def faults(self) -> list[Fault]:
        return sorted(self._found.values())


def _rank(fault: Fault) -> tuple[bool, int]:
    """Numbers begin at 1: what lies below says less than any that should be there."""
    return fault.seq < 1, fault.seq


class Walk:
    """One stream, link by link."""

    def __init__(self, stream: str, first: First) -> None:
        self.stream = stream
        self._first = first
        self._seq = 0
        self._hash = chain.NOTHING
        self._at = 0
        self._position = 0
        self._broken = False
        self._missing: set[int] = set()

    def step(self, row: Any, head: Any) -> None:
        """The next link. Past the first bad one, only what was destroyed is still of interest."""
        wrong = None if self._broken else self._wrong(row, head)
        if wrong:
            self._broken = True
            self._first.add(self.stream, *wrong)
        if row.content is None and not self._broken:
            self._missing.add(row.seq)
        if str(row.kind).startswith(PayloadDestroyed.__name__) and _content_stands(row):
            fact, _ = decode(row.kind, row.content)
            if isinstance(fact, PayloadDestroyed) and fact.seq < row.seq:
                self._missing.discard(fact.seq)
        self._seq, self._hash, self._at, self._position = row.seq, row.hash, row.at, row.position

    def _wrong(self, row: Any, head: Any) -> tuple[int, str] | None:
        if row.seq != self._seq + 1:
            return self._seq + 1, "is missing"
        if row.prev != self._hash:
            return row.seq, "does not follow on the entry before it"
        said = (row.stream, row.seq, row.kind, row.author, row.agency, row.at, row.prev, row.commitment)
        if row.hash != chain.link(*said):
            return row.seq, "its kind, author, agency, time or commitment is not what was recorded"
        if row.content is not None and not _content_stands(row):
            return row.seq, "its content is not what was recorded"
        if row.at < self._at:
            return row.seq, "its time is before that of the entry before it"
        if not isinstance(row.position, int) or row.position <= self._position:
            return row.seq, "it stands before an earlier entry of its stream"
        if head is not None and row.book != head.book:
            return row.seq, f"it stands in {row.book}, and its stream in {head.book}"
        return None

    def end(self, head: Any) -> None:
        """Nothing follows: the head must say so, and what has no content must have been destroyed."""
        for seq in self._missing:
            self._first.add(self.stream, seq, "its content is gone, and nothing says that it was destroyed")
        if self._broken:
            return
        if head is None:
            self._first.add(self.stream, 1, "its stream has no head")
        elif head.head_seq != self._seq:
            until = min(head.head_seq, self._seq) if isinstance(head.head_seq, int) else self._seq
            what = f"its stream should end at {head.head_seq} and ends at {self._seq}"
            self._first.add(self.stream, max(until, 0) + 1, what)
        elif head.head_hash != self._hash:
            self._first.add(self.stream, self._seq, "the head of its stream has another hash")


def _content_stands(row: Any) -> bool:
    if not isinstance(row.salt, bytes) or not isinstance(row.content, bytes):
        return False
    return bool(chain.commitment(row.salt, row.content) == row.commitment)
