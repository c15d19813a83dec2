"""The partnership through the one door: setting it up, and what its index says."""

import pytest
from sqlalchemy import select

from server.people.commands import AlreadyFounded, RegisterPractitioner
from server.people.links import Links
from server.people.partnership import partnership, partnership_known
from server.people.permissions import NotYours
from server.people.roles import RecordLeaving
from server.people.setup import FirstAgency, found
from server.people.tables import person_index
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM, Actor
from server.record.refusals import Incomplete, NotFound
from tests.people.conftest import Record

FIRST = FirstAgency("NCS", "Northmere Children's Services", "Ada Minton", "Ada@northmere.example")


async def founded(played: Record) -> str:
    return await found(played.store, played.ledger, "Northmere", "england", "Europe/London", FIRST)


async def test_setup_founds_a_partnership_and_hands_out_one_link(played: Record) -> None:
    path = await founded(played)
    state = await partnership(played.books)
    [first] = state.everyone_here()
    assert (state.name, first.name, *first.roles) == ("Northmere", "Ada Minton", "administrator")
    token = path.removeprefix("/welcome/")
    assert await Links(played.store).look(token, played.clock.now) == first.person


async def test_setup_again_is_refused_unless_it_is_the_same(played: Record) -> None:
    first, again = await founded(played), await founded(played)
    assert first != again, "a link that got lost is replaced"
    with pytest.raises(AlreadyFounded):
        await found(played.store, played.ledger, "Southmere", "wales", "Europe/London", FIRST)
    assert len((await partnership(played.books)).practitioners) == 1


async def test_setup_with_something_missing_leaves_nothing_behind(played: Record) -> None:
    nameless = FirstAgency("NCS", "", "Ada Minton", "not an address")
    with pytest.raises(Incomplete):
        await found(played.store, played.ledger, "Northmere", "england", "Europe/London", nameless)
    assert not (await partnership(played.books)).founded


async def test_an_administrator_registers_and_a_practitioner_does_not(played: Record) -> None:
    await founded(played)
    [ada] = (await partnership(played.books)).everyone_here()
    newcomer = RegisterPractitioner(
        name="Priya Nair", email="priya@northmere.example", agency="NCS", job_title="Social worker"
    )
    await played.ledger.record(PARTNERSHIP, newcomer, Actor(ada.person), key="k1")
    priya = partnership_known(played.books).by_email("priya@northmere.example")
    assert priya
    with pytest.raises(NotYours):
        await played.ledger.record(PARTNERSHIP, newcomer, Actor(priya.person), key="k2")
    with pytest.raises(NotFound):
        await played.ledger.record(PARTNERSHIP, newcomer, Actor("stranger"), key="k3")


async def test_the_index_knows_addresses_in_lower_case_and_who_is_here(played: Record) -> None:
    await founded(played)
    newcomer = RegisterPractitioner(
        person="priya", name="Priya Nair", email="Priya@Northmere.example", agency="NCS", job_title="x"
    )
    await played.ledger.record(PARTNERSHIP, newcomer, THE_SYSTEM, key="k1")
    leaving = RecordLeaving(person="priya", reason="Moved")
    await played.ledger.record(PARTNERSHIP, leaving, THE_SYSTEM, key="k2")
    row = select(person_index).where(person_index.c.person == "priya")
    kept = await played.store.read(lambda c: c.execute(row).one())
    assert (kept.email_lower, kept.agency, kept.here) == ("priya@northmere.example", "NCS", False)
