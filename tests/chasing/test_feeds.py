"""The address of a feed: one for each person, stored as a hash, for twelve months, and ended at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.chasing import feeds as table
from server.chasing.feeds import HOLDS, Feed, Feeds, calendar_feed
from server.people.facts import PractitionerLeft
from server.record.store import Store
from tests.people.stage import NOW, entries

HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture
def feeds(store: Store) -> Feeds:
    return Feeds(store)


async def test_an_address_is_its_persons_and_a_guess_is_nobodys(feeds: Feeds) -> None:
    token = await feeds.make("priya", NOW)
    assert len(token) >= 43, "256 bits"
    assert await feeds.look(token, NOW) == Feed("priya", NOW, NOW + HOLDS)
    for guess in ("", token[:-1], token + "=", token.swapcase(), "priya"):
        assert await feeds.look(guess, NOW) is None


async def test_h20_the_token_itself_is_not_stored(feeds: Feeds, store: Store) -> None:
    token = await feeds.make("priya", NOW)
    (row,) = await store.read(lambda c: c.execute(select(calendar_feed)).all())
    assert token not in repr(tuple(row)) and row.digest == table.digest(token)


async def test_a_new_address_ends_the_old_and_nobody_elses(feeds: Feeds) -> None:
    first, other = await feeds.make("priya", NOW), await feeds.make("farah", NOW)
    second = await feeds.make("priya", NOW)
    held = [await feeds.look(token, NOW) is not None for token in (first, second, other)]
    assert held == [False, True, True]


async def test_made_at_the_same_moment_one_holds(feeds: Feeds, store: Store) -> None:
    tokens = await asyncio.gather(*(feeds.make("priya", NOW) for _ in range(8)))
    found = [token for token in tokens if await feeds.look(token, NOW)]
    assert len(found) == 1
    assert await store.read(lambda c: c.scalar(select(func.count()).select_from(calendar_feed))) == 1


async def test_it_holds_for_twelve_months_and_no_moment_longer(feeds: Feeds) -> None:
    token = await feeds.make("priya", NOW)
    assert await feeds.look(token, NOW + HOLDS - MOMENT)
    assert await feeds.look(token, NOW + HOLDS) is None
    assert await feeds.of("priya", NOW + HOLDS) is None


async def test_stopped_is_stopped_and_another_may_be_made(feeds: Feeds) -> None:
    token = await feeds.make("priya", NOW)
    other = await feeds.make("farah", NOW)
    await feeds.stop("priya", NOW)
    assert await feeds.look(token, NOW) is None and await feeds.of("priya", NOW) is None
    assert await feeds.look(other, NOW)
    assert await feeds.look(await feeds.make("priya", NOW + HOUR), NOW + HOUR)


async def test_that_it_was_fetched_is_noted_once_an_hour(feeds: Feeds) -> None:
    token = await feeds.make("priya", NOW)
    noted = []
    for minutes in (0, 10, 59, 60, 70):
        at = NOW + timedelta(minutes=minutes)
        known = await feeds.look(token, at)
        assert known
        await feeds.asked(known, at)
        after = await feeds.of("priya", at)
        noted.append(after and after.asked)
    assert noted == [NOW, NOW, NOW, NOW + HOUR, NOW + HOUR]


async def test_who_fetched_the_old_address_is_not_noted_at_the_new(feeds: Feeds) -> None:
    old = await feeds.look(await feeds.make("priya", NOW), NOW)
    await feeds.make("priya", NOW + HOUR)
    assert old
    await feeds.asked(old, NOW + HOUR)
    found = await feeds.of("priya", NOW + HOUR)
    assert found and found.asked is None


async def test_who_leaves_has_no_feed_by_the_fact_itself(feeds: Feeds, store: Store) -> None:
    token, other = await feeds.make("priya", NOW), await feeds.make("farah", NOW)
    [entry] = entries("partnership", [PractitionerLeft(person="priya", reason="Moved")])
    await store.write(lambda c: [c.execute(s) for s in table.index(entry)])
    assert await feeds.look(token, NOW) is None
    assert await feeds.look(other, NOW)


async def test_after_a_restore_none_holds(feeds: Feeds) -> None:
    tokens = [await feeds.make(person, NOW) for person in ("priya", "farah")]
    await feeds.end_every(NOW + HOUR)
    assert [await feeds.look(token, NOW + HOUR) for token in tokens] == [None, None]
