"""My work shows what somebody owes out of what they read, what is late, and takes an answer in its place."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from lxml import html
from msgspec.structs import replace

from server.actions.agreeing import ChangeAction
from server.actions.commands import AcceptAction, AskForChange, SettleAction
from server.actions.state import Action
from server.desk.owed import owed_by
from server.desk.work import OWN_OUTCOMES, sections
from server.families.request_state import Request
from server.families.requests import RequestInformation
from server.families.team import RemoveFromTeam
from server.huddles.answering import SendApologies
from server.huddles.commands import Convene
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, agreed, change
from tests.families.test_requests import MARTIN, QUESTION, asked
from tests.lab.town import ROWE, Town
from tests.realtime import conftest as towns

town = towns.one_town
LEO = "leo-marsh"


class Shown:
    """My work as somebody was shown it."""

    def __init__(self, answer: Response) -> None:
        self.status = answer.status_code
        self.text = answer.text
        self.document = html.document_fromstring(answer.text)

    def words(self, path: str) -> list[str]:
        return [" ".join(node.text_content().split()) for node in self.document.xpath(path)]

    def part(self, id: str) -> list[str]:
        """What each thing of one part says before anything of it is opened."""
        for folded in self.document.xpath("//details[contains(@class, 'update')]"):
            folded.drop_tree()
        return self.words(
            f"//*[@aria-labelledby='{id}-title' or @id='{id}']//li[starts-with(@class, 'owed')]"
        )

    @property
    def badge(self) -> list[str]:
        return self.words("//nav//span[@class='badge']")

    @property
    def headline(self) -> list[str]:
        return self.words("//h2[@id='strip-title']")


async def work(town: Town, who: str = FARAH, path: str = "/work") -> Shown:
    """In a session that begins at this moment."""
    return Shown(await (await town.browser(who)).get(path))


async def owned(town: Town, line: str = "Share attendance @farah in 2 days", **more: Any) -> Action:
    """An action that its owner has read back."""
    known = await agreed(town, line, **more)
    await town.do(known.terms.owner, AcceptAction(action=known.id, seen=known.seen))
    return known


async def send(town: Town, known: Action, form: str, who: str = FARAH, **fields: str) -> Response:
    """A form of My work about one action."""
    sent = {"back": "/work", "seen": str(known.seen + 1), "key": f"{known.id}-{form}"} | fields
    path = f"/families/{ROWE}/actions/{known.id}/{form}"
    return await (await town.browser(who)).post(path, data=sent)


# What stands where


async def test_what_is_late_stands_first_and_says_by_how_much(town: Town) -> None:
    await owned(town, "Share attendance @farah by fri 3pm")
    await owned(town, "Ring the GP @farah by mon 5pm")
    await owned(town, "Tell the class teacher @farah by wed")
    town.clock.pass_by(days=4)  # Monday 23 March, 2:20pm
    shown = await work(town)
    assert shown.headline == ["1 late, 1 due today"]
    (late,) = shown.part("overdue")
    assert "Fri 20 Mar 1 working day late" in late and "Share attendance" in late
    (today,) = shown.part("today")
    assert "Mon 23 Mar" in today and "5pm" in today and "Ring the GP" in today
    assert len(shown.part("coming")) == 1
    assert (
        shown.text.index("overdue-title") < shown.text.index("today-title") < shown.text.index("coming-title")
    )


async def test_an_hour_that_has_passed_today_is_late_too(town: Town) -> None:
    await owned(town, "Ring the GP @farah by 3pm")
    town.clock.pass_by(hours=2)
    assert "Late since 3pm" in (await work(town)).part("overdue")[0]


async def test_r27_how_late_it_is_counts_from_the_first_day_that_somebody_owned(town: Town) -> None:
    known = await owned(town, "Change the locks @farah by fri")
    later = town.clock() + timedelta(days=4)
    change_to = change(known, due=later, reason="The contractor is ill", seen=known.seen + 1)
    assert isinstance(change_to, ChangeAction)
    await town.do(DENISE, change_to)
    town.clock.pass_by(days=6)  # Wednesday 25 March; first due on Friday 20
    (late,) = (await work(town)).part("overdue")
    assert "3 working days late" in late and "since 20 Mar, when it was first due" in late


async def test_the_badge_counts_late_and_due_today_and_hides_at_nothing(town: Town) -> None:
    assert (await work(town)).badge == []
    await owned(town, "Share attendance @farah by fri")
    await owned(town, "Ring the GP @farah by mon 5pm")
    town.clock.pass_by(days=4)
    assert (await work(town)).badge == ["2 late or due today"]
    assert (await work(town, path="/")).badge == ["2 late or due today"]
    for path in (
        "/families",
        f"/families/{ROWE}",
        f"/huddles/{town.huddle}",
        "/work/reminders",
        "/families/ZZZ-9999",
    ):
        assert (await work(town, path=path)).badge == ["2 late or due today"], path
    assert (await work(town, GRACE)).badge == []


async def test_what_waits_for_my_read_back_and_what_i_asked_to_change_are_told_apart(town: Town) -> None:
    await agreed(town, "Tell the class teacher @farah by mon")
    asked_back = await agreed(town, "Walk home with Theo @farah by tue")
    await town.do(FARAH, AskForChange(action=asked_back.id, seen=asked_back.seen, words="Another day"))
    shown = await work(town)
    assert ["Tell the class teacher" in one for one in shown.part("accept")] == [True]
    (coming,) = shown.part("coming")
    assert "A change is asked for" in coming
    assert "You asked for a change: Another day" in (await work(town)).text


async def test_questions_reviews_and_huddles_stand_with_it(town: Town) -> None:
    await town.do(PRIYA, RequestInformation(question="Who collects?", due=soon(town), person=FARAH))
    starts = town.clock() + timedelta(minutes=30)
    called = Convene(purpose="Look again", starts=starts, minutes=20, chair=PRIYA, invited=(FARAH,))
    await town.do(PRIYA, called)
    mine, hers = await work(town), await work(town, PRIYA)
    assert "Who collects?" in mine.part("questions")[0]
    assert [one for one in mine.part("huddles") if "2:50pm" in one and "Join" in one]
    assert "reviews-title" in hers.text and "Review of the plan" in hers.part("reviews")[0]
    assert not [one for one in mine.part("reviews") if "R—e" in one], "the review is its plan owner’s"


def soon(town: Town) -> Any:
    return town.clock() + timedelta(days=2)


async def test_a_huddle_to_which_i_sent_apologies_is_not_mine(town: Town) -> None:
    before = (await work(town, GRACE)).part("huddles")
    assert before, "she must be expected for this to mean anything"
    starts = town.clock() + timedelta(hours=3)
    called = Convene(purpose="Look again", starts=starts, minutes=20, chair=PRIYA, invited=(GRACE,))
    await town.do(PRIYA, called)
    shown = await work(town, GRACE)
    assert len(shown.part("huddles")) == len(before) + 1
    (id,) = set(re.findall(r'href="/huddles/(\w+)"', shown.text)) - {town.huddle}
    await town.do(GRACE, SendApologies(huddle=id, reason="Away"))
    assert (await work(town, GRACE)).part("huddles") == before


async def test_a_review_whose_day_has_passed_is_late(town: Town) -> None:
    town.clock.pass_by(days=15)  # Good Friday, 3 April; the Rowes' was on 2 April
    late = (await work(town, PRIYA)).part("overdue")
    assert [one for one in late if "Late since Thursday" in one and "R—e" in one]
    town.clock.pass_by(days=4)  # the Tuesday after Easter
    late = (await work(town, PRIYA)).part("overdue")
    assert [one for one in late if "1 working day late" in one and "R—e" in one]


async def test_nothing_due_says_what_comes_next(town: Town) -> None:
    await owned(town, "Ring the GP @farah by tue")
    assert (await work(town)).headline == ["Nothing is due. Next: Tuesday 24 March"]


async def test_who_works_with_no_families_is_told_so(town: Town) -> None:
    shown = await work(town, "imran-sethi")
    assert shown.status == 200 and shown.headline == []
    assert shown.words("//p[starts-with(@class, 'empty')]") == [
        "Here stands what somebody who works with families has to do. You do not, so nothing is owed by you."
    ]


async def test_a_stage_that_this_page_does_not_know_stands_in_its_place_in_its_own_words(town: Town) -> None:
    await owned(town, "Change the locks @farah by tue")
    hand = await town.house.ledger.look(town.book, await town.actor(FARAH))
    (known,) = owed_by(FARAH, [hand], [], town.clock())
    assert known.action
    claimed = replace(known.action, stage="claimed_done", stage_words="Said to be done")
    parts = sections([replace(known, action=claimed)], [], [], town.clock().date())
    assert [part.id for part in parts] == ["coming"]
    context = {"section": parts[0], "key": "k", "outcomes": OWN_OUTCOMES, "refused": None}
    assert "Said to be done" in town.house.templates.render("desk/_work_days.html", **context)


async def test_what_is_settled_stays_to_be_seen_for_two_weeks(town: Town) -> None:
    known = await owned(town)
    await town.do(FARAH, SettleAction(action=known.id, seen=known.seen + 1, outcome="done", words="Sent"))
    assert "Done" in (await work(town)).part("lately")[0]
    town.clock.pass_by(days=15)
    assert (await work(town)).part("lately") == []


# What it does not show


async def test_a_familys_name_stands_there_only_once_somebody_opens_it(town: Town) -> None:
    await owned(town)
    shown = await work(town)
    for folded in shown.document.xpath("//main//details"):
        for inside in folded.xpath("*[not(self::summary)]"):
            inside.drop_tree()
    seen = shown.document.xpath("//main")[0].text_content()
    assert "R—e" in seen and "Rowe" not in seen and ROWE not in seen


async def test_i13_a_restricted_action_says_no_more_before_it_is_opened(town: Town) -> None:
    both = tuple(sorted((FARAH, PRIYA)))
    only = {"named": tuple(f"person:{person}" for person in both), "expected_readers": both}
    await agreed(town, "Ring Marcus about the threat @farah by tomorrow", who=PRIYA, **only)
    shown = await work(town)
    assert "R1: Ring Marcus about the threat" in " ".join(shown.words("//div[@class='update-in']/p"))
    (row,) = shown.part("accept")
    assert "Restricted action" in row and "Marcus" not in row and "R1" not in row


async def test_i13_nobody_else_sees_by_a_byte_that_there_is_one(town: Town) -> None:
    await owned(town, "Weigh Remi @grace by mon")
    before = await work(town, GRACE)
    both = tuple(sorted((FARAH, PRIYA)))
    only = {"named": tuple(f"person:{person}" for person in both), "expected_readers": both}
    await agreed(town, "Ring Marcus about the threat @farah by tomorrow", who=PRIYA, **only)
    assert unkeyed(await work(town, GRACE)) == unkeyed(before)


def unkeyed(shown: Shown) -> str:
    return re.sub(r'name="key" value="\w+', "", shown.text)


async def test_who_is_asked_and_is_not_in_the_team_reads_no_family_here(town: Town) -> None:
    known = await asked(town)
    assert isinstance(known, Request)
    shown = await work(town, MARTIN)
    (row,) = shown.part("questions")
    assert QUESTION in row and "Family" not in row and ROWE not in shown.text


async def test_who_leaves_the_team_owes_nothing_here_any_more(town: Town) -> None:
    await owned(town, "Count the doses @leo by mon")
    assert (await work(town, LEO)).part("coming")
    await town.do(PRIYA, RemoveFromTeam(person=LEO, reason="Moved"))
    assert "Count the doses" not in (await work(town, LEO)).text


# Answered in place


async def test_an_answer_comes_back_to_my_work_which_says_what_was_recorded(town: Town) -> None:
    known = await owned(town)
    answer = await send(town, known, "settle", outcome="done", words="Sent by secure mail")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/work?did={known.id}")
    shown = await work(town, path=answer.headers["location"])
    assert "Recorded. A1, Share attendance, is done." in shown.words("//p[@class='note']")
    assert "Done" in shown.part("lately")[0]


async def test_read_back_and_a_change_asked_for_come_back_too(town: Town) -> None:
    known = await agreed(town)
    answer = await send(town, known, "accept", seen=str(known.seen))
    assert answer.headers["location"].startswith("/work?")
    answer = await send(town, known, "ask", words="Two more days: the register is locked")
    assert answer.headers["location"].startswith("/work?")
    assert "A change is asked for" in (await work(town)).part("coming")[0]


async def test_what_is_wrong_is_said_at_the_row_with_everything_that_was_typed(town: Town) -> None:
    known = await owned(town)
    shown = Shown(await send(town, known, "settle", words="I rang twice & left word"))
    assert shown.status == 422 and shown.words("//title")[0].startswith("Error: My work")
    field = f"settle-outcome-{known.id}"
    assert shown.document.xpath(f"//div[@class='summary']//a[@href='#{field}']")
    assert shown.words(f"//*[@id='{field}-problem']") == ["Problem: Choose what became of this action"]
    (row,) = shown.document.xpath("//details[@class='update' and @open]")
    (words,) = row.xpath(".//input[@name='words']")
    assert words.get("value") == "I rang twice & left word"
    assert row.xpath(".//form[contains(@action, 'settle')]/input[@name='key']")[0].get("value") == (
        f"{known.id}-settle"
    )


async def test_what_was_chosen_is_kept_where_the_words_are_missing(town: Town) -> None:
    known = await owned(town)
    shown = Shown(await send(town, known, "settle", outcome="not_done"))
    assert "Enter why this was not done" in shown.text
    (chosen,) = shown.document.xpath("//input[@name='outcome' and @checked]")
    assert chosen.get("value") == "not_done"
    shown = Shown(await send(town, known, "ask"))
    assert shown.document.xpath("//details[@class='update-ask' and @open]")
    assert "Enter what should change, and why" in shown.text


async def test_an_action_that_changed_meanwhile_is_read_first_and_no_word_is_lost(town: Town) -> None:
    known = await owned(town)
    await town.do(DENISE, change(known, words="Share the register", reason="Clearer", seen=known.seen + 1))
    shown = Shown(await send(town, known, "settle", outcome="done", words="Sent yesterday"))
    assert shown.status == 422 and "This action changed after you opened it" in shown.text
    (row,) = shown.document.xpath("//details[@class='update' and @open]")
    assert row.xpath(".//input[@name='words' and @value='Sent yesterday']")
    assert "Share the register" in row.getparent().text_content()


@pytest.mark.parametrize("what", ["settled", "reassigned"])
async def test_what_was_written_about_what_is_no_longer_owed_is_shown_again(town: Town, what: str) -> None:
    known = await owned(town)
    if what == "settled":
        over = SettleAction(action=known.id, seen=known.seen + 1, outcome="not_needed", words="Moved away")
        await town.do(DENISE, over)
    else:
        await town.do(DENISE, change(known, owner=GRACE, reason="Farah is away", seen=known.seen + 1))
    shown = Shown(await send(town, known, "settle", outcome="done", words="Sent yesterday"))
    assert shown.status == 422 and "There is a problem" in shown.text
    assert "Sent yesterday" in shown.words("//section[@aria-labelledby='kept-title']")[0]
    assert shown.document.xpath("//details[@class='update' and @open]") == []


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/work", "/work/", "/work?x", "/", " /work", "/families"],
)
async def test_no_other_address_is_gone_back_to(town: Town, elsewhere: str) -> None:
    known = await owned(town)
    there = f"/families/{ROWE}/actions/{known.id}"
    answer = await send(town, known, "settle", back=elsewhere, outcome="done", words="Sent")
    assert (answer.status_code, answer.headers["location"]) == (303, there)


async def test_my_work_says_nothing_of_what_is_not_in_the_viewers_hands(town: Town) -> None:
    known = await owned(town)
    await send(town, known, "settle", outcome="done", words="Sent by secure mail")
    for did in (known.id, "nothing", "0" * 32):
        shown = await work(town, GRACE, f"/work?did={did}")
        assert "Recorded." not in shown.text


async def test_an_owner_alone_never_says_that_it_is_not_needed(town: Town) -> None:
    known = await owned(town)
    assert 'value="not_needed"' not in (await work(town)).text
    shown = Shown(await send(town, known, "settle", outcome="not_needed", words="They moved"))
    assert shown.status == 422 and "Somebody else must agree" in shown.text
    assert shown.document.xpath("//input[@name='words' and @value='They moved']")
