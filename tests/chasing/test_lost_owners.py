"""What somebody owes who reads it no more is put to whoever names the next owner, within a working day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from server.actions.action import Action
from server.actions.agreeing import AgreeAction
from server.actions.commands import AcceptAction, AskForChange
from server.actions.declining import DeclineAction
from server.actions.facts import OwnerLost
from server.actions.put_right import PutRight
from server.actions.state import ActionsState
from server.chasing.to_put_right import waiting
from server.core import INDEX_TABLES, INDEXES
from server.deadlines.tables import deadline
from server.families.team import AddToTeam, RemoveFromTeam
from server.record.commands import THE_SYSTEM
from server.record.facts import Entry
from server.record.migrate import downgrade, migrate
from server.record.reading import every_entry
from server.record.reindex import reindex
from server.record.store import Store
from tests.actions.promises import (
    DENISE,
    FARAH,
    GRACE,
    PRIYA,
    accepted,
    agree,
    agreed,
    claimed,
    extend,
    newest,
)
from tests.chasing.chaser import Chaser, local, people
from tests.huddles.test_closing import close
from tests.lab.town import ROWE, Town, running

RUTH, SAM = "ruth-adeyemi", "sam-whitlock"
"""A guest of the huddle, as its chair is. It is closed on 19 March, so both read until 2 April, the day
before Good Friday; then the plan owner decides."""
LAST, AFTER = "2026-04-02T23:59", "2026-04-07T09:00"
ENDED = "2026-04-03T00:00"


async def promised(town: Town, due: str, owner: str = SAM, **more: Any) -> Action:
    """Something that somebody has agreed to do by then, and has read back."""
    line = agree(town, "", words="Change the locks", owner=owner, due=local(due), **more)
    await town.do(DENISE, line)
    hand = await town.house.ledger.look(town.book, await town.actor(owner))
    known = hand.state[ActionsState].all()[-1]
    await town.do(owner, AcceptAction(action=known.id, seen=known.seen))
    return known


async def lost(store: Store) -> list[Entry]:
    return await store.read(lambda c: list(every_entry(c, kinds=(OwnerLost.kind(),))))


async def told_since(late: Chaser, written: str, id: str) -> set[tuple[str, str]]:
    """Who was told of anything that is owed of an action since then, and as what."""
    since = local(written).timestamp() * 1_000_000
    of_it = [n for n in await late.notices() if n.subject.partition(":")[0] == id and n.at >= since]
    return {(n.person, n.kind) for n in of_it}


async def through(late: Chaser, *moments: str) -> None:
    for moment in moments:
        await late.at(moment)


async def test_j9_what_a_guest_owes_is_put_to_the_plan_owner_when_their_access_ends(late: Chaser) -> None:
    town = late.town
    known = await promised(town, "2026-04-02T12:00")
    await close(town)
    await through(late, "2026-03-20T09:00", "2026-04-01T09:00", "2026-04-02T12:00", LAST)
    assert await lost(town.house.store) == []
    assert (await late.deadline(known.id, PRIYA)).owed.owners == (SAM,)
    sent = await late.at(AFTER)
    assert PRIYA in people(sent) and SAM not in people(sent)
    assert (PRIYA, "new_owner") in await told_since(late, ENDED, known.id)
    assert (await late.deadline(f"{known.id}:owner", PRIYA)).owed.owners == (PRIYA,)
    assert (await late.deadline(known.id, PRIYA)).owed.owners == (PRIYA,)
    (entry,) = await lost(town.house.store)
    assert entry.author == THE_SYSTEM.person and entry.at >= local(LAST)
    await through(late, "2026-04-08T09:00", "2026-04-09T09:00", "2026-04-10T09:00")
    assert SAM not in {person for person, _ in await told_since(late, ENDED, known.id)}
    late.town.clock.pass_by(minutes=10)
    assert (await late.prove()).missing == ()
    assert await reindex(town.house.store, INDEXES, INDEX_TABLES, apply=True) == []
    await late.look()
    assert len(await lost(town.house.store)) == 1


async def test_access_that_was_lengthened_in_the_meantime_takes_nothing_away(late: Chaser) -> None:
    town = late.town
    kept = await promised(town, "2026-04-02T12:00")
    await close(town)
    await through(late, "2026-04-01T09:00")
    await town.do(PRIYA, AddToTeam(person=SAM, reason="Works with them from now on"))
    await through(late, LAST, AFTER, "2026-04-08T09:00")
    assert await lost(town.house.store) == []
    owed = await late.deadline(kept.id, PRIYA)
    assert owed.owed.owners == (SAM,) and owed.owed.version == 1


async def test_what_is_due_after_the_end_is_put_to_the_chair_at_once_and_comes_back(late: Chaser) -> None:
    """They may not do it, so somebody names another owner before; unless they read on."""
    town = late.town
    known = await promised(town, "2026-04-10T12:00")
    await close(town)
    assert DENISE in people(await late.look())
    assert (await late.deadline(f"{known.id}:owner")).owed.owners == (DENISE,)
    assert (await late.deadline(known.id)).owed.owners == (DENISE,)
    await town.do(PRIYA, AddToTeam(person=SAM, reason="Works with them from now on"))
    await late.look()
    assert (await late.deadline(f"{known.id}:owner")).over
    assert (await late.deadline(known.id)).owed.owners == (SAM,)
    assert (await late.deadline(f"{known.id}:accept")).owed.owners == (SAM,), "read back anew"
    await through(late, "2026-04-09T09:00")
    assert (SAM, "action") in await told_since(late, "2026-04-09T09:00", known.id)


async def test_who_was_to_name_the_next_owner_and_reads_it_no_more_is_followed(
    late: Chaser,
) -> None:
    town = late.town
    known = await promised(town, "2026-04-10T12:00")
    await close(town)
    await through(late, LAST)
    assert (await late.deadline(f"{known.id}:owner", PRIYA)).owed.owners == (DENISE,)
    assert PRIYA in people(await late.at(AFTER))
    for id in (known.id, f"{known.id}:owner"):
        assert (await late.deadline(id, PRIYA)).owed.owners == (PRIYA,)
    assert (PRIYA, "new_owner") in await told_since(late, ENDED, known.id)
    assert DENISE not in {person for person, _ in await told_since(late, ENDED, known.id)}


async def test_what_a_guest_owes_in_a_compartment_is_put_to_its_readers(late: Chaser) -> None:
    town = late.town
    known = await promised(town, "2026-04-02T12:00", only_for=(SAM, FARAH))
    await close(town)
    await through(late, LAST)
    book = town.house.books.known(town.book)
    assert book
    head = book.main.seq
    await through(late, AFTER)
    assert await told_since(late, ENDED, known.id) >= {(FARAH, "new_owner")}
    heard = {person for person, _ in await told_since(late, "2026-03-19T14:20", known.id)}
    assert heard <= {DENISE, FARAH, SAM} and book.main.seq == head


OUTSIDE = ("grace-lindqvist", "leo-marsh")
"""Read main, and nothing of what is restricted."""


async def pages(town: Town) -> list[bytes]:
    """All that who reads main alone is shown."""
    found = []
    for person in OUTSIDE:
        browser = await town.browser(person)
        for address in (f"/families/{ROWE}", "/work", "/queue", f"/huddles/{town.huddle}"):
            answer = await browser.get(address)
            assert answer.status_code == 200, address
            found.append(re.sub(rb'value="[0-9a-f]{32}"', b"", answer.content))
    return found


async def restricted(town: Town, *readers: str, by: str, owner: str = FARAH) -> Action:
    """Something restricted that somebody has agreed outside of any huddle."""
    line = AgreeAction(words="Ask her alone", owner=owner, due=local("2026-04-20T12:00"), only_for=readers)
    await town.do(by, line)
    hand = await town.house.ledger.look(town.book, await town.actor(by))
    known = hand.state[ActionsState].all()[-1]
    await town.do(owner, AcceptAction(action=known.id, seen=known.seen))
    return known


async def test_in_a_compartment_whoever_of_its_readers_decides_is_told_and_nobody_outside(
    late: Chaser,
) -> None:
    town = late.town
    known = await restricted(town, FARAH, RUTH, by=RUTH)
    await late.look()
    await town.do(PRIYA, RemoveFromTeam(person=FARAH, reason="Another teacher has the class"))
    book = town.house.books.known(town.book)
    assert book
    head, before, mails = book.main.seq, await pages(town), len(late.box.mails)
    await late.look()
    assert (await late.deadline(f"{known.id}:owner", RUTH)).owed.owners == (RUTH,)
    assert (await late.deadline(known.id, RUTH)).owed.owners == (RUTH,)
    assert {n.person for n in await late.notices() if n.subject == f"{known.id}:owner"} == {RUTH}
    assert people(late.box.mails[mails:]) == [FARAH, RUTH], "Farah is no longer asked to the huddle"
    assert book.main.seq == head and await pages(town) == before
    (entry,) = [e for e in await lost(town.house.store) if e.stream == known.stream]
    assert entry.author == THE_SYSTEM.person
    for _ in range(20):
        late.town.clock.pass_by(days=2)
        await late.look()
    heard = {n.person for n in await late.notices() if n.subject.partition(":")[0] == known.id}
    assert heard <= {RUTH} and book.main.seq == head
    assert await reindex(town.house.store, INDEXES, INDEX_TABLES, apply=True) == []
    await late.look()
    assert len([e for e in await lost(town.house.store) if e.stream == known.stream]) == 1


async def test_in_a_compartment_another_reader_follows_who_was_to_decide(late: Chaser) -> None:
    town = late.town
    known = await restricted(town, FARAH, RUTH, GRACE, by=RUTH)
    for person, decides in ((FARAH, RUTH), (RUTH, GRACE)):
        await town.do(PRIYA, RemoveFromTeam(person=person, reason="Moved"))
        await late.look()
        assert (await late.deadline(f"{known.id}:owner", GRACE)).owed.owners == (decides,)


async def test_in_a_compartment_that_nobody_reads_nothing_ends_and_nobody_hears(
    late: Chaser,
) -> None:
    town = late.town
    known = await restricted(town, FARAH, by=FARAH)
    await town.do(PRIYA, RemoveFromTeam(person=FARAH, reason="Moved"))
    await late.look()
    assert await lost(town.house.store) == []
    rows = await town.house.store.read(lambda c: c.execute(select(deadline.c.deadline)).scalars().all())
    assert known.id in rows
    assert [n for n in await late.notices() if n.subject.partition(":")[0] == known.id] == []


async def test_in_a_compartment_who_comes_back_to_the_team_has_it_back(late: Chaser) -> None:
    town = late.town
    known = await restricted(town, FARAH, RUTH, by=RUTH)
    await town.do(PRIYA, RemoveFromTeam(person=FARAH, reason="On leave"))
    await late.look()
    await town.do(PRIYA, AddToTeam(person=FARAH, reason="Back"))
    await late.look()
    assert (await late.deadline(f"{known.id}:owner", RUTH)).over
    assert (await late.deadline(known.id, RUTH)).owed.owners == (FARAH,)


async def test_in_main_who_comes_back_to_the_team_has_it_back(late: Chaser) -> None:
    town = late.town
    known = await accepted(town)
    await town.do(PRIYA, RemoveFromTeam(person=FARAH, reason="On leave"))
    assert (await late.deadline(known.id)).owed.owners == (DENISE,)
    await town.do(PRIYA, AddToTeam(person=FARAH, reason="Back"))
    await late.look()
    assert (await late.deadline(f"{known.id}:owner")).over
    assert (await late.deadline(known.id)).owed.owners == (FARAH,)
    assert len(await lost(town.house.store)) == 1


async def test_where_everything_is_as_it_should_be_nothing_is_put_right(late: Chaser) -> None:
    """At every stage of an action, however often anybody looks."""
    town = late.town
    await agreed(town)
    await agreed(town, "Ask about the second key")
    await accepted(town)
    await claimed(town)
    for ask in (DeclineAction, AskForChange):
        known = await agreed(town)
        await town.do(FARAH, ask(action=known.id, seen=known.seen, words="Not my pupil"))
    longer = await accepted(town)
    await town.do(DENISE, extend(town, longer, 6))
    mine = await agreed(town, "Read the statement @priya by tomorrow", only_for=(PRIYA,))
    for _ in range(3):
        for stream in (town.book, mine.stream):
            tried = await town.house.ledger.try_out(town.book, PutRight(stream=stream), THE_SYSTEM)
            assert [entry.fact for entry in tried] == []
        town.clock.pass_by(days=9)
        await late.look()
    assert (await newest(town, longer)).extensions == 1


async def test_in_a_database_of_before_every_end_of_access_is_known(town_url: str) -> None:
    async with running(town_url) as town:
        await close(town)
        hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
        until = hand.main.readers[SAM]
        assert isinstance(until, datetime)
    await downgrade(town_url, "0012")
    await migrate(town_url)
    store = Store(town_url)
    try:
        before = until - timedelta(microseconds=1)
        assert [w.book for w in await store.read(lambda c: waiting(c, before))] == []
        assert [w.book for w in await store.read(lambda c: waiting(c, until))] == [town.book]
    finally:
        await store.close()
