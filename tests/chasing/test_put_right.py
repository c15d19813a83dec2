"""What was promised before anything was chased is taken over, once, and whoever owes it hears once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from server.actions.commands import SettleAction
from server.actions.facts import ActionSettled
from server.actions.put_right import PutRight
from server.chasing.putting_right import PuttingRight
from server.chasing.to_put_right import Waits, streams_of, to_put_right, waiting
from server.core import INDEX_TABLES, INDEXES, opened
from server.families.requests import AnswerRequest
from server.record import tables
from server.record.chain import micros, moment
from server.record.commands import THE_SYSTEM
from server.record.migrate import downgrade, migrate
from server.record.reindex import reindex
from server.record.store import Store
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, actions, agreed
from tests.chasing.before import agreed_before, asked_before, begun, compartment, recorded, waits
from tests.chasing.chaser import Chaser, local, people
from tests.lab.town import NOW, running, settings

TOM, GWEN = "tom-okafor", "gwen-abbott"
LONG_AGO = "2026-02-02T17:00"


async def test_what_was_promised_before_climbs_its_ladder_from_here_on(late: Chaser) -> None:
    id = await agreed_before(late.town, FARAH, "2026-03-25T12:00")
    await late.look()
    assert [n for n in await late.notices() if n.subject == id] == [], "it is not due"
    known = await late.deadline(id)
    assert (known.owed.kind, known.owed.owners) == ("action", (FARAH,))
    assert known.owed.due == local("2026-03-25T12:00")
    assert [climb.at for climb in known.owed.climbs][:2] == [local("2026-03-24T09:00"), known.owed.due]
    room = await (await late.town.browser(DENISE)).get(f"/huddles/{late.town.huddle}")
    assert "Action 70 is chased from here on. Owed by Farah Siddiqui" in room.text
    assert people(await late.at("2026-03-24T09:00")) == [FARAH]
    assert FARAH in people(await late.at("2026-03-25T12:00"))
    late.town.clock.pass_by(minutes=10)
    assert (await late.prove()).trouble == ""


async def test_what_is_long_overdue_is_one_mail_for_each_person_and_no_storm(late: Chaser) -> None:
    town = late.town
    closed = await compartment(town, DENISE, FARAH, PRIYA)
    for day in ("02", "03", "04", "05"):
        await agreed_before(town, FARAH, f"2026-02-{day}T17:00")
        await agreed_before(town, FARAH, f"2026-02-{day}T12:00", stream=closed)
    await asked_before(town, FARAH, due="2026-02-06T12:00")
    sent = await late.look()
    assert people(sent).count(FARAH) == 1
    assert len(people(sent)) == len(set(people(sent))), "one for each"
    mine = [n for n in await late.notices() if n.person == FARAH and n.kind in ("action", "request")]
    assert len(mine) == 9, "of each thing one step, however many lie in the past"
    assert people(await late.look()) == []
    again = await late.at("2026-03-20T09:00")
    assert len(people(again)) == len(set(people(again))), "and so on the next rung"


async def test_what_is_long_overdue_waits_for_working_hours(late: Chaser) -> None:
    await late.stand_at("2026-03-21T23:30")
    await agreed_before(late.town, FARAH, LONG_AGO)
    assert people(await late.look()) == []
    assert FARAH in people(await late.at("2026-03-23T09:00"))


async def test_what_was_not_read_back_has_that_owed_as_well(late: Chaser) -> None:
    id = await agreed_before(late.town, FARAH, "2026-03-27T17:00", read_back=False)
    await late.look()
    reading = await late.deadline(f"{id}:accept")
    assert (reading.owed.kind, reading.owed.owners) == ("acceptance", (FARAH,))


async def test_what_was_settled_or_answered_or_is_chased_already_stays_as_it_is(late: Chaser) -> None:
    town = late.town
    action = await agreed_before(town, FARAH, LONG_AGO)
    known = next(each for each in await actions(town) if each.id == action)
    done = SettleAction(action=action, seen=known.seen, outcome="done", words="It is up")
    await town.do(FARAH, done)
    request = await asked_before(town, FARAH, due=LONG_AGO)
    nothing = AnswerRequest(request=request, answer="nil_return", searched="Remi Rowe")
    await town.do(FARAH, nothing)
    chased = await agreed(town)
    before = await late.deadline(chased.id)
    await late.look()
    assert await begun(town.house.store) == []
    assert await late.deadline(chased.id) == before


async def test_what_a_node_of_before_settled_meanwhile_is_no_longer_chased(late: Chaser) -> None:
    town, store = late.town, late.town.house.store
    known = await agreed(town)
    await late.look()
    await recorded(town, ActionSettled(action=known.id, number=known.number, outcome="done", words="Sent"))
    assert not (await late.deadline(known.id)).over
    await store.write(lambda c: c.execute(insert(to_put_right).values(book=town.book, at=1)))
    await late.look()
    assert (await late.deadline(known.id)).over and (await late.deadline(f"{known.id}:accept")).over
    room = await (await town.browser(DENISE)).get(f"/huddles/{town.huddle}")
    assert f"Action {known.number} is no longer chased" in room.text


async def test_it_is_taken_over_once_by_however_many_look_and_after_any_crash(late: Chaser) -> None:
    town, store = late.town, late.town.house.store
    closed = await compartment(town, DENISE, FARAH)
    await agreed_before(town, FARAH, LONG_AGO)
    await agreed_before(town, FARAH, LONG_AGO, stream=closed)
    await asked_before(town, GRACE, due=LONG_AGO)
    now = town.clock()
    first = await store.read(lambda c: streams_of(c, town.book))
    assert {stream for stream, _ in first} == {town.book, closed}
    await town.house.ledger.record(town.book, PutRight(stream=closed), THE_SYSTEM, key="and killed here")
    assert town.book in await waits(store)
    lookers = [PuttingRight(store, town.house.ledger) for _ in range(3)]
    if not store.sqlite:
        async with opened(settings(town.settings.database_url), clock=town.clock) as other:
            lookers.append(PuttingRight(other.store, other.ledger))
            await asyncio.gather(*(each.look(now) for each in lookers))
    else:
        await asyncio.gather(*(each.look(now) for each in lookers))
    assert len(await begun(store)) == 3
    assert await waits(store) == []
    await store.write(lambda c: c.execute(insert(to_put_right).values(book=town.book, at=1)))
    assert await lookers[0].look(now) == 1, "a crash between putting right and saying that it was done"
    assert len(await begun(store)) == 3 and await waits(store) == []


async def test_the_index_is_made_again_from_it_and_nobody_hears_twice(late: Chaser) -> None:
    town, store = late.town, late.town.house.store
    await agreed_before(town, FARAH, LONG_AGO)
    await asked_before(town, GRACE, due=LONG_AGO)
    await late.look()
    found = len(await begun(store))
    assert await reindex(store, INDEXES, INDEX_TABLES, apply=True) == []
    assert town.book in await waits(store), "everything is looked through again"
    assert people(await late.look()) == []
    assert len(await begun(store)) == found and await waits(store) == []


async def test_what_is_restricted_is_taken_over_among_its_readers_alone(late: Chaser) -> None:
    town = late.town
    closed = await compartment(town, DENISE, FARAH, PRIYA)
    main = town.house.books.known(town.book)
    assert main
    id = await agreed_before(town, FARAH, LONG_AGO, stream=closed, critical=True)
    grace = await town.browser(GRACE)
    before, head = (await grace.get("/families/NMR-0147")).content, main.main.seq
    await late.look()
    assert (await late.deadline(id)).climbed == 1
    assert (await grace.get("/families/NMR-0147")).content == before
    for at in ("20T09:00", "20T14:00", "23T09:00", "23T14:00"):
        await late.at(f"2026-03-{at}")
    assert (await late.deadline(id)).queued_at is not None
    heard = {n.person for n in await late.notices() if n.subject.startswith(id)}
    assert FARAH in heard and heard <= {DENISE, FARAH, PRIYA}
    assert main.main.seq == head, "main knows nothing of it"


async def test_one_family_that_cannot_be_read_waits_and_stops_no_other(late: Chaser) -> None:
    town, store = late.town, late.town.house.store
    broken = "family:broken"
    link = {"book": broken, "stream": broken, "seq": 1, "position": 1, "author": FARAH, "agency": "SAP"}
    link |= {"kind": "ActionAgreed/1", "at": 1, "prev": "", "commitment": "", "hash": ""}

    def spoil(connection: object) -> None:
        for table, row in (
            (tables.chain, link),
            (tables.payload, {"stream": broken, "seq": 1, "salt": b"", "content": b"x"}),
            (tables.stream, {"id": broken, "book": broken, "head_seq": 1, "head_hash": ""}),
            (tables.book, {"id": broken, "kind": "family", "version": 1}),
            (to_put_right, {"book": broken, "at": 1}),
        ):
            connection.execute(insert(table).values(**row))  # type: ignore[attr-defined]

    await store.write(spoil)
    id = await agreed_before(town, FARAH, LONG_AGO)
    assert people(await late.look()).count(FARAH) == 1
    assert (await late.deadline(id)).climbed == 1
    now = town.clock()
    assert await store.read(lambda c: waiting(c, now)) == [], "it stands in nobody's way"
    soon = now + timedelta(minutes=10)
    assert await store.read(lambda c: waiting(c, soon)) == [Waits(broken, micros(soon))]


async def test_a_database_of_before_is_looked_through_at_once_and_again_a_day_later(town_url: str) -> None:
    async with running(town_url) as town:
        await agreed_before(town, FARAH, LONG_AGO)
        await agreed_before(town, FARAH, LONG_AGO, stream=await compartment(town, DENISE, FARAH))
        book = town.book
    await downgrade(town_url, "0012")
    await migrate(town_url)
    store = Store(town_url)
    try:
        assert await waits(store) == [book, book]
        assert await store.read(lambda c: waiting(c, NOW)) == [Waits(book, 0)]
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        ((_, at),) = await store.read(lambda c: waiting(c, tomorrow))
        assert timedelta() <= tomorrow - moment(at) < timedelta(minutes=1)
    finally:
        await store.close()
