"""A form that was begun is offered again to its author alone, and is nobody's draft once it was recorded."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import text

from server.families.conflicts import ExcludePerson
from server.families.drafts import ALONE, BROWSERS, Drafts
from server.families.team import AddToTeam, RemoveFromTeam
from server.people.roles import RecordLeaving
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM
from server.record.store import Store
from tests.families.begun import BEGUN, FARAH, FORMS, MARTIN, PRIYA, SAM, offers, stage
from tests.families.test_drafts import rows
from tests.huddles import test_closing as closing
from tests.lab.town import Town, running
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town
town_url, town = towns.town_url, towns.town

every_form = pytest.mark.parametrize("name", FORMS)
LONGEST = 6.0
"""Seconds for a page and a referral, on a busy machine: less than a database is waited for."""


@pytest.fixture
async def sqlite(sqlite_town: str) -> AsyncIterator[Town]:
    async with running(sqlite_town) as town:
        yield town


@every_form
async def test_it_is_offered_and_gone_on_with_in_any_browser_of_its_author(town: Town, name: str) -> None:
    form = await stage(town, name)
    first = await form.begin()
    for browser in (first, await town.browser(form.who)):
        page = await form.opened(browser)
        assert form.words(page) == "", "nothing is put into a form unasked"
        assert ("in another browser" in page.text_content()) is (browser is not first)
        (link,) = offers(page)
        again = await form.opened(browser, link)
        assert form.words(again) == BEGUN and offers(again) == []
        assert "Draft saved" in again.get_element_by_id("draft-state").text_content()


@every_form
async def test_recorded_it_is_a_draft_in_no_browser(town: Town, name: str) -> None:
    form = await stage(town, name)
    await form.begin()
    other = await town.browser(form.who)
    (link,) = offers(await form.opened(other))
    key = form.key(await form.opened(other, link))
    await form.keep(other, key, f"{BEGUN} more")
    assert len(await rows(town)) == 2, "each browser keeps its own"
    refused = await other.post(form.address, data={"key": key})
    assert refused.status_code == 422 and len(await rows(town)) == 2
    assert (await form.record(other, key)).status_code == 303
    assert await rows(town) == []
    assert (await form.keep(other, key)).status_code == 204, "a save that was on its way comes too late"
    assert await rows(town) == []


@every_form
async def test_what_is_begun_anew_writes_over_nothing(sqlite: Town, name: str) -> None:
    form = await stage(sqlite, name)
    browser = await form.begin()
    sqlite.clock.pass_by(minutes=1)
    key = form.key(await form.opened(browser))
    await form.keep(browser, key, "Something else")
    links = offers(await form.opened(browser))
    assert [form.words(await form.opened(browser, link)) for link in links] == ["Something else", BEGUN]
    assert (await form.record(browser, key)).status_code == 303
    assert len(await rows(sqlite)) == 1, "what was not sent stays"


@every_form
async def test_deleted_by_its_button_or_emptied_it_is_none(sqlite: Town, name: str) -> None:
    form = await stage(sqlite, name)
    browser = await form.begin()
    page = await form.opened(browser)
    (button,) = page.xpath("//button[@name='draft']")
    assert button.getparent().get("action") == f"{form.address}/draft"
    headers = {"referer": sqlite.address + form.page}
    answer = await browser.post(f"{form.address}/draft", data={"draft": button.get("value")}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, form.page)
    assert await rows(sqlite) == [] and offers(await form.opened(browser)) == []
    await form.keep(browser, key := secrets.token_hex(16))
    assert (await form.keep(browser, key, " ")).status_code == 204
    assert await rows(sqlite) == []


@every_form
async def test_nobody_else_gets_a_byte_of_it(
    sqlite: Town, name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    form = await stage(sqlite, name)
    pages = (form.page, f"/huddles/{sqlite.huddle}", "/refer", "/")
    others = [await sqlite.browser(who) for who in (PRIYA, "owen-blake") if who != form.who]
    before = [without_keys((await other.get(page)).text) for other in others for page in pages]
    browser = await form.begin()
    (row,) = await rows(sqlite)
    assert [without_keys((await o.get(page)).text) for o in others for page in pages] == before
    for other in others:
        assert BEGUN not in (await other.get(f"{form.page}?draft={row.device}")).text
        await other.post(f"{form.address}/draft", data={"draft": row.device})
    assert len(offers(await form.opened(browser))) == 1, "nor does anybody else delete it"
    told = capfd.readouterr()
    assert BEGUN not in told.out + told.err + caplog.text


def without_keys(page: str) -> str:
    tree = html.document_fromstring(page or "<p>Elsewhere</p>")
    for key in tree.xpath("//input[@name='key'] | //meta[@name='server-time']"):
        key.attrib.clear()
    return html.tostring(tree, encoding="unicode")


async def test_a_script_that_fetches_the_page_is_offered_nothing(sqlite: Town) -> None:
    form = await stage(sqlite, "decide")
    browser = await form.begin()
    page = await browser.get(form.page, headers={"sec-fetch-mode": "cors"})
    assert offers(html.document_fromstring(page.text)) == []


async def test_who_is_removed_keeps_only_what_is_of_no_family(town: Town) -> None:
    position, referral = await stage(town, "position"), await stage(town, "refer", FARAH)
    browser = await position.begin()
    await referral.begin()
    await town.do(PRIYA, RemoveFromTeam(person=FARAH, reason="Moved"))
    assert [(row.book, row.form) for row in await rows(town)] == [(ALONE, "/refer")]
    absent = position.address.replace(town.huddle, "0" * 32)
    for address in (position.address, absent):
        answer = await browser.post(f"{address}/draft", data={"words": BEGUN, "key": "0" * 32})
        assert answer.status_code == 404
    assert len(offers(await referral.opened(browser))) == 1
    await town.do(PRIYA, AddToTeam(person=FARAH))
    assert offers(await position.opened(browser)) == []


async def test_who_leaves_loses_all_of_theirs(town: Town) -> None:
    form = await stage(town, "refer", SAM)
    await form.begin()
    leaving = RecordLeaving(person=SAM, reason="Left the council")
    await town.house.ledger.record(PARTNERSHIP, leaving, THE_SYSTEM, key="leaves")
    assert await rows(town) == []


@pytest.mark.parametrize(("who", "name"), [(SAM, "position"), (MARTIN, "request")])
async def test_who_is_excluded_loses_it_whatever_let_them_in(town: Town, who: str, name: str) -> None:
    """A guest of the huddle, and somebody who was only asked: neither is of the team."""
    form = await stage(town, name, who)
    browser = await town.browser(who)
    assert (await form.keep(browser, secrets.token_hex(16))).status_code == 200
    assert len(await rows(town)) == 1
    await town.do(PRIYA, ExcludePerson(person=who, reason="They are cousins"))
    assert await rows(town) == []
    assert (await form.keep(browser, secrets.token_hex(16))).status_code == 404


async def test_a_guest_loses_it_when_their_time_is_over(town: Town) -> None:
    form = await stage(town, "minutes", SAM)
    until = (await closing.hand_of(town)).main.readers[SAM]
    assert until is not None, "a huddle that is closed ends a guest's access"
    town.clock.at = until - timedelta(days=1)
    town.seats = {}  # the planted sessions are over by then
    assert (await form.keep(await town.browser(SAM), secrets.token_hex(16))).status_code == 200
    drafts = Drafts(town.house.store)
    assert await drafts.sweep(town.clock()) == 0
    town.clock.at = until
    assert await drafts.sweep(town.clock()) == 1


async def test_after_seven_days_it_is_wiped(town: Town) -> None:
    await (await stage(town, "refer")).begin()
    drafts = Drafts(town.house.store)
    town.clock.pass_by(days=6, hours=23)
    assert await drafts.sweep(town.clock()) == 0
    town.clock.pass_by(hours=1)
    assert await drafts.sweep(town.clock()) == 1


async def test_nothing_else_is_kept_and_never_more_than_a_few(town: Town) -> None:
    form = await stage(town, "refer")
    browser = await town.browser(form.who)
    for number in range(BROWSERS + 2):
        town.clock.pass_by(minutes=1)
        await form.keep(browser, secrets.token_hex(16), f"Number {number}")
    assert len(await rows(town)) == BROWSERS
    for wrong in (
        {"key": ""},
        {"key": "a b c d e f"},
        {"concern": "\x00"},
        {"draft": "\x00"},
        {"Ünknown": "x"},
    ):
        fields = {"key": "0" * 32, "concern": BEGUN} | wrong
        assert (await browser.post("/refer/draft", data=fields)).status_code == 400, wrong
    assert (await form.keep(browser, "0" * 32, "x" * 65_536)).status_code == 413


async def test_a_form_that_was_gone_on_with_twice_never_stops_a_referral(sqlite: Town) -> None:
    form = await stage(sqlite, "refer")
    browser = await form.begin()
    key = form.key(await form.opened(browser, offers(await form.opened(browser))[0]))
    await form.record(browser, key)
    form.filled |= {"child": "Her brother"}
    answer = await form.record(await sqlite.browser(form.who), key)
    assert answer.status_code == 422 and "Her brother" in answer.text
    again = form.key(html.document_fromstring(answer.text))
    assert (await form.record(browser, again)).status_code == 303


@every_form
async def test_with_its_drafts_gone_a_form_is_opened_and_recorded(town: Town, name: str) -> None:
    form = await stage(town, name)
    owner = Store(town.settings.database_url, app_role=False)
    await owner.write(lambda connection: connection.execute(text("DROP TABLE draft")))
    await owner.close()
    browser = await town.browser(form.who)
    key = form.key(await form.opened(browser))
    assert (await form.keep(browser, key)).status_code == 500
    assert (await form.record(browser, key)).status_code == 303


async def test_a_referral_does_not_wait_for_drafts_that_are_held_up(postgres_town: str) -> None:
    async with running(postgres_town) as town:
        form = await stage(town, "refer")
        browser, owner = await town.browser(form.who), Store(postgres_town, app_role=False)
        async with owner.writing() as held:
            await held.run_sync(lambda c: c.execute(text("LOCK TABLE draft IN ACCESS EXCLUSIVE MODE")))
            began = time.monotonic()
            assert (await form.record(browser, form.key(await form.opened(browser)))).status_code == 303
            assert time.monotonic() - began < LONGEST
        await owner.close()
