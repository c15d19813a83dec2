"""Where an open page begins and how far it reaches: its anchor, its entries and the cursor to follow from.

A page starts at an anchor (the sitting's start, or the newest hundred entries) and holds everything of its
audience from there to the head; earlier entries are loaded on request by an earlier anchor.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from server.huddles.state import Huddle
from server.realtime.frames import advance
from server.record.books import Books
from server.record.facts import Entry, Ref
from server.record.open_book import OpenBook
from server.record.streams import Audience, Vector

LINES = 100


class Opening(msgspec.Struct, frozen=True):
    """A page's entries, the anchor before them and the heads that they reach."""

    anchor: Vector
    heads: Vector
    entries: tuple[Entry, ...]
    earlier: Vector | None
    """The anchor of a page with a hundred entries more, or None if nothing is earlier."""


async def at_anchor(books: Books, book: OpenBook, audience: Audience, anchor: Vector) -> Opening:
    """The page that begins after `anchor`."""
    entries = await books.since(book, audience, anchor)
    earlier = await _earlier(books, book, anchor)
    return Opening(anchor, advance(anchor, entries), tuple(entries), earlier)


async def at_sitting(books: Books, book: OpenBook, audience: Audience, huddle: Huddle) -> Opening:
    """The page of a huddle: from its start, but never more than the newest hundred entries."""
    heads = book.heads(audience)
    newest = await books.before(book, heads, LINES)
    began = next((i for i, e in enumerate(newest) if e.ref == Ref(book.id, huddle.began)), 0)
    return await at_anchor(books, book, audience, before(newest[began:], heads))


def before(entries: Sequence[Entry], heads: Vector) -> Vector:
    """The anchor that lies just before `entries`, which reach up to `heads`."""
    first = dict(heads)
    for entry in reversed(entries):
        first[entry.stream] = entry.seq - 1
    return tuple(sorted(first.items()))


async def _earlier(books: Books, book: OpenBook, anchor: Vector) -> Vector | None:
    if not any(seq for _, seq in anchor):
        return None
    older = await books.before(book, anchor, LINES)
    return before(older, anchor)
