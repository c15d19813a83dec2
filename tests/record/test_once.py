"""One command, once: by family, author and key, however often and wherever it is sent."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.record.refusals import KeyReused
from server.record.store import Store
from server.record.verify import verify
from tests.record.world import FARAH, PRIYA, SAM, Node, refused, stored


async def test_the_same_command_again_gets_the_first_receipt(store: Store) -> None:
    async with Node(store) as node:
        await node.gather()
        first = await node.say("She has not been seen", key="k")
        await node.say("Something else")
        again = await node.say("She has not been seen", key="k")
    assert not first.replayed and again.replayed
    assert again.ref == first.ref
    assert len(await stored(store)) == 5


@pytest.fixture(params=["one node", "two nodes"])
async def nodes(request: pytest.FixtureRequest, store: Store, url: str) -> AsyncIterator[tuple[Node, Node]]:
    """Where something is said first, and where it is said again."""
    again = Store(url)
    async with Node(store) as here, Node(again) as elsewhere:
        await here.gather()
        yield here, here if request.param == "one node" else elsewhere
    await again.close()


async def test_e2_other_words_under_the_same_key_are_refused(nodes: tuple[Node, Node]) -> None:
    first, again = nodes
    await first.say("She has not been seen", key="k")
    assert isinstance(await refused(again.say("She was seen", key="k")), KeyReused)
    assert (await first.heard()).words[-1] == "She has not been seen"


async def test_other_readers_under_the_same_key_are_refused(store: Store) -> None:
    """The digest covers the audience; a retry can neither narrow nor widen who sees it."""
    async with Node(store) as node:
        await node.gather()
        await node.say("He was here on Friday", to=[PRIYA, SAM], key="k")
        for wider in ([], [PRIYA, SAM, FARAH]):
            assert isinstance(await refused(node.say("He was here on Friday", to=wider, key="k")), KeyReused)
        assert "He was here on Friday" not in (await node.heard(FARAH)).words


async def test_e3_another_author_or_family_has_keys_of_its_own(nodes: tuple[Node, Node]) -> None:
    first, again = nodes
    await first.gather(book="family:other")
    assert not (await first.say("By Priya", PRIYA, key="k")).replayed
    for who, book in ((FARAH, "family:rowe"), (PRIYA, "family:other")):
        assert not (await again.say(f"By {who.person}", who, book=book, key="k")).replayed


async def test_e1_twenty_at_once_over_two_nodes_are_recorded_once(url: str) -> None:
    """One is stored, all get its number."""
    one, other = Store(url), Store(url)
    async with Node(one) as here, Node(other) as there:
        await here.gather()
        sent = (node.say("Once", key="k") for node in (here, there) for _ in range(10))
        receipts = await asyncio.gather(*sent)
        assert len({receipt.ref for receipt in receipts}) == 1
        assert sum(not receipt.replayed for receipt in receipts) == 1
        assert len(await stored(one)) == 4
        assert await verify(one) == []
    await one.close()
    await other.close()


async def test_a_command_that_is_refused_now_but_was_recorded_gets_its_receipt(store: Store) -> None:
    """Its author may have lost the right meanwhile: what was recorded is still said to be recorded."""
    allowed = True

    def while_allowed(*_: object) -> None:
        if not allowed:
            raise KeyReused

    async with Node(store, may=while_allowed) as node:
        await node.gather()
        first = await node.say("Before", key="k")
        allowed = False
        assert (await node.say("Before", key="k")).ref == first.ref
        await refused(node.say("After"))


async def test_only_the_first_fact_carries_the_key(store: Store) -> None:
    async with Node(store) as node:
        await node.gather()
        await node.say("To one", to=[PRIYA, SAM], key="k")
    opened, said = (await stored(store))[-2:]
    assert (opened.key, said.key) == ("k", "")
    assert opened.digest and not said.digest
