"""Everything works as ordinary pages and forms where no script runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import Seat, line

pytestmark = pytest.mark.browser


def plain(sit: Sit, demo: Demo, person: str) -> Seat:
    """A browser without scripts, signed in by the button of the sign-in page."""
    seat = sit(demo, "", java_script_enabled=False)
    seat.person = person
    page = seat.go("/sign-in")
    page.locator(f"form[action='/sign-in/as/{person}'] button").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    return seat


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill_line(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#domain").select_option("education")
    page.locator("#basis").select_option("observed_fact")
    page.locator("input[name=bearing][value=concern]").check()


def test_sign_in_refuses_in_words_and_keeps_the_address(demo: Demo, sit: Sit) -> None:
    seat = sit(demo, "", java_script_enabled=False)
    seat.expects("status of 422")
    page = seat.go("/sign-in")
    page.get_by_label("Work email").fill("farah.siddiqui@northmere.example")
    page.get_by_label("Password").fill("wrong password")
    press(page, "Sign in")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Work email")).to_have_value("farah.siddiqui@northmere.example")
    assert page.title().startswith("Error: ")


def test_from_home_to_a_family_by_search(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "farah-siddiqui").page
    page.get_by_role("link", name="Find a family").click()
    page.locator("#words").fill("tamsin")
    press(page, "Search")
    page.locator("main").get_by_role("link", name="Rowe").click()
    expect(page.get_by_role("heading", name=re.compile("^Rowe"))).to_be_visible()
    expect(page.locator("time").first).not_to_be_empty()


def test_contribute_correct_and_withdraw(demo: Demo, sit: Sit) -> None:
    seat = plain(sit, demo, "farah-siddiqui")
    seat.expects("status of 422")
    page = seat.go(f"{ROWE}/contribute")
    press(page, "Send")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    fill_line(page, "Without a script.")
    press(page, "Send")
    told = line(page, "Without a script.")
    told.get_by_role("link", name="Correct").click()
    page.get_by_label("What it should say").fill("Without any script.")
    page.get_by_label("Why you are correcting it").fill("A word")
    press(page, "Save the correction")
    told = line(page, "Without any script.")
    expect(told).to_contain_text("Corrected: A word")
    told.get_by_role("link", name="Withdraw").click()
    page.get_by_label("Why you are withdrawing it").fill("Another child")
    press(page, "Withdraw it")
    expect(page.locator("#lines .line-withdrawn").last).to_contain_text("Withdrawn")
    expect(page.locator("#lines .line-withdrawn").last).to_contain_text("Another child")


def test_what_is_for_named_people_takes_a_second_step_that_lists_them(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "grace-lindqvist").go(f"{ROWE}/contribute")
    page.locator(".audience > summary").click()
    page.locator("#audience-named").check()
    page.locator("#named-person-priya-nair").check()
    page.locator("#named-person-owen-blake").check()
    fill_line(page, "Only for two.")
    press(page, "Send")
    expect(page.get_by_role("heading", name="Who will see this")).to_be_visible()
    expect(page.locator(".check-readers")).to_contain_text("Priya Nair")
    expect(page.locator(".check-readers")).to_contain_text("Owen Blake")
    press(page, "Send to 2 people")
    expect(line(page, "Only for two.")).to_contain_text("can read this")
    other = plain(sit, demo, "leo-marsh").go(ROWE)
    expect(other.locator("#lines")).not_to_contain_text("Only for two.")


def test_signpost(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "grace-lindqvist").go(f"{ROWE}/signpost")
    page.locator("input[name=relevance][value=raises]").check()
    page.locator("#domain").select_option("parenting")
    page.locator("#words").fill("Health hold something that is relevant")
    page.locator("#contact").fill("Grace Lindqvist")
    press(page, "Tell everyone")
    expect(page.locator(".signposts")).to_contain_text("Health hold something that is relevant")


def test_call_a_huddle_and_come_in(demo: Demo, sit: Sit) -> None:
    seat = plain(sit, demo, "priya-nair")
    seat.expects("status of 422")
    page = seat.go(f"{ROWE}/huddles")
    press(page, "Call the huddle")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator(".summary li")).to_have_text(
        [
            "Enter what this huddle is for",
            "Enter the day and the time when it starts, for example 27 3 2026 and 2pm",
        ]
    )
    page.get_by_label("What it is for").fill("Look again without a script")
    for name, value in {
        "starts": "27",
        "starts-month": "3",
        "starts-year": "2099",
        "starts-time": "2pm",
    }.items():
        page.locator(f"#{name}").fill(value)
    page.locator("#chair").select_option("priya-nair")
    page.locator("#invited-farah-siddiqui").check()
    press(page, "Call the huddle")
    expect(page.get_by_role("heading", name="Before you join")).to_be_visible()
    press(page, "Join the huddle")
    expect(page.get_by_role("link", name="Tick that you have read")).to_be_visible()
    page.get_by_label("I have read this and accept it").check()
    press(page, "Join the huddle")
    expect(page.locator("main")).to_contain_text("Look again without a script")
    press(page, "Move on: previous actions")
    expect(page.locator("#phases summary")).to_contain_text("Previous actions")
    press(page, "Leave")
    expect(page.get_by_role("heading", name=re.compile("^Rowe"))).to_be_visible()


def test_the_room_is_whole_and_says_that_it_does_not_move(demo: Demo, sit: Sit) -> None:
    seat = plain(sit, demo, "farah-siddiqui")
    page = seat.page
    page.goto(demo.room)
    expect(page.locator("#connection")).to_have_text("Not live: reload to see what is new")
    expect(page.get_by_role("dialog")).to_have_count(0)
    fill_line(page, "From the room, as a form.")
    press(page, "Send")
    assert page.url.startswith(demo.room)
    expect(line(page, "From the room, as a form.")).to_have_count(1)


def test_leave_and_come_back(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "sam-whitlock").page
    page.goto(demo.room)
    press(page, "Leave")
    page.goto(demo.room)
    page.get_by_role("link", name="Join the huddle").click()
    page.get_by_label("I have read this and accept it").check()
    page.get_by_label("By phone, and on this screen").check()
    press(page, "Join the huddle")
    expect(page.locator("[data-person=sam-whitlock]")).to_contain_text("by phone")


def test_sign_out(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "cal-moss").page
    press(page, "Sign out")
    page.goto(f"{demo.address}{ROWE}")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
