"""My work offers what an owner may do now, and shows what waits for somebody though it is not theirs."""

from __future__ import annotations

from datetime import timedelta

from server.actions.declining import DeclineAction
from server.actions.state import Action
from server.desk.others import waiting_for
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, accepted, agreed, claimed, newest, settle
from tests.desk.test_work import Shown, send, work
from tests.lab.town import ROWE, Town
from tests.realtime import conftest as towns

town = towns.one_town


def forms(shown: Shown, known: Action) -> set[str]:
    """The forms of one action on the page."""
    paths = shown.document.xpath(f"//form[contains(@action, '/actions/{known.id}/')]/@action")
    return {path.rpartition("/")[2] for path in paths}


async def declined(town: Town) -> Action:
    known = await agreed(town, "Ring the GP @farah in 2 days")
    await town.do(FARAH, DeclineAction(action=known.id, seen=known.seen, words="I am on leave"))
    return await newest(town, known)


async def test_an_owner_is_offered_what_the_stage_allows(town: Town) -> None:
    waiting = await agreed(town)
    assert forms(await work(town), waiting) == {"accept", "settle", "ask", "decline"}
    running = await accepted(town)
    assert forms(await work(town), running) == {"start", "settle", "ask", "decline"}
    await send(town, running, "start", seen=str(running.seen))
    assert forms(await work(town), running) == {"settle", "ask", "decline"}


async def test_more_time_is_asked_for_with_its_day(town: Town) -> None:
    known = await accepted(town)
    day = town.clock() + timedelta(days=6)
    until = {"due-day": str(day.day), "due-month": str(day.month), "due-year": str(day.year)}
    wrong = Shown(await send(town, known, "ask", seen=str(known.seen), words="Court", **until))
    assert wrong.status == 422 and wrong.document.xpath(f"//*[@id='ask-due-{known.id}-problem']")
    assert wrong.document.xpath(f"//input[@id='ask-due-{known.id}' and @value='{day.day}']")
    asked = {**until, "due-time": "3pm", "words": "Court"}
    answer = await send(town, known, "ask", seen=str(known.seen), **asked)
    assert answer.headers["location"] == f"/work?did={known.id}"
    assert "You asked for a change: Court (until" in (await work(town)).text


async def test_what_is_declined_goes_to_who_decides_and_leaves_who_declined(town: Town) -> None:
    known = await declined(town)
    for who in (FARAH, GRACE):
        assert "Ring the GP" not in " ".join(
            (await work(town, who)).part("owner") + (await work(town)).part("coming")
        )
    (row,) = (await work(town, DENISE)).part("owner")
    assert "Ring the GP" in row and "Farah Siddiqui" in row and "declined" in row
    shown = await work(town, DENISE)
    assert shown.document.xpath(f"//a[@href='/families/{ROWE}/actions/{known.id}#change']")


async def test_a_decline_without_words_stays_open_in_its_row(town: Town) -> None:
    known = await accepted(town)
    shown = Shown(await send(town, known, "decline", seen=str(known.seen)))
    assert shown.status == 422 and "Enter why you decline this" in shown.text
    assert shown.words(f"//*[@id='decline-words-{known.id}-problem']") == [
        "Problem: Enter why you decline this"
    ]


async def test_what_is_claimed_waits_for_who_checks_and_no_longer_for_its_owner(town: Town) -> None:
    known = await claimed(town)
    mine = await work(town)
    assert "Weigh Remi" not in " ".join(mine.part("coming"))
    assert "Done, waiting to be checked" in mine.part("lately")[0]
    for who in (DENISE, PRIYA):
        (row,) = (await work(town, who)).part("check")
        assert "Weigh Remi" in row and "Farah Siddiqui says that it was done" in row
    assert (await work(town, GRACE)).part("check") == []
    link = f"//a[@href='/families/{ROWE}/actions/{known.id}#verify']"
    assert (await work(town, DENISE)).document.xpath(link)


async def test_only_who_is_held_to_a_check_counts_it(town: Town) -> None:
    await claimed(town)
    found = {}
    for who in (DENISE, PRIYA):
        hand = await town.house.ledger.look(town.book, await town.actor(who))
        found[who] = [one.held for one in waiting_for(who, [hand], town.clock())]
    assert found == {DENISE: [True], PRIYA: [False]}


async def test_the_headline_counts_what_waits_with_others_beside_ones_own(town: Town) -> None:
    await claimed(town)
    town.clock.pass_by(days=7)
    for who, words in ((DENISE, "1 late"), (PRIYA, "Nothing of yours is due. 1 waits with others")):
        shown = await work(town, who)
        (row,) = shown.part("check")
        assert "working days late" in row
        assert shown.headline[0].startswith(words), who


async def test_what_is_settled_waits_for_nobody(town: Town) -> None:
    known = await declined(town)
    await town.do(DENISE, settle(known, "The GP rang", "not_done"))
    assert (await work(town, DENISE)).part("owner") == []
