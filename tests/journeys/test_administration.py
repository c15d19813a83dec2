"""An administrator lets somebody in and out again, with a script and without one; and sees no family."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import Seat
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser

IMRAN = "imran-sethi"
PASSWORD = "three random words"


def administrator(sit: Sit, demo: Demo, scripts: bool) -> Seat:
    seat = sit(demo, IMRAN) if scripts else plain(sit, demo, IMRAN)
    seat.expects("status of 4")
    return seat


def added(page: Page, name: str, email: str) -> str:
    """Add somebody; their link."""
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Add somebody").click()
    press(page, "Add them")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Work email").fill(email)
    page.locator("#agency").select_option("SAP")
    page.get_by_label("Job title").fill("Teacher")
    page.locator("#manager").select_option("farah-siddiqui")
    page.get_by_label("Send them the link by mail").uncheck()
    press(page, "Add them")
    expect(page.get_by_role("heading", name=f"Give {name} this link")).to_be_visible()
    return page.get_by_label("Sign-in link").input_value()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_comes_in_forgets_their_password_and_leaves(demo: Demo, sit: Sit, scripts: bool) -> None:
    admin = administrator(sit, demo, scripts)
    page, name = admin.page, f"Uma Reyes {'A' if scripts else 'B'}"
    page.goto(demo.address)
    link = added(page, name, f"uma.{scripts}@northmere.example")
    theirs = sit(demo, "", java_script_enabled=scripts)
    theirs.expects("status of 4")
    choose(theirs.page, link)
    expect(theirs.page.get_by_role("heading", name="Home")).to_be_visible()
    press_link(page, "Done")
    press_link(page, "Make a sign-in link")
    press(page, "Show it to me once")
    again = page.get_by_label("Sign-in link").input_value()
    choose(theirs.page, again)
    expect(theirs.page.locator("main")).to_contain_text("Imran Sethi made a link")
    press_link(page, "Done")
    press_link(page, "Record that they leave")
    press(page, "Record the leaving")
    expect(page.locator(".summary")).to_contain_text("Enter the reason")
    page.get_by_label("Reason").fill("A new post")
    press(page, "Record the leaving")
    expect(page.get_by_role("heading", name="People and agencies")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(name)
    theirs.page.goto(demo.address)
    expect(theirs.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def choose(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    press(page, "Save and sign in")


def press_link(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_r42_an_administrator_is_told_that_there_is_no_such_family(demo: Demo, sit: Sit) -> None:
    page = administrator(sit, demo, True).go(ROWE)
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Rowe")


PAGES = (
    "",
    "/agencies/new",
    "/people/new",
    *(
        f"/people/josie-tran{p}"
        for p in ("", "/manager", "/roles", "/roles/end", "/cover", "/leaving", "/link")
    ),
    "/people/josie-tran/sign-out",
)


def test_6_its_pages_are_clean_at_every_width(demo: Demo, sit: Sit) -> None:
    seat = administrator(sit, demo, True)
    for path in PAGES:
        clean(seat.go(f"/admin{path}"))
    press(seat.go("/admin/people/josie-tran/cover"), "Arrange this cover")
    expect(seat.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(seat.page)
    press(seat.go("/admin/people/josie-tran/link"), "Show it to me once")
    expect(seat.page).to_have_title(re.compile("Sign-in link"))
    clean(seat.page)
