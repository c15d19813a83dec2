"""A gap is asked for in real browsers: from the picture by keyboard, and of somebody outside the team."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE
from tests.journeys.test_own_duty import tab_to
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser

QUESTION = "What does the health visitor know of how Isla sleeps? Isla Rowe, 9 years old."


def test_a_gap_is_asked_for_and_answered(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "priya-nair").enter()
    phone = sit(demo, "grace-lindqvist", viewport=PHONE).enter()
    tab_to(page, "Ask Health visitor about emotional")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ask for information")).to_be_visible()
    expect(page.locator("#agency")).to_have_value("NCH")
    clean(page)
    page.locator("#question").fill(QUESTION)
    for part, value in (("due", "1"), ("due-month", "12"), ("due-year", "2099"), ("due-time", "12pm")):
        page.locator(f"#{part}").fill(value)
    page.get_by_role("button", name="Ask", exact=True).click()
    phone.locator("a[href='#see-picture']").click()
    asked = phone.locator("#requests").get_by_text(QUESTION)
    expect(asked).to_be_visible()
    expect(phone.locator("#cell-NCH-emotional")).to_contain_text("asked, not answered yet")
    asked.click()
    clean(phone)
    phone.get_by_label("I can answer").check()
    phone.locator("#words").fill("She told me that she sleeps at her grandmother’s on Tuesdays.")
    phone.locator("input[name=bearing][value=protective]").check()
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_role("heading", name="Answered")).to_be_visible()
    clean(phone)
    page.goto(demo.room)
    expect(page.locator("#cell-NCH-emotional")).to_contain_text("strength")


def test_who_is_outside_the_team_answers_without_a_script_and_sees_nothing_else(demo: Demo, sit: Sit) -> None:
    question = "Do you hold anything under the name of Kieran Doyle or the address in Quay Street?"
    asker = sit(demo, "priya-nair")
    asker.expects("status of 422")
    page = asker.go("/families/NMR-0147/ask")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.locator("#question").fill(question)
    page.locator("#person").select_option("nadia-petrov")
    for part, value in (("due", "1"), ("due-month", "12"), ("due-year", "2099"), ("due-time", "12pm")):
        page.locator(f"#{part}").fill(value)
    page.get_by_role("button", name="Ask", exact=True).click()
    seat = plain(sit, demo, "nadia-petrov")
    seat.expects("status of 404")
    other = seat.page
    expect(other.locator("main")).not_to_contain_text("Rowe family")
    other.get_by_role("link", name="Answer").first.click()
    expect(other.get_by_role("heading", name=question)).to_be_visible()
    other.get_by_label("Nil return").check()
    other.locator("#searched").fill("Kieran Doyle, by name, since January")
    press(other, "Send the answer")
    expect(other.get_by_role("heading", name="Nil return")).to_be_visible()
    expect(page.locator("#requests")).not_to_contain_text("Kieran Doyle, by name")
    page.reload()
    expect(page.locator("#requests")).to_contain_text("Searched: Kieran Doyle, by name, since January")
    assert other.goto(demo.address + "/families/NMR-0147").status == 404  # type: ignore[union-attr]
