"""The work with a family ends only when nothing is owed; what somebody does not read changes nothing."""

from __future__ import annotations

import shutil
from typing import Any

from server.actions.closing import CloseFamily, ReopenFamily, StillOwed
from server.families.closure_state import ClosureState
from server.people.permissions import NotYours
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, agree, agreed, settle_all
from tests.actions.test_actions import refused, words_of
from tests.desk.test_work import Shown
from tests.families.test_requests import asked
from tests.lab.town import Town, running
from tests.realtime.conftest import ONE_AND_TWO

CLOSE = CloseFamily(reason="They moved to another town")


async def closure(town: Town) -> ClosureState:
    hand = await town.house.ledger.look(town.book, await town.actor(FARAH))
    return hand.state[ClosureState]


async def test_g4_35_nobody_closes_a_record_to_clear_the_list(town: Town) -> None:
    await settle_all(town)
    await agreed(town, "Weigh Remi @grace in 2 days")
    await asked(town)
    found = await refused(town, PRIYA, CLOSE)
    assert isinstance(found, StillOwed)
    assert ": Weigh Remi (Grace Lindqvist)" in found.message and "A question: " in found.message
    page = await (await town.browser(PRIYA)).get("/families/NMR-0147/close")
    assert page.text.count("Weigh Remi") == 1 and "Still owed: 2" in page.text
    assert (await closure(town)).closed is None


async def test_while_something_is_owed_the_page_links_to_it_and_has_no_form_that_can_only_be_refused(
    town: Town,
) -> None:
    await settle_all(town)
    known = await agreed(town, "Weigh Remi @grace in 2 days")
    browser, there = await town.browser(PRIYA), "/families/NMR-0147/close"
    page = Shown(await browser.get(there))
    assert page.document.xpath(f"//main//a[@href='/families/NMR-0147/actions/{known.id}']")
    assert not page.document.xpath("//main//form")
    stale = Shown(await browser.post(there, data={"key": "from-before", "reason": "Moved & left no word"}))
    assert stale.status == 409 and "There is a problem" in stale.text
    assert not stale.document.xpath("//main//form")
    assert "Moved & left no word" in stale.words("//section[@aria-labelledby='kept-title']")[0]
    await settle_all(town)
    page = Shown(await browser.get(there))
    assert page.document.xpath("//main//form//textarea[@name='reason']") and "Still owed" not in page.text


async def test_with_nothing_owed_the_plan_owner_closes_it_with_a_reason(town: Town) -> None:
    await settle_all(town)
    assert isinstance(await refused(town, FARAH, CLOSE), NotYours)
    assert await words_of(town, PRIYA, CloseFamily(reason=" ")) == {"reason": "Enter why the work ends"}
    await town.do(PRIYA, CLOSE)
    found = await closure(town)
    assert (found.closed, found.by, found.reason) == (town.clock(), PRIYA, "They moved to another town")
    page = (await (await town.browser(FARAH)).get("/families/NMR-0147")).text
    assert "This record was closed" in page and "They moved to another town" in page


async def test_it_is_opened_again_with_a_reason_or_by_what_is_owed_again(town: Town) -> None:
    await settle_all(town)
    await town.do(PRIYA, CLOSE)
    await town.do(PRIYA, ReopenFamily(reason="They are back"))
    assert (await closure(town)).closed is None
    await town.do(PRIYA, CLOSE)
    await agreed(town, "Weigh Remi @grace in 2 days")
    assert (await closure(town)).closed is None, "somebody owes something, so the work goes on"


async def closing(url: str, secretly: bool) -> tuple[Any, ...]:
    """What the plan owner is shown when closing, with or without something owed among others."""
    async with running(url) as town:
        await settle_all(town)
        if secretly:
            line = "Look at the statement @grace by tomorrow"
            await town.do(DENISE, agree(town, line, only_for=(GRACE,)))
        browser = await town.browser(PRIYA)
        before = await browser.get("/families/NMR-0147/close")
        sent = {"key": "closing-1", "reason": "They moved"}
        answer = await browser.post("/families/NMR-0147/close", data=sent)
        after = await browser.get("/families/NMR-0147/close")
        theirs = (await (await town.browser(GRACE)).get("/families/NMR-0147/actions")).text
        assert ("Look at the statement" in theirs) == secretly
        shown = [page.text.split('name="key"')[0] for page in (before, after)]
        return answer.status_code, answer.headers.get("location"), *shown


async def test_what_the_closer_does_not_read_changes_nothing_for_them(
    sqlite_town: str, tmp_path: Any
) -> None:
    other = tmp_path / "other.db"
    shutil.copy(sqlite_town.partition("///")[2], other)
    assert await closing(sqlite_town, False) == await closing(f"sqlite:///{other}", True)


@ONE_AND_TWO
async def test_a_restricted_action_opens_nothing_that_others_see(town: Town) -> None:
    await settle_all(town)
    await town.do(PRIYA, CLOSE)
    await agreed(town, "Look at the statement @grace by tomorrow", only_for=(GRACE,))
    assert (await closure(town)).closed
