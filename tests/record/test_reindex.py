"""Everything in the index can be thrown away and made again, and comes out the same."""

import asyncio
from collections.abc import Iterable

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Executable,
    MetaData,
    String,
    Table,
    insert,
    text,
    update,
)

from server.families.facts import FragmentContributed, TeamMemberAdded
from server.record.facts import Entry
from server.record.reindex import reindex
from server.record.store import Store
from tests.record.world import FARAH, PRIYA, ROWE, SAM, Node

SPOKEN = Table(
    "spoken",
    MetaData(),
    Column("stream", String, primary_key=True),
    Column("who", String, primary_key=True),
    Column("order", BigInteger, nullable=False),
    Column("last", String),
)


def index(entry: Entry) -> Iterable[Executable]:
    """Who spoke in a stream, and their last words: rows that are added and changed."""
    if isinstance(entry.fact, TeamMemberAdded):
        row = {"stream": entry.stream, "who": entry.fact.person, "order": entry.seq, "last": None}
        yield insert(SPOKEN).values(row)
    if isinstance(entry.fact, FragmentContributed):
        mine = (SPOKEN.c.stream == entry.stream) & (SPOKEN.c.who == entry.author)
        yield update(SPOKEN).where(mine).values(last=entry.fact.text)


@pytest.fixture
async def spoken(store: Store, url: str) -> Store:
    """A record with an index of its own."""
    owner = Store(url, app_role=False)
    await owner.write(lambda connection: SPOKEN.create(connection))
    await owner.close()
    async with Node(store, indexes=[index]) as node:
        for book in (ROWE, "family:other"):
            await node.gather(book=book)
            await node.say("First", book=book)
            await node.say("Mine", FARAH, book=book)
            await node.say("Last", book=book)
        await node.say("To two", to=[PRIYA, SAM])
    return store


def rows(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text("SELECT * FROM spoken ORDER BY stream, who"))]


async def test_it_comes_out_the_same(spoken: Store) -> None:
    before = await spoken.read(rows)
    seen: list[tuple[int, int]] = []
    for apply in (False, True):
        assert await reindex(spoken, [index], [SPOKEN], apply=apply, progress=lambda *n: seen.append(n)) == []
    assert await spoken.read(rows) == before
    assert seen[-1] == (14, 14)


MINE = "stream = 'family:rowe' AND who = 'priya'"
TAMPERED = [
    (f"UPDATE spoken SET last = 'other' WHERE {MINE}", "differed from the record in last"),
    (f"UPDATE spoken SET last = NULL WHERE {MINE}", "differed from the record in last"),
    (f"UPDATE spoken SET who = 'nobody' WHERE {MINE}", "does not say so"),
    (f"DELETE FROM spoken WHERE {MINE}", "was missing"),
]


@pytest.mark.parametrize(("statement", "words"), TAMPERED)
async def test_a_row_that_is_not_what_the_record_says_is_named_and_mended(
    spoken: Store, statement: str, words: str
) -> None:
    before = await spoken.read(rows)
    await spoken.write(lambda connection: connection.execute(text(statement)))
    tampered = await spoken.read(rows)
    told = await reindex(spoken, [index], [SPOKEN])
    assert words in " ".join(map(str, told))
    assert "spoken family:rowe, " in str(told[0])
    assert await spoken.read(rows) == tampered, "without being asked to, it changes nothing"
    assert await reindex(spoken, [index], [SPOKEN], apply=True) == told
    assert await spoken.read(rows) == before
    assert await reindex(spoken, [index], [SPOKEN]) == []


async def test_the_keys_of_commands_are_an_index_too(spoken: Store) -> None:
    await spoken.write(lambda connection: connection.execute(text("DELETE FROM command_key")))
    assert {d.table for d in await reindex(spoken, [index], [SPOKEN], apply=True)} == {"command_key"}
    async with Node(spoken, indexes=[index]) as node:
        query = text("SELECT book, key FROM command_key WHERE seq = 4")
        key = await spoken.read(lambda connection: connection.execute(query).first())
        assert key is not None
        assert (await node.say("First", book=key.book, key=key.key)).replayed


async def test_nobody_appends_meanwhile(spoken: Store, url: str) -> None:
    """What is said while it runs waits, and is in the index once."""
    other = Store(url)
    async with Node(other, indexes=[index]) as node:
        await node.heard()
        done, _ = await asyncio.gather(
            reindex(spoken, [index], [SPOKEN], apply=True), node.say("Meanwhile", FARAH)
        )
    assert done == []
    assert await reindex(spoken, [index], [SPOKEN]) == []
    await other.close()


async def test_an_index_that_fails_leaves_what_stood(spoken: Store) -> None:
    before = await spoken.read(rows)

    def broken(entry: Entry) -> Iterable[Executable]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await reindex(spoken, [broken], [SPOKEN], apply=True)
    assert await spoken.read(rows) == before
