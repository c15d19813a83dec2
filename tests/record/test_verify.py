"""Invariant 7: whatever is edited, dropped, inserted or swapped is found, and named by stream and number."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, assume, event, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.record import verify as verifying
from server.record.commands import Command, Draft, Hand
from server.record.facts import PayloadDestroyed
from server.record.store import Store
from server.record.verify import verify
from server.record.walk import Fault
from tests.record import tampering
from tests.record.tampering import Record, Tampering
from tests.record.world import FARAH, PRIYA, ROWE, SAM, Node

T = TypeVar("T")


@pytest.fixture
async def owner(url: str) -> AsyncIterator[Store]:
    """The database as its owner has it, with two families, three compartments, and a long stream."""
    store = Store(url, app_role=False)
    async with Node(store) as node:
        for book in (ROWE, "family:other"):
            await node.gather(book=book)
            await node.say("Open", book=book)
            await node.say("To two", to=[PRIYA, SAM], book=book)
            await node.say("Open again", FARAH, book=book)
            await node.say("To two again", SAM, to=[PRIYA, SAM], book=book)
        await node.say("To others", to=[PRIYA, FARAH])
        await node.say("Last")
    yield store
    await store.close()


class Glimpse:
    """A store as it would be, inside a transaction that is never committed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.connection.run_sync(work)


class Undone(Exception):
    pass


async def after(store: Store, *changes: Callable[[Connection], object]) -> list[Fault] | None:
    """What `verify` finds after changes that are undone again; None if one was `Undone` before that."""
    faults: list[Fault] | None = None
    try:
        async with store.writing() as connection:
            for change in (tampering.unguard, *changes):
                await connection.run_sync(change)
            faults = await verify(Glimpse(connection))  # type: ignore[arg-type]  # reads as a store does
            raise Undone
    except Undone:
        return faults


class Destroy(Command):
    """What a disposal records, before the content goes."""

    may: ClassVar[str] = "anything"
    seq: int

    def follows(self, hand: Hand) -> Iterable[Draft]:
        yield Draft(hand.book, PayloadDestroyed(seq=self.seq, rule="R7"))


def sql(statement: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(text(statement))


async def test_a_record_that_nobody_touched_is_whole(owner: Store) -> None:
    seen: list[tuple[int, int]] = []
    assert await verify(owner, lambda done, total: seen.append((done, total))) == []
    assert seen[-1] == (19, 19)


@pytest.mark.parametrize("page", [1, 2, 3, 7])
async def test_it_is_whole_however_little_is_looked_at_at_a_time(
    owner: Store, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(verifying, "PAGE", page)
    assert await verify(owner) == []
    assert await after(owner, sql(f"DELETE FROM chain WHERE {MAIN} AND seq = 6"))


MAIN = "stream = 'family:rowe'"
K = [
    ("K1 edit", f"UPDATE payload SET content = salt WHERE {MAIN} AND seq = 4", 4, "content"),
    ("K2 drop", f"DELETE FROM chain WHERE {MAIN} AND seq = 4", 4, "is missing"),
    ("K2 drop the content", f"DELETE FROM payload WHERE {MAIN} AND seq = 4", 4, "destroyed"),
    (
        "K4 reorder",
        f"UPDATE chain SET seq = 1004 - seq WHERE {MAIN} AND seq > 3",
        4,
        "missing",
    ),
    ("K6 cut the tail", f"DELETE FROM chain WHERE {MAIN} AND seq = 6", 6, "should end at 6"),
    ("K9 author", f"UPDATE chain SET author = 'sam' WHERE {MAIN} AND seq = 4", 4, "author"),
    ("K9 time", f"UPDATE chain SET at = at - 1 WHERE {MAIN} AND seq = 4", 4, "time"),
    ("K9 kind", f"UPDATE chain SET kind = 'X/1' WHERE {MAIN} AND seq = 4", 4, "kind"),
    ("another head", "UPDATE stream SET head_seq = 4 WHERE id = 'family:rowe'", 5, "should end at 4"),
    ("no head", "DELETE FROM stream WHERE id = 'family:rowe'", 1, "no head"),
    ("another book", "UPDATE stream SET book = 'family:other' WHERE id = 'family:rowe'", 1, "stands in"),
    ("another version", "UPDATE book SET version = 4 WHERE id = 'family:rowe'", 6, "should hold 4"),
    ("no book", "DELETE FROM book WHERE id = 'family:rowe'", 6, "no book"),
    ("all of it", f"DELETE FROM chain WHERE {MAIN}", 1, "all that followed"),
]


@pytest.mark.parametrize(("statement", "seq", "words"), [k[1:] for k in K], ids=[k[0] for k in K])
async def test_it_says_what_is_wrong_and_where(owner: Store, statement: str, seq: int, words: str) -> None:
    faults = await after(owner, sql(statement))
    found = {fault.stream: fault for fault in faults}[ROWE]
    assert (found.seq, words in found.what) == (seq, True), faults


async def test_one_link_made_anew_breaks_the_next(owner: Store) -> None:
    """K8: its own hash fits; a verifier that skipped the link between two entries would be content."""
    faults = await after(owner, lambda c: tampering.link_anew(c, ROWE, 4, author="sam"))
    assert faults == [Fault(ROWE, 5, "does not follow on the entry before it")]


async def test_a_time_that_runs_backwards_is_found(owner: Store) -> None:
    faults = await after(owner, lambda c: tampering.link_anew(c, ROWE, 6, at=1))
    assert faults == [Fault(ROWE, 6, "its time is before that of the entry before it")]


async def test_what_was_destroyed_by_rule_is_no_fault(owner: Store) -> None:
    """The chain over it is whole, and the fact that says so stands in the same stream."""
    gone = sql("DELETE FROM payload WHERE stream = 'family:rowe' AND seq = 4")
    assert await after(owner, gone)
    async with Node(owner) as node:
        await node.do(Destroy(seq=4))
    assert await after(owner, gone) == []
    other = sql("DELETE FROM payload WHERE stream = 'family:rowe' AND seq = 5")
    assert [(f.stream, f.seq) for f in await after(owner, gone, other) or []] == [(ROWE, 5)]


async def test_what_cannot_be_read_is_named_by_what_stands_before_it(sqlite_url: str) -> None:
    """A bit that flipped in a page of the file can make words that are none."""
    store = Store(sqlite_url, app_role=False)
    async with Node(store) as node:
        await node.gather()
        await node.say("Open")
    faults = await after(
        store, sql(f"UPDATE chain SET author = CAST(x'ff' AS TEXT) WHERE {MAIN} AND seq = 3")
    )
    assert faults == [Fault(ROWE, 3, "what stands here or next cannot be read")]
    await store.close()


async def test_an_outage_is_not_taken_for_tampering(owner: Store) -> None:
    class Gone:
        async def read(self, work: object) -> None:
            raise DBAPIError("", {}, Exception("connection was closed"))

    with pytest.raises(DBAPIError):
        await verify(Gone())  # type: ignore[arg-type]  # reads as a store does


@pytest.mark.parametrize("how", ["edit", "drop", "add", "swap"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_single_tampering_is_found_and_named(owner: Store, how: str, data: st.DataObject) -> None:
    """K1 to K5 and K9, by chance: any row and column of chain, payload, heads and versions."""
    record = await owner.read(Record)
    tampered: Tampering = getattr(record, how)(data.draw)

    def happened(connection: Connection) -> None:
        """A database may refuse it, or keep what it had (SQLite takes 1.0 for 1)."""
        if Record(connection).rows == record.rows:
            raise Undone

    try:
        faults = await after(owner, tampered.happen, happened)
    except DBAPIError:
        reject()
    assume(faults is not None)
    event(tampered.words.partition(" ")[0])
    assert faults, tampered
    assert {(f.stream, f.seq) for f in faults} & tampered.places, (tampered, faults)
