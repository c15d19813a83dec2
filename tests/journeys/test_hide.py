"""Hide screen covers everything, says nothing of it, stays connected, and is lifted by the password alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import PHONE, REFUSED, is_live, line
from tests.journeys.test_reading_and_writing import CARET
from tests.journeys.test_session import PASSWORD, choose_password

pytestmark = pytest.mark.browser


def hide(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def is_hidden(page: Page) -> None:
    """To look at, to listen to, to find, in the title of the tab and to the keys."""
    expect(page.get_by_role("heading", name="Screen hidden")).to_be_visible()
    assert "Rowe" not in page.title() and "Isla" not in page.title()
    assert "Isla" not in page.locator("body").aria_snapshot()
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("() => !document.querySelector('main')?.contains(document.activeElement)")


def show(page: Page) -> None:
    page.get_by_role("button", name="Show the screen again, as").click()
    expect(page.get_by_role("heading", name="Screen hidden")).to_be_hidden()


def test_shift_three_times_hides_and_the_password_shows_it_as_it_was(demo: Demo, sit: Sit) -> None:
    cal, priya = sit(demo, ""), sit(demo, "priya-nair")
    cal.person = "cal-moss"
    cal.expects(REFUSED)
    choose_password(cal.page, demo.one_time_link("cal-moss"))
    cal.send(f"{demo.room.removeprefix(demo.address)}/join", accepted="yes", mode="live")
    page = cal.enter()
    page.locator("#text").fill("Half a sentence")
    page.locator("#text").evaluate("box => box.setSelectionRange(4, 9)")
    title = page.title()
    hide(page)
    is_hidden(page)
    priya.tell("Said while it was hidden.")
    expect(page.locator("#lines")).to_contain_text("Said while it was hidden.")
    expect(page.locator("#status")).not_to_contain_text("added")
    for _ in range(3):
        page.keyboard.press("Escape")
    is_hidden(page)
    page.locator("#cover-password").fill("not my password")
    page.get_by_role("button", name="Show the screen again", exact=True).click()
    expect(page.locator("#cover")).to_contain_text("That is not your password")
    page.locator("#cover-password").fill(PASSWORD)
    page.get_by_role("button", name="Show the screen again", exact=True).click()
    expect(page.locator("main")).to_be_visible()
    assert page.evaluate(CARET) == {"id": "text", "start": 4, "end": 9, "value": "Half a sentence"}
    assert page.title() == title
    expect(line(is_live(page), "Said while it was hidden.")).to_be_visible()
    page.locator("#text").fill("")


def test_loading_it_anew_or_opening_another_page_shows_nothing(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    page = farah.enter()
    with page.expect_response("**/session/cover"):
        page.get_by_role("button", name="Hide screen").click()
    is_hidden(page)
    page.reload()
    expect(page.get_by_role("heading", name="Screen hidden")).to_be_visible()
    other = farah.tab()
    other.goto(demo.address + ROWE)
    expect(other.get_by_role("heading", name="Screen hidden")).to_be_visible()
    assert "Rowe" not in other.content() and "Isla" not in page.content()
    show(page)
    expect(is_live(page).locator("#lines")).to_be_visible()


def test_on_a_phone_and_on_every_page_there_is_the_button(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui", viewport=PHONE)
    for path in ("/", "/families", ROWE, demo.room.removeprefix(demo.address)):
        page = farah.go(path)
        with page.expect_response("**/session/cover"):
            page.get_by_role("button", name="Hide screen").click()
        is_hidden(page)
        show(page)


def test_without_a_script_it_is_a_page(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui", java_script_enabled=False)
    page = farah.go(ROWE)
    page.get_by_role("button", name="Hide screen").click()
    expect(page.get_by_role("heading", name="Screen hidden")).to_be_visible()
    assert "Isla" not in page.content()
    page.get_by_role("button", name="Show the screen again, as").click()
    expect(page.get_by_role("heading", name="Rowe NMR-0147")).to_be_visible()


def test_signed_out_while_hidden_one_password_is_enough(demo: Demo, sit: Sit) -> None:
    grace = sit(demo, "grace-lindqvist")
    grace.expects(REFUSED)
    page = grace.enter()
    with page.expect_response("**/session/cover"):
        hide(page)
    grace.send("/sign-out")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    dialog.get_by_role("button", name="Step back into").click()
    expect(is_live(page).locator("main")).to_be_visible()


def test_f14_after_signing_out_back_shows_nothing(demo: Demo, sit: Sit) -> None:
    seat = sit(demo, "farah-siddiqui")
    seat.expects(REFUSED)
    page = seat.go(ROWE)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert "Isla" not in page.content() and "Rowe" not in page.title()
