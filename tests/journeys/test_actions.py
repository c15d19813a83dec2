"""Actions in real browsers: a line each, read back on a phone, clean in every state; and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE
from tests.journeys.test_own_duty import label_to, tab_to
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser

LINES = (
    "Share attendance since September @farah by fri 3pm #education !critical",
    "Weigh Remi at home @grace in 2 working days #health",
    "Ask Housing about the second key @sam by end of week",
)


def test_2_the_chair_agrees_three_actions_with_the_keyboard_alone(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "denise-hallam").enter()
    phone = sit(demo, "farah-siddiqui", viewport=PHONE).enter()
    before = page.locator(".promised-one").count()
    label_to(page, "line")
    for count, line in enumerate(LINES, before + 1):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(page.locator(".promised-one")).to_have_count(count)
        expect(page.locator("#line")).to_be_focused()
        expect(page.locator("#line")).to_have_value("")
    phone.locator("a[href='#see-yours']").click()
    asked = phone.locator(".answer-now").filter(has_text="Share attendance since September")
    expect(asked).to_contain_text(re.compile(r"by Friday \d+ \w+ \d{4}, 3pm"))
    tab_to(phone, "Accept A")
    phone.keyboard.press("Enter")
    expect(asked).to_have_count(0)
    expect(page.locator(".promised-accepted").filter(has_text="Share attendance")).to_contain_text("Accepted")


def test_the_room_never_scrolls_as_a_page(demo: Demo, sit: Sit) -> None:
    """Its parts scroll by themselves; words that are only read aloud lengthen nothing."""
    desk, phone = sit(demo, "priya-nair").enter(), sit(demo, "farah-siddiqui", viewport=PHONE).enter()
    for part in ("#see-people", "#see-picture"):
        phone.locator(f".room-tabs a[href='{part}']").click()
        for page in (desk, phone):
            assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight"), part


def test_a_line_shows_how_it_is_understood_and_a_chip_can_be_taken_back(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "denise-hallam").enter()
    page.locator("#line").fill("Tell the GP @leo by mon")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".chip").first).to_contain_text("Leo Marsh")
    page.get_by_role("button", name="Keep “by mon” as words").click()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator("#line")).to_have_value('Tell the GP @leo "by mon"')


def test_a_line_that_is_no_action_keeps_its_words(demo: Demo, sit: Sit) -> None:
    seat = sit(demo, "denise-hallam")
    seat.expects("status of 422")
    page = seat.enter()
    page.locator("#line").fill("Ring the GP @nobody by mon")
    page.locator("#line").press("Enter")
    said = page.locator("#act").get_by_text("Nobody called nobody reads this").first
    expect(said).to_be_visible()
    expect(page.locator("#line")).to_have_value("Ring the GP @nobody by mon")
    clean(page)


def test_a_restricted_action_is_recorded_after_its_readers_were_listed(demo: Demo, sit: Sit) -> None:
    page, other = sit(demo, "denise-hallam").enter(), sit(demo, "farah-siddiqui").enter()
    page.locator("#line").fill("Look at the statement @pike by fri for:npc")
    expect(page.locator(".chip[data-kind=audience]")).to_be_visible()
    page.locator("#line").press("Enter")
    expect(page.get_by_role("heading", name="Who will see this")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Agree, for 1 person").click()
    expect(page.locator(".promised-one").filter(has_text="Look at the statement")).to_contain_text("R1")
    page.locator("#line").fill("Tell everybody @farah by fri")
    page.locator("#line").press("Enter")
    expect(other.locator(".promised-one").filter(has_text="Tell everybody")).to_be_visible()
    expect(other.locator("body")).not_to_contain_text("Look at the statement")


def test_5_axe_finds_nothing_in_any_state_of_an_action(demo: Demo, sit: Sit) -> None:
    chair, owner = sit(demo, "denise-hallam"), sit(demo, "farah-siddiqui")
    for seat in (chair, owner):
        seat.expects("status of 422")
    page, mine = chair.enter(), owner.enter()
    page.get_by_role("link", name="Fill in fields instead").click()
    clean(page)
    page.get_by_role("button", name="Agree").click()
    clean(page)
    page.locator("#line").fill("Share the register @farah in 3 days")
    page.get_by_role("button", name="Agree").click()
    mine.locator(".promised-one a").last.click()
    clean(mine)
    mine.get_by_role("button", name="Ask").click()
    expect(mine.get_by_text("Enter what should change, and why").first).to_be_visible()
    clean(mine)
    page.locator(".promised-one a").last.click()
    clean(page)
    page.locator("input[value=done]").check()
    page.locator("#settle-words").fill("The register was sent by secure mail")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".caption")).to_contain_text("Done")
    clean(page)
    page.goto(re.sub(r"/actions/.*", "/actions", page.url))
    clean(page)


def test_more_time_is_asked_for_and_granted_and_done_is_checked_by_somebody_else(
    demo: Demo, sit: Sit
) -> None:
    owner, plan = sit(demo, "farah-siddiqui", viewport=PHONE), sit(demo, "priya-nair")
    page, mine = plan.enter(), owner.enter()
    mine.goto(f"{mine.url}/act")
    mine.locator("#line").fill("Weigh Isla @farah in 2 days !critical")
    mine.get_by_role("button", name="Agree").click()
    mine.goto(mine.locator(".promised-one a").last.evaluate("link => link.href"))
    mine.get_by_role("button", name="Accept").click()
    mine.get_by_role("button", name="I have begun").click()
    expect(mine.locator(".caption")).to_contain_text("In progress")
    mine.locator("#ask-words").fill("The scales are being mended")
    mine.locator("#ask-due").fill("1")
    mine.locator("#ask-due-month").fill("2")
    mine.locator("#ask-due-year").fill("2031")
    mine.locator("#ask-due-time").fill("3pm")
    mine.get_by_role("button", name="Ask", exact=True).click()
    clean(mine)
    page.goto(mine.url)
    clean(page)
    expect(page.locator("#extend-reason")).to_have_value("Farah Siddiqui asked: The scales are being mended")
    page.get_by_role("button", name="Give more time").click()
    expect(page.locator(".facts")).to_contain_text("given more time once")
    mine.goto(page.url)
    mine.locator("input[value=done]").check()
    mine.locator("#settle-words").fill("Weighed, 21 kg")
    mine.get_by_role("button", name="Record it").click()
    expect(mine.get_by_role("button", name="It was done")).to_have_count(0)
    page.goto(mine.url)
    clean(page)
    page.locator("#verify-words").fill("I saw the chart")
    page.get_by_role("button", name="It was done").click()
    expect(page.locator(".caption")).to_contain_text("Done")
    clean(page)
    page.goto(re.sub(r"/actions/.*", "/close", page.url))
    clean(page)


def test_everything_works_without_a_script(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "priya-nair").page
    page.goto(demo.room)
    page.locator("#line").fill("Ask Jean about the weekend @priya by fri")
    press(page, "Agree")
    expect(page.locator(".promised-one").last).to_contain_text("Ask Jean about the weekend")
    page.get_by_role("button", name=re.compile(r"^Accept A\d+$")).click()
    expect(page.locator(".caption")).to_contain_text("Accepted")
    page.locator("input[value=not_done]").check()
    page.locator("#settle-words").fill("Jean was away")
    press(page, "Record it")
    expect(page.locator(".caption")).to_contain_text("Not done")
