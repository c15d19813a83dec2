"""The administrator's pages: who works here, as what, who takes over; and not a word of any family."""

from __future__ import annotations

import asyncio
import re
from html import unescape

from httpx2 import AsyncClient, Response
from sqlalchemy import select

from server.core import opened
from server.families.queries import book_of
from server.families.state import FamilyState
from server.families.tables import family_index
from server.people.credentials import Credentials
from server.people.roles import RecordLeaving
from server.record.books import PARTNERSHIP
from tests.lab.pace import within
from tests.lab.town import ROWE, Town, browser_at

IMRAN, PRIYA, OWEN = "imran-sethi", "priya-nair", "owen-blake"
PASSWORD = "three random words"


async def sent(town: Town, address: str, **form: str) -> Response:
    admin = await town.browser(IMRAN)
    return await admin.post(address, data=form)


async def family(town: Town, who: str = "farah-siddiqui") -> FamilyState:
    return (await town.house.ledger.look(town.book, await town.actor(who))).state[FamilyState]


def link_in(page: str) -> str:
    found = re.search(r'id="link" [^>]*>([^<]+)</textarea>', page)
    assert found, "the page must show the link"
    return unescape(found[1])


async def chosen(town: Town, link: str) -> AsyncClient:
    """A browser in which somebody used their link."""
    browser = browser_at(town.settings.port, town.address, {"origin": town.address})
    town.browsers.append(browser)
    answer = await browser.post(link.removeprefix(town.address), data={"password": PASSWORD})
    assert answer.status_code == 303
    return browser


async def test_an_agency_and_somebody_new_who_comes_in_by_a_link(town: Town) -> None:
    agency = {
        "code": "npr",
        "name": "Northmere Probation",
        "sort": "probation",
        "out_of_hours": "01632 960107",
    }
    assert (await sent(town, "/admin/agencies/new", **agency)).headers["location"] == "/admin"
    somebody = {
        "name": "Ines Duarte",
        "email": "ines@northmere.example",
        "agency": "NPR",
        "job_title": "Probation officer",
        "role": "practitioner",
    }
    shown = await sent(town, "/admin/people/new", **somebody)
    browser = await chosen(town, link_in(shown.text))
    assert "Ines Duarte" in (await browser.get("/families")).text
    overview = (await (await town.browser(IMRAN)).get("/admin")).text
    assert "Northmere Probation" in overview and "Probation officer" in overview


async def test_what_is_missing_is_said_and_what_was_typed_stays(town: Town) -> None:
    answer = await sent(town, "/admin/people/new", name="Ines Duarte", email="ines at home", agency="SAP")
    assert answer.status_code == 422
    assert "Enter an email address in the correct format" in answer.text
    assert 'value="Ines Duarte"' in answer.text and 'value="ines at home"' in answer.text


async def test_h10_h18_a_link_replaces_the_password_once_and_ends_everything_open(town: Town) -> None:
    before = await town.browser(PRIYA)
    async with town.socket(PRIYA) as open_socket:
        await open_socket.caught_up()
        link = link_in((await sent(town, f"/admin/people/{PRIYA}/link")).text)
        assert (await before.get("/")).status_code == 200, "making a link ends nothing"
        await chosen(town, link)
        assert await open_socket.closed(within=within(2.0)) == 4401
    assert (await before.get("/")).status_code == 303
    again = browser_at(town.settings.port, town.address, {"origin": town.address})
    town.browsers.append(again)
    assert (await again.get(link.removeprefix(town.address))).status_code == 404
    assert await Credentials(town.house.store).check(PRIYA, PASSWORD, town.clock())


async def test_h18_a_newer_link_ends_the_older(town: Town) -> None:
    older, newer = [link_in((await sent(town, f"/admin/people/{PRIYA}/link")).text) for _ in range(2)]
    anybody = await town.browser()
    assert (await anybody.get(older.removeprefix(town.address))).status_code == 404
    assert (await anybody.get(newer.removeprefix(town.address))).status_code == 200


async def test_whoever_had_a_link_made_for_them_is_told_by_whom(town: Town) -> None:
    assert "Imran Sethi made a link" not in (await (await town.browser(PRIYA)).get("/")).text
    await sent(town, f"/admin/people/{PRIYA}/link")
    assert "Imran Sethi made a link" in (await (await town.browser(PRIYA)).get("/")).text
    assert "Imran Sethi made a link" not in (await (await town.browser(OWEN)).get("/")).text
    town.clock.pass_by(days=8)
    assert "Imran Sethi made a link" not in (await (await town.browser(PRIYA)).get("/")).text


async def test_h17_an_administrator_signs_somebody_out_of_every_open_socket(town: Town) -> None:
    async with town.socket(PRIYA) as one, town.socket(PRIYA) as other:
        await one.caught_up()
        await other.caught_up()
        await sent(town, f"/admin/people/{PRIYA}/sign-out")
        assert [await s.closed(within=within(2.0)) for s in (one, other)] == [4401, 4401]


async def until(town: Town, gone: str) -> FamilyState:
    async with asyncio.timeout(within(5)):
        while gone in (known := await family(town)).team:  # noqa: ASYNC110  # nobody tells a test
            await asyncio.sleep(0.02)
    return known


async def test_r1_who_owns_the_plan_and_leaves_is_followed_by_a_manager_at_once(town: Town) -> None:
    assert (await family(town)).plan_owner == PRIYA
    answer = await sent(town, f"/admin/people/{PRIYA}/leaving", reason="A new post")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
    known = await until(town, PRIYA)
    assert known.plan_owner == OWEN and not known.team[OWEN].guest_of
    page = (await (await town.browser("farah-siddiqui")).get(f"/families/{ROWE}")).text
    assert "The service named Owen Blake as plan owner in place of Priya Nair" in page


async def test_r1_who_takes_over_is_let_into_a_team_that_they_were_not_in(town: Town) -> None:
    await sent(town, f"/admin/people/{PRIYA}/manager", manager="josie-tran")
    assert "josie-tran" not in (await family(town)).team
    await sent(town, f"/admin/people/{PRIYA}/leaving", reason="A new post")
    known = await until(town, PRIYA)
    assert (known.plan_owner, "josie-tran" in known.team) == ("josie-tran", True)


async def test_r1_leaving_that_nobody_would_follow_is_refused_the_same_with_or_without_a_family(
    town: Town,
) -> None:
    """Farah is in many teams; somebody new in another school in none: an administrator sees no difference."""
    await sent(town, "/admin/agencies/new", code="OTH", name="Other school", sort="school")
    newcomer = {"name": "Uma", "email": "uma@northmere.example", "agency": "OTH", "job_title": "Teacher"}
    await sent(town, "/admin/people/new", **newcomer)
    uma = (await town.house.partnership()).by_email("uma@northmere.example")
    assert uma
    pages = [
        (await sent(town, f"/admin/people/{p}/leaving", reason="Moved"))
        for p in ("farah-siddiqui", uma.person)
    ]
    assert [p.status_code for p in pages] == [409, 409]
    assert all("Nobody would take over this person" in p.text for p in pages)


async def test_r1_what_an_interrupted_process_left_is_passed_on_by_the_next(town: Town) -> None:
    async with opened(town.settings, clock=town.clock) as elsewhere:
        leaving = RecordLeaving(person=PRIYA, reason="A new post")
        await elsewhere.ledger.record(PARTNERSHIP, leaving, await town.actor(IMRAN), key="leaves")
    assert (await until(town, PRIYA)).plan_owner == OWEN


async def test_r42_an_administrator_reads_no_family_by_any_address(town: Town) -> None:
    rows = await town.house.store.read(lambda c: c.execute(select(family_index)).all())
    assert len(rows) > 3, "there must be families for this to mean anything"
    admin = await town.browser(IMRAN)
    absent = (await admin.get("/families/ZZZ-9999")).text
    for row in rows:
        assert await book_of(town.house.store, row.reference)
        answer = await admin.get(f"/families/{row.reference}")
        assert (answer.status_code, answer.text) == (404, absent.replace("ZZZ-9999", row.reference))
        for address in ("/", "/families", "/admin", f"/admin/people/{PRIYA}"):
            assert row.reference not in (await admin.get(address)).text
    assert (await admin.get(f"/huddles/{town.huddle}")).status_code == 404


async def test_nobody_else_opens_an_administrators_page(town: Town) -> None:
    answer = await (await town.browser("alan-frost")).get(f"/admin/people/{PRIYA}")
    assert answer.status_code == 403
    assert "Only an administrator can change who works here" in answer.text
