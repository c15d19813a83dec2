"""The one door: dense numbers under many writers, one bad append alone, moved books decided again."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import pytest
import structlog.testing
from sqlalchemy import Executable

from server.families.facts import FragmentContributed
from server.record import tables
from server.record.commands import Command, Hand
from server.record.committer import Hooks
from server.record.facts import Entry
from server.record.refusals import NotFound, Refused
from server.record.state import Parts
from server.record.store import Store
from server.record.verify import verify
from tests.record.world import FARAH, PRIYA, ROWE, SAM, Gather, Heard, Node, fragment, hear, refused, stored

WRITERS = 8


@asynccontextmanager
async def nodes(url: str, number: int = 2, **how: object) -> AsyncIterator[list[Node]]:
    """Several processes' ledgers over one database, as far as one process can have them."""
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(number):
            store = Store(url)
            stack.push_async_callback(store.close)
            made.append(await stack.enter_async_context(Node(store, **how)))
        yield made


async def test_what_was_said_is_stored_with_its_number_author_and_key(store: Store) -> None:
    async with Node(store) as node:
        await node.gather(PRIYA)
        receipt = await node.say("He sleeps on the floor", key="one")
    gathered, said = await stored(store)
    assert (gathered.seq, said.seq, receipt.ref) == (1, 2, said.ref)
    assert (said.author, said.agency, said.key) == ("priya", "NCS", "one")
    assert said.fact == fragment("He sleeps on the floor")


async def test_eight_writers_on_two_nodes_leave_dense_numbers_in_order(url: str) -> None:
    """Invariant 2 and C7: nobody is told that the database was locked, and nothing waits for it in vain."""
    with structlog.testing.capture_logs() as log:
        async with nodes(url) as pair:
            await pair[0].gather()

            async def write(writer: int) -> None:
                for n in range(10):
                    await pair[writer % 2].say(f"{writer}.{n}", key=f"{writer}.{n}")

            await asyncio.gather(*map(write, range(WRITERS)))
            entries = await stored(pair[0].store)
            assert await verify(pair[0].store) == []
    assert [e.seq for e in entries] == list(range(1, 3 + WRITERS * 10 + 1))
    assert [e.position for e in entries] == [e.seq for e in entries]
    said = defaultdict(list)
    for entry in entries:
        if isinstance(entry.fact, FragmentContributed):
            writer, _, n = entry.fact.text.partition(".")
            said[writer].append(int(n))
    assert said == {str(w): list(range(10)) for w in range(WRITERS)}, "each writer's own order, nothing lost"
    assert not [line for line in log if line["event"] == "ledger.outage"]


async def test_many_families_go_into_one_commit(store: Store) -> None:
    commits = 0

    class Count(Hooks):
        def after_commit(self) -> None:
            nonlocal commits
            commits += 1

    async with Node(store, hooks=Count()) as node:
        await asyncio.gather(*(node.gather(PRIYA, book=f"family:{n}") for n in range(40)))
    assert commits <= 3
    assert len(await stored(store)) == 40


async def test_two_nodes_that_begin_the_same_families_at_once_never_block_each_other(url: str) -> None:
    """C5: books are begun and locked in order of id, whatever order the commands came in."""
    families = [f"family:{n:02}" for n in range(30)]
    with structlog.testing.capture_logs() as log:
        async with nodes(url) as (one, other):
            for words in range(3):
                there = (one.say(f"one {words}", book=book) for book in families)
                back = (other.say(f"other {words}", book=book) for book in reversed(families))
                await asyncio.gather(*there, *back)
            assert Counter(e.book for e in await stored(one.store)) == dict.fromkeys(families, 6)
            assert await verify(one.store) == []
    assert not [line for line in log if line["event"] == "ledger.outage"]


async def test_a_node_that_fell_behind_decides_again(url: str) -> None:
    async with nodes(url) as (one, other):
        await one.gather(PRIYA, FARAH)
        assert (await other.heard()).words == ["TeamMemberAdded", "TeamMemberAdded"]
        await one.say("First")
        receipt = await other.say("Second", FARAH)
        assert receipt.seq == 4
        assert (await other.heard()).words[2:] == ["First", "Second"]


async def test_what_became_forbidden_meanwhile_is_refused(url: str) -> None:
    """A decision made over a book that moved is made again, permission and all."""

    def no_more_after_stop(hand: Hand, command: Command) -> None:
        if "Stop" in hand.state[Heard].words:
            raise NotFound

    async with nodes(url, may=no_more_after_stop) as (one, other):
        await one.gather()
        assert await other.heard()
        await one.say("Stop")
        assert isinstance(await refused(other.say("One more")), NotFound)
        assert len(await stored(one.store)) == 4


async def test_a_change_in_the_partnership_moves_every_decision(url: str) -> None:
    """Who may do what is read there: a family's command decided over its older version is decided again."""

    def until_closed(hand: Hand, command: Command) -> None:
        if hand.book != "partnership" and "Closed" in hand.partnership[Heard].words:
            raise NotFound

    async with nodes(url, may=until_closed) as (one, other):
        await one.do(Gather(people=("*",)), book="partnership")
        await one.gather()
        assert await other.say("Before")
        await one.say("Closed", book="partnership")
        assert isinstance(await refused(other.say("After")), NotFound)


def poisoned(entry: Entry) -> Iterable[Executable]:
    """An index that some statement of which the database refuses."""
    if isinstance(entry.fact, FragmentContributed) and entry.fact.text == "poison":
        yield tables.command_key.insert().values(
            book=entry.book, author=entry.author, key=entry.key, digest="", stream="", seq=0
        )


def broken(entry: Entry) -> Iterable[Executable]:
    """An index with a fault of its own."""
    if isinstance(entry.fact, FragmentContributed) and entry.fact.text == "poison":
        raise ZeroDivisionError
    return ()


@pytest.mark.parametrize("index", [poisoned, broken])
async def test_one_bad_append_fails_alone(store: Store, index: object) -> None:
    async with Node(store, indexes=[index]) as node:
        books = [f"family:{n}" for n in range(10)]
        await asyncio.gather(*(node.gather(PRIYA, book=book) for book in books))
        words = ["poison" if n == 4 else "fine" for n in range(10)]
        outcomes = await asyncio.gather(
            *(node.say(text, book=book) for text, book in zip(words, books, strict=True)),
            return_exceptions=True,
        )
        assert [isinstance(o, Refused) for o in outcomes] == [n == 4 for n in range(10)]
        again = await node.say("fine now", book=books[4])
    assert again.seq == 2
    assert await verify(store) == []
    assert Counter(e.fact.text for e in await stored(store) if isinstance(e.fact, FragmentContributed)) == {
        "fine": 9,
        "fine now": 1,
    }


async def test_a_reader_of_the_news_that_fails_stops_nobody(store: Store) -> None:
    async def deaf(news: object) -> None:
        raise ZeroDivisionError

    async with Node(store) as node:
        node.ledger.tell(deaf)
        await node.gather()
        assert (await node.say("Still here")).seq == 4


def choke(heard: Heard, entry: Entry) -> Heard:
    """A fold with a fault that shows in one family, and one that shows only beside a compartment."""
    heard = hear(heard, entry)
    beside = any(stream != ROWE for stream, _, _ in heard.lines)
    if heard.words[-1] == "poison" or (beside and heard.words[-1] == "poison beside it"):
        raise ZeroDivisionError
    return heard


async def test_what_the_fold_cannot_read_is_never_recorded(store: Store) -> None:
    """The decision folds its own facts, so a fault of the fold shows before anything is durable."""
    async with Node(store, parts=Parts((Heard, choke))) as node:
        await node.gather()
        with pytest.raises(ZeroDivisionError):
            await node.say("poison")
        assert (await node.say("Still here")).seq == 4


async def test_a_fold_of_another_audience_that_fails_stops_nobody(store: Store) -> None:
    """What is durable was saved, whatever this node makes of it; other families go on."""
    async with Node(store, parts=Parts((Heard, choke))) as node:
        await node.gather()
        await node.gather(book="family:other")
        await node.say("Only for Sam", to=[PRIYA, SAM])
        assert await node.heard(SAM), "a view is kept in which the next line cannot be folded"
        assert (await node.say("poison beside it", FARAH)).seq == 4
        assert (await node.say("Still here", book="family:other")).seq == 4
        assert (await node.say("And after it", FARAH)).seq == 5
        assert await verify(store) == []
        with pytest.raises(ZeroDivisionError):
            await node.heard(SAM)  # and not a state that goes on without the fact


async def test_time_never_runs_backwards_in_a_stream(store: Store) -> None:
    """D1: a clock that was set back an hour orders nothing and hides nothing."""
    moments = iter([datetime(2026, 3, 19, 14, 0, tzinfo=UTC), datetime(2026, 3, 19, 13, 0, tzinfo=UTC)])
    async with Node(store, clock=lambda: next(moments)) as node:
        await node.gather(PRIYA)
        await node.say("After the clock was set back")
    first, second = await stored(store)
    assert second.at == first.at
    assert await verify(store) == []


async def test_nothing_that_follows_is_no_fact(store: Store) -> None:
    async with Node(store) as node:
        await node.gather()
        assert (await node.say("nothing")).seq == 0
    assert len(await stored(store)) == 3
