"""Each audience's state is a fold over exactly its streams, and what rests on a compartment stays in it."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from server.families.facts import FragmentContributed, TeamMemberRemoved
from server.record.chain import NOTHING
from server.record.commands import Draft, Hand
from server.record.facts import SYSTEM, Entry, Ref
from server.record.open_book import VIEWS, OpenBook
from server.record.reading import Chained
from server.record.refusals import TooMuchFollowed
from server.record.state import Parts
from server.record.store import Store
from tests.record.world import FARAH, PRIYA, ROWE, SAM, Heard, Node, fragment, hear, refused, stored


async def test_each_hears_main_and_their_own_compartments(store: Store) -> None:
    async with Node(store) as node:
        await node.gather()
        await node.say("To all")
        await node.say("To two", to=[PRIYA, SAM])
        await node.say("To the same two", SAM, to=[SAM, PRIYA])
        await node.say("To all again")
        assert [w for w in (await node.heard(FARAH)).words if w.startswith("To")] == [
            "To all",
            "To all again",
        ]
        assert [w for w in (await node.heard(SAM)).words if w.startswith("To")] == [
            "To all",
            "To two",
            "To the same two",
            "To all again",
        ]
    streams = {e.stream for e in await stored(store)}
    assert len(streams) == 2, "the same people share one compartment"


async def test_main_has_no_hole_where_something_restricted_was_said(store: Store) -> None:
    async with Node(store) as node:
        await node.gather()
        await node.say("One")
        await node.say("Hidden", to=[PRIYA, SAM])
        receipt = await node.say("Two")
    assert receipt.seq == 5
    assert [e.seq for e in await stored(store) if e.stream == ROWE] == [1, 2, 3, 4, 5]


async def test_who_reads_nothing_of_main_reads_nothing(store: Store) -> None:
    async with Node(store) as node:
        await node.gather(PRIYA)
        await node.say("For Sam, who is not in the team", to=[PRIYA, SAM])
        assert (await node.heard(SAM)).words == []


async def test_a_view_holds_nothing_past_its_readers_removal(store: Store) -> None:
    """Invariant 6: the state was being read from the store while its reader was removed."""
    async with Node(store) as node:
        await node.gather()
    other = Node(store)
    people, book = await other.books.open("partnership"), await other.books.open(ROWE)
    await other.books.state(people, (people.id,))
    book.all = None
    book.tail.clear()  # as if it had grown past what a node keeps: a state must be read from the store
    looking = asyncio.create_task(other.ledger.look(ROWE, FARAH))
    await asyncio.sleep(0)
    assert book.known_state((ROWE,)) is None, "the look must still be on its way, or this means nothing"
    removed = TeamMemberRemoved(person="farah", reason="Left the school")
    at = datetime.now(UTC)
    book.follow([Chained(Entry(ROWE, ROWE, 4, 4, removed.kind(), "priya", "", at, removed), NOTHING)])
    assert (await refused(looking)).code == "not_found"


def lines() -> st.SearchStrategy[list[tuple[str, str]]]:
    streams = st.sampled_from([ROWE, "compartment:a", "compartment:b"])
    return st.lists(st.tuples(streams, st.text(max_size=3)), max_size=30)


@settings(max_examples=100, deadline=None)
@given(said=lines(), cuts=st.lists(st.integers(0, 30), max_size=6), late=st.integers(0, 30))
def test_following_step_by_step_equals_a_fresh_fold_at_every_prefix(
    said: Sequence[tuple[str, str]], cuts: Sequence[int], late: int
) -> None:
    parts = Parts((Heard, hear))
    entries = in_order(said)
    audiences = [(ROWE,), ("compartment:a", ROWE), ("compartment:a", "compartment:b", ROWE)]
    book = OpenBook(ROWE, parts)
    for audience in audiences[:2]:
        book.keep_state(audience, [])
    reached = 0
    for cut in sorted({*cuts, late, len(entries)}):
        assert book.follow([Chained(e, NOTHING) for e in entries[reached:cut]])
        reached = min(cut, len(entries))
        if cut >= late and book.known_state(audiences[2]) is None:
            book.keep_state(audiences[2], book.in_tail(audiences[2], 0) or [])
        for audience in audiences:
            state = book.known_state(audience)
            own = [e for e in entries[:reached] if e.stream in audience]
            assert state is None or state[Heard] == parts.empty().after(own)[Heard]


def in_order(said: Sequence[tuple[str, str]]) -> list[Entry]:
    """Entries of one book in which these words were said in these streams."""
    seqs: dict[str, int] = {}
    entries = []
    for position, (stream, words) in enumerate(said, 1):
        seqs[stream] = seqs.get(stream, 0) + 1
        fact = fragment(words)
        at = datetime(2026, 3, 19, tzinfo=UTC)
        entries.append(Entry(ROWE, stream, seqs[stream], position, fact.kind(), "priya", "NCS", at, fact))
    return entries


def test_the_views_last_asked_for_are_kept() -> None:
    book = OpenBook(ROWE, Parts((Heard, hear)))
    for n in range(VIEWS):
        book.keep_state((f"compartment:{n}", ROWE), [])
    assert book.known_state(("compartment:0", ROWE)), "asked for again"
    book.keep_state((ROWE,), [])
    assert book.known_state(("compartment:0", ROWE))
    assert book.known_state(("compartment:1", ROWE)) is None


def test_a_book_takes_nothing_past_a_hole() -> None:
    entries = [Chained(e, NOTHING) for e in in_order([(ROWE, "a"), (ROWE, "b"), (ROWE, "c")])]
    book = OpenBook(ROWE, Parts((Heard, hear)))
    assert book.follow(entries[:1])
    assert not book.follow(entries[2:])
    assert book.version == 1
    assert book.follow(entries), "what is known already is passed over"
    assert book.version == 3


def answers(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """Whenever a question is asked, the same stream is told what the reaction could see."""
    if isinstance(entry.fact, FragmentContributed) and entry.fact.text.endswith("?"):
        yield Draft(entry.stream, fragment(" | ".join(hand.state[Heard].words) + "."))


async def test_a_reaction_is_authored_by_the_system_and_names_its_cause(store: Store) -> None:
    async with Node(store, reactions=[answers]) as node:
        await node.gather(PRIYA)
        asked = await node.say("Who saw her?", key="k")
    answer = (await stored(store))[-1]
    assert (answer.author, answer.agency, answer.cause, answer.key) == (SYSTEM, "", asked.ref, "")


async def test_a_reaction_sees_main_and_the_stream_of_its_fact_only(store: Store) -> None:
    """The author reads both compartments; what follows in one must not rest on the other."""
    async with Node(store, reactions=[answers]) as node:
        await node.gather()
        await node.say("Open")
        await node.say("Secret of two", to=[PRIYA, SAM])
        await node.say("Secret of others", to=[PRIYA, FARAH])
        await node.say("Who knows?", to=[PRIYA, SAM])
        await node.say("And here?")
    in_two, in_main = [e.fact.text for e in await stored(store) if e.author == SYSTEM]  # type: ignore[attr-defined]  # only fragments
    assert "Open" in in_two and "Secret of two" in in_two and "Secret of others" not in in_two
    assert "Secret" not in in_main


def echoes(times: int) -> object:
    def react(hand: Hand, entry: Entry) -> Iterable[Draft]:
        if isinstance(entry.fact, FragmentContributed) and len(entry.fact.text) < times:
            yield Draft(entry.stream, fragment(entry.fact.text + "!"))

    return react


async def test_what_follows_follows_until_nothing_more_does(store: Store) -> None:
    async with Node(store, reactions=[echoes(5)]) as node:
        await node.gather(PRIYA)
        await node.say("!")
    entries = await stored(store)
    assert [len(e.fact.text) for e in entries[1:]] == [1, 2, 3, 4, 5]
    assert [e.cause for e in entries[2:]] == [Ref(ROWE, n) for n in (2, 3, 4, 5)]


async def test_what_never_ends_is_refused_whole(store: Store) -> None:
    async with Node(store, reactions=[echoes(99)]) as node:
        await node.gather(PRIYA)
        assert isinstance(await refused(node.say("!")), TooMuchFollowed)
        assert len(await stored(store)) == 1
