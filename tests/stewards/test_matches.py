"""A likely match of records that nobody reads both of stands in the data stewards' queue, and only there."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from server.core import INDEX_TABLES, INDEXES
from server.families.commands import AddMember
from server.families.comparing import to_compare, waiting
from server.families.conflicts import ExcludePerson
from server.families.looks import Looks
from server.families.tables import family_person
from server.people.permissions import NotYours
from server.people.roles import EndRole, GrantRole
from server.record.books import PARTNERSHIP
from server.record.migrate import downgrade, migrate
from server.record.refusals import Incomplete, NotFound
from server.record.reindex import reindex
from server.record.store import Store
from server.stewards.commands import SettleMatch, match_of
from server.stewards.facts import STEWARD
from server.stewards.watching import Matching
from tests.lab.town import ROWE, Town
from tests.stewards.conftest import IMRAN, JOSIE, JUDITH, PRIYA, looked, noticed, opened, queue, remi_of

SAME, OTHER, UNSURE = "same_family", "different_families", "cannot_tell"


async def settle(town: Town, match: str, outcome: str, reason: str = "Rang both") -> None:
    command = SettleMatch(match=match, outcome=outcome, reason=reason)  # type: ignore[arg-type]  # one of three
    await town.house.ledger.record(STEWARD, command, await town.actor(JUDITH), key=f"{match} {reason}")


async def test_the_story_of_the_demonstration_holds_no_likely_match(town: Town) -> None:
    await looked(town)
    assert not (await queue(town)).matches


async def test_r43_whoever_opens_a_second_record_is_told_nothing_and_a_steward_is(town: Town) -> None:
    josie = await town.browser(JOSIE)
    remi = await remi_of(town)
    assert remi.born
    form = {
        "key": "second",
        "name": "Elsewhere",
        "level": "early_help",
        "name_1": remi.name,
        "child_1": "yes",
    }
    form |= {
        "born_1-day": f"{remi.born:%d}",
        "born_1-month": f"{remi.born:%m}",
        "born_1-year": f"{remi.born:%Y}",
    }
    answer = await josie.post("/families/new", data=form)
    assert answer.status_code == 303, "it is opened at once"
    await looked(town)
    (match,) = (await queue(town)).open()
    assert town.book in (match.one, match.other)
    assert [pair.why for pair in match.pairs] == ["born"]
    for page in ("/", "/families", answer.headers["location"]):
        assert "Rowe" not in (await josie.get(page)).text.replace(remi.name, "")
    assert "likely match" not in (await (await town.browser(PRIYA)).get(f"/families/{ROWE}")).text


async def test_somebody_who_is_added_later_is_noticed_too(town: Town) -> None:
    book = await opened(town)
    remi = await remi_of(town)
    add = AddMember(name=remi.name, child=True, born=remi.born)
    await town.house.ledger.record(book, add, await town.actor(JOSIE), key="later")
    await looked(town)
    assert match_of(town.book, book) in (await queue(town)).matches


async def test_it_is_noticed_once_by_however_many_nodes_and_after_any_crash(town: Town) -> None:
    book = await opened(town, await remi_of(town))
    one, other = (Matching(town.house.store, town.house.ledger) for _ in range(2))
    await asyncio.gather(one.look(), other.look(), one.look())
    version = (await town.house.books.open(STEWARD)).version
    await town.house.store.write(
        lambda connection: connection.execute(to_compare.insert().values(stream=book, seq=1))
    )
    assert await one.look() == 1, "a crash between noticing and saying that it was done"
    assert (await town.house.books.open(STEWARD)).version == version


async def test_one_family_that_cannot_be_compared_keeps_waiting_and_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = await opened(town, await remi_of(town), name="Poisoned")
    fine = await opened(town, await remi_of(town), name="Fine")
    watcher = Matching(town.house.store, town.house.ledger)
    compare = watcher._compare

    async def failing(family: str) -> None:
        if family == poisoned:
            raise ValueError
        await compare(family)

    monkeypatch.setattr(watcher, "_compare", failing)
    await watcher.look()
    assert match_of(town.book, fine) in (await queue(town)).matches


async def test_who_is_settled_as_other_people_is_not_noticed_again_without_a_new_reason(town: Town) -> None:
    match = await noticed(town)
    await settle(town, match.id, OTHER)
    book = match.other if match.one == town.book else match.one
    unlike = AddMember(name="Somebody Unlike", child=False)
    await town.house.ledger.record(book, unlike, await town.actor(JOSIE), key="unlike")
    await looked(town)
    state = await queue(town)
    assert state.open() == () and [m.id for m in state.closed()] == [match.id]
    remi = await remi_of(town)
    twin = AddMember(name="Rosa Rowe", child=True, born=remi.born)
    await town.house.ledger.record(book, twin, await town.actor(JOSIE), key="twin")
    await looked(town)
    (again,) = (await queue(town)).open()
    assert again.id == match.id and again.again and len(again.settlements) == 1
    assert len(again.pairs) > len(match.pairs)


async def test_that_nobody_can_tell_yet_is_recorded_and_keeps_waiting(town: Town) -> None:
    match = await noticed(town)
    await settle(town, match.id, UNSURE, "No answer")
    assert [m.id for m in (await queue(town)).open()] == [match.id]
    await settle(town, match.id, SAME, "Both agree")
    (known,) = (await queue(town)).closed()
    assert [s.outcome for s in known.settlements] == [UNSURE, SAME]


async def test_only_a_steward_settles_it_and_says_why(town: Town) -> None:
    match = await noticed(town)
    with pytest.raises(Incomplete):
        await settle(town, match.id, SAME, " ")
    command = SettleMatch(match=match.id, outcome=SAME, reason="x")  # type: ignore[arg-type]  # a Literal
    for person in (PRIYA, JOSIE, IMRAN, "owen-blake"):
        with pytest.raises(NotFound):
            await town.house.ledger.record(STEWARD, command, await town.actor(person), key="not theirs")
    with pytest.raises((NotFound, NotYours)):
        await town.do(PRIYA, command)


async def test_whose_role_ends_reads_nothing_of_the_queue_from_then_on(town: Town) -> None:
    match = await noticed(town)
    admin = await town.actor(IMRAN)
    judith = await town.browser(JUDITH)
    assert (await judith.get(f"/steward/{match.id}")).status_code == 200
    end = EndRole(person=JUDITH, role="steward")
    await town.house.ledger.record(PARTNERSHIP, end, admin, key="ends")
    for address in ("/steward", f"/steward/{match.id}"):
        assert (await judith.get(address)).status_code == 403
    with pytest.raises(NotFound):
        await queue(town)
    give = GrantRole(person=PRIYA, role="steward")
    await town.house.ledger.record(PARTNERSHIP, give, admin, key="gives")
    priya = await town.browser(PRIYA)
    assert (await priya.get("/steward")).text.count(match.id) == 1, "whoever comes next finds it there"


async def test_both_families_are_told_that_a_steward_looked_before_anything_is_shown(town: Town) -> None:
    match = await noticed(town)
    judith = await town.browser(JUDITH)
    page = await judith.get("/steward")
    assert "Rowe" not in page.text and "Elsewhere" not in page.text and match.id in page.text
    looks = Looks(town.house.store)
    assert not [x for x in await looks.newest(town.book, 50) if x.person == JUDITH]
    page = await judith.get(f"/steward/{match.id}")
    assert ROWE in page.text and "Elsewhere" in page.text and "Priya Nair" in page.text
    for book in (match.one, match.other):
        (look,) = [x for x in await looks.newest(book, 50) if x.person == JUDITH]
        assert (look.door, look.purpose) == ("steward", "A likely match of two records")
    broken = "CREATE TRIGGER broken BEFORE INSERT ON look BEGIN SELECT RAISE(ABORT, 'full'); END"
    if town.house.store.sqlite:
        await town.house.store.write(lambda connection: connection.exec_driver_sql(broken))
        answer = await judith.get(f"/steward/{match.id}")
        assert answer.status_code >= 500 and ROWE not in answer.text


async def test_of_each_family_only_who_is_alike_is_shown(town: Town) -> None:
    match = await noticed(town)
    page = (await (await town.browser(JUDITH)).get(f"/steward/{match.id}")).text
    assert "Tamsin" not in page and "same date of birth" in page.lower()


async def test_i34_a_steward_who_knows_one_of_the_families_is_told_of_no_match(town: Town) -> None:
    match = await noticed(town)
    judith = await town.browser(JUDITH)
    await town.do(PRIYA, ExcludePerson(person=JUDITH, reason="Her niece"))
    assert match.id not in (await judith.get("/steward")).text
    assert "nothing waits" in (await judith.get("/")).text
    real = await judith.get(f"/steward/{match.id}")
    absent = await judith.get(f"/steward/{'0' * 32}")
    assert real.status_code == 404 and real.text.replace(match.id, "0" * 32) == absent.text
    data = {"key": "k", "outcome": SAME, "reason": "Rang both"}
    assert (await judith.post(f"/steward/{match.id}", data=data)).status_code == 404
    assert not (await queue(town)).matches[match.id].settlements


async def test_the_page_says_what_is_missing_and_keeps_what_was_typed(town: Town) -> None:
    match = await noticed(town)
    judith = await town.browser(JUDITH)
    answer = await judith.post(f"/steward/{match.id}", data={"key": "k", "reason": "Rang Priya first"})
    assert answer.status_code == 422
    assert "Choose what came of it" in answer.text and "Rang Priya first" in answer.text
    data = {"key": "k", "outcome": OTHER, "reason": "Rang Priya first"}
    for _ in range(2):
        assert (await judith.post(f"/steward/{match.id}", data=data)).headers["location"] == "/steward"
    (known,) = (await queue(town)).closed()
    assert len(known.settlements) == 1, "sent twice, recorded once"
    page = (await judith.get("/steward")).text
    assert "Different families" in page and "Rang Priya first" in page and "Nothing waits" in page


async def test_the_first_page_of_a_steward_counts_what_waits(town: Town) -> None:
    judith = await town.browser(JUDITH)
    assert "nothing waits" in (await judith.get("/")).text
    await noticed(town)
    assert "queue</a>: 1 waits" in (await judith.get("/")).text
    assert "ata steward" not in (await (await town.browser(PRIYA)).get("/")).text


async def test_the_index_of_people_is_made_again_from_the_record(town: Town) -> None:
    await noticed(town)
    assert await reindex(town.house.store, INDEXES, INDEX_TABLES) == []
    waits = select(func.count()).select_from(to_compare)
    assert await town.house.store.read(lambda connection: connection.scalar(waits)) == 0


async def test_an_older_database_is_filled_from_its_record_and_everybody_in_it_compared(
    town_url: str,
) -> None:
    store = Store(town_url)
    query = select(family_person).order_by(family_person.c.stream, family_person.c.seq)
    before = await store.read(lambda connection: connection.execute(query).all())
    await store.close()
    assert len(before) > 10, "somebody must be there for this to mean anything"
    await downgrade(town_url, "0007")
    await migrate(town_url)
    store = Store(town_url)
    after = await store.read(lambda connection: connection.execute(query).all())
    refs = await waiting(store, "")
    await store.close()
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    assert [(ref.stream, ref.seq) for ref in refs] == [(row.stream, row.seq) for row in before]
