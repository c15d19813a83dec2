"""Reading back: from what a node keeps or from the store, the same entries in the same order."""

import itertools
from collections.abc import Sequence

import pytest

from server.record import books
from server.record import open_book as opened
from server.record.facts import Entry
from server.record.reading import entries_past, entries_up_to
from server.record.store import Store
from server.record.streams import Vector
from tests.record.world import FARAH, PRIYA, ROWE, SAM, Node, stored


@pytest.fixture
async def said(store: Store) -> Sequence[Entry]:
    """What was said in a family, openly and in two compartments, and something in another family."""
    async with Node(store) as node:
        await node.gather()
        await node.say("Open")
        await node.say("To two", to=[PRIYA, SAM])
        await node.gather(book="family:other")
        await node.say("To others", FARAH, to=[PRIYA, FARAH])
        await node.say("To two again", SAM, to=[PRIYA, SAM])
        await node.say("Open again", FARAH)
    return [entry for entry in await stored(store) if entry.book == ROWE]


def vectors(streams: Sequence[str], said: Sequence[Entry]) -> list[Vector]:
    """Every number that somebody may have seen of each of these streams."""
    ends = {stream: max(e.seq for e in said if e.stream == stream) for stream in streams}
    return [
        tuple(zip(streams, seen, strict=True))
        for seen in itertools.product(*(range(ends[stream] + 1) for stream in streams))
    ]


@pytest.mark.parametrize("tail", [2000, 4, 1])
async def test_what_is_missing_is_the_same_from_the_tail_and_from_the_store(
    store: Store, said: Sequence[Entry], monkeypatch: pytest.MonkeyPatch, tail: int
) -> None:
    monkeypatch.setattr(opened, "TAIL", tail)
    node = Node(store)
    book = await node.books.open(ROWE)
    audience = tuple(sorted({entry.stream for entry in said}))
    for streams in (audience, audience[:2], (ROWE,)):
        for seen in vectors(streams, said):
            known = dict(seen)
            missing = [e for e in said if e.stream in known and e.seq > known[e.stream]]
            assert await node.books.since(book, streams, seen) == missing


@pytest.mark.parametrize("tail", [2000, 4, 1])
async def test_the_newest_before_a_place(
    store: Store, said: Sequence[Entry], monkeypatch: pytest.MonkeyPatch, tail: int
) -> None:
    monkeypatch.setattr(opened, "TAIL", tail)
    node = Node(store)
    book = await node.books.open(ROWE)
    for seen in vectors(tuple(sorted({entry.stream for entry in said})), said):
        known = dict(seen)
        before = [e for e in said if e.seq <= known[e.stream]]
        for most in (1, 3, 100):
            assert await node.books.before(book, seen, most) == before[-most:]


async def test_who_reads_no_stream_is_given_nothing(store: Store, said: Sequence[Entry]) -> None:
    """And not, for want of a condition, everything."""
    assert await store.read(lambda connection: entries_past(connection, (), 100)) == []
    assert await store.read(lambda connection: entries_up_to(connection, ROWE, (), 100)) == []


async def test_a_state_read_from_the_store_equals_one_from_the_tail(
    store: Store, said: Sequence[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await Node(store).heard(PRIYA)
    monkeypatch.setattr(opened, "TAIL", 2)
    late = Node(store)
    (await late.books.open(ROWE)).all = None  # its first state was folded long ago
    assert await late.heard(PRIYA) == whole
    assert len(whole.lines) == len(said)


async def test_books_that_nobody_follows_make_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for by chance or by guessing ids does not grow without limit."""
    monkeypatch.setattr(books, "MOST_OPEN", 3)
    node = Node(store)
    followed = await node.books.open("family:followed")
    followed.followed = 1
    for n in range(10):
        await node.books.open(f"family:{n}")
    assert {book.id for book in node.books.all_open()} == {"family:followed", "family:8", "family:9"}
