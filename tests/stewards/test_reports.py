"""Whoever knows a family that they cannot read tells a data steward, and learns nothing by it (R42, I34)."""

from __future__ import annotations

import pytest

from server.families.conflict_state import ConflictsState
from server.families.conflicts import EndExclusion, ExcludePerson
from server.families.state import FamilyState
from server.families.team import AddToTeam
from server.people.roles import GrantRole
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from server.record.refusals import Incomplete, NotFound
from server.stewards.facts import STEWARD
from server.stewards.reporting import ReportConflict, SettleConflict
from server.stewards.state import Report
from tests.lab.town import ROWE, Town
from tests.stewards.conftest import IMRAN, JOSIE, JUDITH, PRIYA, queue

SAID = {"key": "says", "who": "A Rowe girl, about nine, Marine Parade", "how": "My cousin’s children"}


async def reported(town: Town, person: str = JOSIE) -> Report:
    answer = await (await town.browser(person)).post("/conflict", data=SAID)
    assert answer.headers["location"] == "/conflict?recorded"
    (report,) = (await queue(town)).reports.values()
    return report


async def placed(town: Town, report: Report, reference: str = ROWE, key: str = "places") -> int:
    judith = await town.browser(JUDITH)
    data = {"key": key, "reference": reference}
    return (await judith.post(f"/steward/conflicts/{report.id}/place", data=data)).status_code


async def test_whoever_reports_it_is_told_the_same_whatever_is_there(town: Town) -> None:
    report = await reported(town)
    assert (report.person, report.who, report.how) == (JOSIE, SAID["who"], SAID["how"])
    josie = await town.browser(JOSIE)
    before = (await josie.get("/conflict?recorded")).text
    assert "If there is such a record, you will not be able to open it." in before
    pages = [(await josie.get(address)).text for address in ("/", "/families")]
    assert await placed(town, report) == 303
    assert (await josie.get("/conflict?recorded")).text == before
    assert [(await josie.get(address)).text for address in ("/", "/families")] == pages
    for address in ("/steward", f"/steward/conflicts/{report.id}"):
        assert (await josie.get(address)).status_code == 403


async def test_it_is_reported_once_however_often_it_is_sent(town: Town) -> None:
    await reported(town)
    await (await town.browser(JOSIE)).post("/conflict", data=SAID)
    assert len((await queue(town)).reports) == 1


async def test_what_is_missing_is_said_at_its_field(town: Town) -> None:
    answer = await (await town.browser(JOSIE)).post("/conflict", data={"key": "k", "who": "A girl"})
    assert answer.status_code == 422
    assert "Enter how you know them" in answer.text and "A girl" in answer.text


async def test_only_somebody_who_works_with_families_reports_it_and_only_to_the_stewards(town: Town) -> None:
    answer = await (await town.browser(IMRAN)).post("/conflict", data=SAID)
    assert answer.status_code == 403
    command = ReportConflict(who="The Rowes", how="Neighbours")
    with pytest.raises(NotFound):
        await town.do(PRIYA, command)
    assert not (await queue(town)).reports


async def test_once_it_is_found_the_exclusion_holds_as_one_that_was_declared(town: Town) -> None:
    report = await reported(town)
    assert await placed(town, report) == 303
    hand = await town.house.ledger.look(town.book, THE_SYSTEM)
    assert JOSIE in hand.main.barred
    known = hand.state[ConflictsState].excluded[JOSIE]
    assert (known.by, known.declared, known.reason) == (JUDITH, True, SAID["how"])
    with pytest.raises(Incomplete):
        await town.do(PRIYA, AddToTeam(person=JOSIE))
    page = (await (await town.browser(PRIYA)).get(f"/families/{ROWE}")).text
    assert "Josie Tran said that they know this family" in page and "Judith Okonjo found" in page
    assert SAID["who"] not in page, "who they are is for the stewards alone"
    (settled,) = (await queue(town)).closed()
    assert isinstance(settled, Report) and settled.family == town.book and settled.by == JUDITH


async def test_it_is_placed_once_and_is_not_done_again_after_it_was_ended(town: Town) -> None:
    report = await reported(town)
    assert await placed(town, report) == 303
    await town.do("owen-blake", EndExclusion(person=JOSIE, reason="Another family"))
    assert await placed(town, report) == 303, "sent again, it is answered as before"
    assert await placed(town, report, key="another") == 409
    hand = await town.house.ledger.look(town.book, THE_SYSTEM)
    assert JOSIE not in hand.main.barred


async def test_who_owns_the_plan_is_followed_by_a_colleague(town: Town) -> None:
    report = await reported(town, PRIYA)
    assert await placed(town, report) == 303
    family = (await town.house.ledger.look(town.book, THE_SYSTEM)).state[FamilyState]
    assert family.plan_owner not in ("", PRIYA) and PRIYA not in family.team
    assert (await (await town.browser(PRIYA)).get(f"/families/{ROWE}")).status_code == 404


async def test_a_reference_that_is_none_is_said_and_what_was_typed_is_kept(town: Town) -> None:
    report, judith = await reported(town), await town.browser(JUDITH)
    for typed, words in (("ZZZ-9999", "No record has this reference"), (" ", "Enter the reference")):
        data = {"key": "k", "reference": typed}
        answer = await judith.post(f"/steward/conflicts/{report.id}/place", data=data)
        assert answer.status_code == 422 and words in answer.text
        assert f'value="{typed.strip()}"' in answer.text


async def test_that_there_is_no_such_record_needs_a_reason_and_stays_readable(town: Town) -> None:
    report, judith = await reported(town), await town.browser(JUDITH)
    address = f"/steward/conflicts/{report.id}"
    assert (await judith.post(f"{address}/settle", data={"key": "k", "reason": ""})).status_code == 422
    data = {"key": "k", "reason": "Rang all four leads"}
    assert (await judith.post(f"{address}/settle", data=data)).status_code == 303
    assert "Rang all four leads" in (await judith.get("/steward")).text
    assert "No such record" in (await judith.get(address)).text
    assert JOSIE not in (await town.house.books.open(town.book)).main.barred


async def test_i34_a_steward_is_not_shown_their_own_report(town: Town) -> None:
    report = await reported(town)
    give = GrantRole(person=JOSIE, role="steward")
    await town.house.ledger.record(PARTNERSHIP, give, await town.actor(IMRAN), key="gives")
    josie = await town.browser(JOSIE)
    assert "Nothing waits" in (await josie.get("/steward")).text
    assert (await josie.get(f"/steward/conflicts/{report.id}")).status_code == 404
    await placed(town, report)
    assert ROWE not in (await josie.get("/steward")).text
    with pytest.raises(NotFound):
        settle = SettleConflict(conflict=report.id, reason="Nothing there")
        await town.house.ledger.record(STEWARD, settle, await town.actor(JOSIE), key="settles")


async def test_i34_a_family_that_is_barred_to_a_steward_is_one_that_is_not_there(town: Town) -> None:
    report = await reported(town)
    await town.do(PRIYA, ExcludePerson(person=JUDITH, reason="Her niece"))
    judith = await town.browser(JUDITH)
    data = {"key": "k", "reference": ROWE}
    answer = await judith.post(f"/steward/conflicts/{report.id}/place", data=data)
    assert answer.status_code == 422 and "No record has this reference" in answer.text
