"""In real browsers: an owner answers on a phone, and a named person settles what nobody did."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.overdue import overdue
from tests.journeys.screens import PHONE, REFUSED
from tests.journeys.test_my_work import promised

pytestmark = pytest.mark.browser


def test_the_chair_sees_at_once_that_an_owner_accepted_on_a_phone(demo: Demo, sit: Sit) -> None:
    promised(demo, "Bring the growth chart @grace by tomorrow")
    chair = sit(demo, "denise-hallam").enter()
    action = chair.locator("#actions li").filter(has_text="Bring the growth chart")
    expect(action).to_contain_text("Waiting for read-back")
    phone = sit(demo, "grace-lindqvist", viewport=PHONE).go("/work")
    mine = phone.locator(".owed").filter(has_text="Bring the growth chart")
    mine.locator(".update > summary").click()
    mine.get_by_role("button", name="Accept").click()
    expect(phone.locator(".note")).to_contain_text("is accepted.")
    expect(action).to_contain_text("✓ Accepted")


def test_the_queue_is_settled_by_name_with_the_keyboard_alone(demo: Demo, sit: Sit) -> None:
    action = overdue(demo, "See the tenancy papers @cal in 1 day")
    seat = sit(demo, "priya-nair")
    seat.expects(REFUSED)
    page = seat.go("/queue")
    row = page.locator(".owed").filter(has_text=re.compile(r"Action: See the tenancy papers"))
    for _ in range(60):
        if row.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    clean(page)
    row.get_by_role("link").last.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{demo.address}{ROWE}/owed/{action}")
    clean(page)
    page.get_by_role("button", name="Record it in my name").press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_role("radio", name="Done elsewhere").press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Housing saw the papers on Tuesday.")
    page.get_by_role("button", name="Record it in my name").press("Enter")
    expect(page.locator(".note").filter(has_text="Housing saw the papers")).to_be_visible()
    expect(page.get_by_role("button", name="Record it in my name")).to_have_count(0)
    clean(page)
